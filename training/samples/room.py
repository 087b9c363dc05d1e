"""The room of the still life: a table before a wall, a window on the left, and what light they throw.

Lengths are in decimetres; x right, y up, z to the viewer. Rays are float32 [N, 3] origins and unit directions.
"""

import cv2
import numpy as np

from training.samples.noise import fractal, look_up, smoothstep
from training.samples.solid import Solid, dot

WALL, TABLE, NONE = -3, -2, -1  # what a ray met, besides the solids' indices
WALL_Z, WINDOW_X = -3.4, -6.0
WINDOW_Y, WINDOW_Z = (1.4, 5.8), (-0.6, 3.4)
SKY = np.array([10.5, 11.6, 13.0], np.float32)
SUN = np.array([25.0, 18.5, 11.5], np.float32)
SUN_DIRECTION = np.array([-0.82, 0.47, 0.30], np.float32) / np.linalg.norm([-0.82, 0.47, 0.30]).astype(np.float32)
AMBIENT = np.array([0.20, 0.17, 0.15], np.float32)


class Room:
    """The solids on their table, before a wall, lit through a window on the left."""

    def __init__(self, solids: list[Solid], seed: int) -> None:
        self.solids = solids
        rng = np.random.default_rng(seed)
        self.plaster = fractal((512, 512), 1.3, rng)
        self.grain = fractal((512, 512), 1.2, rng)
        self.fibre = cv2.resize(fractal((64, 512), 0.9, rng), (2048, 512), interpolation=cv2.INTER_CUBIC)

    def trace(self, origins: np.ndarray, directions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """How far each ray goes [N] and what it meets [N]: a solid's index, TABLE, WALL or NONE."""
        with np.errstate(divide="ignore", invalid="ignore"):
            table = np.where(directions[:, 1] < -1e-5, -origins[:, 1] / directions[:, 1], np.inf)
            wall = np.where(directions[:, 2] < -1e-5, (WALL_Z - origins[:, 2]) / directions[:, 2], np.inf)
        far = np.minimum(table, wall).astype(np.float32)
        what = np.where(np.isinf(far), NONE, np.where(table < wall, TABLE, WALL)).astype(np.int8)
        for index, solid in enumerate(self.solids):
            rays, t = solid.meet(origins, directions, far)
            far[rays], what[rays] = t, index
        return far, what

    def shadow(self, origins: np.ndarray, directions: np.ndarray, limit: float) -> np.ndarray:
        """Share of light [N] that reaches the points along these directions."""
        light = np.ones(len(origins), np.float32)
        for solid in self.solids:
            (open_,) = np.nonzero(light > 0)
            rays, _ = solid.meet(origins[open_], directions[open_], np.full(len(open_), limit, np.float32))
            light[open_[rays]] *= 0.55 if solid.glass else 0
        return light

    def surface(self, points: np.ndarray, what: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Normal [N, 3], albedo [N, 3] and gloss [N] at what rays met."""
        normal, albedo = np.zeros_like(points), np.zeros_like(points)
        gloss = np.zeros(len(points), np.float32)
        wall, table = what == WALL, what == TABLE
        normal[wall], albedo[wall] = (0, 0, 1), self.wall(points[wall])
        normal[table], albedo[table], gloss[table] = (0, 1, 0), self.wood(points[table]), 0.035
        for index, solid in enumerate(self.solids):
            (here,) = np.nonzero(what == index)
            if here.size:
                normal[here], gloss[here] = solid.normal(points[here]), solid.gloss
                albedo[here] = solid.colour(solid.local(points[here]))
        return normal, albedo, gloss

    def wall(self, p: np.ndarray) -> np.ndarray:
        mottle = look_up(self.plaster, p[:, 0] * 45, p[:, 1] * 45, wrap=True)
        return np.array([0.30, 0.33, 0.29], np.float32) * (1 + 0.07 * mottle)[:, None]

    def wood(self, p: np.ndarray) -> np.ndarray:
        plank = np.floor(p[:, 2] / 1.15)
        across = p[:, 2] / 1.15 - plank
        x = p[:, 0] * 110 + plank * 611
        wave = look_up(self.grain, p[:, 0] * 14 + plank * 97, p[:, 2] * 40, wrap=True)
        fibre = look_up(self.fibre, x, p[:, 2] * 160 + wave * 4, wrap=True)
        ring = np.sin(p[:, 2] * 17 + wave * 2.2 + plank * 3)
        tone = 1 + 0.13 * fibre + 0.11 * ring + 0.13 * np.sin(plank * 12.9)
        tone *= 1 - 0.75 * np.exp(-((np.minimum(across, 1 - across) / 0.012) ** 2))
        return np.array([0.33, 0.185, 0.095], np.float32) * np.maximum(tone, 0.1)[:, None]

    def beyond(self, origins: np.ndarray, directions: np.ndarray) -> np.ndarray:
        """Light [N, 3] from where rays leave the scene: the window, or the dim rest of the room."""
        room = AMBIENT * (0.55 + 0.25 * directions[:, 1:2])
        t = (WINDOW_X - origins[:, 0]) / np.minimum(directions[:, 0], -1e-4)
        at = origins + directions * t[:, None]
        return room + SKY * (panes(at) * (directions[:, 0] < -1e-3))[:, None]

    def glow(self, points: np.ndarray, normal: np.ndarray) -> np.ndarray:
        """Light [N, 3] that falls on a point if nothing is in the way; for what is seen in reflections."""
        middle = np.array([WINDOW_X, np.mean(WINDOW_Y), np.mean(WINDOW_Z)], np.float32)
        to = middle - points
        square = dot(to, to)
        facing = np.maximum(dot(to, normal), 0) / np.sqrt(square)
        area = (WINDOW_Y[1] - WINDOW_Y[0]) * (WINDOW_Z[1] - WINDOW_Z[0])
        share = facing * (middle - points)[:, 0].clip(None, 0) * -area / (np.pi * square**1.5)
        sun = panes(on_window(points)) * np.maximum(normal @ SUN_DIRECTION, 0)
        (lit,) = np.nonzero(sun > 0)
        sun[lit] *= self.shadow(points[lit] + normal[lit] * 0.012, np.broadcast_to(SUN_DIRECTION, (lit.size, 3)), 12.0)
        return AMBIENT + SKY * share[:, None] + SUN / np.pi * sun[:, None]

    def radiance(self, origins: np.ndarray, directions: np.ndarray) -> np.ndarray:
        """Light [N, 3] that comes back along secondary rays, shaded without shadows."""
        far, what = self.trace(origins, directions)
        light = self.beyond(origins, directions)
        (met,) = np.nonzero(what != NONE)
        points = origins[met] + directions[met] * far[met, None]
        normal, albedo, _ = self.surface(points, what[met])
        light[met] = albedo * self.glow(points, normal)
        return light


def panes(at: np.ndarray) -> np.ndarray:
    """1 where points [N, 3] of the window's plane lie in a pane, 0 in the frame or outside it; edges are soft."""
    shares = []
    for (low, high), value, count in ((WINDOW_Y, at[:, 1], 3), (WINDOW_Z, at[:, 2], 2)):
        cell = (value - low) / (high - low) * count
        rim = np.abs(cell - np.floor(cell) - 0.5)
        shares.append(smoothstep(0.475, 0.445, rim) * ((cell > 0) & (cell < count)))
    return shares[0] * shares[1]


def on_window(points: np.ndarray) -> np.ndarray:
    """Where the way from points to the sun crosses the window's plane."""
    t = (WINDOW_X - points[:, 0]) / SUN_DIRECTION[0]
    return points + SUN_DIRECTION * t[:, None]
