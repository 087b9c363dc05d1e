"""Progress of a task as a small value handed to whoever listens; the engine never knows who that is."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from studio.core.errors import Cancelled


@dataclass(frozen=True, kw_only=True)
class Progress:
    """Step `step` of `total` after `seconds`; `preview` is uint8 [H, W, 3] or None."""

    step: int
    total: int
    seconds: float
    preview: np.ndarray | None = None

    @property
    def remaining(self) -> float | None:
        """Estimated seconds to go, None before the first step."""
        return self.seconds / self.step * (self.total - self.step) if self.step else None


Listener = Callable[[Progress], None]
FINE = 1000  # steps that a part of a longer work counts


@dataclass
class TaskControl:
    """One running task's two-way line: it reports steps, and learns here that it was cancelled.

    A task that takes long may keep what it has done in `folder`, and go on from there when the same Request is run
    again with that folder. It lasts as long as the job; None: nothing is to be kept.
    """

    listener: Listener | None = None
    started: float = field(default_factory=time.monotonic)
    folder: Path | None = None
    _cancelled: threading.Event = field(default_factory=threading.Event)

    def cancel(self) -> None:
        self._cancelled.set()

    def check(self) -> None:
        """Raise Cancelled if the task was stopped."""
        if self._cancelled.is_set():
            raise Cancelled

    def report(self, step: int, total: int, preview: np.ndarray | None = None) -> None:
        """Tell the listener, then raise Cancelled if the task was stopped."""
        if self.listener is not None:
            self.listener(Progress(step=step, total=total, seconds=time.monotonic() - self.started, preview=preview))
        self.check()

    def part(self, index: int, count: int) -> "TaskControl":
        """The line of part `index` of a work in `count` parts: its steps are told as the whole's, and both stop."""

        def told(progress: Progress) -> None:
            within = progress.step / progress.total if progress.total else 0.0
            self.report(round((index + within) * FINE), count * FINE, progress.preview)

        folder = self.folder and self.folder / f"{index:06d}"
        return TaskControl(listener=told, started=self.started, folder=folder, _cancelled=self._cancelled)
