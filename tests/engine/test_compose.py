"""Pasting: where it lands, what alpha lets through, colours that fit, and what cannot be pasted."""

import numpy as np
import pytest

from studio.core.errors import BadInput
from studio.core.image import Picture
from studio.engine.engine import Engine
from studio.engine.tasks.compose import ComposeRequest
from tests.pictures import scene


def disc(colour: tuple[int, int, int], size: int = 40) -> Picture:
    """A disc of one colour; what lies around it is magenta and transparent."""
    y, x = np.mgrid[:size, :size] - (size - 1) / 2
    inside = np.hypot(x, y) < size * 0.4
    rgb = np.where(inside[..., None], colour, (255, 0, 255)).astype(np.uint8)
    return Picture(rgb=rgb, alpha=np.where(inside, 255, 0).astype(np.uint8))


@pytest.mark.parametrize("mode", ["normal", "poisson"])
def test_it_lands_where_it_is_put_and_the_rest_keeps_its_bytes(engine: Engine, mode: str) -> None:
    ground = Picture(rgb=scene(120, 80), name="ground.png")
    request = ComposeRequest(picture=ground, cutout=disc((250, 40, 30)), x=0.75, y=0.5, width=0.25, mode=mode)
    made = engine.run(request).picture
    changed = (made.rgb != ground.rgb).any(2)
    rows, columns = np.nonzero(changed)
    assert abs(columns.mean() - 90) < 2 and abs(rows.mean() - 40) < 2
    assert columns.min() >= 75 and columns.max() < 105 and rows.min() >= 25 and rows.max() < 55
    if mode == "normal":
        assert np.array_equal(made.rgb[40, 90], (250, 40, 30))


def test_hidden_colours_do_not_show_at_the_edge(engine: Engine) -> None:
    ground = Picture(rgb=np.full((60, 60, 3), 128, np.uint8))
    made = engine.run(ComposeRequest(picture=ground, cutout=disc((128, 128, 128)), width=0.9)).picture
    assert np.abs(made.rgb.astype(int) - 128).max() <= 2, "grey on grey, without magenta"


def test_poisson_takes_the_light_of_what_is_around(engine: Engine) -> None:
    ground = Picture(rgb=np.full((80, 80, 3), 60, np.uint8))
    bright = Picture(rgb=(scene(40, 40, seed=3) // 8 + 200).astype(np.uint8))
    plain, fitted = (
        engine.run(ComposeRequest(picture=ground, cutout=bright, width=0.5, mode=mode)).picture.rgb[30:50, 30:50].mean()
        for mode in ("normal", "poisson")
    )
    assert plain > 190 and abs(fitted - 60) < 40


def test_it_may_reach_over_the_border_and_makes_ground_visible(engine: Engine) -> None:
    ground = Picture(rgb=scene(50, 40), alpha=np.zeros((40, 50), np.uint8))
    made = engine.run(ComposeRequest(picture=ground, cutout=disc((1, 2, 3)), x=0.0, y=0.0, width=1.0)).picture
    assert made.size == (50, 40) and made.alpha is not None
    assert made.alpha[0, 0] == 255 and made.alpha[39, 49] == 0


def test_what_cannot_be_pasted_is_said(engine: Engine) -> None:
    ground = Picture(rgb=scene(50, 40))
    empty = Picture(rgb=scene(10, 10), alpha=np.zeros((10, 10), np.uint8))
    with pytest.raises(BadInput, match="wholly transparent"):
        engine.run(ComposeRequest(picture=ground, cutout=empty))
    with pytest.raises(BadInput, match="Too little"):
        engine.run(ComposeRequest(picture=ground, cutout=disc((9, 9, 9)), width=0.02, mode="poisson"))
