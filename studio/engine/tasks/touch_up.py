"""Faces of a photo drawn sharper: each is made small, enlarged by the upscaler for faces, and put back."""

from typing import cast

import cv2
import numpy as np

from studio.core.portrait import FaceFinder, cut, paste, square_of_box
from studio.engine.tasks.base import Models
from studio.engine.tasks.upscale import FACES, enlarge
from studio.models.upscale import UpscaleGAN

SIZE = 256  # px a side of a face that the upscaler made
LARGEST = 1.6  # times SIZE: a larger face has more detail than the upscaler could give
LEAST = 48  # px a side of a face that is worth the work


def touched_up(rgb: np.ndarray, models: Models, amount: float) -> np.ndarray:
    """uint8 [H, W, 3] with `amount` of every face that is found redrawn; unchanged where there is none."""
    squares = [square_of_box(box) for box in FaceFinder().find(rgb)]
    sides = [1 / float(np.hypot(*square[0, :2])) for square in squares]
    fitting = [square for square, side in zip(squares, sides, strict=True) if LEAST <= side <= LARGEST * SIZE]
    if not fitting:
        return rgb
    network = cast(UpscaleGAN, models.model(FACES, "upscale")).net
    for square in fitting:
        side = round(1 / float(np.hypot(*square[0, :2])))
        shown = cut(rgb, square, SIZE)
        small = cv2.resize(shown, (SIZE // network.config.scale,) * 2, interpolation=cv2.INTER_AREA)
        made = enlarge(network, models.device, small, network.config.scale)
        mixed = cv2.addWeighted(made, amount, shown, 1 - amount, 0)
        rgb = paste(
            rgb, mixed if side <= SIZE else cv2.resize(mixed, (side, side), interpolation=cv2.INTER_CUBIC), square
        )
    return rgb
