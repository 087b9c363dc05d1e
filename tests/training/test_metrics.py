"""Every figure must rank a picture above its worse copies, and a fresh sample above a copy."""

import cv2
import numpy as np
import pytest

from tests.pictures import scene
from training import metrics


@pytest.fixture
def picture() -> np.ndarray:
    rng = np.random.default_rng(0)
    return np.clip(scene(96, 96) + rng.normal(0, 12, (96, 96, 3)), 0, 255).astype(np.uint8)


def test_patch_swd_and_detail_rank_blur(picture: np.ndarray) -> None:
    where = np.zeros((96, 96), bool)
    where[20:70, 20:70] = True
    blurs = [cv2.GaussianBlur(picture, (0, 0), sigma) for sigma in (0.5, 1.0, 3.0)]
    distances = [metrics.patch_swd(blur, picture, where) for blur in blurs]
    assert metrics.patch_swd(picture, picture, where) == 0 < distances[0] < distances[1] < distances[2]
    ratios = [metrics.detail_ratio(blur, picture, where) for blur in blurs]
    assert 1 > ratios[0] > ratios[1] > ratios[2] > 0 and metrics.detail_ratio(picture, picture, where) == 1


def test_psnr_counts_only_where_asked(picture: np.ndarray) -> None:
    other = picture.copy()
    other[:10] ^= 255
    where = np.zeros((96, 96), bool)
    where[50:] = True
    assert metrics.psnr(picture, other, where) > 100 > metrics.psnr(picture, other)
    assert metrics.psnr(np.zeros((4, 4, 3), np.uint8), np.full((4, 4, 3), 255, np.uint8)) == pytest.approx(0)


def test_kernel_distance_is_about_zero_for_one_distribution_and_grows_with_distance() -> None:
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(300, 16)), rng.normal(size=(300, 16))
    near, far = metrics.kernel_distance(x, y + 0.3), metrics.kernel_distance(x, y + 1.0)
    assert abs(metrics.kernel_distance(x, y)) < near / 3 and near < far / 3


def test_precision_and_recall_tell_quality_from_variety() -> None:
    rng = np.random.default_rng(0)
    real = rng.normal(size=(300, 8))
    collapsed, strange = 0.1 * rng.normal(size=(300, 8)), 10 + rng.normal(size=(300, 8))
    precision, recall = metrics.precision_recall(real, collapsed)
    assert precision > 0.95 and recall < 0.2
    assert metrics.precision_recall(real, strange) == (0, 0)
    assert min(metrics.precision_recall(real, rng.normal(size=(300, 8)))) > 0.6


def test_memorisation_is_seen() -> None:
    rng = np.random.default_rng(0)
    train, held_out = rng.normal(size=(400, 8)), rng.normal(size=(100, 8))
    fresh, copies = rng.normal(size=(200, 8)), train[:200] + 0.01
    assert 0.8 < metrics.memorisation_ratio(fresh, train, held_out) < 1.25
    assert metrics.memorisation_ratio(copies, train, held_out) < metrics.memorisation_ratio(fresh, train, held_out)
    assert metrics.memorisation_ratio(copies, train[:200], held_out) < 0.7


def test_retrieval_of_separate_clusters_is_perfect() -> None:
    labels = np.repeat(np.arange(4), 5)
    vectors = np.eye(4)[labels] + 0.01 * np.random.default_rng(0).normal(size=(20, 4))
    assert metrics.retrieval(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), labels) == 1


def test_sliced_wasserstein_of_shifted_points_is_the_shift_along_the_directions() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(0, 1, (501, 1)).astype(np.float32)
    assert metrics.sliced_wasserstein(x, x[rng.permutation(501)]) < 1e-6
    assert abs(metrics.sliced_wasserstein(x, x + 0.5) - 0.5) < 1e-5
    levels = np.linspace(0, 1, 512)
    y = rng.normal(0, 2, (90, 1)).astype(np.float32)
    wanted = np.abs(np.quantile(x, levels) - np.quantile(y, levels)).mean()
    assert abs(metrics.sliced_wasserstein(x, y) - wanted) < 1e-4
