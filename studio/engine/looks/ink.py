"""Drawn in line and wash: ink wash, pencil, engraving."""

import cv2
import numpy as np

from studio.engine.looks.base import Look, Place, colour, levelled, lightness, mixed, step
from studio.engine.looks.flow import along, edge_flow, kuwahara, lines
from studio.engine.looks.texture import grain, sampled, strands

INK, RICE = colour("16181f"), colour("f3eee2")
GRAPHITE, SKETCH = colour("2d2d33"), colour("f8f6f1")
PRINT, VELLUM = colour("1b1713"), colour("f4ecd9")
WASHES = ((0.80, 0.16), (0.60, 0.24), (0.40, 0.27), (0.22, 0.30))  # lightness below which a wash lies; its ink


def ink_wash(rgb: np.ndarray, place: Place, tones: np.ndarray) -> np.ndarray:
    """Layers of thinned ink with wandering, darker rims, then the brush: lines that break where the paper is dry."""
    light = levelled(lightness(kuwahara(rgb, 5 * place.unit)), tones, 0.62)
    flow = edge_flow(light, place, 5)
    wander = sampled(grain(1, 90), place, rgb.shape, 1.0) - 0.5
    paper = sampled(grain(5, 5), place, rgb.shape, 0.6) - 0.5
    wet = cv2.GaussianBlur(light, (0, 0), place.sigma(3)) + 0.10 * wander + 0.03 * paper
    ink = np.zeros_like(light)
    for below, strength in WASHES:
        wash = step(-wet, -below - 0.035, -below + 0.035)
        rim = wash * (1 - cv2.GaussianBlur(wash, (0, 0), place.sigma(4)))  # pigment gathers where a wash dries
        ink += strength * (0.85 * wash + 0.55 * rim)
    ink *= 1 + 0.25 * wander + 0.22 * paper  # granulation
    brush = lines(light, flow, place, 2.0, sharp=60, level=0.012)
    dry = step(sampled(strands(9, 40, 2), place, rgb.shape, 0.5, 0.5), 0.05, 0.45)
    ink = np.maximum(ink, brush * (0.55 + 0.4 * dry))
    return mixed(RICE * (1 + 0.05 * paper[..., None]), INK, ink.clip(0, 0.97))


def pencil(rgb: np.ndarray, place: Place, tones: np.ndarray) -> np.ndarray:
    """Hatching that grows denser and crosses itself with the dark, strokes along the forms, a sketched outline."""
    soft = cv2.GaussianBlur(lightness(rgb), (0, 0), place.sigma(0.8))
    light = levelled(soft, tones, 0.66)
    flow = edge_flow(light, place, 4)
    tooth = sampled(grain(3, 3, 2), place, rgb.shape, 0.55)
    dark = 1 - light
    graphite = np.zeros_like(light)
    for turn, start, seed in ((-0.8, 0.14, 11), (-0.35, 0.42, 12), (0.9, 0.62, 13)):
        stroke = sampled(strands(seed, 70, 2.2), place, rgb.shape, 0.9, turn)
        amount = ((dark - start) / (1 - start)).clip(0, 1)
        laid = step(amount * 1.25 - stroke, -0.12, 0.25)
        graphite += 0.34 * laid * (0.65 + 0.7 * amount)
    noise = sampled(grain(7, 2, 1), place, rgb.shape, 0.8)
    forms = along(noise, flow, 9 * place.unit, 6)
    forms = ((forms - 0.5) * 3.2 + 0.5).clip(0, 1)
    graphite += 0.34 * step(dark * 1.1 - forms, -0.1, 0.3) * step(dark, 0.1, 0.7)
    outline = lines(light, flow, place, 1.1, sharp=45, level=0.008)
    graphite = graphite * (0.72 + 0.5 * tooth) + 0.62 * outline * (0.7 + 0.5 * tooth)
    return mixed(SKETCH * (1 + 0.03 * (tooth[..., None] - 0.5)), GRAPHITE, (0.9 * graphite).clip(0, 0.88))


def engraving(rgb: np.ndarray, place: Place, tones: np.ndarray) -> np.ndarray:
    """Lines that bend over the forms and swell with the dark; a second set crosses them in the shadows."""
    light = levelled(lightness(kuwahara(rgb, 2.2 * place.unit)), tones, 0.6)
    relief = cv2.GaussianBlur(light, (0, 0), place.sigma(7))
    dark = 1 - light
    x, y = place.grid(rgb.shape)
    apart = max(6.0, 3.6 / place.unit)  # units between lines: never under 3.6 px
    soft = 1.1 / (apart * place.unit)  # a pixel in terms of the lines' distance
    ink = np.zeros_like(light)
    for turn, start, bend in ((0.16, 0.04, 3.2), (-0.75, 0.50, 2.2), (1.2, 0.78, 1.6)):
        across = (y * np.float32(np.cos(turn)) + x * np.float32(np.sin(turn))) / np.float32(apart)
        ridge = np.abs((across + bend * relief) % 1 - 0.5) * 2  # 0 in the middle of a line, 1 between two
        width = ((dark - start) / (1 - start)).clip(0, 1)
        swell = np.where(width > 0, 0.06 + 0.80 * width, -1)
        ink = np.maximum(ink, step(swell - ridge, -soft, soft))
    outline = lines(light, edge_flow(light, place, 3), place, 1.0, sharp=60, level=0.014)
    return mixed(VELLUM, PRINT, np.maximum(ink, 0.9 * outline))


INK_WASH = Look(ink_wash, reach=34)
PENCIL = Look(pencil, reach=26)
ENGRAVING = Look(engraving, reach=34)
