"""A tab's own picture: the canvas it lies on, where it came from, and the samples to try."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import gradio as gr
import numpy as np
from gradio.blocks import Block

from studio.core.errors import BadInput
from studio.core.image import Picture, read_picture
from studio.core.mask import Box
from studio.core.select import grab
from studio.ui.context import Studio, display_copy
from studio.ui.events import LIGHT, spoken
from studio.ui.widgets import samples
from studio.ui.widgets.picture_canvas import (
    PictureCanvas,
    Shown,
    answered,
    canvas_value,
    painted_mask,
    painted_size,
)
from studio.ui.widgets.result import Kept, Result
from studio.ui.widgets.task_panel import Values

OnCanvas = tuple[dict[str, Any], tuple[str, str]]  # the canvas's value; (path, name) of its picture


class PictureInput:
    """A canvas that takes uploads, samples and results; the full picture stays on this side."""

    def __init__(self, studio: Studio, tab: str, *, paint: bool) -> None:
        self.studio, self.tab = studio, tab
        self.source = gr.State(None)
        self.canvas = PictureCanvas(paint=paint, elem_id=f"{tab}-canvas")
        self.canvas.on_picture(spoken(self._uploaded), inputs=None, outputs=self.outputs, **LIGHT)
        if paint:
            self.canvas.on_grab(spoken(self._grabbed), inputs=self.outputs, outputs=[self.canvas.component], **LIGHT)

    @property
    def components(self) -> set[Block]:
        """What `picture` needs among the inputs of an event."""
        return {self.canvas.component, self.source}

    @property
    def outputs(self) -> list[Block]:
        """What `taken` sets."""
        return [self.canvas.component, self.source]

    def picture(self, values: Values) -> Picture:
        """The picture on the canvas at its full size; BadInput when there is none."""
        if values[self.source] is None:
            raise BadInput("There is no picture yet; drop one on the canvas.")
        path, name = values[self.source]
        return replace(read_picture(path), name=name)

    def draw_samples(self) -> None:
        """A strip of samples below what is drawn so far."""
        samples.build(self.studio, self.tab, self._sample, self.outputs)

    def take_from(self, result: Result) -> None:
        """Let the result's button put it back on the canvas."""
        result.again.click(spoken(self._again), result.kept, self.outputs, **LIGHT)

    def taken(self, path: Path, name: str) -> Values:
        """The values with which the picture at `path` lies on the canvas."""
        return dict(zip(self.outputs, self._shown(path, name), strict=True))

    def _uploaded(self, event: gr.EventData) -> OnCanvas:
        return self._shown(self.studio.uploaded(event.path), Path(event.name).name)

    def _grabbed(self, value: dict[str, Any], source: tuple[str, str] | None, event: gr.EventData) -> dict[str, Any]:
        """The canvas with the thing in the event's box joined to the mask, or taken from it."""
        if source is None:
            raise BadInput("There is no picture yet; drop one on the canvas.")
        rgb, painted = read_picture(source[0]).rgb, painted_mask(value)
        mask = np.zeros(painted_size(rgb), bool) if painted is None else painted
        small = cv2.resize(rgb, mask.shape[::-1], interpolation=cv2.INTER_AREA)
        (height, width), sides = mask.shape, (event.left, event.top, event.right, event.bottom)
        box = Box(*(round(side * length) for side, length in zip(sides, (width, height) * 2, strict=True)))
        thing = grab(small, box, None if event.erase else mask)
        return answered(value, mask & ~thing if event.erase else mask | thing)

    def _sample(self, index: int) -> OnCanvas:
        path = samples.sample_paths(self.tab)[index]
        mask = samples.mask_of(path)
        return self._shown(path, path.name, mask.read_bytes() if mask else b"")

    def _again(self, kept: Kept | None) -> OnCanvas:
        if kept is None:
            raise BadInput("There is no result yet; make one first.")
        return self._shown(kept.file, f"{kept.name}.png")

    def _shown(self, path: Path, name: str, mask: bytes = b"") -> OnCanvas:
        picture = read_picture(path, name=name)
        copy = display_copy(picture, self.studio.new_folder(), "shown")
        shown = Shown(copy=copy, width=picture.width, height=picture.height, name=name, mask=mask)
        return canvas_value(shown), (str(path), name)
