"""A still life by a window: turned solids, ray-marched over tables of their profiles' distances, in window and sun light.

Lengths are in decimetres; x right, y up, z to the viewer. Rays are float32 [N, 3] origins and unit directions.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import cv2
import numpy as np

from training.samples.noise import fractal, look_up, smoothstep, tone_mapped

CELLS = 128  # of a distance table to a decimetre
WALL, TABLE, NONE = -3, -2, -1  # what a ray met, besides the solids' indices
WALL_Z, WINDOW_X = -3.4, -6.0
WINDOW_Y, WINDOW_Z = (1.4, 5.8), (-0.6, 3.4)
EYE, TARGET, FIELD = np.array([0.5, 3.3, 11.2], np.float32), np.array([0.1, 1.55, 0], np.float32), 0.64
ROWS = 32  # traced at a time, so that the arrays stay in the processor's cache
SKY = np.array([10.5, 11.6, 13.0], np.float32)
SUN = np.array([25.0, 18.5, 11.5], np.float32)
SUN_DIRECTION = np.array([-0.82, 0.47, 0.30], np.float32) / np.linalg.norm([-0.82, 0.47, 0.30]).astype(np.float32)
AMBIENT = np.array([0.20, 0.17, 0.15], np.float32)

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


def still_life(size: tuple[int, int], seed: int, frames: int = 8) -> np.ndarray:
    """The picture, uint8 [H, W, 3]; `frames` rays a pixel, each to its own point of the window and of the room."""
    width, height = size
    room = Room(solids(seed), seed)
    offsets = np.random.default_rng(seed).random((height, width, 4)).astype(np.float32)
    layers = np.zeros((4, height, width, 3), np.float32)  # light, albedo, mirrored light, normal

    def draw(rows: slice) -> None:
        for frame in range(frames):
            step = (frame + 0.5) * np.array([0.7549, 0.5698, 0.8191, 0.6711], np.float32)  # Roberts' R2 sequence
            directions = camera(size, np.arange(height)[rows], step[:2] % 1)
            chosen = ((offsets[rows] + step) % 1).reshape(-1, 4)
            for layer, found in zip(layers, shade(room, directions, chosen), strict=True):
                layer[rows] += found.reshape(-1, width, 3) / frames

    with ThreadPoolExecutor() as pool:
        list(pool.map(draw, [slice(top, top + ROWS) for top in range(0, height, ROWS)]))
    light, albedo, mirrored, normal = layers
    y, x = np.mgrid[:height, :width]
    away = np.hypot(x / width - 0.45, (y / height - 0.5) * 0.9)[..., None]
    return tone_mapped((smooth(light, normal, albedo) * albedo + mirrored) * (1.0 - 0.7 * away**2))


def camera(size: tuple[int, int], rows: np.ndarray, shift: np.ndarray) -> np.ndarray:
    """Directions [N, 3] from EYE through the pixels of some rows, `shift` (x, y) px into each."""
    ahead = (TARGET - EYE) / np.linalg.norm(TARGET - EYE)
    right = np.cross(ahead, [0, 1, 0])
    right /= np.linalg.norm(right)
    down = -np.cross(right, ahead)
    x = (np.arange(size[0]) + shift[0]) / size[0] - 0.5
    y = (rows + shift[1] - size[1] / 2) / size[0]
    grid = ahead + FIELD * (x[None, :, None] * right + y[:, None, None] * down)
    return unit(grid.reshape(-1, 3).astype(np.float32))


def shade(room: Room, directions: np.ndarray, chosen: np.ndarray) -> tuple[np.ndarray, ...]:
    """Diffuse light, albedo, mirrored light and normal, each [N, 3], at what camera rays meet; `chosen` [N, 4] in 0..1."""
    origins = np.broadcast_to(EYE, directions.shape)
    far, what = room.trace(origins, directions)
    points = origins + directions * np.minimum(far, 100)[:, None]
    normal, albedo, gloss = room.surface(points, what)
    points = points + normal * 0.012
    lit = direct(room, points, normal, chosen[:, :2]) + around(room, points, normal, chosen[:, 2:])
    mirrored = np.zeros_like(points)
    (shiny,) = np.nonzero(gloss > 0)
    d, n = directions[shiny], normal[shiny]
    facing = np.clip(-dot(d, n), 0, 1)
    share = gloss[shiny] + (1 - gloss[shiny]) * (1 - facing) ** 5
    share = np.where(what[shiny] == TABLE, share * 0.6, share)
    rough = np.where(what[shiny] == TABLE, 0.035, 0.0)[:, None] * (chosen[shiny, 1:4] - 0.5)
    bounced = unit(d + 2 * facing[:, None] * n + rough.astype(np.float32))
    mirrored[shiny] = share[:, None] * room.radiance(points[shiny], bounced)
    for index, solid in enumerate(room.solids):
        (here,) = np.nonzero(what == index)
        if solid.glass and here.size:
            mirrored[here] += through(room, solid, points[here] - 0.03 * normal[here], directions[here], normal[here])
            lit[here] *= 0.04
    return lit, albedo, mirrored, normal


def direct(room: Room, points: np.ndarray, normal: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """Light [N, 3] from the chosen points of the window and from the sun through its panes."""
    y = WINDOW_Y[0] + (WINDOW_Y[1] - WINDOW_Y[0]) * chosen[:, 0]
    z = WINDOW_Z[0] + (WINDOW_Z[1] - WINDOW_Z[0]) * chosen[:, 1]
    at = np.stack([np.full_like(y, WINDOW_X), y, z], -1)
    to = at - points
    length = np.sqrt(dot(to, to))
    to = to / length[:, None]
    area = (WINDOW_Y[1] - WINDOW_Y[0]) * (WINDOW_Z[1] - WINDOW_Z[0])
    sky = np.maximum(dot(to, normal), 0) * -to[:, 0] * area / (np.pi * length**2) * panes(at)
    sunny = panes(on_window(points)) * np.maximum(normal @ SUN_DIRECTION, 0) / np.pi
    for light, ways in ((sky, to), (sunny, np.broadcast_to(SUN_DIRECTION, to.shape))):
        (seen,) = np.nonzero(light > 0)
        light[seen] *= room.shadow(points[seen], ways[seen], 12.0)
    return sky[:, None] * SKY + sunny[:, None] * SUN


def around(room: Room, points: np.ndarray, normal: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """Light [N, 3] from one chosen direction of the room: its ambience, or what another surface throws back."""
    height, angle = 2 * chosen[:, 0] - 1, 2 * np.pi * chosen[:, 1]
    ring = np.sqrt(1 - height**2)
    ways = unit(normal * 1.001 + np.stack([ring * np.cos(angle), height, ring * np.sin(angle)], -1).astype(np.float32))
    far, what = room.trace(points, ways)
    light = np.where((what == NONE)[:, None], AMBIENT, 0).astype(np.float32)
    (met,) = np.nonzero(what != NONE)
    found = points[met] + ways[met] * np.minimum(far[met], 50)[:, None]
    there, albedo, _ = room.surface(found, what[met])
    light[met] = albedo * room.glow(found, there) * 0.8
    return np.minimum(light, 1.2)  # a rare bright ray is a speck of noise


def through(room: Room, solid: Solid, points: np.ndarray, directions: np.ndarray, normal: np.ndarray) -> np.ndarray:
    """Light [N, 3] seen through a solid of clear glass: bent on the way in and on the way out."""
    ways = bend(directions, normal, 1 / 1.5)
    to = points - solid.centre
    t = np.maximum(-2 * dot(to, ways), 0)  # the far side, of a ball
    out = points + ways * t[:, None]
    outward = unit(out - solid.centre)
    leaving = bend(ways, -outward, 1.5)
    tint = np.exp(-t[:, None] * np.array([0.10, 0.03, 0.04], np.float32))
    return 0.92 * tint * room.radiance(out + outward * 0.05, leaving)


def bend(directions: np.ndarray, normal: np.ndarray, ratio: float) -> np.ndarray:
    """Snell's law; where light would be thrown back altogether it grazes the surface instead."""
    cosine = -dot(directions, normal)
    rest = np.sqrt(np.maximum(1 - ratio**2 * (1 - cosine**2), 0))
    return unit(ratio * directions + (ratio * cosine - rest)[:, None] * normal)


