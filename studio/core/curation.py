"""Measures by which pictures are sorted out before a training: light, sharpness, and likeness to one another."""

import cv2
import numpy as np

SIDE = 128  # px, short side at which sharpness is measured: what a face model sees
HASH = 16  # cells along a side of a fingerprint


def grey_of(rgb: np.ndarray, side: int = SIDE) -> np.ndarray:
    """uint8 [H, W, 3] -> its grey, float32, the short side at most `side` px."""
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    scale = side / min(grey.shape)
    if scale < 1:
        size = (max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale)))
        grey = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    return grey.astype(np.float32)


def light(grey: np.ndarray) -> float:
    """How bright the brighter parts are, 0 to 1: the 95th percentile."""
    return float(np.quantile(grey, 0.95) / 255)


def sharpness(grey: np.ndarray) -> float:
    """Energy of the Laplacian over that of the picture: 0 for a flat one, the lower the more blurred.

    Pech-Pacheco et al. ("Diatom autofocusing in brightfield microscopy", 2000), but for the contrast, which is taken
    out: a misty photograph is not blurred.
    """
    contrast = float(grey.var())
    return float(cv2.Laplacian(grey, cv2.CV_32F).var()) / contrast if contrast > 1 else 0.0


def fingerprint(rgb: np.ndarray) -> np.ndarray:
    """uint8 [H, W, 3] -> uint64 [4]: which of neighbouring cells is brighter, across (dHash, Krawetz, 2013)."""
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    cells = cv2.resize(grey, (HASH + 1, HASH), interpolation=cv2.INTER_AREA).astype(np.int16)
    return np.packbits(cells[:, 1:] > cells[:, :-1]).view(np.uint64)


def copies(prints: np.ndarray, order: np.ndarray, alike: int) -> list[int]:
    """For each of the fingerprints [N, 4] the index of the one it repeats, or -1.

    Two are copies when at most `alike` of their 256 bits differ; of those the first in `order` is the original.
    """
    found = [-1] * len(prints)
    kept: list[int] = []
    table = np.empty_like(prints)  # of the originals
    for index in order.tolist():
        distances = np.bitwise_count(table[: len(kept)] ^ prints[index]).sum(1)
        if len(kept) and distances.min() <= alike:
            found[index] = kept[int(distances.argmin())]
            continue
        table[len(kept)] = prints[index]
        kept.append(index)
    return found
