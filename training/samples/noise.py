"""Fractal noise and table look-up: what both drawings are textured with."""

import cv2
import numpy as np


def fractal(size: tuple[int, int], slope: float, rng: np.random.Generator) -> np.ndarray:
    """Periodic noise, float32 [H, W] of mean 0 and deviation 1, whose amplitude falls with frequency ** `slope`."""
    width, height = size
    frequency = np.hypot(np.fft.fftfreq(height)[:, None] * height, np.fft.rfftfreq(width) * width)
    frequency[0, 0] = np.inf
    spectrum = np.fft.rfft2(rng.standard_normal((height, width))) / frequency**slope
    field = np.fft.irfft2(spectrum, (height, width))
    return (field / field.std()).astype(np.float32)


def look_up(table: np.ndarray, x: np.ndarray, y: np.ndarray, *, wrap: bool = False) -> np.ndarray:
    """`table`, float32 [H, W], between its cells at column x and row y (any shape); outside: the rim, or wrapped."""
    columns, chunk = 1024, 16384  # remap takes fewer than 32768 rows or columns
    grid = np.zeros((2, x.size // columns + 1, columns), np.float32)
    grid.reshape(2, -1)[:, : x.size] = x.ravel(), y.ravel()
    rim = cv2.BORDER_WRAP if wrap else cv2.BORDER_REPLICATE
    found = [
        cv2.remap(table, grid[0][i : i + chunk], grid[1][i : i + chunk], cv2.INTER_LINEAR, borderMode=rim)
        for i in range(0, grid.shape[1], chunk)
    ]
    return np.concatenate(found).ravel()[: x.size].reshape(x.shape)


def smoothstep(low: float, high: float, x: np.ndarray) -> np.ndarray:
    """0 below `low`, 1 above `high`, smooth between; falling when `low` is above `high`."""
    t = np.clip((x - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


def tone_mapped(light: np.ndarray) -> np.ndarray:
    """Light, float [H, W, 3] from 0 up, as uint8: a filmic shoulder (Narkowicz's fit of ACES) and sRGB's curve."""
    x = np.clip((light * (2.51 * light + 0.03)) / (light * (2.43 * light + 0.59) + 0.14), 0, 1)
    encoded = np.where(x <= 0.0031308, 12.92 * x, 1.055 * np.maximum(x, 1e-8) ** (1 / 2.4) - 0.055)
    return np.round(encoded * 255).astype(np.uint8)
