"""Looks drawn by filters of our own, beside the painted presets of a model, by name."""

from studio.engine.looks.base import Look
from studio.engine.looks.ink import ENGRAVING, INK_WASH, PENCIL
from studio.engine.looks.painted import MOSAIC, OIL, POINTILLISM, WATERCOLOUR
from studio.engine.looks.printed import COMIC, HALFTONE

LOOKS: dict[str, Look] = {
    "oil": OIL,
    "watercolour": WATERCOLOUR,
    "ink-wash": INK_WASH,
    "pencil": PENCIL,
    "engraving": ENGRAVING,
    "pointillism": POINTILLISM,
    "mosaic": MOSAIC,
    "comic": COMIC,
    "halftone": HALFTONE,
}
