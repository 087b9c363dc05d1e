"""Where the strokes of a picture run, and filters that go along them."""

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np

from studio.engine.looks.base import Place

SECTORS = 8


@dataclass(frozen=True)
class Flow:
    """Unit tangents of the edges nearby, and how certain they are: 0 flat, 1 a straight edge. All [H, W]."""

    x: np.ndarray
    y: np.ndarray
    certain: np.ndarray


def edge_flow(light: np.ndarray, place: Place, sigma: float, resting: float = 0.6) -> Flow:
    """The smoothed structure tensor's minor direction (Brox et al., 2006); `resting` (radians) where nothing is."""
    soft = cv2.GaussianBlur(light, (0, 0), place.sigma(1.0))
    gx, gy = (cv2.Scharr(soft, cv2.CV_32F, *d) * np.float32(place.unit / 16) for d in ((1, 0), (0, 1)))
    tensor = np.dstack([gx * gx, gx * gy, gy * gy])
    near = cv2.GaussianBlur(tensor, (0, 0), place.sigma(sigma))
    tensor = near + 0.05 * cv2.GaussianBlur(tensor, (0, 0), place.sigma(3 * sigma))  # where near is flat, look farther
    across = np.array([np.sin(resting) ** 2, -np.sin(resting) * np.cos(resting), np.cos(resting) ** 2], np.float32)
    e, f, g = cv2.split(tensor + np.float32(2e-6) * across)
    spread = np.sqrt((e - g) ** 2 + 4 * f * f)
    angle = 0.5 * np.arctan2(2 * f, e - g) + np.float32(np.pi / 2)
    return Flow(np.cos(angle), np.sin(angle), spread / (e + g + 1e-5))


def along(image: np.ndarray, flow: Flow, length: float, steps: int = 5, *, curved: bool = True) -> np.ndarray:
    """Averages over `length` px to either side along the flow (Cabral and Leedom, 1993); image [H, W] or [H, W, C].

    Not `curved`: straight ahead, which does for short ways.
    """
    height, width = image.shape[:2]
    total = image.copy()
    here_x, here_y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    stride = np.float32(length / steps)
    both = np.dstack([flow.x, flow.y]) if curved else None
    for sign in (stride, -stride):
        x, y, vx, vy = here_x, here_y, sign * flow.x, sign * flow.y
        for index in range(steps):
            x, y = x + vx, y + vy
            total += cv2.remap(image, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
            if both is not None and index + 1 < steps:
                nx, ny = cv2.split(cv2.remap(both, x, y, cv2.INTER_NEAREST, borderMode=cv2.BORDER_REPLICATE))
                turn = np.copysign(stride, nx * vx + ny * vy)  # a tangent has two ends
                vx, vy = nx * turn, ny * turn
    return total * np.float32(1 / (2 * steps + 1))


def lines(light: np.ndarray, flow: Flow, place: Place, width: float, *, sharp: float, level: float) -> np.ndarray:
    """Ink lines, 1 on a line and 0 off it, [H, W]: XDoG (Winnemöller et al., 2012) of `width` units along the flow.

    `level`: how much darker than its surroundings a line must be; `sharp`: how abruptly it begins.
    """
    inner = cv2.GaussianBlur(light, (0, 0), place.sigma(width))
    difference = inner - cv2.GaussianBlur(light, (0, 0), place.sigma(1.6 * width))
    smooth = along(difference, flow, max(1.5, 3 * width * place.unit), 4, curved=False)
    return np.tanh((-smooth - level).clip(0, None) * np.float32(sharp))


def kuwahara(image: np.ndarray, radius: float, hardness: int = 3) -> np.ndarray:
    """Flat patches with crisp borders: of eight sectors around a pixel the calm ones count (Papari et al., 2007).

    image float [H, W, 3] in 0..1, radius px; `hardness`: the power of a sector's variance by which it counts less.
    """
    light = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    joined = cv2.merge([*cv2.split(image), light * light])
    grey = np.array([[0.299, 0.587, 0.114, 0]], np.float32)
    totals = [np.zeros_like(light) for _ in range(3)]
    weights = np.zeros_like(light)
    for kernel in _sectors(max(2, round(radius))):
        mean = cv2.filter2D(joined, -1, kernel, borderType=cv2.BORDER_REFLECT_101)
        middle = cv2.transform(mean, grey)
        *colours, square = cv2.split(mean)
        variance = cv2.subtract(square, middle * middle) * np.float32(256)
        weight = 1 / (1e-3 + np.abs(variance) ** hardness)
        weights += weight
        for total, part in zip(totals, colours, strict=True):
            part *= weight
            total += part
    weights = 1 / weights
    return cv2.merge([total * weights for total in totals])


@cache
def _sectors(radius: int) -> tuple[np.ndarray, ...]:
    """Kernels of SECTORS overlapping slices of a Gaussian disc, each summing to 1."""
    y, x = np.mgrid[-radius : radius + 1, -radius : radius + 1].astype(np.float32)
    disc = np.exp(-(x * x + y * y) / (2 * (radius / 2) ** 2)) * (np.hypot(x, y) <= radius + 0.5)
    found = []
    for index in range(SECTORS):
        middle = 2 * np.pi * index / SECTORS
        turned = np.abs((np.arctan2(y, x) - middle + np.pi) % (2 * np.pi) - np.pi)
        kernel = disc * (np.cos(turned * SECTORS / 5).clip(0, None) * (turned < np.pi * 0.3) + (np.hypot(x, y) < 0.5))
        found.append((kernel / kernel.sum()).astype(np.float32))
    return tuple(found)
