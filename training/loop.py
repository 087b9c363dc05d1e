"""One loop for every trainer: steps, metrics, sheets, checkpoints, resume.

A run folder holds spec.json, state.safetensors, metrics.jsonl and sheets/NNNNNNNNN.png, named by pictures seen; and
notes.jsonl where something happened that a person should know.
"""

import dataclasses
import hashlib
import json
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import torch

from studio.core.atomic import write_atomic
from studio.core.device import choose_device, mixed_precision, set_threads
from studio.core.errors import BadInput
from studio.core.image import Picture, write_picture
from studio.core.provenance import DigitalSource
from studio.jobs.spec import TrainingSpec, WordsSpec
from studio.library.store import Library
from training.followers import followers
from training.recipes import RECIPES
from training.state import load_state, save_state
from training.trainer import Trainer

DATA_CARD = "data-card.json"  # as studio.engine.tasks.prepare names it
CARDED = 1000  # pictures that a model's card names by their hashes
RETREATS = 3  # times that a run whose samples collapse goes back and on
Action = Literal["go", "pause", "cancel"]


@dataclass(frozen=True)
class Status:
    """Where a run stands; `seconds` counts earlier sessions too."""

    images: int
    total: int
    seconds: float
    metrics: dict[str, float]


@dataclass(frozen=True)
class Outcome:
    """How a run ended; `model` is the published name when it is done."""

    state: Literal["done", "paused", "cancelled"]
    images: int
    model: str | None = None


Control = Callable[[Status], Action]


def run_training(
    spec: TrainingSpec,
    run_dir: Path,
    *,
    library: Library,
    device: str = "auto",
    control: Control = lambda status: "go",
    resume: bool = True,
    tell_seconds: float = 1.0,
) -> Outcome:
    """Train until `spec.images` are seen or `control`, asked every `tell_seconds`, says otherwise; then publish.

    With `resume`, a state in `run_dir` is taken up; without, a folder that holds one is refused (BadInput).
    """
    set_threads()
    state = run_dir / "state.safetensors"
    if state.exists() and not resume:
        raise BadInput(f"{run_dir} already holds a run; add --resume to go on with it, or choose another folder.")
    trainer = RECIPES[spec.recipe](spec, library, choose_device(device))
    run = _Run(trainer, run_dir, tell_seconds)
    if state.exists():
        run.load()
    else:
        with write_atomic(run_dir / "spec.json") as file:
            file.write(spec.to_json().encode())
        run.write_sheet()
        if trainer.watched:
            run.save()  # or there would be nothing to go back to
    published = _published(run_dir)
    while not published and trainer.seen < spec.images and not run.given_up:
        action = run.advance(control)
        if action != "go":
            run.save()
            return Outcome("paused" if action == "pause" else "cancelled", trainer.seen)
    if not published:
        if trainer.collapsed():
            run.retreat()
        run.save()
        run.write_sheet()
        published = _publish(trainer, run_dir)
    return run.followed(published, library, device, control)


def _publish(trainer: Trainer, run_dir: Path) -> str:
    """Hand the product to the library; returns the model's name."""
    spec, library, product = trainer.spec, trainer.library, trainer.product()
    card = {
        "recipe": spec.to_json(),
        "images_seen": trainer.seen + (library.card(spec.base).images_seen if spec.base else 0),
        "hardware": str(trainer.device),
        **_data_card(spec, run_dir),
        **product.card,
    }
    name = library.publish(spec.model_name, product.module, trainer.family, product.config, card).name
    with write_atomic(run_dir / "published.json") as file:
        file.write(json.dumps({"model": name}).encode())
    return name


def _published(run_dir: Path) -> str:
    """The model that this run has already published, "" if none: what follows it may have been interrupted."""
    try:
        return str(json.loads((run_dir / "published.json").read_text(encoding="utf-8"))["model"])
    except (OSError, ValueError, KeyError):
        return ""


def _data_card(spec: TrainingSpec, run_dir: Path) -> dict[str, Any]:
    """The data card that lies with the pictures, if they were prepared; a copy stays with the run, and the model gets
    it without the files' names."""
    cards = [Path(folder) / DATA_CARD for folder in spec.sources]
    for path in cards:
        try:
            card = json.loads(path.read_text(encoding="utf-8"))
            pictures = [{k: v for k, v in row.items() if k != "file"} for row in card["pictures"]]
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue
        with write_atomic(run_dir / DATA_CARD) as file:
            file.write(path.read_bytes())
        digest = hashlib.sha256("".join(sorted(row["sha256"] for row in pictures)).encode()).hexdigest()
        card |= {"pictures": pictures[:CARDED], "dropped": card.get("dropped", [])[:CARDED], "sha256": digest}
        return {"data_card": card}
    return {}


