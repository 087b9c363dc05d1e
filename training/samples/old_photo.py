"""A picture as an old, scratched print of it, and the mask of the damage."""

import cv2
import numpy as np

from training.samples.noise import fractal

PAPER = np.array([0.93, 0.86, 0.72], np.float32)
INK = np.array([0.13, 0.085, 0.055], np.float32)


def old_photo(rgb: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """The print, uint8 [H, W, 3], and its damage, bool [H, W]; fading and grain are not in the mask."""
    rng = np.random.default_rng(seed)
    height, width = rgb.shape[:2]
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY).astype(np.float32) / 255
    grey = cv2.GaussianBlur(grey, (0, 0), 0.8)
    y, x = np.mgrid[:height, :width]
    faded = 0.10 * fractal((width, height), 1.8, rng) * 0.35 + 0.10 * np.hypot(x / width - 0.5, y / height - 0.5)
    tone = np.clip(-0.02 + 0.95 * grey + faded, 0, 1)
    tone += 0.022 * cv2.GaussianBlur(rng.standard_normal(grey.shape).astype(np.float32), (0, 0), 0.7)
    sepia = INK + (PAPER - INK) * tone[..., None]
    cover = damage((width, height), rng)
    bare = 0.95 + 0.02 * fractal((width, height), 1.0, rng)[..., None]
    picture = sepia + (PAPER * bare - sepia) * cover[..., None]
    return (picture.clip(0, 1) * 255).round().astype(np.uint8), cover > 0


def damage(size: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """How far the emulsion is gone, float32 [H, W] in 0..1: scratches, hairs, a crease, spots and flaked patches."""
    width, height = size
    cover = np.zeros((height, width), np.uint8)

    def stroke(points: np.ndarray, thickness: int, strength: int) -> None:
        line = np.zeros_like(cover)
        cv2.polylines(line, [points.round().astype(np.int32)], False, strength, thickness, cv2.LINE_AA)
        np.maximum(cover, line, out=cover)

    for _ in range(9):  # scratches along the length of the film
        top, length = rng.uniform(-0.1, 0.7) * height, rng.uniform(0.2, 0.9) * height
        y = top + np.linspace(0, length, 24)
        x = rng.uniform(0, width) + np.cumsum(rng.normal(0, 0.7, 24)) + rng.normal(0, 0.03) * (y - top)
        stroke(np.stack([x, y], 1), int(rng.integers(1, 3)), int(rng.integers(150, 256)))
    for _ in range(14):  # hairs
        angle = rng.uniform(0, 6.28) + np.cumsum(rng.normal(0, 0.22, 18))
        way = np.cumsum(np.stack([np.cos(angle), np.sin(angle)], 1) * rng.uniform(2, 6), axis=0)
        stroke(way + rng.uniform(0, 1, 2) * (width, height), 1, int(rng.integers(170, 256)))
    t = np.linspace(0, 1, 60)  # a crease from edge to edge
    crease = np.stack([(0.60 + 0.13 * t) * width + np.cumsum(rng.normal(0, 1.1, 60)), t * height], 1)
    stroke(crease, 4, 255)
    for _ in range(70):  # dust
        centre = (rng.uniform(0, 1, 2) * (width, height)).astype(int)
        cv2.circle(
            cover, [int(v) for v in centre], int(rng.integers(1, 4)), int(rng.integers(160, 256)), -1, cv2.LINE_AA
        )
    for across, down, radius in ((0.30, 0.30, 0.040), (0.68, 0.62, 0.050), (0.86, 0.20, 0.032), (0.985, 0.96, 0.10)):
        angle = np.linspace(0, 2 * np.pi, 48, endpoint=False)  # where the emulsion has flaked off
        wobble = sum(rng.normal(0, 0.22 / k) * np.cos(k * angle + rng.uniform(0, 6.28)) for k in range(1, 9))
        reach = radius * width * np.maximum(1 + wobble, 0.25)
        patch = np.stack([across * width + reach * np.cos(angle), down * height + reach * np.sin(angle) * 0.8], 1)
        cv2.fillPoly(cover, [patch.round().astype(np.int32)], 255, cv2.LINE_AA)
    return cover.astype(np.float32) / 255
