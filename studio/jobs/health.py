"""What a training's losses say, in a word: read from metrics.jsonl, without a trainer."""

import json
import math
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

MAIN = {  # recipe -> the loss that tells best how it goes
    "faces": "reconstruction",
    "encoder": "reconstruction",
    "refiner": "last",
    "repair": "features",
    "upscale": "l1",
    "landmarks": "wing",
    "codec": "loss",
    "vae": "error",
}
NO_LOSS = frozenset({"images", "seconds", "memory", "gradient", "psnr", "bpp"})
LEAST = 8  # lines that say something
WON, LOST = 0.25, 0.95  # the critic's relativistic loss, softplus of score differences; ln 2 = 0.69 is a draw
FALLS = 0.01  # share of a loss that counts as a change
SPIKE = 10.0  # times the usual gradient


@dataclass(frozen=True)
class Reading:
    """`word` is one of early, healthy, settled, worse, critic_wins, critic_loses, unsteady; `facts` tell why."""

    word: str
    facts: dict[str, float] = field(default_factory=dict)


def metrics(folder: Path) -> list[dict[str, float]]:
    """The lines of a run's metrics.jsonl that are whole; the last may be in the writing."""
    return list(_lines(folder / "metrics.jsonl"))


def _lines(path: Path) -> Iterator[dict[str, float]]:
    if not path.is_file():
        return
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            found = json.loads(line)
        except ValueError:
            continue
        if isinstance(found, dict) and "images" in found:
            yield found


def speed(lines: Sequence[dict[str, float]], last: int = 20) -> float | None:
    """Pictures a second over the last lines, None before there are two."""
    part = lines[-last:]
    if len(part) < 2 or part[-1]["seconds"] <= part[0]["seconds"]:
        return None
    return (part[-1]["images"] - part[0]["images"]) / (part[-1]["seconds"] - part[0]["seconds"])


def read(recipe: str, lines: Sequence[dict[str, float]]) -> Reading:
    """How a run is doing: first what endangers it, then whether its loss still falls.

    The critic is judged by its newest fifth, the loss by the medians of its last two fifths.
    """
    if len(lines) < LEAST:
        return Reading("early")
    fifth = max(3, len(lines) // 5)
    recent, before = lines[-fifth:], lines[-2 * fifth : -fifth]
    gradients = _values(lines, "gradient")
    if len(gradients) >= LEAST:
        usual, worst = statistics.median(gradients), max(_values(recent, "gradient"), default=0.0)
        if worst > SPIKE * usual > 0:
            return Reading("unsteady", {"times": worst / usual})
    critic = _values(recent, "critic")
    level = statistics.median(critic) if critic else math.log(2)
    if not WON <= level <= LOST:
        return Reading("critic_wins" if level < WON else "critic_loses", {"critic": level, "draw": math.log(2)})
    name = MAIN.get(recipe) or _largest(lines)
    now, then = _values(recent, name), _values(before, name)
    if not now or not then:
        return Reading("early")
    change = 1 - statistics.median(now) / max(statistics.median(then), 1e-12)
    word = "healthy" if change > FALLS else "worse" if change < -5 * FALLS else "settled"
    return Reading(word, {"percent": abs(100 * change)})


def _values(lines: Sequence[dict[str, float]], name: str) -> list[float]:
    return [line[name] for line in lines if name in line]


def _largest(lines: Sequence[dict[str, float]]) -> str:
    """The loss that weighs most in the last line; the critic's is not to fall."""
    losses = {key: value for key, value in lines[-1].items() if key not in NO_LOSS and key not in ("critic", "penalty")}
    return max(losses, key=lambda key: losses[key], default="")
