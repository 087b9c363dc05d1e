"""A prop as its generator sees it, and back: a square in which what is transparent is nearly nothing.

Colours are laid on grey, which is 0 in a net, and alpha runs from -0.5 to 0.5: were the large transparent part far from
0, all props would look alike to an encoder at first, and it would never tell them apart.
"""

import numpy as np

from studio.core.image import Picture, resize
from studio.core.sprites.sheet import rgba

FAINT, FIRM = 0.12, 0.88  # alpha that a generator leaves where nothing is meant, and gives where all is


def squared(picture: Picture, size: int) -> np.ndarray:
    """The whole picture in the middle of a square, uint8 [size, size, 4]: colours on grey, and half of alpha."""
    pixels = rgba(picture).astype(np.float32) / 255
    pixels[..., :3] = (2 * pixels[..., :3] - 1) * pixels[..., 3:]
    side = max(picture.size)
    top, left = (side - picture.height) // 2, (side - picture.width) // 2
    square = np.zeros((side, side, 4), np.float32)
    square[top : top + picture.height, left : left + picture.width] = pixels
    if side != size:
        square = resize(square, (size, size))
    alpha = square[..., 3:].clip(0, 1)
    return levels(np.dstack([square[..., :3].clip(-alpha, alpha) / 2 + 0.5, alpha / 2 + 0.25]))


def unsquared(made: np.ndarray) -> Picture:
    """What a generator made, float [S, S, 4] in about [-1, 1], as a picture whose alpha is clear."""
    alpha = (made[..., 3:] + 0.5).clip(0, 1)
    rgb = (made[..., :3] / np.maximum(alpha, FAINT) / 2 + 0.5).clip(0, 1)
    clear = ((alpha[..., 0] - FAINT) / (FIRM - FAINT)).clip(0, 1)
    return Picture(rgb=levels(rgb), alpha=levels(clear))


def levels(values: np.ndarray) -> np.ndarray:
    return (values * 255).round().astype(np.uint8)
