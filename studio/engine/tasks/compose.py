"""One picture pasted into another: laid over it by its alpha, or with its colours fitted to what lies around."""

from dataclasses import dataclass, replace
from typing import ClassVar

import cv2
import numpy as np

from studio.core.errors import BadInput
from studio.core.image import Picture, resize
from studio.core.mask import Box
from studio.core.progress import TaskControl
from studio.engine.pixels import visible_colours
from studio.engine.tasks.base import Models, Request, Task, setting

MODES = ("normal", "poisson")
LEAST = 3  # px a side of what is pasted
RIM = 1  # px of the background that Poisson editing needs on every side


@dataclass(frozen=True, kw_only=True, eq=False)
class ComposeResult:
    picture: Picture


@dataclass(frozen=True, kw_only=True, eq=False)
class ComposeRequest(Request[ComposeResult]):
    """A background, what is pasted (its alpha says which of it), where its middle lies and how wide it is."""

    task: ClassVar[str] = "compose"
    picture: Picture
    cutout: Picture
    x: float = setting(0.5, "middle of what is pasted, share of the width from the left", low=0.0, high=1.0)
    y: float = setting(0.5, "its middle, share of the height from the top", low=0.0, high=1.0)
    width: float = setting(0.5, "its width, share of the picture's", low=0.01, high=2.0)
    mode: str = setting("normal", "normal: laid over; poisson: its colours fitted to what is around", choices=MODES)


def run(request: ComposeRequest, models: Models, control: TaskControl) -> ComposeResult:
    """Outside of what is pasted every byte stays."""
    picture, cutout = request.picture, request.cutout
    if cutout.alpha is not None and not cutout.alpha.any():
        raise BadInput("What is to be pasted is wholly transparent; choose a cut-out with something in it.")
    width = round(request.width * picture.width)
    size = (max(LEAST, width), max(LEAST, round(width * cutout.height / cutout.width)))
    rgb = resize(visible_colours(cutout), size)
    alpha = np.full(size[::-1], 255, np.uint8) if cutout.alpha is None else resize(cutout.alpha, size)
    left, top = round(request.x * picture.width - size[0] / 2), round(request.y * picture.height - size[1] / 2)
    place = Box(max(left, 0), max(top, 0), min(left + size[0], picture.width), min(top + size[1], picture.height))
    if place.width < 1 or place.height < 1:
        raise BadInput("What is to be pasted lies outside of the picture; move it inside.")
    inner = Box(place.left - left, place.top - top, place.right - left, place.bottom - top)
    rgb, alpha = rgb[inner.slices], alpha[inner.slices]
    made, seen = picture.rgb.copy(), None if picture.alpha is None else picture.alpha.copy()
    if request.mode == "poisson":
        made = poisson(made, rgb, alpha, place)
    else:
        share = alpha[..., None] / 255.0
        part = made[place.slices]
        part[:] = np.round(part + share * (rgb.astype(float) - part)).astype(np.uint8)
    if seen is not None:
        seen[place.slices] = np.maximum(seen[place.slices], alpha)
    return ComposeResult(picture=replace(picture, rgb=made, alpha=seen, settings=request.settings()))


def poisson(background: np.ndarray, rgb: np.ndarray, alpha: np.ndarray, place: Box) -> np.ndarray:
    """Poisson image editing (Perez et al., 2003) where alpha is more than half, RIM px off the picture's border."""
    mask = np.zeros(background.shape[:2], np.uint8)
    source = background.copy()
    mask[place.slices], source[place.slices] = np.where(alpha > 127, 255, 0), rgb
    mask[:RIM], mask[-RIM:], mask[:, :RIM], mask[:, -RIM:] = 0, 0, 0, 0
    rows, columns = (np.flatnonzero(mask.any(axis)) for axis in (1, 0))
    if not len(rows) or min(np.ptp(rows), np.ptp(columns)) < LEAST:
        raise BadInput("Too little is to be pasted for fitted colours; paste it larger, or as it is (normal).")
    middle = (int(columns[0] + columns[-1] + 1) // 2, int(rows[0] + rows[-1] + 1) // 2)
    made = cv2.seamlessClone(source, background, mask, middle, cv2.NORMAL_CLONE)
    return np.where(mask[..., None] > 0, made, background)


TASK = Task(ComposeRequest, run)
