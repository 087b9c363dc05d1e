"""Random masks for inpainting: LaMa's mix of thick strokes and boxes, thin scratches, and bands along the border."""

import cv2
import numpy as np


def strokes(
    size: int, rng: np.random.Generator, *, thickness: tuple[float, float], count: tuple[int, int]
) -> np.ndarray:
    """Random walks of round brush strokes; thickness is a share of the side."""
    mask = np.zeros((size, size), np.uint8)
    for _ in range(int(rng.integers(count[0], count[1] + 1))):
        x, y = rng.uniform(0, size, 2)
        angle = rng.uniform(0, 2 * np.pi)
        for _ in range(int(rng.integers(1, 5))):
            angle += rng.normal(0, 0.8)
            length = rng.uniform(0.1, 0.45) * size
            x2, y2 = x + length * np.cos(angle), y + length * np.sin(angle)
            width = max(1, round(rng.uniform(*thickness) * size))
            cv2.line(mask, (round(x), round(y)), (round(x2), round(y2)), 1, width)
            cv2.circle(mask, (round(x2), round(y2)), width // 2, 1, -1)
            x, y = np.clip(x2, 0, size), np.clip(y2, 0, size)
    return mask


def boxes(size: int, rng: np.random.Generator) -> np.ndarray:
    """One to four rectangles of 10 to 45 % of a side."""
    mask = np.zeros((size, size), np.uint8)
    for _ in range(int(rng.integers(1, 5))):
        height, width = (rng.uniform(0.1, 0.45, 2) * size).astype(int)
        top, left = int(rng.integers(size - height)), int(rng.integers(size - width))
        mask[top : top + height, left : left + width] = 1
    return mask


def scratches(size: int, rng: np.random.Generator) -> np.ndarray:
    """Thin lines of 1 to 5 px."""
    return strokes(size, rng, thickness=(1 / size, 5 / size), count=(3, 12))


def narrow_mask(size: int, rng: np.random.Generator) -> np.ndarray:
    """bool [size, size], True in strokes of 1 to 5 px and specks of up to 9 px; never empty."""
    mask = strokes(size, rng, thickness=(1 / size, 5 / size), count=(1, 8))
    for _ in range(int(rng.integers(0, 5))):
        x, y = rng.integers(0, size, 2).tolist()
        cv2.ellipse(mask, (x, y), rng.integers(0, 5, 2).tolist(), float(rng.uniform(0, 180)), 0, 360, 1, -1)
    return mask.astype(bool) if mask.any() else narrow_mask(size, rng)


def bands(size: int, rng: np.random.Generator) -> np.ndarray:
    """A band of up to 30 % along one side, or two, as when a picture is extended."""
    mask = np.zeros((size, size), np.uint8)
    for side in rng.permutation(4)[: int(rng.integers(1, 3))]:
        depth = int(rng.uniform(0.05, 0.3) * size)
        np.rot90(mask, side)[:depth] = 1
    return mask


def thick_mask(size: int, rng: np.random.Generator) -> np.ndarray:
    """Thick strokes or boxes, as LaMa draws them: the large holes of the evaluation."""
    if rng.random() < 0.6:
        return strokes(size, rng, thickness=(0.05, 0.16), count=(1, 4))
    return boxes(size, rng)


def wide_mask(size: int, rng: np.random.Generator) -> np.ndarray:
    """The middle of a thick mask twice as large: holes up to 90 % of a side, as a crop sees them."""
    start = size // 2
    return thick_mask(2 * size, rng)[start : start + size, start : start + size]


def random_mask(size: int, rng: np.random.Generator) -> np.ndarray:
    """bool [size, size], True in the hole; between 0.5 % and 60 % of the picture."""
    while True:
        kind = rng.random()
        if kind < 0.4:
            mask = thick_mask(size, rng)
        elif kind < 0.65:
            mask = wide_mask(size, rng)
        elif kind < 0.85:
            mask = scratches(size, rng)
        else:
            mask = bands(size, rng)
        if 0.005 < mask.mean() < 0.6:
            return mask.astype(bool)
