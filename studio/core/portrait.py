"""Faces in photos: where they are, and the square cut around each in which the face models know them."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import cv2
import numpy as np

from studio.core.image import resize

# How OpenCV's frontal cascade boxes a face that is already cut as `portrait_square` cuts it: centre and width as shares
# of the side, mean over 223 of them (standard deviations .011, .008, .037, none missed).
CENTRE_X, CENTRE_Y, WIDTH = 0.502, 0.544, 0.670
TOLERANCE = 0.08  # of the side, by which a square picture may differ from the cut of its face
ROUNDS = 2  # of finding the points and cutting again
LEFT_IRIS, RIGHT_IRIS, MOUTH = 468, 473, (61, 291)  # indices of the face mesh; left is the picture's left


@dataclass(frozen=True)
class FaceBox:
    """A face as the cascade sees it: centre and width in px."""

    x: float
    y: float
    width: float


class FaceFinder:
    """OpenCV's frontal cascade. One thread at a time."""

    def __init__(self) -> None:
        self.cascade = cv2.CascadeClassifier(
            str(Path(cv2.__file__).parent / "data" / "haarcascade_frontalface_default.xml")
        )

    def find(self, rgb: np.ndarray) -> list[FaceBox]:
        """The faces of uint8 [H, W, 3], largest first; those under a sixteenth of the short side are not looked for."""
        scale = min(1.0, 512 / max(rgb.shape[:2]))
        small = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else rgb
        grey = cv2.equalizeHist(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY))
        found = self.cascade.detectMultiScale(grey, 1.1, 4, minSize=(32, 32))
        boxes = [FaceBox((x + w / 2) / scale, (y + h / 2) / scale, w / scale) for x, y, w, h in found]
        return sorted(boxes, key=lambda box: -box.width)


# A square is a matrix [2, 3] that takes px of the photo to shares of the square's side.


def square_of_box(box: FaceBox) -> np.ndarray:
    """The upright square that suits a box."""
    side = box.width / WIDTH
    return np.array([[1 / side, 0, CENTRE_X - box.x / side], [0, 1 / side, CENTRE_Y - box.y / side]])


def portrait_square(left_eye: np.ndarray, right_eye: np.ndarray, mouth: np.ndarray) -> np.ndarray:
    """The square of a face from the middles of its irises and mouth in px: the rule of FFHQ (Karras et al., 2019)."""
    across, eyes = right_eye - left_eye, (left_eye + right_eye) / 2
    down = mouth - eyes
    axis = across + np.array([down[1], -down[0]])
    axis /= max(float(np.hypot(*axis)), 1e-9)
    half = max(np.hypot(*across) * 2.0, np.hypot(*down) * 1.8, 1e-9)
    turn = np.stack([axis, np.array([-axis[1], axis[0]])]) / (2 * half)
    centre = eyes + down * 0.1
    return np.column_stack([turn, 0.5 - turn @ centre])


def cut(rgb: np.ndarray, square: np.ndarray, size: int) -> np.ndarray:
    """The square as uint8 [size, size, 3]; beyond the photo its edge goes on."""
    part, matrix = _around(rgb, square, size)
    scale = float(np.hypot(*matrix[0, :2]))
    if scale < 1:  # against aliasing
        part = cv2.GaussianBlur(part, (0, 0), 0.45 * np.sqrt(1 / scale**2 - 1) + 1e-3)
    return cv2.warpAffine(part, matrix, (size, size), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)


def locate_square(
    rgb: np.ndarray, box: FaceBox, locate: Callable[[np.ndarray], np.ndarray], mesh: tuple[int, ...], size: int
) -> np.ndarray:
    """The square of the face in `box`. `locate` finds the points `mesh` [P, 2], as shares, in a cut of `size` px."""
    square = square_of_box(box)
    for _ in range(ROUNDS):
        turn, shift = square[:, :2], square[:, 2]
        points = np.linalg.solve(turn, (locate(cut(rgb, square, size)) - shift).T).T
        left, right, *corners = (points[mesh.index(i)] for i in (LEFT_IRIS, RIGHT_IRIS, *MOUTH))
        square = portrait_square(left, right, np.mean(corners, axis=0))
    return square


class Points(Protocol):
    """A net that finds the points `config.points` of the face mesh in a cut of `config.size` px."""

    config: Any

    def locate(self, rgb: np.ndarray) -> np.ndarray: ...


def align(rgb: np.ndarray, size: int, finder: FaceFinder, points: Points, *, loose: bool = True) -> np.ndarray | None:
    """The largest face of uint8 [H, W, 3] cut as the face models know it, uint8 [size, size, 3]; None without a face.

    A square picture already cut so is only resized; `loose`, also a square one in which no face is detected.
    """
    height, width = rgb.shape[:2]
    boxes = finder.find(rgb)
    if not boxes:
        return resize(rgb, (size, size)) if loose and height == width else None
    drift = square_of_box(boxes[0]) @ np.array([[0, width], [0, height], [1, 1]]) - np.array([[0, 1], [0, 1]])
    if height == width and np.abs(drift).max() < TOLERANCE:
        return resize(rgb, (size, size))
    square = locate_square(rgb, boxes[0], points.locate, points.config.points, points.config.size)
    return cut(rgb, square, size)


def paste(rgb: np.ndarray, face: np.ndarray, square: np.ndarray, feather: float = 0.12) -> np.ndarray:
    """A copy of the photo with `face`, uint8 [S, S, 3], back in its square, fading out over `feather` of its side."""
    made, size = rgb.copy(), len(face)
    part, matrix = _around(made, square, size)
    if 0 in part.shape:
        return made
    middle = np.arange(size) + 0.5
    edge = np.clip(np.minimum(middle, size - middle) / (size * feather), 0, 1)
    window = np.minimum.outer(edge, edge).astype(np.float32)
    inverse, side = cv2.WARP_INVERSE_MAP, (part.shape[1], part.shape[0])
    placed = cv2.warpAffine(face, matrix, side, flags=inverse | cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    share = cv2.warpAffine(window * window * (3 - 2 * window), matrix, side, flags=inverse | cv2.INTER_LINEAR)[
        ..., None
    ]
    part[:] = np.round(part + (placed.astype(np.float32) - part) * share).astype(np.uint8)
    return made


def _around(rgb: np.ndarray, square: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """The part of the photo that the square touches, and the matrix from its px to those of a cut of `size` px."""
    turn, shift = square[:, :2], square[:, 2]
    corners = np.linalg.solve(turn, (np.array([[0, 0], [0, 1], [1, 0], [1, 1]]) - shift).T).T
    low = np.clip(np.floor(corners.min(0)).astype(int) - 4, 0, None)
    high = np.clip(np.ceil(corners.max(0)).astype(int) + 4, 0, rgb.shape[1::-1])
    low = np.minimum(low, np.array(rgb.shape[1::-1]) - 1)
    high = np.maximum(high, low + 1)
    # squares count from the corners of pixels, OpenCV from their middles
    offset = size * (shift + turn @ (low + 0.5)) - 0.5
    return rgb[low[1] : high[1], low[0] : high[0]], np.column_stack([turn * size, offset])
