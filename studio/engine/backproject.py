"""Back-projection of a ratio histogram: where a picture has the colours of a part of it (Swain & Ballard, 1991)."""

import numpy as np

CELL = 5  # levels of 255 that count as one colour
CELLS = 256 // CELL + 2  # the last is always empty, so that what `spread` moves around the end is nothing
FEW = 20  # px of a colour that tell little of it


def colour_odds(chance: np.ndarray, rgb: np.ndarray, most: float = 2.0) -> np.ndarray:
    """By how much a pixel's colour raises the log odds of being of a part, float32 [H, W] of -`most` to `most`.

    `chance`, [H, W] of 0 to 1, is how likely each pixel of uint8 [H, W, 3] is of the part. A colour that is of the part
    as often as others gives 0.
    """
    index = np.ravel_multi_index(tuple(np.moveaxis(rgb // CELL, -1, 0)), (CELLS,) * 3).ravel()
    part, whole = (
        spread(np.bincount(index, weights, CELLS**3).reshape((CELLS,) * 3)) for weights in (chance.ravel(), None)
    )
    share = float(np.clip(chance.mean(), 1e-6, 1 - 1e-6))
    odds = np.log((part + FEW * share) / (whole - part + FEW * (1 - share)) * ((1 - share) / share))
    return odds.clip(-most, most).astype(np.float32).ravel()[index].reshape(chance.shape)


def spread(counts: np.ndarray) -> np.ndarray:
    """Counts of colours, those of neighbouring cells mixed in: a colour is never quite the same."""
    for axis in range(counts.ndim):
        counts = (2 * counts + np.roll(counts, 1, axis) + np.roll(counts, -1, axis)) / 4
    return counts
