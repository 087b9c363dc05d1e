"""Paper, grain and hatching: patterns without a seam that hang on the picture's own coordinates."""

from functools import cache

import cv2
import numpy as np

from studio.engine.looks.base import Place

SIDE = 512  # px of a pattern before it repeats


def sampled(pattern: np.ndarray, place: Place, shape: tuple[int, ...], scale: float, turn: float = 0.0) -> np.ndarray:
    """The pattern's values at the piece's pixels, [H, W]; `scale` units of the picture to a px of the pattern."""
    x, y = place.grid(shape)
    cos, sin = np.float32(np.cos(turn) / scale), np.float32(np.sin(turn) / scale)
    return cv2.remap(pattern, x * cos + y * sin, y * cos - x * sin, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)


@cache
def grain(seed: int, coarse: float, octaves: int = 3) -> np.ndarray:
    """Cloudy noise, about 0..1 with mean 0.5, float32 [SIDE, SIDE]; features of `coarse` px and finer ones on them."""
    total = np.zeros((SIDE, SIDE), np.float32)
    for octave in range(octaves):
        total += _blurred(seed + octave, coarse / 2**octave, coarse / 2**octave) * np.float32(0.6**octave)
    return _spread(total)


@cache
def strands(seed: int, length: float, width: float) -> np.ndarray:
    """Noise drawn out along x: bristles, pencil strokes; about 0..1 with mean 0.5, float32 [SIDE, SIDE]."""
    return _spread(_blurred(seed, length, width))


def _blurred(seed: int, along: float, across: float) -> np.ndarray:
    """White noise under a Gaussian that wraps around, of deviation 1."""
    noise = np.random.default_rng(seed).standard_normal((SIDE, SIDE)).astype(np.float32)
    fx, fy = np.fft.rfftfreq(SIDE)[None], np.fft.fftfreq(SIDE)[:, None]
    window = np.exp(-2 * np.pi**2 * ((fx * along / 2) ** 2 + (fy * across / 2) ** 2))
    soft = np.fft.irfft2(np.fft.rfft2(noise) * window, s=(SIDE, SIDE)).astype(np.float32)
    return soft / soft.std()


def _spread(noise: np.ndarray) -> np.ndarray:
    """Noise brought to an even spread over 0..1, so that a threshold covers the share it says."""
    ranks = np.empty(noise.size, np.float32)
    ranks[noise.ravel().argsort(kind="stable")] = np.linspace(0, 1, noise.size, dtype=np.float32)
    return ranks.reshape(noise.shape)
