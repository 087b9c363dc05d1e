"""What paints a picture piece by piece: a network's presets, a drawn look, two of them mixed, colours kept.

A painter first measures the whole picture: the facts, all that it knows of the rest when it paints a piece. With the
same facts a piece looks as it would look in one pass over the whole. Facts of one frame can glide into another's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import cv2
import numpy as np
import torch
from torch import Tensor

from studio.engine.colours import Transport, lightness_only, transport
from studio.engine.looks.base import Look, Place, tones_of, unit_of
from studio.engine.pixels import copy_within, pad_to_multiple, to_rgb, to_tensor
from studio.models.style import Statistics, StyleNet

STATISTICS_SIDE = 1024  # px of the copy that is measured
PALETTE_SIDE = 384  # px of the copy by which colours are matched
TILE = 640  # px kept of a tile

Facts = Any


class Painter(Protocol):
    """Facts of None stand for a window that is the whole picture: it is measured in passing."""

    def tile(self, shape: tuple[int, ...]) -> int:
        """Px of a side of the pieces that suit a picture of this shape."""
        ...

    def measure(self, rgb: np.ndarray) -> Facts: ...

    def paint(self, rgb: np.ndarray, rows: slice, columns: slice, facts: Facts) -> np.ndarray:
        """The window of `rgb`, uint8 [h, w, 3], as one pass over the whole picture would give it."""
        ...

    def glide(self, old: Facts, new: Facts, share: float) -> Facts:
        """Facts between two: `share` of the new ones."""
        ...


@dataclass
class NetPainter:
    """A network held at a mixture of its presets; `weights` sum to 1."""

    network: StyleNet
    device: torch.device
    weights: Mapping[str, float]
    strength: float

    @property
    def rim(self) -> int:
        """How far an output pixel sees, px, rounded up to the network's stride: 16 px outside the blocks, 8 a block."""
        return 16 + 8 * self.network.config.blocks

    def tile(self, shape: tuple[int, ...]) -> int:
        return TILE

    def forward(self, x: Tensor, statistics: Statistics | None) -> Tensor:
        """[1, 3, H, W] -> [1, 3, H, W]; below full strength, what the identity gets wrong is put right."""
        mixture = self.network.mixture(self.weights, self.strength)
        if self.strength == 1:
            return self.network(x, mixture, statistics)
        both = torch.cat([mixture, self.network.mixture(self.weights, 0.0)])  # [2, presets + 1]
        styled, identity = self.network(x.expand(2, -1, -1, -1), both, statistics).split(1)
        return styled + (1 - self.strength) * (x - identity)

    def measure(self, rgb: np.ndarray) -> Statistics:
        """The norms' statistics, on a copy of at most STATISTICS_SIDE px."""
        statistics = Statistics()
        self.forward(self._padded(copy_within(rgb, STATISTICS_SIDE)), statistics)
        return statistics.freeze()

    def paint(self, rgb: np.ndarray, rows: slice, columns: slice, facts: Facts) -> np.ndarray:
        seen, inner = with_rim(rgb, rows, columns, self.rim)
        return to_rgb(self.forward(self._padded(seen), facts))[inner]

    def glide(self, old: Facts, new: Facts, share: float) -> Facts:
        return old.towards(new, share)

    def _padded(self, rgb: np.ndarray) -> Tensor:
        return to_tensor(pad_to_multiple(rgb, self.network.multiple, least=16), self.device)


@dataclass
class LookPainter:
    """A look of our own, laid over the picture with `strength`."""

    look: Look
    strength: float

    def tile(self, shape: tuple[int, ...]) -> int:
        return max(TILE, round(2 * self.look.reach * unit_of(shape)))  # small enough to stop between two

    def measure(self, rgb: np.ndarray) -> np.ndarray:
        return tones_of(copy_within(rgb, STATISTICS_SIDE))

    def paint(self, rgb: np.ndarray, rows: slice, columns: slice, facts: Facts) -> np.ndarray:
        unit = unit_of(rgb.shape)
        rim = int(np.ceil(self.look.reach * unit)) + 2
        seen, inner = with_rim(rgb, rows, columns, rim)
        place = Place(max(0, rows.start - rim), max(0, columns.start - rim), unit)
        photo = seen.astype(np.float32) / 255
        drawn = self.look.draw(photo, place, self.measure(rgb) if facts is None else facts)[inner].clip(0, 1)
        if self.strength < 1:
            drawn = photo[inner] + self.strength * (drawn - photo[inner])
        return (drawn * 255).round().astype(np.uint8)

    def glide(self, old: Facts, new: Facts, share: float) -> Facts:
        return old + share * (new - old)


@dataclass
class Mixed:
    """Two painters' pictures laid over each other: for what no network can mix."""

    first: Painter
    second: Painter
    share: float  # of the second

    def tile(self, shape: tuple[int, ...]) -> int:
        return max(self.first.tile(shape), self.second.tile(shape))

    def measure(self, rgb: np.ndarray) -> Facts:
        return self.first.measure(rgb), self.second.measure(rgb)

    def paint(self, rgb: np.ndarray, rows: slice, columns: slice, facts: Facts) -> np.ndarray:
        first, second = facts or (None, None)
        a, b = self.first.paint(rgb, rows, columns, first), self.second.paint(rgb, rows, columns, second)
        return cv2.addWeighted(a, 1 - self.share, b, self.share, 0)

    def glide(self, old: Facts, new: Facts, share: float) -> Facts:
        return self.first.glide(old[0], new[0], share), self.second.glide(old[1], new[1], share)


@dataclass
class KeepsPlaces:
    """Takes only the lightness of what `painter` paints."""

    painter: Painter

    def tile(self, shape: tuple[int, ...]) -> int:
        return self.painter.tile(shape)

    def measure(self, rgb: np.ndarray) -> Facts:
        return self.painter.measure(rgb)

    def paint(self, rgb: np.ndarray, rows: slice, columns: slice, facts: Facts) -> np.ndarray:
        return lightness_only(self.painter.paint(rgb, rows, columns, facts), rgb[rows, columns])

    def glide(self, old: Facts, new: Facts, share: float) -> Facts:
        return self.painter.glide(old, new, share)


@dataclass
class KeepsPalette:
    """Brings what `painter` paints to the picture's own distribution of colours."""

    painter: Painter

    def tile(self, shape: tuple[int, ...]) -> int:
        return self.painter.tile(shape)

    def measure(self, rgb: np.ndarray) -> tuple[Facts, Transport]:
        small = copy_within(rgb, PALETTE_SIDE)
        painted = self.painter.paint(small, slice(0, small.shape[0]), slice(0, small.shape[1]), None)
        return self.painter.measure(rgb), transport(painted, small)

    def paint(self, rgb: np.ndarray, rows: slice, columns: slice, facts: Facts) -> np.ndarray:
        inner, move = facts or (None, None)
        painted = self.painter.paint(rgb, rows, columns, inner)
        return (move or transport(painted, rgb[rows, columns]))(painted)

    def glide(self, old: Facts, new: Facts, share: float) -> Facts:
        return self.painter.glide(old[0], new[0], share), old[1].towards(new[1], share)


def with_rim(rgb: np.ndarray, rows: slice, columns: slice, rim: int) -> tuple[np.ndarray, tuple[slice, slice]]:
    """The window with `rim` px around it, as far as the picture goes, and where the window lies in that."""
    top, left = max(0, rows.start - rim), max(0, columns.start - rim)
    seen = rgb[top : rows.stop + rim, left : columns.stop + rim]
    return seen, (slice(rows.start - top, rows.stop - top), slice(columns.start - left, columns.stop - left))
