"""Laid mark by mark: oil, pointillism, mosaic; and watercolour."""

from dataclasses import dataclass

import cv2
import numpy as np

from studio.engine.looks.base import Look, Place, colour, levelled, lightness, mixed, step
from studio.engine.looks.cells import Cells
from studio.engine.looks.flow import Flow, along, edge_flow, kuwahara, lines
from studio.engine.looks.texture import grain, sampled, strands

GROUT = colour("4a443c")
SHEET = colour("fbf8f0")
GROUND = colour("efe4c9")
_ANGLES = np.linspace(0, 2 * np.pi, 12, endpoint=False)
TIP = [np.sign(f(_ANGLES)) * np.abs(f(_ANGLES)) ** 0.5 for f in (np.cos, np.sin)]  # a stroke's outline: a superellipse


@dataclass(frozen=True)
class Brush:
    """`width` px; strokes are `long` times as long; `seed` tells one layer's chance from another's."""

    width: float
    long: float
    seed: int


def strokes(
    under: np.ndarray, colours: np.ndarray, flow: Flow, place: Place, brush: "Brush", keep: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray]:
    """One layer of brush strokes over `under`: the colours, float [H, W, 3], and the paint's height, [H, W], -1 where
    none is laid. That is where `keep`, [H, W], is under a half.
    """
    cells = Cells(under.shape, place, brush.width * 0.75, 0.5, brush.seed)
    angle = np.arctan2(cells.at(flow.y), cells.at(flow.x)) + (cells.chance(4) - 0.5) * 0.5
    cos, sin = np.cos(angle).astype(np.float32), np.sin(angle).astype(np.float32)
    half, length = np.float32(0.54 * brush.width), np.float32(0.54 * brush.width * brush.long)
    top = cells.chance(9)
    order = np.argsort(top)
    if keep is not None:
        order = order[cells.at(keep)[order] > 0.5]
    along_x, along_y = np.outer(cos, TIP[0] * length), np.outer(sin, TIP[0] * length)
    outline = np.stack([along_x - np.outer(sin, TIP[1] * half), along_y + np.outer(cos, TIP[1] * half)], -1)
    outline += np.stack([cells.x, cells.y], -1)[:, None]
    outline = np.rint(outline[order] * 16).astype(np.int32)
    drawn = np.full(under.shape[:2], -1, np.float32)  # which stroke lies on top
    for index, points in zip(order.tolist(), outline, strict=True):
        cv2.fillConvexPoly(drawn, points, index, cv2.LINE_8, 4)
    drawn = _ragged(drawn, place, brush.width)
    laid, chosen = drawn >= 0, drawn.astype(np.int32)
    x, y = (np.arange(under.shape[1], dtype=np.float32)[None], np.arange(under.shape[0], dtype=np.float32)[:, None])
    across = ((y - cells.y[chosen]) * cos[chosen] - (x - cells.x[chosen]) * sin[chosen]) / half
    bristles = sampled(strands(31, 60, 2), place, under.shape, brush.width / place.unit / 16)
    furrows = np.sin(across * 13 + 50 * top[chosen])
    height = 0.35 * top[chosen] + 0.5 * np.cos(across * np.float32(1.6)) + 0.18 * furrows + 0.15 * bristles
    shade = np.stack([cells.chance(6), cells.chance(7), cells.chance(8)], -1) - 0.5
    tint = cells.at(colours) * (0.93 + 0.14 * cells.chance(5))[:, None] + 0.035 * shade
    height = np.where(laid, height, np.float32(-1))
    return np.where(laid[..., None], tint[chosen], under).astype(np.float32), height.astype(np.float32)


def _ragged(drawn: np.ndarray, place: Place, width: float) -> np.ndarray:
    """The strokes' edges as bristles leave them."""
    height, wide = drawn.shape
    shift = [(sampled(grain(seed, 3, 2), place, drawn.shape, width / place.unit / 10) - 0.5) * np.float32(0.34 * width)
             for seed in (21, 22)]  # fmt: skip
    x = np.arange(wide, dtype=np.float32)[None] + shift[0]
    y = np.arange(height, dtype=np.float32)[:, None] + shift[1]
    return cv2.remap(drawn, x, y, cv2.INTER_NEAREST, borderMode=cv2.BORDER_REPLICATE)


