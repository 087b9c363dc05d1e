"""Painting like any style picture: the any-style net, told of that picture by the perceptual encoder."""

from dataclasses import dataclass, field

import cv2
import numpy as np
import torch
from torch import Tensor

from studio.core.errors import BadInput
from studio.core.image import Picture
from studio.engine.colours import Transport, transport
from studio.engine.painters import STATISTICS_SIDE, TILE, Facts, with_rim
from studio.engine.pixels import bleed, copy_within, pad_to_multiple, to_rgb, to_tensor
from studio.models.any_style import AnyStyleNet, colour_map, describe
from studio.models.perceptual import PerceptualEncoder
from studio.models.style import Statistics

LEAST_SIDE = 64  # px of a style picture
LEAST_SPREAD = 4.0  # levels of 0..255 by which its colours must vary
STYLE_SIDE = 512  # px of the short side at which a style picture is looked at: how large its strokes come out


def style_pixels(picture: Picture) -> np.ndarray:
    """What can be seen of a style picture, uint8 [H, W, 3], its short side at most STYLE_SIDE px.

    Of a picture with alpha that is the box around what is opaque, what is hidden in it filled with colours from beside
    it. BadInput when that is too small, or of one colour.
    """
    rgb = picture.rgb
    if picture.alpha is not None:
        rgb = _opaque(rgb, picture.alpha)
    height, width = rgb.shape[:2]
    if min(height, width) < LEAST_SIDE:
        raise BadInput(
            f"The style picture shows {width} x {height} pixels; choose one of at least {LEAST_SIDE} px a side."
        )
    if rgb.reshape(-1, 3).std(0).max() < LEAST_SPREAD:
        raise BadInput("The style picture has one colour only, which is no style; choose a painting or a texture.")
    scale = STYLE_SIDE / min(height, width)
    if scale < 1:
        size = round(width * scale), round(height * scale)
        rgb = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)
    height, width = rgb.shape[:2]
    side = 2 * STYLE_SIDE  # of a long strip, the middle
    top, left = max(0, (height - side) // 2), max(0, (width - side) // 2)
    return np.ascontiguousarray(rgb[top : top + side, left : left + side])


def _opaque(rgb: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    """The box around what can be seen, the rest of it inpainted roughly by the nearest colours."""
    seen = alpha > 127
    if not seen.any():
        raise BadInput("Nothing can be seen of the style picture, as all of it is transparent; choose another.")
    rows, columns = np.flatnonzero(seen.any(1)), np.flatnonzero(seen.any(0))
    box = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    return rgb[box] if seen[box].all() else bleed(rgb[box], ~seen[box], seen[box])


@dataclass
class AnyFacts:
    """What is known of the whole photo: the colour map towards the style, the photo's own description, the norms."""

    mapped: Tensor  # [1, 12]
    described: Tensor | None  # [1, D]; None at full strength
    statistics: Statistics | None = None


@dataclass
class AnyPainter:
    """A network held at one style picture, `style` uint8 [H, W, 3], and a strength."""

    network: AnyStyleNet
    encoder: PerceptualEncoder
    device: torch.device
    style: np.ndarray
    strength: float
    _wanted: Tensor = field(init=False)

    def __post_init__(self) -> None:
        self._wanted = self._describe(self.style)

    def tile(self, shape: tuple[int, ...]) -> int:
        return TILE

    def measure(self, rgb: np.ndarray) -> AnyFacts:
        small = copy_within(rgb, STATISTICS_SIDE)
        facts = self._look(small)
        statistics = Statistics()
        self._forward(self._padded(small), facts, statistics)
        facts.statistics = statistics.freeze()
        return facts

    def paint(self, rgb: np.ndarray, rows: slice, columns: slice, facts: Facts) -> np.ndarray:
        known = self._look(rgb) if facts is None else facts
        seen, inner = with_rim(rgb, rows, columns, self.network.rim)
        return to_rgb(self._forward(self._padded(seen), known, known.statistics))[inner]

    def glide(self, old: AnyFacts, new: AnyFacts, share: float) -> AnyFacts:
        if old.statistics is None or new.statistics is None:
            return new
        own = None
        if old.described is not None and new.described is not None:
            own = torch.lerp(old.described, new.described, share)
        mapped = torch.lerp(old.mapped, new.mapped, share)
        return AnyFacts(mapped, own, old.statistics.towards(new.statistics, share))

    def _look(self, rgb: np.ndarray) -> AnyFacts:
        photo, style = (to_tensor(copy_within(part, STYLE_SIDE), self.device) for part in (rgb, self.style))
        return AnyFacts(colour_map(photo, style), None if self.strength == 1 else self._describe(rgb))

    def _describe(self, rgb: np.ndarray) -> Tensor:
        padded = pad_to_multiple(copy_within(rgb, STYLE_SIDE), 8, least=16)
        return describe(self.encoder(to_tensor(padded, self.device)))

    def _forward(self, x: Tensor, facts: AnyFacts, statistics: Statistics | None) -> Tensor:
        """[1, 3, H, W] -> [1, 3, H, W]; below full strength, what its own style does to the photo is undone."""
        full = torch.cat([facts.mapped, self._wanted], 1)
        if facts.described is None:
            return self.network(x, full, statistics)
        same = torch.eye(3, 4, device=x.device).T.flatten()[None]  # the map that changes no colour: A = 1, b = 0
        own = torch.cat([same, facts.described], 1)
        both = torch.cat([torch.lerp(own, full, self.strength), own])
        styled, identity = self.network(x.expand(2, -1, -1, -1), both, statistics).split(1)
        return styled + (1 - self.strength) * (x - identity)

    def _padded(self, rgb: np.ndarray) -> Tensor:
        return to_tensor(pad_to_multiple(rgb, self.network.multiple, least=16), self.device)


@dataclass
class ColourPainter:
    """Gives a picture the colours of a style picture, and nothing else of it."""

    style: np.ndarray
    strength: float

    def tile(self, shape: tuple[int, ...]) -> int:
        return TILE

    def measure(self, rgb: np.ndarray) -> Transport:
        return transport(copy_within(rgb, STYLE_SIDE), self.style)

    def paint(self, rgb: np.ndarray, rows: slice, columns: slice, facts: Facts) -> np.ndarray:
        moved = (facts or self.measure(rgb))(rgb[rows, columns])
        return cv2.addWeighted(moved, self.strength, rgb[rows, columns], 1 - self.strength, 0)

    def glide(self, old: Transport, new: Transport, share: float) -> Transport:
        return old.towards(new, share)
