"""What prints suffer: scratches, hairs, cracks, dust, flakes, stains, folds, tears and missing corners, and their mask.

Each kind is drawn anew every time and laid over the picture in some colour; lengths are shares of the picture's short
side or px, as a scan's grain does not grow with it. Wan et al., "Bringing Old Photos Back to Life" (2020), lay
photographed textures over pictures; these are made, so that no picture of anyone's is needed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from training.masks import strokes
from training.metrics import jpeg
from training.samples.noise import fractal

SEEN = 10  # levels of 255 by which a pixel must have changed to count as damaged
FIRM = 0.15  # cover from which a pixel can count as damaged
SHIFT = 4  # binary digits of OpenCV's fractions of a px
Rng = np.random.Generator
Size = tuple[int, int]  # height, width


@dataclass(frozen=True)
class Layer:
    """How much of each pixel is covered, float32 [H, W] in 0..1, and by what colour, three of 0 to 255."""

    cover: np.ndarray
    colour: np.ndarray


def damaged(rgb: np.ndarray, rng: Rng, *, spread: float = 1.0, textured: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """A print, uint8 [H, W, 3], with damage of one to five kinds, and the bool mask [H, W] of what is seen of it.

    With `spread` above 1 it is a part of a print so many times larger, and so is the damage in it. `textured`: what
    shows is no even colour, but has the grain and the shades of paper or dirt.
    """
    size = rgb.shape[:2]
    whole = round(size[0] * spread), round(size[1] * spread)
    top, left = (int(rng.integers(large - length + 1)) for large, length in zip(whole, size, strict=True))
    planes = np.ascontiguousarray(rgb.transpose(2, 0, 1)).astype(np.float32)  # whole planes: numpy is slow on threes
    firm = np.zeros(size, np.float32)
    for index in rng.choice(len(KINDS), size=int(rng.integers(1, 6)), replace=False, p=CHANCES):
        for layer in KINDS[int(index)](whole, rng):
            cover = layer.cover[top : top + size[0], left : left + size[1]]
            shades = paper(size, rng) if textured else np.float32(0)
            for plane, colour in zip(planes, layer.colour, strict=True):
                plane += (colour + shades - plane) * cover
            np.maximum(firm, cover, out=firm)
    made = cv2.merge([np.clip(plane, 0, 255).round().astype(np.uint8) for plane in planes])
    changed = np.maximum.reduce(cv2.split(cv2.absdiff(made, np.ascontiguousarray(rgb)))) > SEEN
    return made, changed & (firm > FIRM)


def paper(size: Size, rng: Rng) -> np.ndarray:
    """Grain and shades, float32 [H, W] levels around 0."""
    height, width = size
    return fractal((width, height), rng.uniform(0.3, 2), rng) * np.float32(rng.uniform(1, 10))


def scanned(rgb: np.ndarray, rng: Rng) -> np.ndarray:
    """The softness, grain and JPEG of a scan, a little of each or none."""
    if rng.random() < 0.4:
        rgb = cv2.GaussianBlur(rgb, (0, 0), rng.uniform(0.3, 0.9))
    if rng.random() < 0.4:
        grain = rng.standard_normal((*rgb.shape[:2], 1), np.float32) * np.float32(rng.uniform(1, 9))
        rgb = (rgb + grain).clip(0, 255).astype(np.uint8)
    return jpeg(np.ascontiguousarray(rgb), int(rng.integers(60, 97))) if rng.random() < 0.5 else rgb


def bare(rng: Rng, *, dark: float = 0.35) -> np.ndarray:
    """The colour of what shows: paper, white, or with chance `dark` dirt and shadow."""
    if rng.random() < dark:
        return np.clip(rng.uniform(0, 70) + rng.normal(0, 5, 3), 0, 255).astype(np.float32)
    light = rng.uniform(185, 256)
    return np.clip(light - np.array([0.0, 0.04, 0.12]) * rng.uniform(0, 255), 0, 255).astype(np.float32)


def drawn(size: Size, lines: Sequence[np.ndarray], thickness: Sequence[int]) -> np.ndarray:
    """Smooth lines, each [N, 2] of (x, y) px, as cover float32 [H, W]."""
    canvas = np.zeros(size, np.uint8)
    for line, width in zip(lines, thickness, strict=True):
        points = (line * (1 << SHIFT)).round().astype(np.int32)
        cv2.polylines(canvas, [points], False, 255, width, cv2.LINE_AA, SHIFT)
    return canvas.astype(np.float32) / 255


def patchy(cover: np.ndarray, rng: Rng, cell: float, strength: float) -> np.ndarray:
    """The cover worn thin in places of about `cell` px, and gone in some, unless `strength` is 0."""
    height, width = cover.shape
    coarse = rng.uniform(0, 1, (max(2, int(height / cell)), max(2, int(width / cell)))).astype(np.float32)
    field = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    return cover * np.clip(1 + float(strength) * (2.5 * field - 1.5), 0, 1)  # a NumPy number would make it float64


def walk(start: np.ndarray, angle: float, length: float, rng: Rng, *, bend: float, step: float = 6.0) -> np.ndarray:
    """A way of `length` px from `start` whose direction drifts by about `bend` radians a step."""
    count = max(2, int(length / step))
    angles = angle + np.cumsum(rng.normal(0, bend, count))
    moves = np.stack([np.cos(angles), np.sin(angles)], 1) * step
    return np.concatenate([start[None], start + np.cumsum(moves, axis=0)])


def anywhere(size: Size, rng: Rng) -> np.ndarray:
    return rng.uniform(0, 1, 2) * (size[1], size[0])


def outline(centre: np.ndarray, radius: float, rng: Rng, rough: float = 0.25) -> np.ndarray:
    """A closed, wobbly line around `centre`, [48, 2] px."""
    angle = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    wobble = np.zeros(48)
    for k in range(1, 9):
        wobble += rng.normal(0, rough / k) * np.cos(k * angle + rng.uniform(0, 6.28))
    reach = radius * np.maximum(1 + wobble, 0.2)
    stretch = rng.uniform(0.5, 1, 2)
    return centre + np.stack([reach * np.cos(angle) * stretch[0], reach * np.sin(angle) * stretch[1]], 1)


def filled(size: Size, shapes: Sequence[np.ndarray]) -> np.ndarray:
    """The insides of closed lines as cover float32 [H, W]."""
    canvas = np.zeros(size, np.uint8)
    for shape in shapes:
        cv2.fillPoly(canvas, [(shape * (1 << SHIFT)).round().astype(np.int32)], 255, cv2.LINE_AA, SHIFT)
    return canvas.astype(np.float32) / 255


def scratches(size: Size, rng: Rng) -> list[Layer]:
    """Nearly straight, nearly parallel, often broken."""
    main, spread = rng.choice([np.pi / 2, rng.uniform(0, np.pi)]), rng.choice([0.05, 0.6])
    count = int(rng.integers(1, 9))
    lines = [
        walk(anywhere(size, rng), rng.normal(main, spread), rng.uniform(0.1, 1) * max(size), rng, bend=0.03)
        for _ in range(count)
    ]
    cover = drawn(size, lines, [int(rng.choice([1, 1, 1, 2, 2, 3, 4])) for _ in lines])
    return [Layer(patchy(cover, rng, 20, rng.choice([0, 0.5, 1])) * rng.uniform(0.4, 1), bare(rng))]


def hairs(size: Size, rng: Rng) -> list[Layer]:
    """Thin, curled fibres."""
    lines = [
        walk(anywhere(size, rng), rng.uniform(0, 6.28), rng.uniform(10, 90), rng, bend=rng.uniform(0.1, 0.4), step=4)
        for _ in range(int(rng.integers(1, 12)))
    ]
    return [Layer(drawn(size, lines, [int(rng.integers(1, 3)) for _ in lines]) * rng.uniform(0.5, 1), bare(rng))]


def cracks(size: Size, rng: Rng) -> list[Layer]:
    """Jagged and branching, as emulsion breaks."""
    lines, widths = [], []
    for _ in range(int(rng.integers(1, 4))):
        thick = int(rng.integers(1, 5))
        trunk = walk(anywhere(size, rng), rng.uniform(0, 6.28), rng.uniform(0.2, 1) * min(size), rng, bend=0.35, step=7)
        lines.append(trunk + rng.normal(0, 1, trunk.shape))
        widths.append(thick)
        for _ in range(int(rng.integers(0, 7))):
            start = trunk[int(rng.integers(len(trunk)))]
            twig = walk(start, rng.uniform(0, 6.28), rng.uniform(0.03, 0.3) * min(size), rng, bend=0.4, step=6)
            lines.append(twig + rng.normal(0, 0.8, twig.shape))
            widths.append(max(1, thick - 1))
    return [Layer(patchy(drawn(size, lines, widths), rng, 16, rng.choice([0, 0.5])) * rng.uniform(0.6, 1), bare(rng))]


def dust(size: Size, rng: Rng) -> list[Layer]:
    """Specks of 1 to 8 px, round and not."""
    canvas = np.zeros(size, np.uint8)
    largest = int(rng.choice([2, 4, 8]))
    for _ in range(int(rng.integers(5, 80) * size[0] * size[1] / 256**2)):
        centre = (anywhere(size, rng) * (1 << SHIFT)).astype(int).tolist()
        axes = ((rng.uniform(0.5, largest / 2 + 0.5, 2)) * (1 << SHIFT)).astype(int).tolist()
        level = int(rng.integers(130, 256))
        cv2.ellipse(canvas, centre, axes, float(rng.uniform(0, 180)), 0, 360, level, -1, cv2.LINE_AA, SHIFT)
    return [Layer(canvas.astype(np.float32) / 255, bare(rng))]


def flakes(size: Size, rng: Rng) -> list[Layer]:
    """Where the emulsion is gone: patches with a sharp edge, mostly smooth inside."""
    shapes = [
        outline(anywhere(size, rng), rng.uniform(0.01, 0.12) * min(size), rng) for _ in range(int(rng.integers(1, 7)))
    ]
    return [Layer(filled(size, shapes) * np.float32(rng.uniform(0.85, 1)), bare(rng, dark=0.2))]


def stains(size: Size, rng: Rng) -> list[Layer]:
    """Spots of water, mould and coffee: half transparent, softly edged, often with a rim."""
    shapes = [
        outline(anywhere(size, rng), rng.uniform(0.03, 0.2) * min(size), rng, rough=0.4)
        for _ in range(int(rng.integers(1, 5)))
    ]
    edge = rng.uniform(0.6, 4)
    inside = cv2.GaussianBlur(filled(size, shapes), (0, 0), edge)
    brown = np.array([60, 35, 10]) + rng.uniform(0, 110) + rng.normal(0, 12, 3)
    colour = bare(rng, dark=0.2) if rng.random() < 0.4 else brown.astype(np.float32)
    cover = patchy(inside, rng, 24, 0.4) * rng.uniform(0.25, 0.75)
    if rng.random() < 0.6:
        rim = 4 * inside * (1 - inside)
        cover = np.maximum(cover, rim * rng.uniform(0.3, 0.8))
    return [Layer(cover.astype(np.float32), colour)]


def folds(size: Size, rng: Rng) -> list[Layer]:
    """A line from edge to edge, its ink worn off along it, between a lit and a shaded side."""
    layers = []
    for _ in range(int(rng.integers(1, 3))):
        across = rng.random() < 0.5
        length, other = (size[1], size[0]) if across else size
        t = np.linspace(-0.02, 1.02, 40)
        level = rng.uniform(0.05, 0.95) + rng.normal(0, 0.12) * t + np.cumsum(rng.normal(0, 0.0015, 40))
        line = np.stack([t * length, level * other], 1)
        line = line if across else line[:, ::-1]
        normal = np.array([0.0, 1.0]) if across else np.array([1.0, 0.0])
        wide = int(rng.integers(1, 6))
        if rng.random() < 0.6:
            shade = drawn(size, [line + normal * wide], [2 * wide])
            layers.append(Layer(cv2.GaussianBlur(shade, (0, 0), wide) * rng.uniform(0.1, 0.4), bare(rng, dark=1)))
        core = patchy(drawn(size, [line + rng.normal(0, 0.5, line.shape)], [wide]), rng, 10, rng.choice([0, 0.4, 0.8]))
        layers.append(Layer(core * rng.uniform(0.6, 1), bare(rng, dark=0.15)))
    return layers


def tears(size: Size, rng: Rng) -> list[Layer]:
    """From an edge inward, ever narrower, jagged; paper or nothing shows."""
    height, width = size
    side, along = int(rng.integers(4)), rng.uniform(0.1, 0.9)
    starts = np.array([[along, 0], [1, along], [along, 1], [0, along]]) * (width, height)
    angle = (np.pi / 2, np.pi, -np.pi / 2, 0.0)[side] + rng.normal(0, 0.4)
    way = walk(starts[side], angle, rng.uniform(0.15, 0.7) * min(size), rng, bend=0.2)
    half = np.linspace(rng.uniform(2, 0.04 * min(size) + 3), 0.5, len(way))[:, None]
    tangent = np.gradient(way, axis=0)
    normal = tangent[:, ::-1] * (-1, 1) / np.maximum(np.linalg.norm(tangent, axis=1, keepdims=True), 1e-6)
    jag = rng.normal(0, 1.2, way.shape)
    shape = np.concatenate([way + normal * half + jag, (way - normal * half - jag)[::-1]])
    return [Layer(filled(size, [shape]), bare(rng, dark=0.3))]


def corners(size: Size, rng: Rng) -> list[Layer]:
    """One or two corners, or a strip of an edge, missing along a jagged line."""
    height, width = size
    shapes = []
    for _ in range(int(rng.integers(1, 3))):
        a, b = rng.uniform(0.05, 0.35, 2) * min(size)
        if rng.random() < 0.25:  # along the whole edge
            b = rng.uniform(0.9, 1.3) * height
            a = rng.uniform(0.01, 0.08) * width
        t = np.linspace(0, 1, 24)[:, None]
        edge = np.array([[a, 0.0]]) * (1 - t) + np.array([[0.0, b]]) * t + rng.normal(0, 0.01 * min(size), (24, 2))
        shape = np.concatenate([np.array([[-9.0, b], [-9.0, -9.0], [a, -9.0]]), edge])
        shape[:, 0] = width - shape[:, 0] if rng.random() < 0.5 else shape[:, 0]
        shape[:, 1] = height - shape[:, 1] if rng.random() < 0.5 else shape[:, 1]
        shapes.append(shape)
    return [Layer(filled(size, shapes), bare(rng, dark=0.4))]


def smears(size: Size, rng: Rng) -> list[Layer]:
    """Broad strokes of one colour: paint, ink, tape."""
    canvas = strokes(max(size), rng, thickness=(0.008, 0.05), count=(1, 3))[: size[0], : size[1]]
    colour = bare(rng) if rng.random() < 0.7 else rng.uniform(0, 255, 3).astype(np.float32)
    return [Layer(cv2.GaussianBlur(canvas.astype(np.float32), (0, 0), 0.6) * rng.uniform(0.8, 1), colour)]


KINDS: tuple[Callable[[Size, Rng], list[Layer]], ...] = (
    scratches,
    hairs,
    cracks,
    dust,
    flakes,
    stains,
    folds,
    tears,
    corners,
    smears,
)
CHANCES = np.array([0.2, 0.1, 0.1, 0.15, 0.1, 0.09, 0.08, 0.06, 0.06, 0.06])
