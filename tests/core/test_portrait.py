"""Faces cut from photos: turned, scaled and beyond the edge, and put back."""

import cv2
import numpy as np
import pytest

from studio.core.portrait import (
    LEFT_IRIS,
    MOUTH,
    RIGHT_IRIS,
    FaceBox,
    FaceFinder,
    cut,
    locate_square,
    paste,
    portrait_square,
    square_of_box,
)

MESH = (LEFT_IRIS, RIGHT_IRIS, *MOUTH)
POINTS = np.array([[0.385, 0.45], [0.615, 0.45], [0.42, 0.63], [0.58, 0.63]])  # shares, about those of a cut face


def dotted(size: int = 128) -> np.ndarray:
    """A smooth picture with a dot of its own colour at each of POINTS."""
    y, x = np.mgrid[0:size, 0:size] / size
    made = np.stack([x * 80, y * 80, (x + y) * 40], -1).astype(np.uint8)
    for (px, py), colour in zip(POINTS * size, ((255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0)), strict=True):
        cv2.circle(made, (round(px - 0.5), round(py - 0.5)), max(2, size // 40), colour, -1)
    return made


def find_dots(face: np.ndarray) -> np.ndarray:
    """Where the dots of `dotted` are, as shares."""
    wide = face.astype(int)
    weights = [np.clip(wide @ np.array(v) - 300, 0, None) for v in ((2, -1, -2), (-1, 2, -2), (-2, -2, 2), (1, 1, -3))]
    grid = np.stack(np.meshgrid(*[(np.arange(len(face)) + 0.5) / len(face)] * 2), -1)
    return np.array([(grid * w[..., None]).sum((0, 1)) / max(w.sum(), 1) for w in weights])


@pytest.mark.parametrize("angle", [-20, 0, 12])
@pytest.mark.parametrize("scale", [0.7, 3.1])
def test_a_turned_face_is_cut_upright(angle: float, scale: float) -> None:
    face = dotted()
    side = round(128 * scale)
    matrix = cv2.getRotationMatrix2D((64, 64), angle, scale)
    matrix[:, 2] += [220 - 64, 180 - 64]
    photo = cv2.warpAffine(face, matrix, (500, 400), flags=cv2.INTER_AREA, borderValue=(60, 60, 60))
    box = FaceBox(220.5, 180.5 + 0.044 * side, 0.67 * side)
    square = locate_square(photo, box, find_dots, MESH, 128)
    again = find_dots(cut(photo, square, 256))
    left, right = again[0], again[1]
    assert abs(left[1] - right[1]) < 0.01, "the eyes are level"
    assert np.abs((left + right) / 2 + ((again[2] + again[3]) / 2 - (left + right) / 2) * 0.1 - 0.5).max() < 0.01


def test_a_square_of_points_is_ffhqs() -> None:
    square = portrait_square(np.array([40.0, 50.0]), np.array([80.0, 50.0]), np.array([60.0, 80.0]))
    side = 2 * max(40 * 2.0, 30 * 1.8)
    assert np.allclose(square @ [60, 53, 1], [0.5, 0.5])
    assert np.allclose(square @ [60 + side / 2, 53, 1], [1, 0.5])


def test_cut_and_paste_of_an_untouched_face_changes_nothing_to_speak_of() -> None:
    rng = np.random.default_rng(0)
    photo = cv2.GaussianBlur(rng.integers(0, 256, (200, 240, 3), np.uint8), (0, 0), 3)
    square = square_of_box(FaceBox(110, 100, 60))
    made = paste(photo, cut(photo, square, 128), square)
    assert np.abs(made.astype(int) - photo).max() <= 2
    inside = square @ np.array([[110, 5], [100, 5], [1, 1]])
    assert (inside[:, 1] < 0).any(), "the corner lies outside"
    assert (made[:20, :20] == photo[:20, :20]).all()


def test_a_face_half_outside_the_photo_is_cut_and_pasted() -> None:
    photo = np.full((60, 60, 3), 90, np.uint8)
    square = square_of_box(FaceBox(2, 2, 50))
    face = cut(photo, square, 64)
    assert face.shape == (64, 64, 3) and (face == 90).all()
    assert paste(photo, np.full_like(face, 200), square).max() == 200


def test_a_picture_without_a_face_has_none() -> None:
    assert FaceFinder().find(np.full((120, 160, 3), 128, np.uint8)) == []
