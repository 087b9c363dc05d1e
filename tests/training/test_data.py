"""Sampling order, crops, masks and face alignment."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.core.errors import BadInput
from studio.models.landmarks import LandmarkConfig, LandmarkNet
from tests.pictures import scene
from training.augment import toned
from training.curation import align_faces
from training.data import grid, order, random_crop, to_pixels, to_tensor
from training.masks import bands, boxes, random_mask, scratches, thick_mask


@given(st.integers(1, 50), st.integers(0, 200), st.integers(1, 64), st.integers(0, 5))
def test_order_does_not_depend_on_where_a_run_was_cut(count: int, start: int, batch: int, seed: int) -> None:
    whole = order(count, 0, start + batch, seed)
    assert order(count, start, batch, seed) == whole[start:]


@given(st.integers(1, 50), st.integers(0, 5))
def test_an_epoch_shows_every_picture_once(count: int, seed: int) -> None:
    assert sorted(order(count, count, count, seed)) == list(range(count))


@given(st.integers(20, 90), st.integers(20, 90), st.integers(8, 64), st.integers(0, 1000))
def test_crops_have_the_size_asked_for(width: int, height: int, size: int, seed: int) -> None:
    crop = random_crop(scene(width, height), size, np.random.default_rng(seed), zoom=(1.0, 2.0))
    assert crop.shape == (size, size, 3) and crop.dtype == np.uint8


def test_tensors_and_pixels_are_each_others_inverse() -> None:
    crops = [scene(16, 16, seed) for seed in range(3)]
    assert np.array_equal(to_pixels(to_tensor(crops)), np.stack(crops))


def test_a_sheet_holds_every_picture() -> None:
    cells = [np.full((4, 5, 3), value, np.uint8) for value in (10, 20, 30)]
    sheet = grid([cells[:2], cells[2:]], gap=1)
    assert sheet.shape == (9, 11, 3)
    assert sheet[0, 0, 0] == 10 and sheet[0, 6, 0] == 20 and sheet[5, 0, 0] == 30 and sheet[5, 6, 0] == 255


@pytest.mark.parametrize("seed", range(20))
def test_masks_are_holes_of_a_sensible_share(seed: int) -> None:
    mask = random_mask(96, np.random.default_rng(seed))
    assert mask.shape == (96, 96) and mask.dtype == bool and 0.005 < mask.mean() < 0.6


def test_kinds_of_masks_are_what_they_are_called() -> None:
    rng = np.random.default_rng(3)
    thin = scratches(128, rng)
    assert cv2.distanceTransform(thin, cv2.DIST_L2, 3).max() < 6
    assert cv2.distanceTransform(thick_mask(128, rng).astype(np.uint8), cv2.DIST_L2, 3).max() > 3
    assert boxes(128, rng).any()
    band = bands(128, rng)
    assert band[0].all() or band[-1].all() or band[:, 0].all() or band[:, -1].all()


def test_square_pictures_without_a_face_are_kept_and_others_are_not() -> None:
    square, wide = scene(96, 96), scene(160, 90)
    points = LandmarkNet(LandmarkConfig())
    (kept,) = align_faces([square, wide], 32, points)
    assert kept.shape == (32, 32, 3)
    with pytest.raises(BadInput, match="No face"):
        align_faces([wide], 32, points)


def test_toned_crops_have_one_hue_and_keep_their_size() -> None:
    rng = np.random.default_rng(0)
    rgb = rng.integers(0, 256, (16, 16, 3), np.uint8)
    for _ in range(20):
        tone = toned(rgb, rng)
        assert tone.shape == rgb.shape and tone.dtype == np.uint8
        spread = np.ptp(tone.astype(float), axis=2).mean()
        assert spread < 0.5 * np.ptp(rgb.astype(float), axis=2).mean()
