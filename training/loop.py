"""One loop for every trainer: steps, metrics, sheets, checkpoints, resume.

A run folder holds spec.json, state.safetensors, metrics.jsonl, notes.jsonl where something happened that a person
should know, and, named by pictures seen, sheets/NNNNNNNNN.png and snapshots/NNNNNNNNN.safetensors.
"""

import dataclasses
import json
import math
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import torch

from studio.core.atomic import write_atomic
from studio.core.device import choose_device, memory_used, mixed_precision, set_threads
from studio.core.errors import BadInput
from studio.core.image import Picture, write_picture
from studio.core.provenance import DigitalSource
from studio.jobs.spec import TrainingSpec, WordsSpec
from studio.library.store import Library
from training import distributed
from training.events import Events
from training.followers import followers
from training.history import cut_back, need_room, snapshot
from training.publish import publish, published_model
from training.recipes import RECIPES
from training.state import load_state, save_state
from training.trainer import Trainer

RETREATS = 3  # times that a run whose samples collapse goes back and on
Action = Literal["go", "pause", "cancel"]
ACTIONS: tuple[Action, ...] = ("go", "pause", "cancel")


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
    distributed.join(trainer.modules.values(), trainer.optimisers.values())
    run = _Run(trainer, run_dir, tell_seconds)
    if distributed.told(int(state.exists()), trainer.device):
        run.load()
    else:
        run.begin()
    published = published_model(run_dir)
    ended = distributed.told(int(bool(published)), trainer.device)
    while not ended and trainer.seen < spec.images and not run.given_up:
        action = run.advance(control)
        if action != "go":
            run.save()
            run.events.close()
            return Outcome("paused" if action == "pause" else "cancelled", trainer.seen)
    if not ended:
        if distributed.any_of(trainer.collapsed(), trainer.device):
            run.retreat()
        run.save()
        run.write_sheet()
        run.events.close()
        published = publish(trainer, run_dir, run.id) if distributed.is_first() else ""
    if distributed.size() > 1:  # what follows a model is small, and learnt by one process alone
        return Outcome("done", trainer.seen, published or None)
    return run.followed(published, library, device, control)


class _Run:
    """The clocks and files of one run."""

    def __init__(self, trainer: Trainer, run_dir: Path, tell_seconds: float) -> None:
        self.trainer, self.dir, self.tell_seconds = trainer, run_dir, tell_seconds
        run_dir.mkdir(parents=True, exist_ok=True)
        self.seconds = 0.0
        self.id = uuid.uuid4().hex
        self.sums: dict[str, list[float]] = {}
        self.spoiled = self.collapses = 0
        self.events = Events(run_dir, wanted=distributed.is_first())
        self.last = self.saved = self.drawn = self.told = time.monotonic()

    def begin(self) -> None:
        """What a new run's folder starts with."""
        self.events.begin(0)
        if distributed.is_first():
            with write_atomic(self.dir / "spec.json") as file:
                file.write(self.trainer.spec.to_json().encode())
        self.write_sheet()
        if self.trainer.watched:
            self.save()  # or there would be nothing to go back to
        self.trainer.rng = distributed.own_noise(self.trainer.spec.seed, 0) or self.trainer.rng

    def advance(self, control: Control) -> Action:
        """One step and whatever is due after it; among several processes the first one decides."""
        trainer = self.trainer
        with mixed_precision(trainer.device):
            metrics = trainer.step()
        if distributed.any_of(not all(map(math.isfinite, metrics.values())), trainer.device):
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
        due = distributed.told(int(to_save) + 2 * int(to_draw), trainer.device)
        if due and distributed.any_of(trainer.collapsed(), trainer.device):
            self.retreat()
            return "go"
        if due & 1:
            self.save()
        if due & 2:
            self.write_sheet()
        action: Action = "go"
        if distributed.is_first() and (now - self.told >= self.tell_seconds or trainer.seen >= trainer.spec.images):
            self.told = now
            action = control(Status(trainer.seen, trainer.spec.images, self.seconds, self.log()))
        return ACTIONS[distributed.told(ACTIONS.index(action), trainer.device)]

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
                made = published_model(folder)
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
        line = {"images": self.trainer.seen, "seconds": round(self.seconds, 2), "memory": round(memory_used() / 1e6)}
        line |= {key: round(value, 6) for key, value in means.items()}
        self.events.losses(means, self.trainer.seen)
        with (self.dir / "metrics.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
        return means

    def save(self) -> None:
        trainer = self.trainer
        self.saved = time.monotonic()
        if not distributed.is_first():
            return
        need_room(self.dir / "state.safetensors")
        save_state(
            self.dir / "state.safetensors",
            modules=trainer.modules,
            optimisers=trainer.optimisers,
            rng=trainer.rng,
            facts={"seen": trainer.seen, "seconds": self.seconds, "run": self.id},
        )
        snapshot(trainer, self.dir)
        self.saved = time.monotonic()

    def load(self) -> None:
        trainer = self.trainer
        state = self.dir / "state.safetensors"
        with distributed.sent(state, trainer.device) as path:
            facts = load_state(path, modules=trainer.modules, optimisers=trainer.optimisers, rng=trainer.rng)
        trainer.seen, self.seconds, self.id = facts["seen"], facts["seconds"], facts.get("run", self.id)
        trainer.rng = distributed.own_noise(trainer.spec.seed, trainer.seen) or trainer.rng
        self.sums.clear()
        if distributed.is_first():
            cut_back(self.dir, trainer.seen)
            self.events.close()
            self.events.begin(trainer.seen)

    def roll_back(self) -> None:
        """A loss that is not a number: back to the last checkpoint, three times at most."""
        self.spoiled += 1
        saved = distributed.told(int((self.dir / "state.safetensors").exists()), self.trainer.device)
        if self.spoiled > 3 or not saved:
            raise BadInput("The training diverged; start it again with a lower learning rate (lr).")
        seconds = self.seconds
        self.load()
        self.seconds = seconds
        torch.manual_seed(self.trainer.spec.seed + self.spoiled + 1000 * distributed.rank())  # other noise than before
        self.trainer.rng.random(self.spoiled)

    def note(self, facts: dict[str, Any]) -> None:
        """Append to notes.jsonl what a person should know."""
        if not distributed.is_first():
            return
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
        torch.manual_seed(self.trainer.spec.seed + self.collapses + 1000 * distributed.rank())
        self.sums.clear()
        self.note({"images": seen, "note": "ended" if self.given_up else "collapse", "back_to": self.trainer.seen})
        self.save()
        self.drawn = time.monotonic()

    def write_sheet(self) -> None:
        trainer = self.trainer
        self.drawn = time.monotonic()
        if not distributed.is_first():
            return
        with torch.no_grad():
            sheet = trainer.sheet()
        self.events.sheet(sheet, trainer.seen)
        write_picture(
            self.dir / "sheets" / f"{trainer.seen:09d}.png",
            Picture(rgb=sheet),
            source=DigitalSource.GENERATED,
        )
        self.drawn = time.monotonic()
