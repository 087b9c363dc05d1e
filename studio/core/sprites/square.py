"""A prop as its generator sees it, and back: a square with alpha, its colours multiplied by that."""

import numpy as np

from studio.core.image import Picture, resize
from studio.core.sprites.sheet import rgba

FAINT, FIRM = 0.12, 0.88  # alpha that a generator leaves where nothing is meant, and gives where all is


def squared(picture: Picture, size: int) -> np.ndarray:
    """The whole picture in the middle of a square of `size` px, uint8 [size, size, 4], colours times alpha."""
    pixels = rgba(picture).astype(np.float32)
    pixels[..., :3] *= pixels[..., 3:] / 255
    side = max(picture.size)
    top, left = (side - picture.height) // 2, (side - picture.width) // 2
    square = np.zeros((side, side, 4), np.float32)
    square[top : top + picture.height, left : left + picture.width] = pixels
    if side != size:
        square = resize(square, (size, size))
    square[..., 3] = square[..., 3].clip(0, 255)
    square[..., :3] = np.minimum(square[..., :3].clip(0, 255), square[..., 3:])
    return square.round().astype(np.uint8)


def unsquared(made: np.ndarray) -> Picture:
    """What a generator made, float [S, S, 4] in [-1, 1], colours times alpha, as a picture whose alpha is clear."""
    premultiplied, alpha = np.split((made.clip(-1, 1) + 1) / 2, [3], axis=2)
    rgb = (premultiplied / np.maximum(alpha, FAINT)).clip(0, 1)
    clear = ((alpha[..., 0] - FAINT) / (FIRM - FAINT)).clip(0, 1)
    return Picture(rgb=levels(rgb), alpha=levels(clear))


def levels(values: np.ndarray) -> np.ndarray:
    return (values * 255).round().astype(np.uint8)
