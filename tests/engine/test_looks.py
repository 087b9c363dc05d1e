"""Looks: pieces fit together, tones and sizes follow the picture, nothing leaves the range of colours."""

from typing import Any

import cv2
import numpy as np
import pytest

from studio.engine.looks import LOOKS
from studio.engine.looks.base import Place, tones_of, unit_of
from studio.engine.looks.printed import covered, screen
from studio.engine.painters import LookPainter
from studio.engine.pixels import tiles
from tests.pictures import noise, scene

EACH = pytest.mark.parametrize("name", LOOKS)


def psnr(a: np.ndarray, b: np.ndarray) -> float:
    error = np.square(a.astype(float) - b).mean()
    return 99.0 if error == 0 else float(10 * np.log10(255**2 / error))


def drawn(name: str, rgb: np.ndarray, side: int = 4096, **settings: Any) -> np.ndarray:
    painter = LookPainter(LOOKS[name], **{"strength": 1.0} | settings)
    facts, result = painter.measure(rgb), np.zeros_like(rgb)
    for window in tiles(rgb.shape[1], rgb.shape[0], side):
        result[window] = painter.paint(rgb, *window, facts)
    return result


@EACH
def test_pieces_fit_together(name: str) -> None:
    rgb = scene(260, 180, seed=3)
    assert psnr(drawn(name, rgb), drawn(name, rgb, 96)) > 40


@EACH
@pytest.mark.parametrize("rgb", [noise(3, 1), np.zeros((40, 40, 3), np.uint8), np.full((17, 60, 3), 255, np.uint8)])
def test_pictures_of_a_few_pixels_or_one_colour(name: str, rgb: np.ndarray) -> None:
    made = drawn(name, rgb)
    assert made.shape == rgb.shape and made.dtype == np.uint8


@EACH
def test_a_look_changes_the_picture_and_keeps_what_is_drawn(name: str) -> None:
    rgb = cv2.GaussianBlur(scene(300, 300, seed=5), (0, 0), 1)
    made = drawn(name, rgb)
    assert np.abs(made.astype(int) - rgb).mean() > 2
    soft = [cv2.GaussianBlur(cv2.cvtColor(x, cv2.COLOR_RGB2GRAY), (0, 0), 8).astype(float) for x in (made, rgb)]
    assert np.corrcoef(soft[0].ravel(), soft[1].ravel())[0, 1] > 0.8
    assert np.array_equal(drawn(name, rgb), made)  # chance comes from the place alone
    half = drawn(name, rgb, strength=0.5).astype(float)
    assert np.abs(half - (made.astype(float) + rgb) / 2).max() <= 1


@EACH
def test_a_print_has_the_strokes_of_its_preview(name: str) -> None:
    large = cv2.GaussianBlur(scene(1000, 280, seed=7), (0, 0), 2)
    small = cv2.resize(large, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    reduced = cv2.resize(drawn(name, large), small.shape[1::-1], interpolation=cv2.INTER_AREA)
    seen = [cv2.GaussianBlur(x, (0, 0), 2).astype(float).ravel() for x in (reduced, drawn(name, small))]
    assert np.corrcoef(*seen)[0, 1] > 0.9


def test_dots_cover_the_share_they_are_to() -> None:
    for share in (0.1, 0.37, 0.5, 0.8):
        amount = np.full((200, 200), share, np.float32)
        assert abs(screen(amount, Place(3, 5, 1.0), 10.0, 15).mean() - share) < 0.03
    assert np.allclose(covered(np.array([-2.0, 0.0, 2.0])), [1, 0.5, 0], atol=0.02)


def test_units_and_tones() -> None:
    assert unit_of((3000, 2000, 3)) == 3.0
    assert unit_of((30, 20, 3)) == unit_of((50, 20, 3))
    low, middle, high = tones_of(np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 3, 2))
    assert low == pytest.approx(0.02, abs=0.01) and middle == pytest.approx(0.5, abs=0.01)
    assert high == pytest.approx(0.98, abs=0.01)
