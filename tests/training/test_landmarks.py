"""Landmarks: files of them, mirrored and varied copies, and a net that learns where a dot is."""

from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from studio.core.errors import BadInput
from studio.models.landmarks import MESH
from training.trainers.landmarks import eye_distance, mirrored, read_landmarks, vary, wing


def test_a_file_without_landmarks_is_refused(folder: Path, tmp_path: Path) -> None:
    text = tmp_path / "text.npz"
    text.write_text("no archive")
    other = tmp_path / "other.npz"
    np.savez(other, names=["elsewhere.png"], points=np.zeros((1, 478, 2)))
    few = tmp_path / "few.npz"
    np.savez(few, names=["00.png"], points=np.zeros((1, 5, 2)))
    for file in ("", str(tmp_path / "absent.npz"), str(text), str(few)):
        with pytest.raises(BadInput, match="holds no landmarks"):
            read_landmarks((str(folder),), file, MESH)
    with pytest.raises(BadInput, match="of none of these pictures"):
        read_landmarks((str(folder),), str(other), MESH)


def test_points_are_shares_of_their_own_picture(folder: Path, tmp_path: Path) -> None:
    arrays, points = read_landmarks((str(folder),), str(tmp_path / "landmarks.npz"), (0, 1, 2))
    assert len(arrays) == len(points) == 24
    with np.load(tmp_path / "landmarks.npz") as archive:
        np.testing.assert_allclose(points[0], archive["points"][0, :3].astype(np.float32) / 96, rtol=1e-5)


def test_mirror_images_are_found_in_the_mean_shape() -> None:
    shape = np.array([[0.2, 0.3], [0.8, 0.3], [0.5, 0.5], [0.35, 0.8], [0.65, 0.8]], np.float32)
    assert mirrored([shape]).tolist() == [1, 0, 2, 4, 3]


def test_points_move_with_the_picture() -> None:
    """A bright dot at each point is still beneath it in every varied copy."""
    points = np.array([[0.35, 0.4], [0.65, 0.4], [0.5, 0.6]], np.float32)
    rgb = np.zeros((256, 256, 3), np.uint8)
    for x, y in points * 256:
        cv2.circle(rgb, (round(float(x)), round(float(y))), 7, (255, 255, 255), -1)
    rng = np.random.default_rng(1)
    brighter = []
    for _ in range(60):
        face, moved = vary(rgb, points, mirrored([points]), 128, rng)
        grey = cv2.GaussianBlur(face, (0, 0), 1.5).mean(2)
        at = [grey[int(np.clip(y * 128, 0, 127)), int(np.clip(x * 128, 0, 127))] for x, y in moved]
        brighter.append(np.min(at) > np.median(grey) + 30)
    assert np.mean(brighter) > 0.8  # something may lie in front of a dot


def test_errors_count_in_eye_distances_and_small_ones_most() -> None:
    points = torch.rand(2, len(MESH), 2)
    assert torch.allclose(eye_distance(points * 3, MESH), 3 * eye_distance(points, MESH))
    error = torch.tensor([0.0, 0.01, 0.02, 0.0999, 0.1001, 0.2])
    loss = wing(error)
    assert (loss.diff() > 0).all() and loss[0] == 0
    assert loss[1] - loss[0] > loss[2] - loss[1], "the slope is steepest at nothing"
    assert abs(loss[4] - loss[3]) < 1e-3, "no jump where the branches meet"
