"""Cleaning of people's own photos: faces found, cut as the shipped model saw them."""

from collections.abc import Sequence

import numpy as np

from studio.core.errors import BadInput
from studio.core.portrait import FaceFinder, align
from studio.models.landmarks import LandmarkNet


def align_faces(arrays: Sequence[np.ndarray], size: int, points: LandmarkNet) -> list[np.ndarray]:
    """Every face that can be cut; BadInput when there is none."""
    finder = FaceFinder()
    found = [align(array, size, finder, points) for array in arrays]
    faces = [face for face in found if face is not None]
    if not faces:
        raise BadInput("No face was found in these pictures; add portraits that look towards the camera.")
    return faces
