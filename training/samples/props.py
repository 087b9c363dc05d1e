"""python -m training.samples.props DIR: draw small props with alpha, as a game has them, to train or to try on.

Gems, potions, swords, mushrooms, coins, hearts, keys, shields and bombs, of other proportions and colours each; prop i
of a seed is always the same. Coordinates run from -1 to 1 in both directions, y downwards.
"""

import argparse
import colorsys
import sys
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from studio.core.errors import StudioError
from studio.core.image import Picture, write_picture

FINE = 4  # times larger is what is drawn, so that borders are smooth
LIGHT = np.array([-0.45, -0.65, 0.62], np.float32)  # towards the light: from above on the left
HALFWAY = np.array([-0.267, -0.386, 0.883], np.float32)  # between the light and whoever looks
SEED = 7
CORK: tuple[float, float, float] = (0.6, 0.45, 0.3)
Colour = tuple[float, float, float]
Rng = np.random.Generator


class Canvas:
    """A picture of `size` px that is drawn part by part, each over those before it."""

    def __init__(self, size: int) -> None:
        self.side = size * FINE
        self.pixels = np.zeros((self.side, self.side, 4), np.float32)  # colours multiplied by alpha
        self.turn = np.eye(2)

    def mask(self, *outlines: np.ndarray) -> np.ndarray:
        """bool [S, S]: what lies within an odd number of the outlines [N, 2]."""
        points = [((outline @ self.turn.T * 0.94 + 1) * self.side / 2 * 16).round() for outline in outlines]
        drawn = np.zeros((self.side, self.side), np.uint8)
        cv2.fillPoly(drawn, [each.astype(np.int32) for each in points], 1, shift=4)
        return drawn > 0

    def add(
        self, mask: np.ndarray, colour: Colour, *, bulge: float = 0.25, gloss: float = 0.25, alpha: float = 1.0
    ) -> None:
        """A part of one colour that bulges towards its middle, `bulge` from the border, with a dark rim."""
        depth = cv2.distanceTransform(mask.astype(np.uint8), cv2.DIST_L2, 5)
        radius = max(1.0, bulge * self.side / 2)
        height = np.sqrt(1 - (1 - np.minimum(depth / radius, 1)) ** 2) * radius
        height = cv2.GaussianBlur(height, (0, 0), self.side / 96)
        normal = np.dstack([-np.gradient(height, axis=1), -np.gradient(height, axis=0), np.ones_like(height)])
        normal /= np.linalg.norm(normal, axis=2, keepdims=True)
        facing = (normal @ LIGHT).clip(0, 1)
        shine = gloss * (normal @ HALFWAY).clip(0, 1)[..., None] ** 24
        rim = (depth / (self.side / 48)).clip(0, 1)[..., None] * 0.55 + 0.45
        self.lay(mask, np.array(colour) * (0.42 + 0.68 * facing)[..., None] * rim + shine, alpha)

    def lay(self, mask: np.ndarray, colours: np.ndarray | Colour, alpha: float = 1.0) -> None:
        """Colours [S, S, 3], or one, over what is there."""
        cover = np.dstack([np.broadcast_to(np.clip(colours, 0, 1), (*mask.shape, 3)), np.ones(mask.shape)])
        self.pixels = np.where(mask[..., None], self.pixels * (1 - alpha) + cover * alpha, self.pixels)

    def picture(self) -> Picture:
        small = cv2.resize(self.pixels, None, fx=1 / FINE, fy=1 / FINE, interpolation=cv2.INTER_AREA)
        alpha = small[..., 3:]
        rgb = np.where(alpha > 0, small[..., :3] / np.maximum(alpha, 1e-6), 0)
        levels = (np.dstack([rgb, alpha]).clip(0, 1) * 255).round().astype(np.uint8)
        return Picture(rgb=levels[..., :3], alpha=levels[..., 3])


def ellipse(x: float, y: float, wide: float, high: float | None = None, points: int = 64) -> np.ndarray:
    angles = np.linspace(0, 2 * np.pi, points, endpoint=False)
    return np.stack([x + wide * np.cos(angles), y + (high or wide) * np.sin(angles)], 1)


def box(left: float, top: float, right: float, bottom: float) -> np.ndarray:
    return np.array([(left, top), (right, top), (right, bottom), (left, bottom)])


