"""python -m training.probe --home DIR: the speed of the training whose spec is read from standard input, as JSON.

A training has phases of different cost, so steps are taken at its beginning, in its middle and near its end.
Prints one JSON object: seconds before the first step, pictures a second. Nothing is written.
"""

import argparse
import json
import sys
import time
from pathlib import Path

from studio.core.device import choose_device, mixed_precision, set_threads
from studio.core.errors import StudioError
from studio.core.settings import Home, assets_dir
from studio.jobs.spec import TrainingSpec, spec_from_json
from studio.library.store import Library
from training.recipes import RECIPES

PLACES = (0.0, 0.5, 0.95)  # shares of the run


def measure(spec: TrainingSpec, library: Library, seconds: float, device: str = "auto") -> dict[str, float]:
    """Steps for about `seconds`, at least two at each of PLACES, of which the first, slower one does not count."""
    started = time.monotonic()
    set_threads()
    trainer = RECIPES[spec.recipe](spec, library, choose_device(device))
    costs = []
    reading = time.monotonic() - started
    for place in PLACES:
        trainer.seen = round(place * spec.images / spec.batch) * spec.batch
        begun, steps, first = time.monotonic(), 0, 0.0
        while steps < 2 or time.monotonic() - begun < seconds / len(PLACES):
            with mixed_precision(trainer.device):
                trainer.step()
            trainer.seen += spec.batch
            steps += 1
            first = first or time.monotonic() - begun
        costs.append((time.monotonic() - begun - first) / (steps - 1) / spec.batch)
    return {"reading": round(reading, 2), "rate": round(len(costs) / sum(costs), 4)}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m training.probe", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--home", type=Path, default=None, metavar="DIR", help="data folder (default: the platform's)")
    parser.add_argument("--seconds", type=float, default=10.0, help="how long to measure (default: 10)")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda or mps (default: auto)")
    values = parser.parse_args()
    home = Home(root=values.home) if values.home else Home.default()
    try:
        spec = spec_from_json(sys.stdin.read())
        answer: dict[str, object] = dict(
            measure(spec, Library(assets_dir() / "models", home.models), values.seconds, values.device)
        )
    except StudioError as error:
        answer = {"error": str(error)}
    print(json.dumps(answer))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
