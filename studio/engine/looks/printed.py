"""As printed: colour halftone and posterised comic."""

from itertools import pairwise

import cv2
import numpy as np

from studio.engine.looks.base import Look, Place, colour, levelled, lightness, mixed, step
from studio.engine.looks.flow import along, edge_flow, kuwahara, lines

INKS = {  # screen angle in degrees, colour of the ink
    "cyan": (15.0, colour("0098d4")),
    "magenta": (75.0, colour("e0197f")),
    "yellow": (0.0, colour("ffe600")),
    "black": (45.0, colour("1a1818")),
}
STOCK = colour("faf6ea")
SHADES = (0.10, 0.34, 0.58, 0.80, 0.96)


def screen(amount: np.ndarray, place: Place, size: float, degrees: float) -> np.ndarray:
    """Dots in a turned lattice of `size` px that cover, of each place, the share `amount` [H, W]; edges one px soft."""
    x, y = place.grid(amount.shape)
    turn = np.deg2rad(degrees)
    cos, sin = np.float32(np.cos(turn) * place.unit / size), np.float32(np.sin(turn) * place.unit / size)
    wave = np.cos(2 * np.pi * (x * cos + y * sin)) + np.cos(2 * np.pi * (y * cos - x * sin))  # -2..2
    level = covered(wave)
    return step(amount - level, -1.2 / size, 1.2 / size) * step(amount, 0.0, 0.04)


def covered(wave: np.ndarray) -> np.ndarray:
    """The share of a lattice's area on which cos + cos is above `wave`, so that a dot of that share ends there."""
    fine = np.linspace(-np.pi, np.pi, 257)[:-1]
    values = np.sort((np.cos(fine)[:, None] + np.cos(fine)[None]).ravel())
    at = np.linspace(-2, 2, 129)
    shares = 1 - np.searchsorted(values, at) / values.size
    return np.interp(wave, at, shares).astype(np.float32)


def halftone(rgb: np.ndarray, place: Place, tones: np.ndarray) -> np.ndarray:
    """Four inks in four turned screens, the grey of the colours taken over by black, laid over each other."""
    size = max(4.0, 7 * place.unit)
    soft = cv2.GaussianBlur(rgb, (0, 0), size / 3.5)
    crisp = (soft + 0.8 * (soft - cv2.GaussianBlur(rgb, (0, 0), size))).clip(0, 1)
    light = lightness(crisp)
    crisp = (crisp * (levelled(light, tones, 0.6) / light.clip(0.02))[..., None].clip(0.6, 1.7)).clip(0, 1)
    ink = 1 - crisp
    black = (ink.min(-1) - 0.25).clip(0, None) * np.float32(1 / 0.75)
    parts = [*cv2.split(((ink - black[..., None]) / (1 - black[..., None]).clip(0.05)).clip(0, 1)), black]
    page = np.broadcast_to(STOCK, rgb.shape)
    for amount, (degrees, tint) in zip(parts, INKS.values(), strict=True):
        page = page * (1 - screen(amount, place, size, degrees)[..., None] * (1 - tint))
    return page


def comic(rgb: np.ndarray, place: Place, tones: np.ndarray) -> np.ndarray:
    """Flat bright colours in few shades, dots in the half shadow, brushed black contours and solid blacks."""
    flat = kuwahara(kuwahara(rgb, 4.5 * place.unit), 4.5 * place.unit, 4)
    light = levelled(lightness(flat), tones, 0.6)
    flow = edge_flow(light, place, 4)
    even = along(light, flow, 4 * place.unit, 4)
    shade = np.full_like(even, SHADES[0])
    for low, high in pairwise(SHADES):
        shade += (high - low) * step(even, (low + high) / 2 - 0.025, (low + high) / 2 + 0.025)
    lab = cv2.cvtColor(flat, cv2.COLOR_RGB2LAB)
    lab[..., 0] = 100 * shade
    chroma = np.hypot(lab[..., 1], lab[..., 2])
    lab[..., 1:] *= ((chroma * 1.5 + 2 * step(chroma, 4, 12)).clip(0, 85) / chroma.clip(1))[..., None]
    bright = cv2.cvtColor(lab, cv2.COLOR_LAB2RGB).clip(0, 1)
    dots = screen(np.full_like(even, 0.34), place, max(4.0, 7 * place.unit), 45)
    half = step(-even, -0.50, -0.46) * step(even, 0.20, 0.24)
    bright = mixed(bright, bright * 0.62, dots * half)
    contour = lines(light, flow, place, 1.7, sharp=90, level=0.012)
    black = np.maximum(contour, step(-even, -0.15, -0.10))
    return mixed(bright, colour("0d0c12"), black)


HALFTONE = Look(halftone, reach=30)
COMIC = Look(comic, reach=34)
