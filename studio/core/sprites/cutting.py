"""Sheets without a word on where their sprites lie: cut by a grid, or into the islands of what can be seen."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from studio.core.errors import BadInput
from studio.core.image import Picture
from studio.core.sprites.packing import Size
from studio.core.sprites.sheet import MOST, Frame, Sheet

Box = tuple[int, int, int, int]  # left, top, width, height


def by_grid(picture: Picture, *, columns: int = 0, rows: int = 0, tile: Size = (0, 0)) -> Sheet:
    """A sheet whose sprites lie in `columns` x `rows` cells of one size, or in cells of `tile` (width, height) px.

    Cells in which nothing can be seen are left out. BadInput when the picture does not divide so.
    """
    if columns and rows:
        tile = picture.width // columns, picture.height // rows
    count = columns, rows
    if not (columns and rows) and min(tile) > 0:
        count = picture.width // tile[0], picture.height // tile[1]
    if min(tile) < 1 or (count[0] * tile[0], count[1] * tile[1]) != picture.size or not all(count):
        asked = f"{columns} x {rows} cells" if columns and rows else f"cells of {tile[0]} x {tile[1]} px"
        raise BadInput(
            f"{picture.name or 'The picture'} is {picture.width} x {picture.height} px, which {asked} do not divide; "
            "give other numbers."
        )
    boxes = [(column * tile[0], row * tile[1], *tile) for row in range(count[1]) for column in range(count[0])]
    alpha = picture.alpha
    seen = [box for box in boxes if alpha is None or alpha[box[1] : box[1] + tile[1], box[0] : box[0] + tile[0]].any()]
    if not 0 < len(seen) <= MOST:
        raise BadInput(f"{picture.name or 'The picture'} has {len(seen)} cells with a sprite; give larger cells.")
    return Sheet(picture=picture, frames=_numbered(picture.name, seen))


def by_islands(picture: Picture, *, gap: int = 1) -> Sheet:
    """A sheet whose sprites are the islands of what can be seen; with fewer than `gap` px between them they are one.

    In reading order. BadInput when the picture has no transparency, or too many islands.
    """
    label = picture.name or "The picture"
    if picture.alpha is None or not picture.alpha.any() or picture.alpha.all():
        raise BadInput(f"{label} has no transparency between sprites; give columns and rows, or the size of a cell.")
    seen = (picture.alpha > 0).astype(np.uint8)
    joined = cv2.dilate(seen, np.ones((gap, gap), np.uint8)) if gap > 1 else seen
    count, found = cv2.connectedComponents(joined, connectivity=8)
    areas = np.asarray(found, np.int32)
    if count - 1 > MOST:
        raise BadInput(f"{label} falls into {count - 1} islands; give a wider gap within a sprite.")
    boxes = _boxes(np.where(seen > 0, areas, 0), count - 1)
    order = _reading_order(boxes)
    numbers = np.zeros(count, np.int32)
    numbers[[index + 1 for index in order]] = np.arange(1, count)
    labels = np.where(seen > 0, numbers[areas], 0)
    return Sheet(picture=picture, frames=_numbered(picture.name, [boxes[i] for i in order]), labels=labels)


def _boxes(areas: np.ndarray, count: int) -> list[Box]:
    """The box around each of the areas 1 to `count`."""
    rows, columns = np.nonzero(areas)
    numbers = areas[rows, columns] - 1
    low, high = np.full((count, 2), np.iinfo(np.int64).max), np.zeros((count, 2), np.int64)
    for axis, values in enumerate((columns, rows)):
        np.minimum.at(low[:, axis], numbers, values)
        np.maximum.at(high[:, axis], numbers, values)
    return [(int(x), int(y), int(r - x) + 1, int(b - y) + 1) for (x, y), (r, b) in zip(low, high, strict=True)]


def _reading_order(boxes: Sequence[Box]) -> list[int]:
    """Indices row by row: what begins above the middle of a row's first box is of that row."""
    left, order = sorted(range(len(boxes)), key=lambda i: (boxes[i][1], boxes[i][0])), list[int]()
    while left:
        _, top, _, height = boxes[left[0]]
        row = [i for i in left if boxes[i][1] <= top + height // 2]
        order += sorted(row, key=lambda i: boxes[i][0])
        left = [i for i in left if boxes[i][1] > top + height // 2]
    return order


def _numbered(name: str, boxes: Sequence[Box]) -> tuple[Frame, ...]:
    """Frames named after the sheet: NAME-01.png, NAME-02.png ..."""
    stem, digits = Path(name).stem or "sprite", max(2, len(str(len(boxes))))
    return tuple(
        Frame(name=f"{stem}-{number:0{digits}}.png", x=x, y=y, width=width, height=height, source=(width, height))
        for number, (x, y, width, height) in enumerate(boxes, 1)
    )