def mirrored(*right: tuple[float, float], smooth: bool = True) -> np.ndarray:
    """The outline whose right half runs through these points (x, y), from top to bottom."""
    points = np.array(right)
    if smooth:
        at, fine = np.arange(len(points)), np.linspace(0, len(points) - 1, 12 * len(points))
        points = np.stack([np.interp(fine, at, points[:, axis]) for axis in (0, 1)], 1)
        for axis in (0, 1):  # corners rounded, ends kept
            points[1:-1, axis] = np.convolve(np.pad(points[:, axis], 4, mode="edge"), np.ones(9) / 9, "valid")[1:-1]
    return np.concatenate([points, points[::-1] * (-1, 1)])


def paint(rng: Rng, *hues: float, vivid: float = 0.75, value: float = 0.85) -> Colour:
    """A colour near one of these hues (0 to 1), or of any where none is given."""
    hue = rng.choice(hues) + rng.normal(0, 0.02) if hues else rng.random()
    saturation, light = np.clip((vivid + rng.normal(0, 0.08), value + rng.normal(0, 0.06)), 0, 1)
    return colorsys.hsv_to_rgb(hue % 1, saturation, light)


def metal(rng: Rng) -> Colour:
    choices: tuple[Colour, ...] = ((0.95, 0.75, 0.25), (0.78, 0.8, 0.86), (0.8, 0.5, 0.3))
    return choices[rng.integers(3)]


def gem(canvas: Canvas, rng: Rng) -> None:
    """A brilliant from the side: each facet has the light of its own slope."""
    wide, crown, depth = rng.uniform(0.6, 0.9), rng.uniform(0.2, 0.4), rng.uniform(0.6, 0.85)
    colour, facets = np.array(paint(rng)), int(rng.integers(3, 6))
    table = wide * rng.uniform(0.45, 0.7)
    top, girdle, tip = -depth * 0.6, -depth * 0.6 + crown, depth
    upper, middle = (np.linspace(-w, w, facets + 1) for w in (table, wide))
    for i in range(facets):
        shade = 0.55 + 0.6 * (1 - (i + 0.3) / facets) + rng.normal(0, 0.08)
        quad = np.array([(upper[i], top), (upper[i + 1], top), (middle[i + 1], girdle), (middle[i], girdle)])
        canvas.lay(canvas.mask(quad), colour * shade + 0.22)
        spike = np.array([(middle[i], girdle), (middle[i + 1], girdle), (0, tip)])
        canvas.lay(canvas.mask(spike), colour * (shade - 0.2) + 0.06 * (i % 2))
    canvas.lay(canvas.mask(box(-table * 0.6, top + 0.05, -table * 0.1, top + 0.12)), (1, 1, 1), 0.7)


