"""Noise on wrapped lattices: what leaves at one side comes in at the other, so every picture made of it tiles.

A `Plane` is a picture's coordinates on the torus, 1 being once around; a lattice divides the torus into whole cells.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

FINEST = 2.0  # px of the smallest cell that a picture can show


@dataclass(frozen=True, kw_only=True, eq=False)
class Plane:
    """x and y, float32 [H, W], once around each; the picture's size in px; the seed of all that is drawn on it."""

    x: np.ndarray
    y: np.ndarray
    width: int
    height: int
    seed: int

    @classmethod
    def of(cls, width: int, height: int, seed: int) -> "Plane":
        x = (np.arange(width, dtype=np.float32) + 0.5) / width
        y = (np.arange(height, dtype=np.float32) + 0.5) / height
        return cls(
            x=np.broadcast_to(x, (height, width)),
            y=np.broadcast_to(y[:, None], (height, width)),
            width=width,
            height=height,
            seed=seed,
        )

    def cells(self, across: float, down: float | None = None) -> tuple[int, int]:
        """Whole cells of a lattice with about `across` by `down` of them on the shorter side, squares by default."""
        short = min(self.width, self.height)
        down = across if down is None else down
        return max(1, round(across * self.width / short)), max(1, round(down * self.height / short))

    def moved(self, x: np.ndarray | float, y: np.ndarray | float) -> "Plane":
        """Seen from elsewhere: at each pixel as many turns further."""
        return replace(self, x=self.x + np.float32(x), y=self.y + np.float32(y))

    def draw(self, layer: int) -> np.random.Generator:
        """Random numbers of one layer; the size in px has no part in them."""
        return np.random.default_rng([self.seed, layer])


def perlin(plane: Plane, cells: tuple[int, int], layer: int) -> np.ndarray:
    """Gradient noise (Perlin, "Improving Noise", 2002), about -1 to 1, float32 [H, W]."""
    angles = plane.draw(layer).uniform(0, 2 * np.pi, cells[::-1]).astype(np.float32)
    slopes = np.cos(angles).ravel(), np.sin(angles).ravel()
    places, dx, dy = _placed(plane, cells)

    def corner(right: int, below: int) -> np.ndarray:
        there = places(right, below)
        return slopes[0].take(there) * (dx - right) + slopes[1].take(there) * (dy - below)

    return 1.5 * _between(corner, _eased(dx), _eased(dy))


def value(plane: Plane, cells: tuple[int, int], layer: int) -> np.ndarray:
    """Random values at the lattice's points and a smooth way between them, -1 to 1, float32 [H, W]."""
    values = plane.draw(layer).uniform(-1, 1, cells[::-1]).astype(np.float32).ravel()
    places, dx, dy = _placed(plane, cells)
    return _between(lambda right, below: values.take(places(right, below)), _eased(dx), _eased(dy))


def fbm(
    plane: Plane, cells: tuple[int, int], layer: int, *, octaves: int = 8, gain: float = 0.5, ridged: bool = False
) -> np.ndarray:
    """Fractal noise: octaves of `perlin`, each `gain` times the one before, about -1 to 1; `ridged` folds each at 0.

    Octaves too fine for the picture are left out (Musgrave, "Texturing and Modeling", chapter 16).
    """
    total, weight, amount = np.zeros(plane.x.shape, np.float32), 0.0, 1.0
    for octave in range(octaves):
        size = (cells[0] << octave, cells[1] << octave)
        if octave and min(plane.width / size[0], plane.height / size[1]) < FINEST:
            break
        layer_of = perlin(plane, size, layer * 64 + octave)
        total += amount * (1 - 2 * np.abs(layer_of) if ridged else layer_of)
        weight, amount = weight + amount, amount * gain
    return total / weight * (1.0 if ridged else 1.3)


@dataclass(frozen=True, eq=False)
class Cells:
    """Of each pixel, [H, W]: how far the nearest two points are and how far the border between them, in cells, and a
    number of 0 to 1 that is the nearest point's own."""

    near: np.ndarray
    second: np.ndarray
    border: np.ndarray
    own: np.ndarray


def worley(plane: Plane, cells: tuple[int, int], layer: int, *, jitter: float = 1.0) -> Cells:
    """A random point in each cell (Worley, "A Cellular Texture Basis Function", 1996); `jitter` 0 sets them in the
    middle."""
    draw = plane.draw(layer)
    points = (0.5 + jitter * draw.uniform(-0.5, 0.5, (2, cells[0] * cells[1]))).astype(np.float32)
    names = draw.random(cells[0] * cells[1]).astype(np.float32)
    places, dx, dy = _placed(plane, cells)
    shape = plane.x.shape
    near, second, whose = np.full(shape, 9.0, np.float32), np.full(shape, 9.0, np.float32), np.zeros(shape, np.int32)
    to_near, to_second = np.zeros((2, *shape), np.float32), np.zeros((2, *shape), np.float32)
    for below in (-1, 0, 1):
        for right in (-1, 0, 1):
            there = places(right, below)
            way = np.stack([points[0].take(there) + (right - dx), points[1].take(there) + (below - dy)])
            far = np.hypot(*way)
            first = far < near
            next = ~first & (far < second)
            second = np.where(first, near, np.where(next, far, second))
            to_second = np.where(first, to_near, np.where(next, way, to_second))
            near, to_near = np.where(first, far, near), np.where(first, way, to_near)
            whose = np.where(first, there, whose)
    # to the line half-way between the two points (Quilez, "Voronoi borders", 2012)
    apart = np.hypot(*(to_second - to_near)).clip(1e-4)
    border = (second**2 - near**2) / (2 * apart)
    return Cells(near, second, border, names.take(whose))


def smooth(low: float, high: float, x: np.ndarray) -> np.ndarray:
    """0 up to `low`, 1 from `high` on, a smooth way between; the other way round when `low` is the higher."""
    share = ((x - low) / (high - low)).clip(0, 1)
    return share * share * (3 - 2 * share)


def _placed(plane: Plane, cells: tuple[int, int]) -> tuple[Callable[[int, int], np.ndarray], np.ndarray, np.ndarray]:
    """The flat place in the lattice of each pixel's cell, or of one so many to the right and below; where in the cell
    the pixel lies, 0 to 1."""
    x, y = plane.x * np.float32(cells[0]), plane.y * np.float32(cells[1])
    left, top = np.floor(x), np.floor(y)
    column, row = left.astype(np.int32), top.astype(np.int32)
    columns = {right: (column + right) % cells[0] for right in (-1, 0, 1)}
    rows = {below: (row + below) % cells[1] * cells[0] for below in (-1, 0, 1)}
    return lambda right, below: rows[below] + columns[right], x - left, y - top


def _eased(t: np.ndarray) -> np.ndarray:
    return t * t * t * (t * (t * 6 - 15) + 10)


def _between(corner: Callable[[int, int], np.ndarray], across: np.ndarray, down: np.ndarray) -> np.ndarray:
    top = corner(0, 0) + across * (corner(1, 0) - corner(0, 0))
    bottom = corner(0, 1) + across * (corner(1, 1) - corner(0, 1))
    return top + down * (bottom - top)
