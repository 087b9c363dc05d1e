"""Cleaning of people's own photos: faces found, cut as the shipped model saw them."""

from collections.abc import Sequence

import numpy as np

from studio.core.errors import BadInput
from studio.core.image import resize
from studio.core.portrait import FaceFinder, align
from studio.library.store import Library
from studio.models.landmarks import LandmarkNet


def cut(arrays: Sequence[np.ndarray], size: int, subject: str, library: Library) -> list[np.ndarray]:
    """Pictures as a generator of `size` px sees them: faces found and aligned, or of "any" subject the middle square.

    Raises BadInput when there is no face.
    """
    if subject == "any":
        return squares(arrays, size)
    points = library.load("landmarks", "cpu")
    assert isinstance(points, LandmarkNet)
    return align_faces(arrays, size, points)


def squares(arrays: Sequence[np.ndarray], size: int) -> list[np.ndarray]:
    """The middle square of each picture, uint8 [size, size, 3]."""
    found = []
    for rgb in arrays:
        side = min(rgb.shape[:2])
        top, left = (rgb.shape[0] - side) // 2, (rgb.shape[1] - side) // 2
        found.append(resize(np.ascontiguousarray(rgb[top : top + side, left : left + side]), (size, size)))
    return found


def align_faces(arrays: Sequence[np.ndarray], size: int, points: LandmarkNet) -> list[np.ndarray]:
    """Every face that can be cut; BadInput when there is none."""
    finder = FaceFinder()
    found = [align(array, size, finder, points) for array in arrays]
    faces = [face for face in found if face is not None]
    if not faces:
        raise BadInput("No face was found in these pictures; add portraits that look towards the camera.")
    return faces