def smooth(light: np.ndarray, normal: np.ndarray, albedo: np.ndarray) -> np.ndarray:
    """`light` [H, W, 3] without its noise: an edge-stopping a-trous filter (Dammertz et al. 2010), three rounds."""
    guide = np.dstack([normal * 2.5, albedo.mean(-1)])
    for stride in (1, 2, 4):
        total, weights = np.zeros_like(light), np.zeros((*light.shape[:2], 1), np.float32)
        for dy in (-1, 0, 1):
            for dx in (-1, 0, 1):
                moved = np.array([[1, 0, dx * stride], [0, 1, dy * stride]], np.float32)
                size, rim = light.shape[1::-1], cv2.BORDER_REFLECT
                there = cv2.warpAffine(light, moved, size, borderMode=rim)
                other = cv2.warpAffine(guide, moved, size, borderMode=rim)
                apart = ((other - guide) ** 2).sum(-1, keepdims=True) * 12
                unlike = ((np.sqrt(there) - np.sqrt(light)) ** 2).sum(-1, keepdims=True) * 2.5 * stride
                weight = np.exp(-apart - unlike) * (2 - abs(dx)) * (2 - abs(dy))
                total += there * weight
                weights += weight
        light = total / weights
    return light


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


def solids(seed: int) -> list[Solid]:
    """The things on the table."""
    rng = np.random.default_rng(seed + 1)
    mottle = fractal((256, 256), 1.4, rng)

    def skin(p: np.ndarray, across: float, along: float) -> np.ndarray:
        """Noise [N] on a solid's skin, drawn out along its height where `along` is small."""
        angle = np.arctan2(p[:, 2], p[:, 0]) / (2 * np.pi)
        return look_up(mottle, angle * 256 * round(across), p[:, 1] * 60 * along, wrap=True)

    def mix(a: tuple[float, ...], b: tuple[float, ...], t: np.ndarray) -> np.ndarray:
        return np.array(a, np.float32) + (np.array(b, np.float32) - np.array(a, np.float32)) * np.clip(t, 0, 1)[:, None]

    def red_apple(p: np.ndarray) -> np.ndarray:
        streaks = 0.5 + 0.22 * skin(p, 3, 0.25) + 0.10 * skin(p, 1, 1)
        low = smoothstep(0.55, 0.1, p[:, 1]) + smoothstep(1.0, 1.32, p[:, 1]) * 0.6
        return mix((0.50, 0.022, 0.02), (0.66, 0.36, 0.06), streaks * 0.35 + low * 0.55)

    def green_apple(p: np.ndarray) -> np.ndarray:
        blush = smoothstep(0.1, 1.0, p[:, 0] * 0.8 + 0.25 * skin(p, 1, 0.5) + 0.2)
        freckles = smoothstep(1.6, 2.2, skin(p, 3, 3.0)) * 0.35
        return mix((0.36, 0.44, 0.06), (0.62, 0.30, 0.07), blush * 0.8 + freckles)

    def pear(p: np.ndarray) -> np.ndarray:
        russet = smoothstep(0.3, 1.8, skin(p, 2, 1.5)) * 0.5 + smoothstep(1.75, 2.15, p[:, 1]) * 0.5
        return mix((0.62, 0.47, 0.07), (0.42, 0.24, 0.06), russet + smoothstep(0.2, -0.5, p[:, 0]) * 0.2)

    def lemon(p: np.ndarray) -> np.ndarray:
        return np.array([0.80, 0.60, 0.03], np.float32) * (1 + 0.05 * skin(p, 3, 3.0))[:, None]

    def plum(p: np.ndarray) -> np.ndarray:
        return mix((0.075, 0.018, 0.06), (0.20, 0.13, 0.26), 0.35 + 0.25 * skin(p, 1, 1))

    def stem(p: np.ndarray) -> np.ndarray:
        return np.broadcast_to(np.array([0.14, 0.08, 0.035], np.float32), p.shape)

    def glaze(p: np.ndarray) -> np.ndarray:
        """White porcelain with cobalt bands and a garland."""
        angle, y = np.arctan2(p[:, 2], p[:, 0]), p[:, 1]
        ink = np.zeros(len(p), np.float32)
        for low, high in ((0.22, 0.30), (0.36, 0.40), (2.62, 2.66), (2.74, 2.84), (3.62, 3.70)):
            ink += smoothstep(low - 0.012, low, y) * smoothstep(high + 0.012, high, y)
        vine = np.abs(y - 1.55 - 0.22 * np.sin(angle * 5))
        ink += smoothstep(0.035, 0.02, vine)
        petals = np.hypot((angle * 5 / (2 * np.pi) + 0.25) % 1 - 0.5, (y - 1.33) * 0.9)
        turn = np.arctan2(y - 1.33, ((angle * 5 / (2 * np.pi) + 0.25) % 1 - 0.5))
        flower = petals - 0.17 - 0.06 * np.cos(turn * 6)
        ink += smoothstep(0.012, -0.012, flower) * (1 - smoothstep(0.06, 0.045, petals))
        dots = np.hypot(((angle * 28 / (2 * np.pi)) % 1 - 0.5) * 0.22, y - 2.42)
        ink += smoothstep(0.05, 0.035, dots)
        wash = 0.86 + 0.06 * skin(p, 1, 1)
        return mix((0.70, 0.69, 0.65), (0.035, 0.075, 0.30), ink * wash)

    apple = curve(
        (0, 0.14), (0.3, 0.03), (0.55, 0.14), (0.76, 0.55), (0.74, 0.98), (0.45, 1.3), (0.16, 1.24), (0, 1.02)
    )
    vase = curve(
        (0.0, 0.02), (0.62, 0.0), (0.72, 0.2), (1.05, 0.9), (1.16, 1.6), (0.98, 2.3), (0.52, 2.85), (0.42, 3.2)
    )
    vase += curve((0.44, 3.4), (0.62, 3.72), (0.55, 3.74), (0.38, 3.4), (0.36, 3.2), (0.0, 2.9))
    body = curve(
        (0, 0.05), (0.4, 0.02), (0.75, 0.35), (0.82, 0.72), (0.6, 1.2), (0.38, 1.6), (0.3, 1.95), (0.14, 2.1), (0, 2.02)
    )
    fruit = curve(
        (0, -0.92),
        (0.12, -0.86),
        (0.3, -0.7),
        (0.6, -0.35),
        (0.66, 0),
        (0.58, 0.38),
        (0.28, 0.72),
        (0.14, 0.9),
        (0, 0.97),
    )
    twig = [(0.0, 0.0), (0.04, 0.0), (0.035, 0.3), (0.055, 0.42), (0.0, 0.44)]
    return [
        Solid(vase, (-1.25, 0, -1.0), glaze, gloss=0.06),
        Solid(body, (0.55, 0, -0.75), pear, gloss=0.025, tilt=(-0.06, 0.4)),
        Solid(twig, (0.69, 1.98, -0.72), stem, gloss=0.01, tilt=(-0.35, 0.2)),
        Solid(apple, (1.95, 0, 0.2), red_apple, gloss=0.04, tilt=(0.12, 1.9)),
        Solid(twig, (1.88, 1.02, 0.24), stem, gloss=0.01, tilt=(-0.3, 0.3)),
        Solid(apple, (-0.35, 0, 1.15), green_apple, gloss=0.04, tilt=(-0.1, 0.6)),
        Solid(twig, (-0.28, 1.02, 1.18), stem, gloss=0.01, tilt=(0.25, 0.2)),
        Solid(fruit, (1.05, 0.62, 1.75), lemon, gloss=0.03, tilt=(np.pi / 2 - 0.06, 0.55)),
        Solid(ball(0.52), (-2.55, 0, 0.9), lambda p: np.full_like(p, 0.5), gloss=0.04, glass=True),
        Solid(ball(0.42), (2.95, 0, 1.2), plum, gloss=0.04),
        Solid(ball(0.4), (2.45, 0, 1.85), plum, gloss=0.04),
    ]
