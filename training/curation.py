"""Cleaning of people's own photos: faces found, cut as the shipped model saw them."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from studio.core.errors import BadInput
from studio.core.image import resize

# Where OpenCV's frontal cascade finds the face in the pre-training crops: centre and width as shares of the side,
# mean over 223 of them (standard deviations .011, .008, .037, none missed).
CENTRE_X, CENTRE_Y, WIDTH = 0.502, 0.544, 0.670
TOLERANCE = 0.08


def face_cascade() -> cv2.CascadeClassifier:
    return cv2.CascadeClassifier(str(Path(cv2.__file__).parent / "data" / "haarcascade_frontalface_default.xml"))


def find_face(rgb: np.ndarray, cascade: cv2.CascadeClassifier) -> tuple[float, float, float] | None:
    """Centre x, centre y and width of the largest face in px of uint8 [H, W, 3]; None without a face."""
    scale = min(1.0, 512 / max(rgb.shape[:2]))
    small = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else rgb
    grey = cv2.equalizeHist(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY))
    found = cascade.detectMultiScale(grey, 1.1, 4, minSize=(32, 32))
    if len(found) == 0:
        return None
    x, y, w, h = max(found, key=lambda box: box[2])
    return (x + w / 2) / scale, (y + h / 2) / scale, w / scale


def align_face(rgb: np.ndarray, size: int, cascade: cv2.CascadeClassifier) -> np.ndarray | None:
    """The face cut as in pre-training, uint8 [size, size, 3].

    A square picture already cut so, or without a detection, is only resized; None for other pictures without a face.
    """
    height, width = rgb.shape[:2]
    face = find_face(rgb, cascade)
    if face is None:
        return resize(rgb, (size, size)) if height == width else None
    x, y, w = face
    off = max(abs(x / width - CENTRE_X), abs(y / height - CENTRE_Y), abs(w / width - WIDTH) / 2)
    if height == width and off < TOLERANCE:
        return resize(rgb, (size, size))
    side = round(w / WIDTH)
    left, top = round(x - CENTRE_X * side), round(y - CENTRE_Y * side)
    border = max(0, -left, -top, left + side - width, top + side - height)
    padded = cv2.copyMakeBorder(rgb, border, border, border, border, cv2.BORDER_REPLICATE)
    crop = padded[top + border : top + border + side, left + border : left + border + side]
    return resize(crop, (size, size))


def align_faces(arrays: Sequence[np.ndarray], size: int) -> list[np.ndarray]:
    """Every face that can be cut; BadInput when there is none."""
    cascade = face_cascade()
    found = [align_face(array, size, cascade) for array in arrays]
    faces = [face for face in found if face is not None]
    if not faces:
        raise BadInput("No face was found in these pictures; add portraits that look towards the camera.")
    return faces
