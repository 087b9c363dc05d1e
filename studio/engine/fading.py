"""Faded and yellowed prints, by rule: levels that time has drawn together are drawn apart again, a channel at a time.

Paper yellows and ink pales about linearly in each channel, so what takes each channel's ends back to black and white
undoes both. A picture of one tone, such as a sepia print, becomes grey.
"""

import cv2
import numpy as np

TAILS = (0.005, 0.995)  # quantiles of a channel that become black and white
STRONGEST = 3.0  # gain of a channel
LOOK = 256  # px a side, at which the tone is judged
ONE_TONE = 5.0  # of CIE a*b*: how far from its lightness's mean colour nine tenths of a toned print stay


def unfaded(rgb: np.ndarray, amount: float) -> np.ndarray:
    """uint8 [H, W, 3] with `amount` of its fading undone: 0 none, 1 all."""
    goal: np.ndarray = rgb if not one_toned(rgb) else np.repeat(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)[..., None], 3, 2)
    tables = [_stretch(goal[..., channel]) for channel in range(3)]
    full = np.stack([table[goal[..., channel]] for channel, table in enumerate(tables)], -1)
    return np.rint(rgb + np.float32(amount) * (full - rgb)).clip(0, 255).astype(np.uint8)


def one_toned(rgb: np.ndarray) -> bool:
    """Whether the colours of a picture follow from its lightness, as those of grey, sepia and yellowed prints do."""
    scale = min(1.0, LOOK / max(rgb.shape[:2]))
    small = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else rgb
    small = cv2.GaussianBlur(small, (0, 0), 1.0)  # noise has a colour at every pixel
    lab = cv2.cvtColor(small.astype(np.float32) / 255, cv2.COLOR_RGB2LAB).reshape(-1, 3)
    bins = np.digitize(lab[:, 0], np.linspace(0, 100, 17)[1:-1])
    counts = np.bincount(bins, minlength=16).clip(1)
    means = np.stack([np.bincount(bins, lab[:, channel], 16) / counts for channel in (1, 2)], 1)
    distance = np.linalg.norm(lab[:, 1:] - means[bins], axis=1)
    return float(np.quantile(distance, 0.9)) < ONE_TONE


def _stretch(channel: np.ndarray) -> np.ndarray:
    """The 256 levels of a channel as float32, its TAILS at 0 and 255, or as near to it as STRONGEST allows."""
    low, high = (float(value) for value in np.quantile(channel, TAILS))
    span = max(high - low, 255 / STRONGEST)
    middle = (low + high) / 2
    low = np.clip(middle - span / 2, 0, 255 - span)
    return ((np.arange(256, dtype=np.float32) - low) * (255 / span)).clip(0, 255)
