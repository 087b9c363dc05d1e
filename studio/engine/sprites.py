"""What the tasks of sprites share: the settings of sheets, and painting many sprites as parts of one picture.

All are painted with the same facts, measured on a mosaic of them, and each lies at its own place of a canvas that is as
large as the largest: so strokes are of one size, and the patterns of a look stay put from one frame of an animation to
the next. Colours flow out beneath what is transparent first, so that no other colour reaches a border.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

import cv2
import numpy as np

from studio.core.errors import BadInput
from studio.core.image import Picture, read_picture
from studio.core.progress import TaskControl
from studio.core.sprites.atlas import FORMS, read_sheet
from studio.core.sprites.cutting import by_grid, by_islands
from studio.core.sprites.files import Found
from studio.core.sprites.packing import Size, pack
from studio.core.sprites.sheet import LARGEST, Sheet, pack_sheet, visible_box
from studio.engine.painters import STATISTICS_SIDE, Facts, Painter
from studio.engine.pixels import bleed, tiles
from studio.engine.tasks.base import setting

T = TypeVar("T")
MARGIN = 16  # px around a sprite that are filled with its colours
MEASURED = 64  # sprites of the mosaic
WANTED_SIDE = 144  # px at which the nets know what they see; smaller sprites are painted enlarged
MOST_ZOOM = 8


@dataclass(frozen=True, kw_only=True, eq=False)
class PackSettings:
    """How a sheet is laid out."""

    padding: int = setting(2, "px between the sprites of a sheet", low=0, high=256)
    power_of_two: bool = setting(False, "make the sheet's sides powers of two")
    untrimmed: bool = setting(False, "keep the transparent borders of sprites")
    largest: int = setting(LARGEST, "longest side of a sheet, px", low=64, high=16384)
    form: str = setting("hash", "how the JSON names its frames: a hash by name, or an array", choices=FORMS)

    def pack(self, sprites: Sequence[Picture], name: str = "sheet.png") -> Sheet:
        return pack_sheet(
            sprites,
            padding=self.padding,
            power_of_two=self.power_of_two,
            trim=not self.untrimmed,
            largest=self.largest,
            name=name,
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class CutSettings:
    """Where the sprites of a sheet without JSON lie."""

    columns: int = setting(0, "columns of a plain sheet", low=0, high=1024)
    rows: int = setting(0, "rows of a plain sheet", low=0, high=1024)
    tile_width: int = setting(0, "px of a plain sheet's cells, in place of columns and rows", low=0, high=8192)
    tile_height: int = setting(0, "px of a plain sheet's cells, in place of columns and rows", low=0, high=8192)
    gap: int = setting(1, "parts with fewer px between them are one sprite, where there is no grid", low=1, high=256)

    @property
    def grid(self) -> bool:
        """Whether a grid is given; BadInput for half of one."""
        for one, other in (("columns", "rows"), ("tile_width", "tile_height")):
            if bool(getattr(self, one)) != bool(getattr(self, other)):
                raise BadInput(f"A grid needs both {one} and {other}; give both, or neither.")
        return bool(self.columns or self.tile_width)

    def cut(self, picture: Picture) -> Sheet:
        """A plain sheet by its grid, or into islands."""
        if self.grid:
            return by_grid(picture, columns=self.columns, rows=self.rows, tile=(self.tile_width, self.tile_height))
        return by_islands(picture, gap=self.gap)


def sheet_of(cut: CutSettings, name: str, image: Path, data: Path | None) -> Sheet:
    """The sheet of a picture and its JSON, if it has one, called `name`."""
    sheet = read_sheet(data, image) if data else cut.cut(replace(read_picture(image), name=name))
    return replace(sheet, picture=replace(sheet.picture, name=name))


def sheet_files(found: Found, *, plain: bool) -> list[tuple[str, Path, Path | None]]:
    """Name, picture and JSON of each sheet; with `plain` the pictures without JSON are sheets too."""
    sheets: list[tuple[str, Path, Path | None]] = [(name, image, data) for name, (data, image) in found.sheets.items()]
    return sheets + ([(name, path, None) for name, path in found.pictures.items()] if plain else [])


def flowed(picture: Picture, margin: int = 0) -> np.ndarray:
    """The picture's colours with `margin` px around them, uint8; beneath alpha 0 those of the nearest visible pixel.

    They come from what is more opaque than not, where there is such: a faint pixel's colour is hardly known.
    """
    height, width = picture.rgb.shape[:2]
    alpha = np.full((height, width), 255, np.uint8) if picture.alpha is None else picture.alpha
    rgb = np.pad(picture.rgb, ((margin, margin), (margin, margin), (0, 0)))
    alpha = np.pad(alpha, margin)
    known = alpha > (127 if alpha.max() > 127 else 0)
    return rgb if alpha.all() or not known.any() else bleed(rgb, alpha == 0, known)


def mosaic(pictures: Sequence[Picture]) -> np.ndarray:
    """What can be seen of some of the pictures, side by side, uint8 [H, W, 3]."""
    chosen = thinned(pictures, MEASURED)
    boxes = [visible_box(picture.alpha, picture.rgb.shape) for picture in chosen]
    sizes = [(columns.stop - columns.start, rows.stop - rows.start) for rows, columns in boxes]
    packing = pack(sizes)
    assert packing is not None
    whole = np.zeros((packing.size[1], packing.size[0], 4), np.uint8)
    for picture, (rows, columns), (x, y), (w, h) in zip(chosen, boxes, packing.places, sizes, strict=True):
        whole[y : y + h, x : x + w, :3] = picture.rgb[rows, columns]
        whole[y : y + h, x : x + w, 3] = 255 if picture.alpha is None else picture.alpha[rows, columns]
    return flowed(Picture(rgb=whole[..., :3], alpha=whole[..., 3]))


@dataclass
class SpritePainter:
    """`painter` for sprites of at most `size` (width, height), painted `zoom` times enlarged.

    `finish(photo, painted, control)`, if there is one, goes on with each sprite, uint8 [H, W, 3].
    """

    painter: Painter
    size: Size
    zoom: int
    finish: Callable[[np.ndarray, np.ndarray, TaskControl], np.ndarray] | None = None
    facts: Facts = field(init=False, default=None)

    def measure(self, pictures: Sequence[Picture]) -> None:
        """Learn what is common to all from these."""
        rgb = mosaic(pictures)
        zoom = min(float(self.zoom), max(1.0, STATISTICS_SIDE / max(rgb.shape)))
        self.facts = self.painter.measure(enlarged(rgb, zoom))

    def paint(self, picture: Picture, control: TaskControl) -> Picture:
        """The picture painted where it can be seen and a little around it; its alpha stays as it is."""
        rows, columns = visible_box(picture.alpha, picture.rgb.shape)
        canvas = np.pad(
            flowed(picture, MARGIN),
            ((0, self.size[1] - picture.height), (0, self.size[0] - picture.width), (0, 0)),
            mode="edge",
        )
        canvas = enlarged(canvas, self.zoom)
        around = [
            slice(max(0, part.start - MARGIN), min(side, part.stop + MARGIN))
            for part, side in ((rows, picture.height), (columns, picture.width))
        ]
        top, left = ((part.start + MARGIN) * self.zoom for part in around)
        height, width = ((part.stop - part.start) * self.zoom for part in around)
        made = np.empty((height, width, 3), np.uint8)
        for window in tiles(width, height, self.painter.tile(canvas.shape)):
            shifted = (shift(window[0], top), shift(window[1], left))
            made[window] = self.painter.paint(canvas, *shifted, self.facts)
        if self.finish:
            made = self.finish(canvas[top : top + height, left : left + width], made, control)
        rgb = np.zeros_like(picture.rgb)
        rgb[around[0], around[1]] = cv2.resize(
            made, (width // self.zoom, height // self.zoom), interpolation=cv2.INTER_AREA
        )
        return replace(picture, rgb=rgb)


def thinned(items: Sequence[T], most: int) -> list[T]:
    """At most so many of them, evenly chosen."""
    return list(items[:: max(1, -(-len(items) // most))])


def zoom_for(sizes: Sequence[Size]) -> int:
    """How many times enlarged sprites of these sizes are best painted."""
    side = float(np.median([max(size) for size in sizes]))
    return int(np.clip(round(WANTED_SIDE / side), 1, MOST_ZOOM))


def enlarged(rgb: np.ndarray, times: float) -> np.ndarray:
    return rgb if times == 1 else cv2.resize(rgb, None, fx=times, fy=times, interpolation=cv2.INTER_CUBIC)


def shift(part: slice, by: int) -> slice:
    return slice(part.start + by, part.stop + by)
