"""A picture made larger on any side: the new border is a hole like any other, filled strip by strip from the inside."""

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from studio.core.errors import BadInput
from studio.core.image import Picture
from studio.core.progress import TaskControl
from studio.core.settings import MAX_PIXELS
from studio.engine.pixels import preview
from studio.engine.tasks import repair
from studio.engine.tasks.base import Models, Request, Task, setting
from studio.engine.tasks.repair import RepairRequest

STRIP = 0.25  # of the side, at most, at one go: farther out there is nothing to go by
BORDER = 128  # grey of the old picture's borders
SIDES = ("left", "top", "right", "bottom")
FILLS = ("net", "hq")


@dataclass(frozen=True, kw_only=True, eq=False)
class OutpaintResult:
    """`before` is the old picture in its place, within grey borders."""

    picture: Picture
    before: Picture


@dataclass(frozen=True, kw_only=True, eq=False)
class OutpaintRequest(Request[OutpaintResult]):
    """A picture and by how much each side moves out, as shares of its width or height."""

    task: ClassVar[str] = "outpaint"
    picture: Picture
    left: float = setting(0.0, "share of the width that is added at the left", low=0.0, high=0.5)
    top: float = setting(0.0, "share of the height that is added at the top", low=0.0, high=0.5)
    right: float = setting(0.0, "share of the width that is added at the right", low=0.0, high=0.5)
    bottom: float = setting(0.0, "share of the height that is added at the bottom", low=0.0, high=0.5)
    method: str = setting("net", "net, or hq: net, then patches of the picture, slower", choices=FILLS)
    model: str = setting("repair", "model of the library")

    @property
    def borders(self) -> tuple[int, int, int, int]:
        """What is added at each of SIDES, px."""
        width, height = self.picture.size
        lengths = (width, height, width, height)
        left, top, right, bottom = (round(getattr(self, side) * n) for side, n in zip(SIDES, lengths, strict=True))
        return left, top, right, bottom


def run(request: OutpaintRequest, models: Models, control: TaskControl) -> OutpaintResult:
    """The old picture keeps its bytes; what alpha hides stays hidden, and the new border is opaque."""
    picture, borders = request.picture, request.borders
    if not any(borders):
        raise BadInput("No side is to move out; set left, top, right or bottom.")
    width, height = picture.width + borders[0] + borders[2], picture.height + borders[1] + borders[3]
    if width * height > MAX_PIXELS:
        raise BadInput(
            f"The picture would have {width} x {height} px, more than Easel can save; move its sides out by less."
        )
    made, left = picture, list(borders)
    steps, step = rounds(borders, picture.size), 0
    while any(left):
        strip = [min(border, max(1, round(STRIP * length))) for border, length in zip(left, sides(made), strict=True)]
        made, known = padded(made, strip)
        part = RepairRequest(picture=made, mask=~known, method=request.method, model=request.model)
        made = repair.run(part, models, TaskControl(listener=lambda now: control.check())).picture
        left = [border - done for border, done in zip(left, strip, strict=True)]
        step += 1
        control.report(step, max(step, steps), preview(made.rgb) if control.listener else None)
    around = ((borders[1], borders[3]), (borders[0], borders[2]), (0, 0))
    before = replace(picture, rgb=np.pad(picture.rgb, around, constant_values=BORDER), alpha=None)
    return OutpaintResult(picture=replace(made, settings=request.settings()), before=before)


def sides(picture: Picture) -> tuple[int, int, int, int]:
    """The length of the picture across each of SIDES, px."""
    return picture.width, picture.height, picture.width, picture.height


def rounds(borders: tuple[int, int, int, int], size: tuple[int, int]) -> int:
    """In how many strips a border is filled, at most."""
    lengths = (*size, *size)
    return max(1, *(-(-border // max(1, round(STRIP * n))) for border, n in zip(borders, lengths, strict=True)))


def padded(picture: Picture, strip: list[int]) -> tuple[Picture, np.ndarray]:
    """The picture with borders of the edge's colours, and where it lies in it, bool [H, W]."""
    around = ((strip[1], strip[3]), (strip[0], strip[2]))
    known = np.pad(np.ones((picture.height, picture.width), bool), around)
    alpha = None if picture.alpha is None else np.pad(picture.alpha, around, constant_values=255)
    return replace(picture, rgb=np.pad(picture.rgb, (*around, (0, 0)), mode="edge"), alpha=alpha), known


TASK = Task(OutpaintRequest, run)