def potion(canvas: Canvas, rng: Rng) -> None:
    """A flask of clear glass with something in it."""
    wide, neck, foot = rng.uniform(0.5, 0.75), rng.uniform(0.15, 0.24), rng.uniform(0.2, 0.5)
    outline = mirrored((neck, -0.62), (neck, -0.3), (wide, 0.15), (wide, 0.55), (foot, 0.9), (0, 0.9))
    level, glass = rng.uniform(-0.1, 0.3), canvas.mask(outline)
    canvas.add(glass, (0.75, 0.88, 0.95), bulge=0.3, alpha=0.45)
    below = canvas.mask(box(-1, level, 1, 1))
    inside = cv2.erode(glass.astype(np.uint8), np.ones((canvas.side // 20,) * 2, np.uint8)) > 0
    canvas.add(inside & below, paint(rng), bulge=0.5, gloss=0.4, alpha=0.92)
    for _ in range(rng.integers(1, 4)):
        x, y = rng.uniform(-0.3, 0.3) * wide, rng.uniform(level + 0.15, 0.6)
        canvas.lay(canvas.mask(ellipse(x, y, rng.uniform(0.04, 0.09))) & inside, (1, 1, 1), 0.5)
    canvas.add(canvas.mask(box(-neck * 1.25, -0.66, neck * 1.25, -0.56)), (0.8, 0.9, 0.95), bulge=0.05)
    canvas.add(
        canvas.mask(box(-neck * 0.9, -0.88, neck * 0.9, -0.66)), paint(rng, 0.08, vivid=0.5, value=0.6), bulge=0.1
    )
    canvas.lay(canvas.mask(ellipse(-wide * 0.5, 0.25, 0.06, 0.24)), (1, 1, 1), 0.6)


def sword(canvas: Canvas, rng: Rng) -> None:
    canvas.turn = turned(rng.uniform(0.5, 1.0))
    wide, guard = rng.uniform(0.09, 0.18), rng.uniform(0.28, 0.48)
    tip = rng.uniform(0.12, 0.35)
    steel = np.array(paint(rng, 0.58, vivid=0.12, value=0.88))
    blade = mirrored((0, -1.25), (wide, -1.25 + tip), (wide * rng.uniform(0.8, 1.2), 0.42), (0, 0.42), smooth=False)
    canvas.add(canvas.mask(blade), tuple(steel), bulge=0.06)
    canvas.lay(canvas.mask(np.minimum(blade, (0, 9)) * (0.75, 0.97)), steel * 1.1, 0.55)
    gold, leather = metal(rng), paint(rng, 0.05, 0.62, 0.0, vivid=0.6, value=0.45)
    canvas.add(canvas.mask(box(-0.07, 0.45, 0.07, 1.0)), leather, bulge=0.07)
    bend = rng.uniform(-0.12, 0.12)
    ends = np.array([(-guard, 0.4 + bend), (0, 0.42), (guard, 0.4 + bend), (guard, 0.5 + bend), (0, 0.56)])
    canvas.add(canvas.mask(np.vstack([ends, (-guard, 0.5 + bend)])), gold, bulge=0.06, gloss=0.5)
    canvas.add(canvas.mask(ellipse(0, 1.05, rng.uniform(0.09, 0.14))), gold, bulge=0.12, gloss=0.5)


def mushroom(canvas: Canvas, rng: Rng) -> None:
    wide, high, thick = rng.uniform(0.65, 0.92), rng.uniform(0.55, 0.9), rng.uniform(0.16, 0.3)
    brim, foot = rng.uniform(-0.05, 0.2), thick * rng.uniform(1.0, 1.5)
    stem = mirrored((thick, brim - 0.1), (thick * 0.9, 0.4), (foot, 0.8), (0, 0.9))
    canvas.add(canvas.mask(stem), paint(rng, 0.11, vivid=0.18, value=0.92), bulge=0.25, gloss=0.05)
    cap = mirrored((0, brim - high), (wide * 0.7, brim - high * 0.75), (wide, brim - 0.05), (wide * 0.8, brim + 0.1))
    mask = canvas.mask(np.vstack([cap, (0, brim + 0.14)]))
    canvas.add(mask, paint(rng, 0.0, 0.07, 0.95, 0.6, 0.8, value=0.8), bulge=0.5, gloss=0.2)
    for _ in range(rng.integers(3, 8)):
        spot = ellipse(rng.uniform(-0.75, 0.75) * wide, brim - rng.uniform(0.1, 0.8) * high, rng.uniform(0.06, 0.15))
        canvas.add(canvas.mask(spot) & mask, (0.97, 0.95, 0.88), bulge=0.08, gloss=0.0)


def coin(canvas: Canvas, rng: Rng) -> None:
    narrow, colour = rng.uniform(0.45, 0.85), metal(rng)
    dark = (colour[0] * 0.7, colour[1] * 0.7, colour[2] * 0.7)
    canvas.add(canvas.mask(ellipse(0.08, 0.04, narrow, 0.86)), dark, bulge=0.05)
    canvas.add(canvas.mask(ellipse(0, 0, narrow, 0.86)), colour, bulge=0.1, gloss=0.4)
    canvas.add(canvas.mask(ellipse(0, 0, narrow * 0.78, 0.67)), dark, bulge=0.04)
    spikes = int(rng.integers(4, 7))
    canvas.add(canvas.mask(star(spikes, rng.uniform(0.4, 0.6)) * (narrow * 0.66, 0.58)), colour, bulge=0.1, gloss=0.4)


def heart(canvas: Canvas, rng: Rng) -> None:
    t, wide, high = np.linspace(0, 2 * np.pi, 96), rng.uniform(0.75, 0.9), rng.uniform(0.75, 0.9)
    y = -(13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t)) / 16
    outline = np.stack([wide * np.sin(t) ** 3, high * y - 0.08], 1)
    canvas.add(canvas.mask(outline), paint(rng, 0.0, 0.95, 0.33, 0.6), bulge=0.55, gloss=0.5)
    canvas.lay(canvas.mask(ellipse(-0.38 * wide, -0.5 * high, 0.12, 0.08)), (1, 1, 1), 0.75)


def key(canvas: Canvas, rng: Rng) -> None:
    canvas.turn = turned(rng.uniform(-0.9, 0.9))
    colour, ring, wide = metal(rng), rng.uniform(0.28, 0.4), rng.uniform(0.07, 0.11)
    shaft = [box(-wide, -0.3, wide, 0.95)]
    for tooth in range(int(rng.integers(1, 4))):
        y = 0.85 - 0.24 * tooth
        shaft.append(box(wide, y - 0.09, wide + rng.uniform(0.16, 0.3), y + 0.06))
    canvas.add(np.any([canvas.mask(part) for part in shaft], axis=0), colour, bulge=0.08, gloss=0.5)
    head = ellipse(0, -0.55, ring * rng.uniform(0.9, 1.2), ring)
    hole = head * 0.5 + (0, -0.275)
    canvas.add(canvas.mask(head, hole), colour, bulge=0.1, gloss=0.5)


def shield(canvas: Canvas, rng: Rng) -> None:
    wide, point = rng.uniform(0.62, 0.8), rng.uniform(0.75, 0.95)
    outline = mirrored((0, -0.85), (wide, -0.75), (wide, -0.1), (wide * 0.75, 0.4), (0, point))
    canvas.add(canvas.mask(outline), metal(rng), bulge=0.12, gloss=0.4)
    field = canvas.mask(outline * 0.82)
    canvas.add(field, paint(rng), bulge=0.4)
    halves = canvas.mask(box(0, -1, 1, 1)) if rng.random() < 0.5 else canvas.mask(box(-1, -0.2, 1, 0.15))
    canvas.add(field & halves, paint(rng), bulge=0.4)
    canvas.add(canvas.mask(ellipse(0, -0.05, rng.uniform(0.14, 0.24))), metal(rng), bulge=0.2, gloss=0.5)


def bomb(canvas: Canvas, rng: Rng) -> None:
    radius, shade = rng.uniform(0.52, 0.64), rng.uniform(0.14, 0.3)
    x, y = -0.12, 0.28
    canvas.add(canvas.mask(box(0.1, -0.5, 0.36, -0.2)), (0.45, 0.45, 0.5), bulge=0.08)
    canvas.add(canvas.mask(ellipse(x, y, radius)), (shade, shade, shade * 1.25), bulge=radius, gloss=0.6)
    fuse = ellipse(0.5, -0.52, 0.28, rng.uniform(0.18, 0.28))
    arc = canvas.mask(fuse, fuse * 0.72 + (0.14, -0.1456)) & ~canvas.mask(box(-1, -0.5, 1, 1))
    canvas.add(arc, (0.7, 0.6, 0.42), bulge=0.05)
    spark = star(int(rng.integers(5, 9)), 0.45) * rng.uniform(0.16, 0.24) + (0.78, -0.52)
    canvas.lay(canvas.mask(spark), paint(rng, 0.1, 0.06, vivid=0.85, value=1.0))
    canvas.lay(canvas.mask(ellipse(0.78, -0.52, 0.07)), (1, 1, 0.8))


def star(spikes: int, inner: float) -> np.ndarray:
    """The outline of a star of radius 1."""
    angles = np.arange(2 * spikes) * np.pi / spikes - np.pi / 2
    radii = np.where(np.arange(2 * spikes) % 2, inner, 1.0)
    return np.stack([radii * np.cos(angles), radii * np.sin(angles)], 1)


def turned(angle: float) -> np.ndarray:
    """[2, 2] that turns by `angle`, radians, and keeps what is long within the picture."""
    sine, cosine = np.sin(angle), np.cos(angle)
    return np.array([(cosine, -sine), (sine, cosine)]) * 0.8


KINDS: dict[str, Callable[[Canvas, Rng], None]] = {
    "gem": gem,
    "potion": potion,
    "sword": sword,
    "mushroom": mushroom,
    "coin": coin,
    "heart": heart,
    "key": key,
    "shield": shield,
    "bomb": bomb,
}


def prop(index: int, size: int, seed: int = SEED) -> tuple[str, Picture]:
    """The name of prop `index` and its picture, `size` px a side."""
    kind = list(KINDS)[index % len(KINDS)]
    canvas = Canvas(size)
    KINDS[kind](canvas, np.random.default_rng((seed, index)))
    return f"{kind}-{index // len(KINDS):03}.png", canvas.picture()


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m training.samples.props", description="Draw small props with alpha, to train or to try on."
    )
    parser.add_argument("out", type=Path, metavar="DIR", help="folder for the props")
    parser.add_argument("--count", type=int, default=200, help="how many (default: %(default)s)")
    parser.add_argument("--size", type=int, default=64, help="px of a side (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=SEED, help="another seed draws others (default: %(default)s)")
    values = parser.parse_args(arguments)
    if values.count < 1 or not 16 <= values.size <= 1024:
        parser.error("give a count of at least 1 and a size of 16 to 1024 px")
    try:
        for index in range(values.count):
            name, picture = prop(index, values.size, values.seed)
            write_picture(values.out / name, picture, source=None)
    except StudioError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{values.out}: {values.count} props")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
