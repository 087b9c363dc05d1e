"""The guided filter: edges are the picture's, in any colour and at any size; what has none is smoothed."""

import numpy as np
import pytest

from studio.core.guided import guided
from tests.pictures import scene


@pytest.mark.parametrize("scale", [1, 4])
@pytest.mark.parametrize("colours", [((0, 0, 0), (255, 255, 255)), ((200, 30, 60), (30, 115, 60))])
def test_a_rough_edge_moves_to_the_pictures_own(scale: int, colours: tuple[tuple[int, ...], ...]) -> None:
    rgb = np.zeros((40 * scale, 60 * scale, 3), np.uint8)
    rgb[:, : 30 * scale], rgb[:, 30 * scale :] = colours
    rough = np.zeros(rgb.shape[:2], np.float32)
    rough[:, 27 * scale :] = 1
    found = guided(rough, rgb, 8 * scale) > 0.5
    assert np.array_equal(found, (rgb == colours[1]).all(2))


def test_where_the_picture_is_flat_the_map_is_blurred() -> None:
    dot = np.zeros((60, 60), np.float32)
    dot[30, 30] = 1
    found = guided(dot, np.full((60, 60, 3), 90, np.uint8), 4)
    assert abs(found.sum() - 1) < 1e-3 and found.max() < 0.02 and found[30, 50] == 0


def test_what_is_the_same_everywhere_stays_so_and_what_is_linear_in_the_colours_too() -> None:
    rgb = scene(130, 90)
    np.testing.assert_allclose(guided(np.full((90, 130), 3, np.float32), rgb, 6), 3, atol=1e-3)
    linear = (rgb.astype(np.float32) / 255) @ np.array([2, -1, 0.5], np.float32)
    np.testing.assert_allclose(guided(linear, rgb, 6, 1e-6), linear, atol=0.02)


@pytest.mark.parametrize("size", [(1, 1), (1, 50), (3, 2)])
def test_tiny_pictures_are_filtered(size: tuple[int, int]) -> None:
    found = guided(np.ones(size, np.float32), np.zeros((*size, 3), np.uint8), 32)
    np.testing.assert_allclose(found, 1, atol=1e-4)