def oil(rgb: np.ndarray, place: Place, tones: np.ndarray) -> np.ndarray:
    """Three layers of brush strokes, broad, then finer where there is detail, lit from the upper left."""
    calm = kuwahara(rgb, 3 * place.unit)
    light = lightness(calm)
    flow = edge_flow(light, place, 9, 0.9)
    busy = np.abs(lightness(rgb) - cv2.GaussianBlur(light, (0, 0), place.sigma(7)))
    busy = cv2.GaussianBlur(busy, (0, 0), place.sigma(5))
    page = cv2.GaussianBlur(calm, (0, 0), place.sigma(6))
    height = np.zeros_like(light)
    layers = ((26.0, 2.2, None), (13.0, 2.4, step(busy, 0.012, 0.03)), (7.0, 2.4, step(busy, 0.03, 0.06)))
    for seed, (width, long, keep) in enumerate(layers):
        source = cv2.GaussianBlur(calm, (0, 0), place.sigma(width / 5))
        brush = Brush(max(4.0, width * place.unit), long, 40 + seed)
        page, laid = strokes(page, source, flow, place, brush, keep)
        height = np.where(laid < 0, height, laid * np.float32(0.6 + 0.4 * width / 26))
    smooth = cv2.GaussianBlur(height, (0, 0), max(0.5, 0.7 * place.unit))
    slope = cv2.Scharr(smooth, cv2.CV_32F, 1, 0) + cv2.Scharr(smooth, cv2.CV_32F, 0, 1)
    lab = cv2.cvtColor(page.clip(0, 1), cv2.COLOR_RGB2LAB)
    lab[..., 0] = (lab[..., 0] + (slope * np.float32(0.55 * min(1.5, place.unit) + 0.3)).clip(-9, 9)).clip(0, 100)
    lab[..., 1:] *= 1.15
    return cv2.cvtColor(lab, cv2.COLOR_LAB2RGB).clip(0, 1)


def pointillism(rgb: np.ndarray, place: Place, tones: np.ndarray) -> np.ndarray:
    """Dots of purer colours than the picture's, whose mixture in the eye is the picture's; finer ones on edges."""
    calm = kuwahara(rgb, 2 * place.unit)
    light = lightness(calm)
    busy = cv2.GaussianBlur(np.abs(light - cv2.GaussianBlur(light, (0, 0), place.sigma(6))), (0, 0), place.sigma(4))
    page = 0.7 * cv2.GaussianBlur(calm, (0, 0), place.sigma(5)) + 0.3 * GROUND  # what shows between the dots
    for seed, (units, least, keep) in enumerate(
        ((11.0, 5.5, None), (8.5, 4.5, None), (5.5, 3.2, step(busy, 0.02, 0.05)))
    ):
        page = _dots(page, calm, place, max(least, units * place.unit), 60 + seed, keep)
    return page


def _dots(
    page: np.ndarray, colours: np.ndarray, place: Place, size: float, seed: int, keep: np.ndarray | None
) -> np.ndarray:
    """One layer of round dots, a cell of `size` px each."""
    cells = Cells(page.shape, place, size * 0.85, 0.42, seed)
    lab = cv2.cvtColor(cells.at(colours)[None].clip(0, 1), cv2.COLOR_RGB2LAB)[0]
    hue = np.arctan2(lab[:, 2], lab[:, 1]) + (cells.chance(4) - 0.5) * 1.1
    chroma = np.hypot(lab[:, 1], lab[:, 2]) * 1.35 + 9
    lab = np.stack([lab[:, 0] + 16 * (cells.chance(5) - 0.5), chroma * np.cos(hue), chroma * np.sin(hue)], -1)
    tint = cv2.cvtColor(lab[None].astype(np.float32), cv2.COLOR_LAB2RGB)[0].clip(0, 1)
    radius = ((0.43 + 0.15 * cells.chance(6)) * np.float32(size)).astype(np.float32)
    order = np.argsort(cells.chance(7))
    if keep is not None:
        order = order[cells.at(keep)[order] > 0.5]
    drawn = np.full(page.shape[:2], -1, np.float32)  # which dot lies on top
    centres = np.rint(np.stack([cells.x, cells.y], -1)[order] * 16).astype(int)
    for index, centre, reach in zip(
        order.tolist(), centres.tolist(), np.rint(radius[order] * 16 + 8).astype(int).tolist(), strict=True
    ):
        cv2.circle(drawn, centre, reach, index, -1, cv2.LINE_8, 4)
    laid, chosen = drawn >= 0, drawn.astype(np.int32)
    x, y = (np.arange(page.shape[1], dtype=np.float32)[None], np.arange(page.shape[0], dtype=np.float32)[:, None])
    inside = radius[chosen] - np.hypot(x - cells.x[chosen], y - cells.y[chosen])
    return mixed(page, tint[chosen], step(inside, -0.7, 0.7) * laid)


