"""A still life by a window: porcelain, fruit and a glass ball in the light of the sky and a low sun."""

from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np

from training.samples.noise import tone_mapped
from training.samples.room import (
    AMBIENT,
    NONE,
    SKY,
    SUN,
    SUN_DIRECTION,
    TABLE,
    WINDOW_X,
    WINDOW_Y,
    WINDOW_Z,
    Room,
    on_window,
    panes,
)
from training.samples.solid import Solid, dot, unit
from training.samples.things import things

EYE, TARGET, FIELD = np.array([0.5, 3.3, 11.2], np.float32), np.array([0.1, 1.55, 0], np.float32), 0.64
ROWS = 32  # traced at a time, so that the arrays stay in the processor's cache


def still_life(size: tuple[int, int], seed: int, frames: int = 8) -> np.ndarray:
    """The picture, uint8 [H, W, 3]; `frames` rays a pixel, each to its own point of the window and of the room."""
    width, height = size
    room = Room(things(seed), seed)
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
    """Diffuse light, albedo, mirrored light and normal, each [N, 3], at what camera rays meet.

    `chosen` [N, 4] in 0..1 picks the point of the window (first two) and the direction into the room.
    """
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
