"""Masks: what a filling may touch, how far a mask grows, which boxes hold its parts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from studio.core.mask import Box, components, composite, grow, shrink, wide_part
from tests.pictures import noise

masks = arrays(bool, st.tuples(st.integers(1, 14), st.integers(1, 14)))


def within(mask: np.ndarray, px: int) -> np.ndarray:
    """Pixels within `px` of the mask, by the definition."""
    rows, columns = np.indices(mask.shape)
    near = np.zeros(mask.shape, bool)
    for y, x in np.argwhere(mask):
        near |= (rows - y) ** 2 + (columns - x) ** 2 <= px**2
    return near


@given(mask=masks, feather=st.integers(0, 9), seed=st.integers(0, 9), channels=st.sampled_from([0, 1, 3, 4]))
def test_composite_never_changes_a_pixel_outside_the_mask(
    mask: np.ndarray, feather: int, seed: int, channels: int
) -> None:
    shape = (*mask.shape, channels) if channels else mask.shape
    original = noise(shape[1], shape[0], max(channels, 1), seed).reshape(shape)
    filled = noise(shape[1], shape[0], max(channels, 1), seed + 100).reshape(shape)
    kept = original.copy()
    result = composite(original, filled, mask, feather)
    assert result.dtype == np.uint8
    assert np.array_equal(original, kept)
    assert np.array_equal(result[~mask], original[~mask])
    low, high = np.minimum(original, filled), np.maximum(original, filled)
    assert ((result >= low) & (result <= high)).all()
    if feather == 0 or mask.all():
        assert np.array_equal(result[mask], filled[mask])


def test_feather_fades_in_over_its_width() -> None:
    mask = np.zeros((9, 40), bool)
    mask[:, 10:] = True
    result = composite(np.zeros((9, 40, 3), np.uint8), np.full((9, 40, 3), 200, np.uint8), mask, feather=3)
    assert result[4, 8:16, 0].tolist() == [0, 0, 50, 100, 150, 200, 200, 200]


def test_read_only_pictures_are_taken() -> None:
    original = noise(5, 5)
    original.flags.writeable = False
    assert composite(original, original, np.ones((5, 5), bool), 2).flags.writeable


def test_shapes_that_differ_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="Shapes differ"):
        composite(noise(5, 4), noise(4, 5), np.ones((4, 5), bool))
    with pytest.raises(ValueError, match="Shapes differ"):
        composite(noise(5, 4), noise(5, 4), np.ones((5, 4), bool))


@given(mask=masks, px=st.integers(0, 6))
def test_grow_and_shrink_are_by_distance(mask: np.ndarray, px: int) -> None:
    assert np.array_equal(grow(mask, px), within(mask, px))
    assert np.array_equal(shrink(mask, px), ~within(~mask, px))
    assert np.array_equal(grow(mask, -px), shrink(mask, px))


@given(mask=masks, margin=st.integers(0, 4))
def test_components_cover_the_mask_and_stay_apart(mask: np.ndarray, margin: int) -> None:
    boxes = components(mask, margin)
    covered = np.zeros(mask.shape, bool)
    for box in boxes:
        part = mask[box.slices]
        assert part[0].any() and part[-1].any() and part[:, 0].any() and part[:, -1].any(), "boxes are tight"
        covered[box.slices] = True
    assert not (mask & ~covered).any()
    for i, a in enumerate(boxes):
        for b in boxes[:i]:
            gap = max(a.left - b.right, b.left - a.right, a.top - b.bottom, b.top - a.bottom)
            assert gap > 2 * margin


def test_components_merge_over_the_margin() -> None:
    mask = np.zeros((50, 60), bool)
    mask[5:10, 5:10] = mask[12:15, 12:20] = mask[40:, 50:] = True
    assert components(mask) == [Box(5, 5, 10, 10), Box(12, 12, 20, 15), Box(50, 40, 60, 50)]
    assert components(mask, margin=1) == [Box(5, 5, 20, 15), Box(50, 40, 60, 50)]
    assert components(mask, margin=100) == [Box(5, 5, 60, 50)]
    assert components(np.zeros((5, 5), bool)) == []


def test_box() -> None:
    box = Box(5, 6, 10, 8)
    assert (box.width, box.height) == (5, 2)
    assert noise(20, 20)[box.slices].shape == (2, 5, 3)
    assert box.padded(6, (12, 20)) == Box(0, 0, 12, 14)


@given(st.integers(0, 1000), st.integers(1, 30))
def test_the_wide_part_is_within_the_mask_and_holds_what_is_wider(seed: int, px: int) -> None:
    random = np.random.default_rng(seed)
    mask = np.zeros((120, 160), bool)
    mask[10:14, :] = True
    side = int(random.integers(2, 60))
    mask[50 : 50 + side, 40 : 40 + side] = True
    found = wide_part(mask, px)
    assert not found[~mask].any()
    assert found[50 + side // 2 - 1, 40 + side // 2 - 1] == ((side + 1) // 2 > px / 2)
    assert found[10:14, 100:].any() == (px < 4)


def test_a_box_within_another_counts_from_its_corner() -> None:
    assert Box(5, 7, 9, 20).within(Box(4, 2, 50, 60)) == Box(1, 5, 5, 18)
