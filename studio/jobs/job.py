"""One job as the store tells of it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from studio.core.errors import BadInput
from studio.jobs.task import JobSpec, TaskSpec

State = Literal["queued", "running", "paused", "done", "failed", "cancelled"]


@dataclass(frozen=True, kw_only=True)
class Job:
    """One row. `step` and `total` count a training's pictures, or a task's steps; `seconds` is the time spent on it;
    times are Unix seconds."""

    id: int
    recipe: str
    name: str
    spec: JobSpec
    run_dir: Path
    state: State
    wanted: str
    step: int
    total: int
    seconds: float
    message: str
    error: str
    model: str
    worker: str
    attempts: int
    place: float
    created: float
    updated: float
    heartbeat: float

    @property
    def is_task(self) -> bool:
        """Whether it is a task of the engine, not a training."""
        return isinstance(self.spec, TaskSpec)

    @property
    def snapshots(self) -> dict[int, Path]:
        """Pictures seen -> file of a model, as many as the training keeps, the newest last."""
        found = sorted(self.run_dir.glob("snapshots/*.safetensors"))
        return {int(path.stem): path for path in found if path.stem.isdigit()}

    def snapshot(self, images: int = 0) -> Path:
        """The snapshot after `images` pictures, by default the newest; BadInput without one."""
        found = self.snapshots
        if (images or max(found, default=0)) not in found:
            there = ", ".join(map(str, found)) or "none yet"
            raise BadInput(f"There is no snapshot of job {self.id} at {images} pictures; it has {there}.")
        return found[images or max(found)]

    @property
    def remaining(self) -> float | None:
        """Estimated seconds to go, None before the first step."""
        return self.seconds / self.step * (self.total - self.step) if self.step else None
