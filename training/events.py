"""Event files for TensorBoard beside a run, for those who want them: EASEL_TENSORBOARD=1 and the extra `tensorboard`.

tensorboard --logdir runs
"""

import importlib.util
import os
from pathlib import Path
from typing import Any

import numpy as np

WANTED = "EASEL_TENSORBOARD"  # of the environment


class Events:
    """Losses and sample sheets of a run in `folder`/events, by pictures seen; nothing where they are not wanted."""

    def __init__(self, folder: Path, wanted: bool = True) -> None:
        there = importlib.util.find_spec("tensorboard") is not None
        self.folder = folder / "events" if wanted and there and os.environ.get(WANTED) else None
        self.writer: Any = None

    def begin(self, seen: int) -> None:
        """Start at `seen` pictures; what an earlier session told after that is hidden."""
        if self.folder is None:
            return
        from torch.utils.tensorboard import SummaryWriter  # slow to load, and an extra

        self.writer = SummaryWriter(str(self.folder), purge_step=seen + 1, flush_secs=10)

    def losses(self, values: dict[str, float], seen: int) -> None:
        for key, value in values.items() if self.writer else ():
            self.writer.add_scalar(f"loss/{key}", value, seen)

    def sheet(self, rgb: np.ndarray, seen: int) -> None:
        """uint8 [H, W, 3]."""
        if self.writer:
            self.writer.add_image("samples", rgb, seen, dataformats="HWC")

    def close(self) -> None:
        if self.writer:
            self.writer.close()
