"""The losses that compare styles: what each of them sees, and what it does not."""

import pytest
import torch
from torch import Tensor

from training.losses import contrastive, style_distance, texture_distance


def stripes(turned: bool) -> Tensor:
    wave = torch.sin(torch.arange(48) * 0.8).expand(1, 2, 48, 48)
    return (wave.transpose(2, 3) if turned else wave) + 0.01 * torch.randn(1, 2, 48, 48)


def test_neighbourhoods_tell_the_way_a_stroke_runs_where_points_do_not() -> None:
    torch.manual_seed(0)
    same, turned = (texture_distance(stripes(False), stripes(way), points=2000) for way in (False, True))
    assert turned > 5 * same
    assert style_distance(stripes(False), stripes(True)) < 0.1 * turned


@pytest.mark.parametrize("spread", [1, 2, 3])
def test_texture_distance_is_differentiable(spread: int) -> None:
    x = torch.rand(2, 3, 12, 16, requires_grad=True)
    texture_distance(x, torch.rand(2, 3, 12, 16), spread=spread).backward()
    assert x.grad is not None and x.grad.abs().sum() > 0


def test_contrastive_wants_each_nearest_to_its_own() -> None:
    y = torch.eye(4)
    assert contrastive(y + 0.1, y) < 0.01
    assert contrastive(y.roll(1, 0), y) > 5
