"""A solid of revolution, met by marching rays over a table of its profile's distances.

Lengths are in decimetres. Rays are float32 [N, 3] origins and unit directions.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import cv2
import numpy as np

from training.samples.noise import look_up

CELLS = 128  # of a distance table to a decimetre

Colour = Callable[[np.ndarray], np.ndarray]  # points [N, 3] of a solid in its own frame -> albedo [N, 3]


def dot(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.einsum("ni,ni->n", a, b)


def unit(v: np.ndarray) -> np.ndarray:
    return v / np.sqrt(np.maximum(dot(v, v), 1e-12))[:, None]


@dataclass(eq=False)
class Solid:
    """A solid of revolution: a closed profile of (radius, height) points turned about its own y axis."""

    profile: list[tuple[float, float]]
    place: tuple[float, float, float]
    colour: Colour
    gloss: float = 0.04  # reflectance seen head on
    glass: bool = False
    tilt: tuple[float, float] = (0.0, 0.0)  # turned about z, then y; radians
    round: float = 0.0  # edges rounded by so much
    table: np.ndarray = field(init=False)  # signed distance, float32 [height, radius]
    bound: float = field(init=False)  # radius of a sphere about the middle of the axis
    turn: np.ndarray = field(init=False)  # local -> world
    centre: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        points = np.array(self.profile, np.float32)
        self.low, top = points[:, 1].min(), points[:, 1].max()
        middle = (self.low + top) / 2
        self.bound = float(np.hypot(points[:, 0], points[:, 1] - middle).max()) + self.round + 0.02
        self.margin = 0.25
        rows = int((top - self.low + 2 * self.margin) * CELLS)
        columns = int((points[:, 0].max() + self.margin) * CELLS)
        fine = 4
        outline = (points - (0, self.low - self.margin)) * CELLS * fine
        inside = cv2.fillPoly(np.zeros((rows * fine, columns * fine), np.uint8), [outline.round().astype(np.int32)], 1)
        whole = np.hstack([inside[:, ::-1], inside])  # mirrored, since a distance may reach across the axis
        signed = cv2.distanceTransform(1 - whole, cv2.DIST_L2, 5) - cv2.distanceTransform(whole, cv2.DIST_L2, 5)
        signed = cv2.resize(signed[:, columns * fine :], (columns, rows), interpolation=cv2.INTER_AREA)
        self.table = cv2.GaussianBlur(signed / (CELLS * fine), (0, 0), 2.0) - self.round
        a, b = self.tilt
        about_z = np.array([[np.cos(a), -np.sin(a), 0], [np.sin(a), np.cos(a), 0], [0, 0, 1]])
        about_y = np.array([[np.cos(b), 0, np.sin(b)], [0, 1, 0], [-np.sin(b), 0, np.cos(b)]])
        self.turn = (about_y @ about_z).astype(np.float32)
        self.origin = np.array(self.place, np.float32)
        self.centre = self.origin + self.turn @ np.array([0, middle, 0], np.float32)

    def local(self, points: np.ndarray) -> np.ndarray:
        return (points - self.origin) @ self.turn

    def distance(self, points: np.ndarray) -> np.ndarray:
        """Signed distance of local points [N, 3]; right near the surface, smaller than right far from it."""
        radius, height = np.hypot(points[:, 0], points[:, 2]), points[:, 1] - self.low + self.margin
        return look_up(self.table, radius * CELLS - 0.5, height * CELLS - 0.5)

    def normal(self, points: np.ndarray) -> np.ndarray:
        """Outward unit normals at world points [N, 3]."""
        local, step = self.local(points), 0.012
        radius = np.maximum(np.hypot(local[:, 0], local[:, 2]), 1e-4)
        height = local[:, 1] - self.low + self.margin
        x, y, e = radius * CELLS - 0.5, height * CELLS - 0.5, step * CELLS
        outward = look_up(self.table, x + e, y) - look_up(self.table, np.maximum(x - e, -x + e - 1), y)
        upward = look_up(self.table, x, y + e) - look_up(self.table, x, y - e)
        normal = np.stack([outward * local[:, 0] / radius, upward, outward * local[:, 2] / radius], -1)
        return unit(normal @ self.turn.T)

    def meet(self, origins: np.ndarray, directions: np.ndarray, limit: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Rays that meet this solid before `limit` [N]: their indices and how far off."""
        to = origins - self.centre
        along = -dot(to, directions)
        square = along**2 - (dot(to, to) - self.bound**2)
        half = np.sqrt(np.maximum(square, 0))
        (rays,) = np.nonzero((square > 0) & (along + half > 0) & (along - half < limit))
        far, t = (along + half)[rays], np.maximum(along - half, 0)[rays]
        starts, ways = self.local(origins[rays]), directions[rays] @ self.turn
        hits, distances = [], []
        for _ in range(64):
            if not rays.size:
                break
            gap = self.distance(starts + ways * t[:, None])
            met = gap < 0.002
            hits.append(rays[met])
            distances.append(t[met])
            t = t + np.maximum(gap * 0.95, 0.002)
            on = ~met & (t < far)
            rays, far, t, starts, ways = rays[on], far[on], t[on], starts[on], ways[on]
        none = np.zeros(0, np.float32)
        return np.concatenate([*hits, none.astype(np.int64)]), np.concatenate([*distances, none])


def curve(*points: tuple[float, float], steps: int = 16) -> list[tuple[float, float]]:
    """A smooth profile through these points (Catmull-Rom), its ends kept."""
    p = np.array([points[0], *points, points[-1]])
    found = []
    for a, b, c, d in zip(p[:-3], p[1:-2], p[2:-1], p[3:], strict=True):
        for t in np.arange(steps) / steps:
            found.append(
                0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
            )
    return [(max(float(r), 0.0), float(y)) for r, y in [*found, p[-1]]]


def ball(radius: float) -> list[tuple[float, float]]:
    angles = np.linspace(-np.pi / 2, np.pi / 2, 65)
    return [(float(radius * np.cos(a)), float(radius * np.sin(a) + radius)) for a in angles]
