"""Optimising the picture: nearer to the style, step by step, with previews; it stops, and goes on where it stood."""

from itertools import pairwise
from pathlib import Path

import pytest
import torch
from torch import Tensor

from studio.core.errors import Cancelled
from studio.core.progress import Progress, TaskControl
from studio.engine import best_style
from studio.engine.best_style import Optimiser, fitting, levels, patch_distance
from studio.models.perceptual import PerceptualConfig, PerceptualEncoder
from tests.pictures import scene


def tensor(rgb) -> Tensor:  # pyright: ignore
    return torch.from_numpy(rgb).permute(2, 0, 1)[None].float() / 127.5 - 1


@pytest.fixture
def optimiser(monkeypatch: pytest.MonkeyPatch) -> Optimiser:
    monkeypatch.setattr(best_style, "STEPS", (12, 8))
    monkeypatch.setattr(best_style, "PATCH_STEPS", 4)
    monkeypatch.setattr(best_style, "FIRST_SIDE", 32)
    torch.manual_seed(0)
    encoder = PerceptualEncoder(PerceptualConfig(channels=(4, 8, 8, 8), convolutions=(1, 1, 1, 1)))
    return Optimiser(encoder.requires_grad_(False), tensor(scene(64, 48)), tensor(scene(80, 90, seed=5) // 4))


def test_levels_grow_by_the_square_root_of_two() -> None:
    sides = list(levels(512))
    assert sides[0] == 128 and sides[-1] == 512
    assert all(1.39 < b / a < 1.44 for a, b in pairwise(sides))
    assert list(levels(20)) == [20]


def test_the_style_picture_has_as_many_pixels_as_the_photo_or_fewer() -> None:
    rows, columns = fitting(torch.zeros(1, 3, 400, 200), (100, 50))
    assert (rows, columns) == (100, 50)
    assert fitting(torch.zeros(1, 3, 40, 40), (500, 500)) == (40, 40)


def test_it_comes_nearer_to_the_style_and_shows_how_far_it_is(optimiser: Optimiser) -> None:
    seen: list[Progress] = []
    start = optimiser.photo
    made = optimiser.run(start, TaskControl(listener=seen.append))
    assert made.shape == start.shape and made.abs().max() <= 1
    assert patch_distance(made, optimiser.style) < 0.9 * patch_distance(start, optimiser.style)
    assert [now.step for now in seen] == list(range(1, seen[-1].total + 1))
    assert sum(now.preview is not None for now in seen) >= 2


def test_it_can_be_stopped(optimiser: Optimiser) -> None:
    control = TaskControl()
    control.listener = lambda now: control.cancel() if now.step == 3 else None
    with pytest.raises(Cancelled):
        optimiser.run(optimiser.photo, control)


def test_a_stopped_job_goes_on_from_its_last_finished_level(optimiser: Optimiser, tmp_path: Path) -> None:
    control = TaskControl(folder=tmp_path)
    control.listener = lambda now: control.cancel() if now.step == 14 else None
    with pytest.raises(Cancelled):
        optimiser.run(optimiser.photo, control)
    seen: list[int] = []
    again = TaskControl(folder=tmp_path, listener=lambda now: seen.append(now.step))
    optimiser.run(torch.zeros_like(optimiser.photo), again)
    assert seen[0] == 13  # the first level's 12 steps were kept
    (tmp_path / best_style.STATE).write_bytes(b"cut off")
    seen.clear()
    optimiser.run(optimiser.photo, TaskControl(folder=tmp_path, listener=lambda now: seen.append(now.step)))
    assert seen[0] == 1
