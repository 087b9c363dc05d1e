"""A box around a thing selects the thing."""

import cv2
import numpy as np
import pytest

from studio.core.errors import BadInput
from studio.core.mask import Box
from studio.core.select import grab
from tests.pictures import noise


def ball(width: int = 700, height: int = 500) -> tuple[np.ndarray, np.ndarray]:
    """A red ball with grain before grey grain, and where it is."""
    thing = np.zeros((height, width), np.uint8)
    cv2.circle(thing, (width // 2, height // 2), 120, 1, -1)
    grain = noise(width, height).astype(int) // 8
    rgb = np.where(thing[..., None] > 0, np.array([190, 40, 50]), np.array([90, 110, 100])) + grain
    return rgb.astype(np.uint8), thing > 0


def test_the_thing_in_the_box_is_selected_to_its_edge() -> None:
    rgb, thing = ball()
    found = grab(rgb, Box(200, 110, 500, 390))
    assert (found & thing).sum() / (found | thing).sum() > 0.97
    assert np.array_equal(found, grab(rgb, Box(200, 110, 500, 390)))


def test_what_is_painted_is_part_of_it_and_nothing_beyond_the_box_is() -> None:
    rgb, _ = ball()
    sure = np.zeros(rgb.shape[:2], bool)
    sure[120:140, 210:230] = sure[0:9, 0:9] = True
    found = grab(rgb, Box(200, 110, 500, 390), sure)
    assert found[120:140, 210:230].all() and not found[:110].any() and not found[:, 500:].any()


@pytest.mark.parametrize(
    ("box", "said"),
    [
        (Box(10, 10, 12, 90), "too small"),
        (Box(-5, -5, 900, 900), "covers the whole picture"),
        (Box(900, 10, 950, 60), "too small"),
    ],
)
def test_boxes_that_cannot_be_used_are_refused(box: Box, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        grab(ball()[0], box)
