"""Marks strewn over a picture, one a cell of a jittered lattice: tesserae, dots, brush strokes.

A pixel asks the cells around it which of their marks covers it. Cells are numbered from the picture's corner and their
chance comes from a hash of the number, so that two pieces of a picture agree on every mark.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from studio.engine.looks.base import Place


@dataclass(frozen=True)
class Near:
    """One of the marks around each pixel, all [H, W]: the pixel's offset from its centre in cells, the index of the
    mark among `Cells` ones."""

    x: np.ndarray
    y: np.ndarray
    index: np.ndarray


class Cells:
    """The marks of a piece; per-mark arrays are flat, [N]."""

    def __init__(self, shape: tuple[int, ...], place: Place, size: float, jitter: float, seed: int) -> None:
        """`size`: px of a cell; `jitter`: how far, in cells, a mark may lie from its cell's middle."""
        self.shape, self.size, self.seed = shape[:2], size, seed
        self.margin = 3  # cells beyond the piece's own
        rows, columns = (
            np.floor((start + np.arange(length)) / size).astype(np.int64)
            for start, length in zip((place.top, place.left), self.shape, strict=True)
        )
        self._row, self._column = rows - rows[0], columns - columns[0]
        self.first = int(rows[0]) - self.margin, int(columns[0]) - self.margin
        self.lattice = int(self._row[-1]) + 1 + 2 * self.margin, int(self._column[-1]) + 1 + 2 * self.margin
        at_row, at_column = np.mgrid[: self.lattice[0], : self.lattice[1]]
        self._numbers = (at_row + self.first[0]).ravel(), (at_column + self.first[1]).ravel()
        self.x = ((self._numbers[1] + 0.5 + jitter * (2 * self.chance(0) - 1)) * size - place.left).astype(np.float32)
        self.y = ((self._numbers[0] + 0.5 + jitter * (2 * self.chance(1) - 1)) * size - place.top).astype(np.float32)

    def chance(self, which: int) -> np.ndarray:
        """An even chance in [0, 1) for each mark, float32 [N]; another for another `which`."""
        row, column = (number.astype(np.uint64) & np.uint64(0xFFFFFFFF) for number in self._numbers)
        value = row * np.uint64(0x9E3779B1) ^ column * np.uint64(0x85EBCA77)
        value ^= np.uint64((self.seed * 131 + which) * 0xC2B2AE3D & 0xFFFFFFFF)
        for shift, factor in ((16, 0x7FEB352D), (15, 0x846CA68B)):
            value = ((value ^ (value >> np.uint64(shift))) * np.uint64(factor)) & np.uint64(0xFFFFFFFF)
        return ((value ^ (value >> np.uint64(16))) / np.float64(2**32)).astype(np.float32)

    def at(self, image: np.ndarray) -> np.ndarray:
        """What an image of the piece, [H, W] or [H, W, C], holds at the marks: [N] or [N, C]."""
        at_x, at_y = self.x.reshape(self.lattice), self.y.reshape(self.lattice)  # remap takes no side over 32767
        found = cv2.remap(image, at_x, at_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
        return found.reshape(-1, *image.shape[2:])

    def moved(self, dx: np.ndarray, dy: np.ndarray) -> None:
        """Shift the marks, px."""
        self.x, self.y = self.x + dx, self.y + dy

    def around(self, reach: int) -> Iterator[Near]:
        """The marks of the cells up to `reach` cells from each pixel's own."""
        height, width = self.shape
        py, px = np.arange(height, dtype=np.float32)[:, None], np.arange(width, dtype=np.float32)[None]
        scale = np.float32(1 / self.size)
        fields = self.x.reshape(self.lattice), self.y.reshape(self.lattice)
        for down in range(-reach, reach + 1):
            rows = self._row + self.margin + down
            for right in range(-reach, reach + 1):
                columns = self._column + self.margin + right
                x, y = (field[rows].take(columns, 1) for field in fields)
                index = (rows * self.lattice[1]).astype(np.int32)[:, None] + columns.astype(np.int32)[None]
                yield Near((px - x) * scale, (py - y) * scale, index)
