"""Random textures: what each is made of, as tones and heights. All of it lies on wrapped lattices, so it tiles."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from studio.engine.textures.noise import Plane, fbm, perlin, smooth, value, worley


@dataclass(frozen=True, eq=False)
class Field:
    """Tones and heights, float32 [H, W], about 0 to 1."""

    tone: np.ndarray
    height: np.ndarray


@dataclass(frozen=True)
class Pattern:
    """`make(plane, size)` draws it, its features `size` times as large; `colours` are its own, from dark to light;
    `light` is how much its relief is lit by default."""

    make: Callable[[Plane, float], Field]
    colours: tuple[str, ...]
    light: float = 0.0


def _flat(tone: np.ndarray) -> Field:
    return Field(tone, tone)


def _fbm(plane: Plane, size: float) -> Field:
    return _flat(0.5 + 0.62 * fbm(plane, plane.cells(4 / size), 1))


def _perlin(plane: Plane, size: float) -> Field:
    return _flat(0.5 + 0.6 * perlin(plane, plane.cells(8 / size), 1))


def _value(plane: Plane, size: float) -> Field:
    return _flat(0.5 + 0.5 * value(plane, plane.cells(10 / size), 1))


def _worley(plane: Plane, size: float) -> Field:
    found = worley(plane, plane.cells(8 / size), 1)
    return _flat((found.near / 0.95).clip(0, 1))


def _clouds(plane: Plane, size: float) -> Field:
    drift = 0.05 * size
    cells = plane.cells(3 / size)
    warped = plane.moved(drift * fbm(plane, cells, 2, octaves=4), drift * fbm(plane, cells, 3, octaves=4))
    cover = fbm(warped, cells, 1, gain=0.52)
    body = smooth(-0.18, 0.75, cover)
    shade = 0.16 * fbm(warped.moved(0.012 * size, 0.015 * size), cells, 1, gain=0.52).clip(0, 1) * body
    return Field(body - shade, body)


def _wood(plane: Plane, size: float) -> Field:
    """A board cut along the trunk: rings run upwards, bent by a slow, long noise, and around the knots of branches."""
    sway = 0.006 * size * fbm(plane, plane.cells(4 / size, 1.2 / size), 2, octaves=3)
    board = plane.moved(sway, 0.0)
    knot, heart = _knots(board, size)
    count = plane.cells(15 / size)[0]
    bend = 3.6 * perlin(board, plane.cells(2 / size, 0.9 / size), 1) + 0.9 * perlin(board, (max(1, count // 3), 1), 8)
    rings = count * board.x + bend + knot + 0.09 * fbm(plane, plane.cells(24 / size, 2 / size), 3, octaves=3)
    phase = rings - np.floor(rings)
    late = smooth(0.1, 0.95, phase) ** 2.2 * smooth(
        1.0, 0.95, phase
    )  # early wood darkens slowly, late wood ends sharply
    year = value(plane.moved(rings / count - plane.x, 0.0), (count, 1), 9)  # no ring is as dark as the next
    hue = fbm(plane, plane.cells(4 / size, 0.8 / size), 4, octaves=4)
    fibre = fbm(board, plane.cells(70 / size, 4 / size), 5, octaves=3, gain=0.8)
    fine = value(board, plane.cells(230 / size, 14 / size), 10)
    pores = smooth(0.30, 0.62, fbm(board, plane.cells(120 / size, 9 / size), 6, octaves=2)) * (0.25 + 0.75 * late)
    tone = 0.70 - (0.27 + 0.08 * year) * late + 0.10 * hue + 0.10 * fibre + 0.05 * fine - 0.22 * pores - 0.42 * heart
    return Field(tone, 0.62 - 0.10 * late + 0.08 * fibre + 0.04 * fine - 0.40 * pores - 0.1 * heart)


def _knots(plane: Plane, size: float) -> tuple[np.ndarray, np.ndarray]:
    """What a few knots add to the rings, which the grain flows around; and how near their dark hearts are, 0 to 1."""
    draw = plane.draw(7)
    added, heart = (np.zeros(plane.x.shape, np.float32) for _ in range(2))
    short = min(plane.width, plane.height)
    for _ in range(min(40, round(draw.integers(0, 3) / size**2))):
        x, y = draw.random(2)
        wide = draw.uniform(0.022, 0.042) * size
        across = (np.abs((plane.x - x) % 1.0 - 0.5) - 0.5) * plane.width / short / wide
        down = (np.abs((plane.y - y) % 1.0 - 0.5) - 0.5) * plane.height / short / (1.7 * wide)
        far = across**2 + down**2
        added += 5 * np.exp(-np.sqrt(far + 0.1)) * draw.choice((-1, 1))
        heart += np.exp(-1.6 * far**1.5)
    return added, heart.clip(0, 1)


def _planks(plane: Plane, size: float) -> Field:
    """Boards side by side, each from another place of the wood."""
    count = max(1, round(4 / size * plane.width / min(plane.width, plane.height)))
    place = plane.x * count
    board = np.floor(place).astype(np.int32) % count
    draw = plane.draw(11)
    shift, along, shade, joint = (draw.random(count).astype(np.float32)[board] for _ in range(4))
    # a board shows `1 / count` of the wood's width, shifted within the rest
    wood = _wood(plane.moved(shift - plane.x + (place - board) / count, along), size)
    edge = np.minimum(place - np.floor(place), 1 - (place - np.floor(place))) / count
    end = np.abs((plane.y - joint) % 1.0 - 0.5)
    end = (0.5 - end) * plane.height / plane.width
    gap = smooth(0.0012, 0.0042, np.minimum(edge, end) * plane.width / min(plane.width, plane.height))
    return Field((wood.tone + 0.22 * (shade - 0.5)) * (0.2 + 0.8 * gap), wood.height * gap)


def _marble(plane: Plane, size: float) -> Field:
    """Veins where folded noise is near its ridge, drawn through noise (Perlin, "An Image Synthesizer", 1985)."""
    cells = plane.cells(2 / size)
    far = 0.13 * size
    warped = plane.moved(far * fbm(plane, cells, 2, octaves=6), far * fbm(plane, cells, 3, octaves=6))
    ground = fbm(warped, plane.cells(2.5 / size), 4, octaves=7)
    wide = 1 - np.abs(perlin(warped, plane.cells(2 / size), 5))
    fine = 1 - np.abs(perlin(warped.moved(0.3, 0.1), plane.cells(5 / size), 6))
    strength = smooth(-0.4, 0.7, ground)
    veins = 0.75 * smooth(0.86, 1.0, wide) ** 2 + 0.35 * smooth(0.93, 1.0, fine) * strength
    tone = 0.83 + 0.15 * ground - (0.25 + 0.5 * strength) * veins
    return Field(tone, 0.5 + 0.05 * ground - 0.1 * veins)


def _granite(plane: Plane, size: float) -> Field:
    warped = plane.moved(*(0.012 * size * fbm(plane, plane.cells(24 / size), layer, octaves=3) for layer in (2, 3)))
    large, small = worley(warped, plane.cells(44 / size), 1), worley(warped, plane.cells(96 / size), 4)
    grain = np.where(large.own > 0.62, large.own, 0.55 * small.own + 0.2)
    mica = small.own > 0.88
    tone = np.where(mica, 0.05, grain) + 0.08 * fbm(plane, plane.cells(6 / size), 5) + 0.04 * large.border
    return Field(tone, 0.5 + 0.08 * (grain - 0.5) - 0.08 * mica)


def _stone(plane: Plane, size: float) -> Field:
    """Cobbles: rounded stones with earth between them."""
    warped = plane.moved(*(0.012 * size * fbm(plane, plane.cells(8 / size), layer, octaves=4) for layer in (2, 3)))
    found = worley(warped, plane.cells(7 / size), 1, jitter=0.82)
    rough = fbm(plane, plane.cells(14 / size), 4, gain=0.6)
    body = smooth(0.02, 0.13, found.border)
    dome = 1 - (1 - (found.border / 0.42).clip(0, 1)) ** 2.2
    earth = 0.10 + 0.08 * fbm(plane, plane.cells(40 / size), 5, gain=0.7)
    height = body * (0.35 + 0.55 * dome + 0.10 * rough) + (1 - body) * earth
    tone = body * (0.50 + 0.36 * (found.own - 0.5) + 0.16 * rough + 0.10 * dome) + (1 - body) * (0.12 + earth)
    return Field(tone, height)


def _bricks(plane: Plane, size: float) -> Field:
    """Running bond: every second row is shifted by half a brick."""
    short = min(plane.width, plane.height)
    rows = max(2, 2 * round(4 / size * plane.height / short))
    columns = max(1, round(rows * plane.width / plane.height / 2.6))
    warped = plane.moved(*(0.0035 * size * fbm(plane, plane.cells(10 / size), layer, octaves=4) for layer in (2, 3)))
    row = np.floor(warped.y * rows).astype(np.int32)
    place = warped.x * columns + 0.5 * (row % 2)
    column = np.floor(place).astype(np.int32)
    draw = plane.draw(1)
    own = draw.random((2, rows, columns)).astype(np.float32)[:, row % rows, column % columns]
    across = np.minimum(place - column, 1 - (place - column)) * plane.width / columns
    down = np.minimum(warped.y * rows - row, 1 - (warped.y * rows - row)) * plane.height / rows
    edge = _rounded(across, down, 0.10 * plane.height / rows) / (plane.height / rows)
    rough = fbm(plane, plane.cells(24 / size), 4, gain=0.7)
    pits = smooth(0.42, 0.62, fbm(plane, plane.cells(30 / size), 5, octaves=4, gain=0.6))
    body = smooth(0.055, 0.105, edge + 0.012 * rough)
    mortar = fbm(plane, plane.cells(60 / size), 6, gain=0.8)
    tone = body * (0.36 + 0.26 * (own[0] - 0.5) + 0.12 * rough - 0.16 * pits) + (1 - body) * (0.90 + 0.10 * mortar)
    height = body * (0.70 + 0.12 * (own[1] - 0.5) + 0.10 * rough - 0.20 * pits) + (1 - body) * (0.25 + 0.07 * mortar)
    return Field(tone, height)


def _rounded(across: np.ndarray, down: np.ndarray, radius: float) -> np.ndarray:
    """How far inside of a box with round corners, px, from how far its two nearest sides are."""
    corner = radius - np.hypot((radius - across).clip(0), (radius - down).clip(0))
    return np.where((across < radius) & (down < radius), corner, np.minimum(across, down))


def _cloth(plane: Plane, size: float) -> Field:
    """A plain weave: threads that cross over and under each other, each of its own shade."""
    across, down = (2 * max(1, round(count / 2)) for count in plane.cells(44 / size))
    sway = 0.0022 * size
    wavy = plane.moved(*(sway * fbm(plane, plane.cells(9 / size), layer, octaves=3) for layer in (2, 3)))
    x, y = wavy.x * across, wavy.y * down
    column, row = np.floor(x).astype(np.int32), np.floor(y).astype(np.int32)
    upright = np.sin(np.pi * (x - column)) ** 0.7, np.cos(np.pi * (y - row - 0.5)) ** 0.5
    level = np.sin(np.pi * (y - row)) ** 0.7, np.cos(np.pi * (x - column - 0.5)) ** 0.5
    over = (column + row) % 2 == 0
    draw = plane.draw(1)
    warp, weft = draw.random(across).astype(np.float32), draw.random(down).astype(np.float32)
    shade = np.where(over, warp[column % across], weft[row % down])
    height = np.where(over, upright[0] * upright[1], level[0] * level[1])
    along = np.where(
        over,
        perlin(wavy, (across * 5, down), 4),
        perlin(wavy, (across, down * 5), 5),
    )
    tone = 0.22 + 0.48 * height + 0.16 * (shade - 0.5) + 0.07 * along
    return Field(tone + 0.05 * fbm(plane, plane.cells(3 / size), 6, octaves=4), height * 0.85 + 0.10 * along)


def _water(plane: Plane, size: float) -> Field:
    """Light on the bottom of a pool: borders of drifting cells, twice, where they meet being brightest."""
    cells = plane.cells(5 / size)
    drift = 0.045 * size
    warped = plane.moved(drift * fbm(plane, cells, 2, octaves=3), drift * fbm(plane, cells, 3, octaves=3))
    one = worley(warped, plane.cells(6 / size), 1)
    other = worley(warped.moved(0.37, 0.61), plane.cells(8 / size), 4)
    lines = np.exp(-9 * one.border) + 0.6 * np.exp(-10 * other.border)
    depth = fbm(plane, plane.cells(2.5 / size), 5, octaves=4)
    tone = 0.24 + 0.16 * depth + 0.5 * lines**1.4
    return Field(tone, 0.5 + 0.3 * depth + 0.2 * (1 - lines.clip(0, 1)))


def _sand(plane: Plane, size: float) -> Field:
    """Ripples of the wind, which fork where the ground bends, and grains."""
    count = max(1, plane.cells(13 / size)[1])
    bend = 0.9 * fbm(plane, plane.cells(2.5 / size), 1, octaves=4, gain=0.45)
    wave = plane.y * count + bend * 1.6 * size**0
    phase = wave - np.floor(wave)
    ripple = np.where(phase < 0.68, phase / 0.68, (1 - phase) / 0.32)
    ripple = ripple * ripple * (3 - 2 * ripple)
    strength = 0.6 + 0.4 * fbm(plane, plane.cells(2 / size), 2, octaves=3)
    grain = value(plane, plane.cells(170 / size), 3) * 0.5 + perlin(plane, plane.cells(240 / size), 4) * 0.5
    height = 0.5 + 0.42 * strength * (ripple - 0.5) + 0.035 * grain
    return Field(0.55 + 0.16 * strength * (ripple - 0.5) + 0.10 * grain + 0.08 * bend, height)


def _leather(plane: Plane, size: float) -> Field:
    warped = plane.moved(*(0.010 * size * fbm(plane, plane.cells(10 / size), layer, octaves=3) for layer in (2, 3)))
    found = worley(warped, plane.cells(42 / size), 1, jitter=0.9)
    coarse = worley(warped, plane.cells(13 / size), 4)
    pebble = smooth(0.0, 0.22, found.border)
    crease = smooth(0.0, 0.06, coarse.border)
    rough = fbm(plane, plane.cells(50 / size), 5, gain=0.7)
    hue = fbm(plane, plane.cells(3 / size), 6, octaves=4)
    height = 0.25 + 0.5 * pebble * (0.75 + 0.25 * crease) + 0.12 * (found.own - 0.5) + 0.05 * rough
    return Field(0.30 + 0.26 * pebble * crease + 0.15 * hue + 0.06 * rough, height)


def _metal(plane: Plane, size: float) -> Field:
    """Brushed: scratches along one way, of many lengths."""
    fine = fbm(plane, plane.cells(1.5 / size, 170 / size), 1, octaves=3, gain=0.8)
    long = fbm(plane, plane.cells(1, 60 / size), 2, octaves=3, gain=0.8)
    sheen = fbm(plane, plane.cells(1.5 / size), 3, octaves=3)
    return Field(0.56 + 0.16 * fine + 0.10 * long + 0.12 * sheen, 0.5 + 0.10 * fine + 0.06 * long)


PATTERNS: dict[str, Pattern] = {
    "wood": Pattern(_wood, ("#3a1d0c", "#6b3c1b", "#9a6233", "#c08a52", "#dcb27c", "#ecd0a2"), 0.10),
    "planks": Pattern(_planks, ("#1c0f08", "#5b351b", "#8b5a31", "#b07f4e", "#d2a876", "#e6c89d"), 0.30),
    "marble": Pattern(_marble, ("#3e4247", "#8b8d8f", "#c9c7c3", "#ebe8e3", "#fbfaf7")),
    "granite": Pattern(_granite, ("#1d1b1c", "#5d5453", "#96837c", "#c0aaa0", "#e8ddd6"), 0.15),
    "stone": Pattern(_stone, ("#1d1712", "#4b443c", "#7b746a", "#a39c91", "#cfc9be"), 0.75),
    "bricks": Pattern(_bricks, ("#3b120b", "#74291a", "#a04530", "#b96750", "#c9b5a4", "#dcd2c6"), 0.70),
    "cloth": Pattern(_cloth, ("#16202e", "#2f4462", "#52709a", "#8aa5c6", "#c6d5e6"), 0.35),
    "leather": Pattern(_leather, ("#1a0b05", "#43200f", "#6f3a1d", "#97592f", "#bd8450"), 0.70),
    "sand": Pattern(_sand, ("#6b5233", "#a5855a", "#cfae80", "#e8d0a6", "#f7ead0"), 0.65),
    "water": Pattern(_water, ("#053a5c", "#0a6a92", "#2f9fbd", "#8ad8de", "#f2fffb")),
    "clouds": Pattern(_clouds, ("#2f6fb7", "#6ba3d8", "#b4d2ee", "#eef4fa", "#ffffff")),
    "metal": Pattern(_metal, ("#3f4347", "#767b80", "#a3a8ac", "#cdd1d3", "#f1f3f4")),
    "fbm": Pattern(_fbm, ("#0c0c0c", "#f4f4f4")),
    "perlin": Pattern(_perlin, ("#0c0c0c", "#f4f4f4")),
    "value": Pattern(_value, ("#0c0c0c", "#f4f4f4")),
    "worley": Pattern(_worley, ("#0c0c0c", "#f4f4f4")),
}
