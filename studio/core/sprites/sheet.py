"""Sprite sheets: pictures with alpha laid into one and cut out again, with no change to a pixel that can be seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from studio.core.errors import BadInput
from studio.core.image import Picture
from studio.core.sprites.packing import Size, pack

LARGEST = 8192  # px of a sheet's side that most graphics cards take
MOST = 10_000  # sprites of a sheet


@dataclass(frozen=True, kw_only=True)
class Frame:
    """Where a sprite lies in its sheet: a box of `width` x `height` px, which lies there turned clockwise if `rotated`.

    The box belongs at `left`, `top` of the sprite's own picture of `source` (width, height) px; around it that is
    transparent.
    """

    name: str
    x: int
    y: int
    width: int
    height: int
    source: Size
    left: int = 0
    top: int = 0
    rotated: bool = False

    @property
    def trimmed(self) -> bool:
        return (self.width, self.height) != self.source

    @property
    def window(self) -> tuple[slice, slice]:
        """Rows and columns of the sheet."""
        width, height = (self.height, self.width) if self.rotated else (self.width, self.height)
        return slice(self.y, self.y + height), slice(self.x, self.x + width)

    @property
    def inner(self) -> tuple[slice, slice]:
        """Rows and columns of the sprite's own picture."""
        return slice(self.top, self.top + self.height), slice(self.left, self.left + self.width)


@dataclass(frozen=True, kw_only=True, eq=False)
class Sheet:
    """A sheet and its frames. `data` is the JSON it came with, {} for none.

    Where boxes overlap, `labels`, int32 [H, W], tells whose a pixel is: that of frame `label - 1`.
    """

    picture: Picture
    frames: tuple[Frame, ...]
    data: Mapping[str, Any] = field(default_factory=dict)
    labels: np.ndarray | None = None


def rgba(picture: Picture) -> np.ndarray:
    """uint8 [H, W, 4], opaque where the picture has no alpha."""
    alpha = np.full(picture.rgb.shape[:2], 255, np.uint8) if picture.alpha is None else picture.alpha
    return np.dstack([picture.rgb, alpha])


def visible_box(alpha: np.ndarray | None, shape: tuple[int, ...]) -> tuple[slice, slice]:
    """Rows and columns of the smallest box around what can be seen; one pixel where nothing can."""
    if alpha is None:
        return slice(0, shape[0]), slice(0, shape[1])
    rows, columns = np.flatnonzero(alpha.any(1)), np.flatnonzero(alpha.any(0))
    if not len(rows):
        return slice(0, 1), slice(0, 1)
    return slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)


def pack_sheet(
    sprites: Sequence[Picture],
    *,
    padding: int = 2,
    power_of_two: bool = False,
    trim: bool = True,
    largest: int = LARGEST,
    name: str = "sheet.png",
) -> Sheet:
    """The sprites on one sheet, `padding` px between them; `trim` leaves transparent borders out.

    BadInput when there is none, when two have one name, or when they need a sheet with a side over `largest` px.
    """
    if not 0 < len(sprites) <= MOST:
        raise BadInput(f"A sheet holds 1 to {MOST} sprites, not {len(sprites)}; give as many.")
    names = [sprite.name for sprite in sprites]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise BadInput(f"Two sprites are called {twice}; rename one.")
    shapes = [sprite.rgb.shape for sprite in sprites]
    boxes = [visible_box(s.alpha if trim else None, shape) for s, shape in zip(sprites, shapes, strict=True)]
    sizes = [(columns.stop - columns.start, rows.stop - rows.start) for rows, columns in boxes]
    packing = pack(sizes, padding=padding, power_of_two=power_of_two, largest=largest)
    if packing is None:
        raise BadInput(
            f"{len(sprites)} sprites do not fit on a sheet of {largest} x {largest} px; give fewer or smaller ones."
        )
    width, height = packing.size
    canvas = np.zeros((height, width, 4), np.uint8)
    frames = []
    for sprite, (rows, columns), (x, y), (w, h) in zip(sprites, boxes, packing.places, sizes, strict=True):
        frame = Frame(
            name=sprite.name, x=x, y=y, width=w, height=h, source=sprite.size, left=columns.start, top=rows.start
        )
        canvas[frame.window] = rgba(sprite)[rows, columns]
        frames.append(frame)
    return Sheet(picture=Picture(rgb=canvas[..., :3], alpha=canvas[..., 3], name=name), frames=tuple(frames))


def cut_sheet(sheet: Sheet) -> list[Picture]:
    """Each frame's sprite at its own size."""
    pixels = rgba(sheet.picture)
    found = []
    for number, frame in enumerate(sheet.frames, 1):
        part = pixels[frame.window]
        if sheet.labels is not None:
            part = np.where((sheet.labels[frame.window] == number)[..., None], part, np.uint8(0))
        own = np.zeros((frame.source[1], frame.source[0], 4), np.uint8)
        own[frame.inner] = np.rot90(part) if frame.rotated else part
        found.append(replace(sheet.picture, rgb=own[..., :3], alpha=own[..., 3], name=frame.name))
    return found


def refilled(sheet: Sheet, sprites: Sequence[Picture]) -> Sheet:
    """The sheet with other colours in its frames, of `sprites` in the frames' order and sizes; its alpha stays."""
    rgb = sheet.picture.rgb.copy()
    for number, (frame, sprite) in enumerate(zip(sheet.frames, sprites, strict=True), 1):
        part = sprite.rgb[frame.inner]
        if frame.rotated:
            part = np.rot90(part, -1)
        own = np.True_ if sheet.labels is None else (sheet.labels[frame.window] == number)[..., None]
        rgb[frame.window] = np.where(own, part, rgb[frame.window])
    return replace(sheet, picture=replace(sheet.picture, rgb=rgb))
