"""Abstract pictures drawn by chance, so that a net that learns styles meets more of them than there are paintings."""

import cv2
import numpy as np

from training.samples.noise import fractal


def abstract(size: int, rng: np.random.Generator) -> np.ndarray:
    """One of KINDS with a palette of its own, uint8 [size, size, 3]."""
    kind = KINDS[int(rng.integers(len(KINDS)))]
    picture = kind(size, palette(rng), rng)
    if rng.random() < 0.4:  # canvas or paper
        grain = fractal((size, size), rng.uniform(0, 1.2), rng)[..., None] * rng.uniform(3, 14)
        picture = np.clip(picture + grain, 0, 255).astype(np.uint8)
    return cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.4, 1.2)) if rng.random() < 0.5 else picture


def palette(rng: np.random.Generator) -> np.ndarray:
    """Three to eight colours, uint8 [N, 3], of which most share a hue."""
    count = int(rng.integers(3, 9))
    hue = (rng.uniform(0, 180) + rng.normal(0, rng.uniform(4, 60), count)) % 180
    saturation = np.clip(rng.normal(rng.uniform(20, 200), 40, count), 0, 255)
    value = np.clip(np.linspace(rng.uniform(0, 90), rng.uniform(150, 255), count) + rng.normal(0, 20, count), 0, 255)
    hsv = np.stack([hue, saturation, value], 1)[None].astype(np.uint8)
    return cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB)[0]


def _pick(colours: np.ndarray, rng: np.random.Generator, spread: float = 12) -> tuple[int, int, int]:
    r, g, b = np.clip(colours[rng.integers(len(colours))] + rng.normal(0, spread, 3), 0, 255).astype(int).tolist()
    return r, g, b


def strokes(size: int, colours: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Brush strokes along a smooth field of directions, light and dark gathered in places."""
    picture = np.full((size, size, 3), _pick(colours, rng), np.uint8)
    turn = fractal((size, size), rng.uniform(1.5, 3), rng) * rng.uniform(0.2, 1.5) + rng.uniform(0, np.pi)
    tone = fractal((size, size), rng.uniform(1, 2.5), rng)
    width = float(np.exp(rng.uniform(np.log(1), np.log(size / 12))))
    length = width * rng.uniform(2, 9)
    for _ in range(min(1500, int(3 * size * size / (width * length)))):
        x, y = rng.integers(size, size=2)
        step = 0.5 * length * np.array([np.cos(turn[y, x]), np.sin(turn[y, x])])
        near = np.clip((tone[y, x] + 2) / 4 + rng.normal(0, 0.12), 0, 0.999)
        colour = _pick(colours[int(near * len(colours)) :][:1], rng)
        start, end = np.array([x, y]) - step, np.array([x, y]) + step
        thickness = max(1, round(width * rng.uniform(0.6, 1.3)))
        cv2.line(picture, start.astype(int).tolist(), end.astype(int).tolist(), colour, thickness, cv2.LINE_AA)
    return picture


def marble(size: int, colours: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The palette along the level lines of noise: soft like watercolour, or banded like a print."""
    level = fractal((size, size), rng.uniform(1.2, 2.6), rng) * rng.uniform(0.3, 1.5)
    position = (np.sin(level * rng.uniform(1, 4)) + 1) / 2 * (len(colours) - 1)
    if rng.random() < 0.5:
        position = np.round(position)
    below = np.minimum(position.astype(int), len(colours) - 2)
    share = (position - below)[..., None]
    return (colours[below] * (1 - share) + colours[below + 1] * share).astype(np.uint8)


def tiles(size: int, colours: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A mosaic of cells, each of one colour, with or without joints."""
    count = int(np.exp(rng.uniform(np.log(12), np.log(size))))
    seeds = np.full((size, size), 255, np.uint8)
    seeds[tuple(rng.integers(size, size=(2, count)))] = 0
    _, label = cv2.distanceTransformWithLabels(seeds, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    label = np.asarray(label, np.int64)
    table = np.array([_pick(colours, rng) for _ in range(label.max() + 1)], np.uint8)
    picture = table[label]
    if rng.random() < 0.6:
        joint = cv2.morphologyEx(label.astype(np.float32), cv2.MORPH_GRADIENT, np.ones((3, 3))) > 0
        picture[joint] = _pick(colours, rng)
    return picture


def lines(size: int, colours: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Hatching or dots of two colours whose weight follows a soft light: pencil, engraving, halftone."""
    y, x = np.mgrid[:size, :size].astype(np.float32)
    angle, pitch = rng.uniform(0, np.pi), float(np.exp(rng.uniform(np.log(3), np.log(size / 8))))
    bend = fractal((size, size), 2.2, rng) * rng.uniform(0, pitch)
    u = (x * np.cos(angle) + y * np.sin(angle) + bend) * 2 * np.pi / pitch
    v = (y * np.cos(angle) - x * np.sin(angle) + bend) * 2 * np.pi / pitch
    wave = np.cos(u) if rng.random() < 0.5 else (np.cos(u) + np.cos(v)) / 2
    light = fractal((size, size), rng.uniform(1.5, 2.5), rng) * 0.5
    ink = np.clip((wave - light) * rng.uniform(1, 6) + 0.5, 0, 1)[..., None]
    return (colours[0] * ink + colours[-1].astype(float) * (1 - ink)).astype(np.uint8)


def shapes(size: int, colours: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Overlapping polygons and discs, some outlined: cubist, cut paper."""
    picture = np.full((size, size, 3), _pick(colours, rng), np.uint8)
    outline = _pick(colours, rng) if rng.random() < 0.5 else None
    scale = size * rng.uniform(0.05, 0.4)
    for _ in range(int(rng.integers(15, 120))):
        centre = rng.uniform(0, size, 2)
        corners = np.sort(rng.uniform(0, 2 * np.pi, int(rng.integers(3, 7) if rng.random() < 0.7 else 24)))
        ring = np.stack([np.cos(corners), np.sin(corners)], 1) * scale * rng.uniform(0.3, 1.2)
        points = [(centre + ring).astype(np.int32)]
        cv2.fillPoly(picture, points, _pick(colours, rng), cv2.LINE_AA)
        if outline:
            cv2.polylines(picture, points, True, outline, max(1, size // 100), cv2.LINE_AA)
    return picture


KINDS = (strokes, marble, tiles, lines, shapes)
