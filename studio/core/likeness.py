"""How alike two pictures are: PSNR and SSIM; and how sharp pictures are."""

from collections.abc import Sequence

import cv2
import numpy as np


def psnr(x: np.ndarray, y: np.ndarray, where: np.ndarray | None = None) -> float:
    """Peak signal-to-noise ratio in dB of uint8 pictures, over the bool mask `where` if given."""
    square = (x.astype(np.float64) - y.astype(np.float64)) ** 2
    error = square[where].mean() if where is not None else square.mean()
    return float(10 * np.log10(255**2 / max(error, 1e-12)))


def ssim(x: np.ndarray, y: np.ndarray) -> float:
    """Structural similarity of the luma of uint8 pictures [H, W, 3], 1 for the same (Wang et al., 2004)."""
    a, b = (cv2.cvtColor(p, cv2.COLOR_RGB2GRAY).astype(np.float64) for p in (x, y))

    def mean(p: np.ndarray) -> np.ndarray:
        return cv2.GaussianBlur(p, (11, 11), 1.5, borderType=cv2.BORDER_REFLECT)

    mean_a, mean_b = mean(a), mean(b)
    spread_a, spread_b = mean(a * a) - mean_a**2, mean(b * b) - mean_b**2
    together = mean(a * b) - mean_a * mean_b
    steady, steady2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    light = (2 * mean_a * mean_b + steady) / (mean_a**2 + mean_b**2 + steady)
    return float((light * (2 * together + steady2) / (spread_a + spread_b + steady2)).mean())


def sharpness(pictures: Sequence[np.ndarray]) -> float:
    """Mean Laplacian energy of uint8 pictures [H, W, 3] in grey, squared levels; compare pictures of one size."""
    greys = [cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32) for picture in pictures]
    return float(np.mean([np.square(cv2.Laplacian(grey, cv2.CV_32F)).mean() for grey in greys]))
