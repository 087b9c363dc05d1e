"""What a look is: a filter that draws any piece of a picture as it would draw the whole.

Sizes are in units: a unit is a thousandth of the picture's longer side, so that a print has the strokes of its preview.
Patterns hang on the picture's own coordinates, never on a piece's, so that pieces fit together.
"""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

UNITS = 1000  # along the longer side
LEAST_UNIT = 0.45  # px: in smaller pictures lines and dots stay as wide as pixels can show them


@dataclass(frozen=True)
class Place:
    """Where a piece lies in its picture (px), and the px of a unit."""

    top: int
    left: int
    unit: float

    def grid(self, shape: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
        """x [1, W] and y [H, 1] of the piece's pixels in the picture, in units, float32."""
        x = (self.left + np.arange(shape[1], dtype=np.float32)) / np.float32(self.unit)
        y = (self.top + np.arange(shape[0], dtype=np.float32)) / np.float32(self.unit)
        return x[None], y[:, None]

    def sigma(self, units: float) -> float:
        """A Gaussian's sigma in px; at least what a kernel can hold."""
        return max(0.3, units * self.unit)


@dataclass(frozen=True)
class Look:
    """`draw(rgb, place, tones)` takes and gives float32 [H, W, 3] in 0..1; `tones` are the whole picture's.

    `reach`: how far a drawn pixel looks around, in units.
    """

    draw: Callable[[np.ndarray, Place, np.ndarray], np.ndarray]
    reach: float


def unit_of(shape: tuple[int, ...]) -> float:
    """Px of a unit in a picture of this shape."""
    return max(LEAST_UNIT, max(shape[:2]) / UNITS)


def tones_of(rgb: np.ndarray) -> np.ndarray:
    """Lightness, 0..1, below which lie 2, 50 and 98 % of a picture (uint8 [H, W, 3]); float32 [3]."""
    light = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    return (np.quantile(light, (0.02, 0.5, 0.98)) / 255).astype(np.float32)


def lightness(rgb: np.ndarray) -> np.ndarray:
    """float [H, W, 3] -> [H, W]."""
    return cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)


def levelled(light: np.ndarray, tones: np.ndarray, middle: float = 0.55) -> np.ndarray:
    """Lightness from black to white, whatever the exposure: the picture's median goes halfway towards `middle`."""
    low, median, high = (float(tone) for tone in tones)
    span = max(high - low, 0.25)
    at = float(np.clip((median - low) / span, 0.15, 0.85))
    gamma = 0.5 + 0.5 * np.log(middle) / np.log(at)
    return np.power(((light - low) / span).clip(0, 1), np.float32(gamma))


def step(x: np.ndarray, low: float, high: float) -> np.ndarray:
    """Smooth step from 0 at `low` to 1 at `high`."""
    t = ((x - low) * np.float32(1 / (high - low))).clip(0, 1)
    return t * t * (3 - 2 * t)


def mixed(a: np.ndarray, b: np.ndarray, share: np.ndarray) -> np.ndarray:
    """From `a` to `b`, colours [H, W, 3] or [3], by share [H, W]."""
    share = share[..., None]
    return a + (b - a) * share


def colour(text: str) -> np.ndarray:
    """A colour such as "1a2b3c" as float32 [3]."""
    return np.array([int(text[i : i + 2], 16) / 255 for i in (0, 2, 4)], np.float32)