class _Run:
    """The clocks and files of one run."""

    def __init__(self, trainer: Trainer, run_dir: Path, tell_seconds: float) -> None:
        self.trainer, self.dir, self.tell_seconds = trainer, run_dir, tell_seconds
        run_dir.mkdir(parents=True, exist_ok=True)
        self.seconds = 0.0
        self.sums: dict[str, list[float]] = {}
        self.spoiled = self.collapses = 0
        self.last = self.saved = self.drawn = self.told = time.monotonic()

    def advance(self, control: Control) -> Action:
        """One step and whatever is due after it."""
        trainer = self.trainer
        with mixed_precision(trainer.device):
            metrics = trainer.step()
        if not all(map(math.isfinite, metrics.values())):
            self.roll_back()
            return "go"
        trainer.seen += trainer.spec.batch
        now = time.monotonic()
        self.seconds, self.last = self.seconds + now - self.last, now
        for key, value in metrics.items():
            self.sums.setdefault(key, []).append(value)
        every = trainer.sheet_steps * trainer.spec.batch
        to_save = now - self.saved > trainer.spec.save_seconds
        to_draw = now - self.drawn > trainer.spec.sheet_seconds or (every > 0 and trainer.seen % every == 0)
        if (to_save or to_draw) and trainer.collapsed():
            self.retreat()
            return "go"
        if to_save:
            self.save()
        if to_draw:
            self.write_sheet()
        if now - self.told < self.tell_seconds and trainer.seen < trainer.spec.images:
            return "go"
        self.told = now
        return control(Status(trainer.seen, trainer.spec.images, self.seconds, self.log()))

    def followed(self, published: str, library: Library, device: str, control: Control) -> Outcome:
        """The end of a run: what follows the model is trained in folders inside it. Of what cannot be, notes tell."""
        total, made = self.trainer.spec.images, published

        def told(status: Status) -> Action:
            return control(Status(total, total, self.seconds + status.seconds, status.metrics))

        for spec in followers(self.trainer.spec, published, self.dir):
            folder = self.dir / spec.recipe
            if isinstance(spec, WordsSpec):
                spec = dataclasses.replace(spec, sliders=made)
            try:
                made = _published(folder)
                if not made:
                    outcome = run_training(
                        spec, folder, library=library, device=device, control=told, tell_seconds=self.tell_seconds
                    )
                    if outcome.state != "done":
                        return Outcome(outcome.state, self.trainer.seen)
                    made = outcome.model or ""
            except BadInput as error:
                self.note({"images": total, "note": "follower", "recipe": spec.recipe, "because": str(error)})
                break
        return Outcome("done", self.trainer.seen, published)

    def log(self) -> dict[str, float]:
        """Append the means since the last line to metrics.jsonl."""
        means = {key: sum(values) / len(values) for key, values in self.sums.items()}
        self.sums.clear()
        line = {"images": self.trainer.seen, "seconds": round(self.seconds, 2)}
        line |= {key: round(value, 6) for key, value in means.items()}
        with (self.dir / "metrics.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
        return means

    def save(self) -> None:
        trainer = self.trainer
        save_state(
            self.dir / "state.safetensors",
            modules=trainer.modules,
            optimisers=trainer.optimisers,
            rng=trainer.rng,
            facts={"seen": trainer.seen, "seconds": self.seconds},
        )
        self.saved = time.monotonic()

    def load(self) -> None:
        trainer = self.trainer
        facts = load_state(
            self.dir / "state.safetensors", modules=trainer.modules, optimisers=trainer.optimisers, rng=trainer.rng
        )
        trainer.seen, self.seconds = facts["seen"], facts["seconds"]

    def roll_back(self) -> None:
        """A loss that is not a number: back to the last checkpoint, three times at most."""
        self.spoiled += 1
        if self.spoiled > 3 or not (self.dir / "state.safetensors").exists():
            raise BadInput("The training diverged; start it again with a lower learning rate (lr).")
        seconds = self.seconds
        self.load()
        self.seconds = seconds
        torch.manual_seed(self.trainer.spec.seed + self.spoiled)  # other noise than what led here
        self.trainer.rng.random(self.spoiled)

    def note(self, facts: dict[str, Any]) -> None:
        """Append to notes.jsonl what a person should know."""
        with (self.dir / "notes.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(facts) + "\n")

    @property
    def given_up(self) -> bool:
        """Whether the samples collapsed again and again: then the last good state is the result."""
        return self.collapses > RETREATS

    def retreat(self) -> None:
        """The samples have collapsed: back to the last checkpoint and, more gently, on. notes.jsonl tells of it."""
        self.collapses += 1
        seen, seconds = self.trainer.seen, self.seconds
        self.load()
        self.seconds = seconds
        self.trainer.calm()
        torch.manual_seed(self.trainer.spec.seed + self.collapses)
        self.sums.clear()
        self.note({"images": seen, "note": "ended" if self.given_up else "collapse", "back_to": self.trainer.seen})
        self.save()
        self.drawn = time.monotonic()

    def write_sheet(self) -> None:
        trainer = self.trainer
        with torch.no_grad():
            sheet = trainer.sheet()
        write_picture(
            self.dir / "sheets" / f"{trainer.seen:09d}.png",
            Picture(rgb=sheet),
            source=DigitalSource.GENERATED,
        )
        self.drawn = time.monotonic()
