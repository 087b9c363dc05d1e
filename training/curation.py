"""Cleaning of people's own photos: faces found, cut as the shipped model saw them."""

from collections.abc import Sequence

import numpy as np

from studio.core.errors import BadInput
from studio.core.image import resize
from studio.core.portrait import FaceFinder, cut, locate_square, square_of_box
from studio.models.landmarks import LandmarkNet

TOLERANCE = 0.08


def align_face(rgb: np.ndarray, size: int, finder: FaceFinder, points: LandmarkNet) -> np.ndarray | None:
    """The largest face cut as in pre-training, uint8 [size, size, 3].

    A square picture already cut so, or without a detection, is only resized; None for other pictures without a face.
    """
    height, width = rgb.shape[:2]
    boxes = finder.find(rgb)
    if not boxes:
        return resize(rgb, (size, size)) if height == width else None
    drift = square_of_box(boxes[0]) @ np.array([[0, width], [0, height], [1, 1]]) - np.array([[0, 1], [0, 1]])
    if height == width and np.abs(drift).max() < TOLERANCE:
        return resize(rgb, (size, size))
    square = locate_square(rgb, boxes[0], points.locate, points.config.points, points.config.size)
    return cut(rgb, square, size)


def align_faces(arrays: Sequence[np.ndarray], size: int, points: LandmarkNet) -> list[np.ndarray]:
    """Every face that can be cut; BadInput when there is none."""
    finder = FaceFinder()
    found = [align_face(array, size, finder, points) for array in arrays]
    faces = [face for face in found if face is not None]
    if not faces:
        raise BadInput("No face was found in these pictures; add portraits that look towards the camera.")
    return faces
