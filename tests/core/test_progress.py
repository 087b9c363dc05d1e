"""A task's line to its listener."""

import numpy as np
import pytest

from studio.core.errors import Cancelled, StudioError
from studio.core.progress import Progress, TaskControl


def test_listener_hears_each_step() -> None:
    heard: list[Progress] = []
    control = TaskControl(listener=heard.append)
    preview = np.zeros((2, 2, 3), np.uint8)
    control.report(1, 4)
    control.report(2, 4, preview)
    assert [(step.step, step.total) for step in heard] == [(1, 4), (2, 4)]
    assert heard[0].preview is None and heard[1].preview is preview
    assert 0 <= heard[0].seconds <= heard[1].seconds


def test_cancelled_task_stops_at_its_next_step() -> None:
    heard: list[Progress] = []
    control = TaskControl(listener=heard.append)
    control.check()
    control.cancel()
    with pytest.raises(Cancelled):
        control.check()
    with pytest.raises(StudioError, match="Stopped"):
        control.report(1, 2)
    assert len(heard) == 1, "the step was done, so it is told"


def test_remaining_time() -> None:
    assert Progress(step=0, total=4, seconds=1).remaining is None
    assert Progress(step=1, total=4, seconds=2).remaining == 6
