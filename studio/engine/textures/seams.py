"""The seam of a picture that repeats: how rough it is beside the inside, and where to cut so that it is calm."""

import numpy as np


def steps(rgb: np.ndarray, axis: int) -> np.ndarray:
    """The mean step from each row (axis 0) or column (1) to the one before, [H or W]; the first is the seam's."""
    levels = rgb.astype(np.int16)
    return np.abs(levels - np.roll(levels, 1, axis)).mean(axis=(1 - axis, 2))


def seam_ratio(rgb: np.ndarray) -> float:
    """The mean step across the seam by the mean step inside, uint8 [H, W, 3]; the worse of both ways."""
    ratios = []
    for axis in (0, 1):
        found = steps(rgb, axis)
        ratios.append(float(found[0] / max(float(found[1:].mean()), 1e-6)) if len(found) > 1 else 1.0)
    return max(ratios)


def calmest(rgb: np.ndarray) -> tuple[int, int]:
    """The row and the column before which a picture without seams is best cut: where it changes least.

    A cut along the edge of a brick or a thread would be no seam, but as steep as one.
    """
    return int(steps(rgb, 0).argmin()), int(steps(rgb, 1).argmin())