def mosaic(rgb: np.ndarray, place: Place, tones: np.ndarray) -> np.ndarray:
    """Square stones set along the edges (Hausner, 2001), each of one colour, bevelled, in dark grout."""
    size = max(7.0, 15 * place.unit)
    calm = kuwahara(rgb, 3 * place.unit)
    light = lightness(calm)
    flow = edge_flow(light, place, 8, 0.0)
    edge = cv2.GaussianBlur(light, (0, 0), size / 5)
    edge = np.hypot(cv2.Sobel(edge, cv2.CV_32F, 1, 0), cv2.Sobel(edge, cv2.CV_32F, 0, 1))
    edge = cv2.GaussianBlur(edge, (0, 0), size / 4)
    cells = Cells(rgb.shape, place, size, 0.16, 80)
    pull = cv2.Sobel(edge, cv2.CV_32F, 1, 0), cv2.Sobel(edge, cv2.CV_32F, 0, 1)
    pull = [cells.at(part) for part in pull]
    much = np.float32(0.3 * size) / np.hypot(*pull).clip(0.02)
    cells.moved(-pull[0] * much, -pull[1] * much)  # stones keep off the edges
    angle = np.arctan2(cells.at(flow.y), cells.at(flow.x)).astype(np.float32)
    cos, sin = np.cos(angle), np.sin(angle)
    nearest = np.full(rgb.shape[:2], 9.0, np.float32)
    second, chosen = nearest.copy(), np.zeros(rgb.shape[:2], np.int32)
    tilt = np.zeros_like(nearest)
    for near in cells.around(1):
        c, s = cos[near.index], sin[near.index]
        u, v = near.x * c + near.y * s, near.y * c - near.x * s
        far = np.maximum(np.abs(u), np.abs(v)) + 0.12 * np.sqrt(u * u + v * v)
        won = far < nearest
        second = np.where(won, nearest, np.minimum(second, far))
        nearest = np.where(won, far, nearest)
        chosen = np.where(won, near.index, chosen)
        tilt = np.where(won, near.x + near.y, tilt)
    lab = cv2.cvtColor(cells.at(cv2.GaussianBlur(calm, (0, 0), size / 4))[None].clip(0, 1), cv2.COLOR_RGB2LAB)[0]
    lab[:, 0] += 11 * (cells.chance(5) - 0.5)
    lab[:, 1:] = lab[:, 1:] * 1.2 + 5 * (np.stack([cells.chance(6), cells.chance(7)], -1) - 0.5)
    stones = cv2.cvtColor(lab[None], cv2.COLOR_LAB2RGB)[0].clip(0, 1)
    gap = second - nearest
    wide = 0.11
    bevel = 1 - 0.10 * np.tanh(3 * tilt) * step(-gap, -0.5, -0.1)
    rough = 1 + 0.05 * (sampled(grain(17, 4, 2), place, rgb.shape, 0.8) - 0.5)
    return mixed(
        GROUT * rough[..., None],
        stones[chosen] * (bevel * rough)[..., None],
        step(gap, wide - 1 / size, wide + 1 / size),
    ).clip(0, 1)


def watercolour(rgb: np.ndarray, place: Place, tones: np.ndarray) -> np.ndarray:
    """Washes that spread along the forms, dry darker at their rims and grain in the paper (Bousseau et al., 2006)."""
    flat = kuwahara(kuwahara(rgb, 4 * place.unit), 5 * place.unit, 2)
    light = lightness(flat)
    flow = edge_flow(light, place, 7)
    flat = along(flat, flow, 7 * place.unit, 4)
    pool = sampled(grain(51, 160), place, rgb.shape, 1.0) - 0.5
    wander = sampled(grain(54, 40), place, rgb.shape, 1.0) - 0.5
    tooth = sampled(grain(57, 4, 2), place, rgb.shape, 0.7) - 0.5
    level = levelled(lightness(flat), tones, 0.68)
    wet = cv2.GaussianBlur(level, (0, 0), place.sigma(2)) + 0.05 * wander
    shade = sum(0.25 * step(wet, at - 0.07, at + 0.07) for at in (0.2, 0.42, 0.62, 0.82))
    rim = sum(_rim(step(wet, at - 0.03, at + 0.03), place) for at in (0.32, 0.55, 0.78))
    lab = cv2.cvtColor(flat.clip(0, 1), cv2.COLOR_RGB2LAB)
    lab[..., 0] = 18 + 80 * (0.45 * shade + 0.55 * level)
    lab[..., 1:] *= 1.25
    pigment = cv2.cvtColor(lab, cv2.COLOR_LAB2RGB).clip(0.02, 1)
    density = 1 + 0.55 * pool + 0.30 * tooth + 0.9 * rim + 0.5 * lines(level, flow, place, 1.3, sharp=30, level=0.015)
    page = SHEET * np.power(
        pigment, density.clip(0.4, 2.5)[..., None]
    )  # d = c - (c - c^2)(d - 1), as light through pigment
    return (page * (1 + 0.05 * tooth[..., None])).clip(0, 1)


def _rim(wash: np.ndarray, place: Place) -> np.ndarray:
    """Where a wash, 1 off and 0 on it, ends: a dark line on its inner side."""
    return ((cv2.GaussianBlur(wash, (0, 0), place.sigma(2.5)) - wash).clip(0, None) * 1.6).astype(np.float32)


OIL = Look(oil, reach=60)
POINTILLISM = Look(pointillism, reach=40)
MOSAIC = Look(mosaic, reach=48)
WATERCOLOUR = Look(watercolour, reach=50)
