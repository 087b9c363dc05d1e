"""A drop zone that shows a picture and, to paint on, a mask over it; only the mask travels back.

`gr.ImageEditor` ships three full layers a stroke, seconds on a photo; this sends one PNG of the mask.
"""

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from gradio.data_classes import FileData

from studio.core.errors import BadInput
from studio.core.image import read_mask
from studio.ui.events import POLL
from studio.ui.widgets.scripted import scripted

LONGEST = 2048  # px of a mask's side, as in picture_canvas.js
_PREFIX = "data:image/png;base64,"


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A picture to show: its display copy, the original's size and name, and a mask to begin with (PNG bytes)."""

    copy: Path
    width: int
    height: int
    name: str
    mask: bytes = b""


class PictureCanvas:
    """Drawn by `component`, which takes what `canvas_value` gives.

    The event of `on_picture` carries `path` (of the upload) and `name`; that of `on_grab` the sides of a box as shares
    of the picture's (`left`, `top`, `right`, `bottom`), and whether to `erase`.
    """

    def __init__(self, *, paint: bool, elem_id: str) -> None:
        self.component = scripted("picture_canvas", elem_id=elem_id, words="canvas.", PAINT=paint)

    def on_picture(self, handler: Callable[..., Any], **options: Any) -> None:
        """Call `handler` with a gr.EventData when a picture was uploaded."""
        self.component.picture(handler, **options).failure(answered, self.component, self.component, **POLL)

    def on_grab(self, handler: Callable[..., Any], **options: Any) -> None:
        """Call `handler` with a gr.EventData when a box was drawn around a thing to select."""
        self.component.grab(handler, **options).failure(answered, self.component, self.component, **POLL)


def painted_mask(value: dict[str, Any] | None) -> np.ndarray | None:
    """The mask in a canvas's value, bool [h, w] at most 2048 px a side, or None where nothing is painted."""
    text = (value or {}).get("mask") or ""
    if not text:
        return None
    try:
        data = base64.b64decode(str(text).removeprefix(_PREFIX), validate=True)
    except binascii.Error as error:
        raise BadInput("The mask arrived damaged; paint it anew.") from error
    return read_mask(data, name="The mask")


def painted_size(rgb: np.ndarray) -> tuple[int, int]:
    """Height and width of the mask that is painted over a picture [H, W, 3]."""
    scale = min(1.0, LONGEST / max(rgb.shape[:2]))
    return max(1, round(rgb.shape[0] * scale)), max(1, round(rgb.shape[1] * scale))


def canvas_value(shown: Shown) -> dict[str, Any]:
    """What a canvas takes to show a picture."""
    return {
        "picture": FileData(path=str(shown.copy)).model_dump(),
        "width": shown.width,
        "height": shown.height,
        "name": shown.name,
        "mask": _PREFIX + base64.b64encode(shown.mask).decode() if shown.mask else "",
    }


def offered(value: dict[str, Any], mask: str) -> dict[str, Any]:
    """A canvas's value with another mask (PNG, base64), which becomes one step of its history."""
    return {**value, "offered": _PREFIX + mask}


def answered(value: dict[str, Any] | None, mask: np.ndarray | None = None) -> dict[str, Any]:
    """A canvas's value after it asked for something: with another mask, bool [h, w], or None to leave what it shows."""
    value = dict(value or {})
    value |= {"answered": int(value.get("answered") or 0) + 1, "offered": ""}
    if mask is None:
        return value
    return offered(value, base64.b64encode(cv2.imencode(".png", mask.astype(np.uint8) * 255)[1].tobytes()).decode())


def to_size(mask: np.ndarray, width: int, height: int) -> np.ndarray:
    """The painted mask, bool [h, w], at the picture's size, by the nearest pixel."""
    if mask.shape == (height, width):
        return mask
    return cv2.resize(mask.astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST).astype(bool)
