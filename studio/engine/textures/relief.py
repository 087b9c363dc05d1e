"""A texture's relief: normals of heights, light on them, heights of a picture; all wrapped, so that they tile."""

import cv2
import numpy as np

LIGHT = (-0.45, -0.55, 0.70)  # from the upper left, towards the eye
DEPTH = 16.0  # px of the whole range of heights in a picture of 512 px, at strength 1


def normals(height: np.ndarray, strength: float) -> np.ndarray:
    """Unit normals, float32 [H, W, 3], of heights of 0 to 1: x to the right, y down, z towards the eye."""
    depth = strength * DEPTH * min(height.shape) / 512
    across = (np.roll(height, -1, 1) - np.roll(height, 1, 1)) * (depth / 2)
    down = (np.roll(height, -1, 0) - np.roll(height, 1, 0)) * (depth / 2)
    found = np.stack([-across, -down, np.ones_like(height)], -1)
    return found / np.linalg.norm(found, axis=-1, keepdims=True)


def lit(colours: np.ndarray, height: np.ndarray, light: float) -> np.ndarray:
    """Colours [H, W, 3] of 0 to 1 as a lamp at the upper left shows them (Lambert); a flat place keeps its colour."""
    towards = np.array(LIGHT, np.float32) / np.linalg.norm(LIGHT)
    shade = (normals(height, 1.0) @ towards) / towards[2]
    return (colours * (1 + light * (shade.clip(0, 1.7) - 1))[..., None]).clip(0, 1)


def normal_map(height: np.ndarray, strength: float, *, y_up: bool = True) -> np.ndarray:
    """uint8 [H, W, 3]: 128, 128, 255 is flat; green grows upwards (OpenGL), or downwards (DirectX) if not `y_up`."""
    found = normals(height, strength)
    if y_up:
        found = found * np.array([1, -1, 1], np.float32)
    return ((found + 1) * 127.5).round().astype(np.uint8)


def heights_of(rgb: np.ndarray, *, detail: float) -> np.ndarray:
    """Guessed heights of a picture, uint8 [H, W, 3] -> float32 [H, W] of 0 to 1: its lightness, without slow changes.

    `detail` 0 keeps only the coarse forms, 1 all the fine ones as well. What is dark is taken to lie deep.
    """
    light = cv2.cvtColor(rgb.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)[..., 0]
    short = min(light.shape)
    coarse = wrapped_blur(light, short / 60) - wrapped_blur(light, short / 5)
    fine = light - wrapped_blur(light, short / 60)
    found = coarse + detail * fine
    low, high = np.quantile(found, (0.002, 0.998))
    return ((found - low) / max(float(high - low), 1e-3)).clip(0, 1).astype(np.float32)


def wrapped_blur(plane: np.ndarray, sigma: float) -> np.ndarray:
    """A Gaussian blur [H, W] or [H, W, C] that goes on at the other side; by FFT, so any sigma costs the same."""
    height, width = plane.shape[:2]
    down = np.exp(-2 * (np.pi * sigma * np.fft.fftfreq(height)) ** 2)
    across = np.exp(-2 * (np.pi * sigma * np.fft.rfftfreq(width)) ** 2)
    window = (down[:, None] * across).reshape(height, -1, *([1] * (plane.ndim - 2)))
    return np.fft.irfft2(np.fft.rfft2(plane, axes=(0, 1)) * window, (height, width), axes=(0, 1)).astype(np.float32)
