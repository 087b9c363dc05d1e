"""Cut what is painted out of the picture on a canvas, and paste a cut-out into it."""

from dataclasses import replace
from typing import Any

import gradio as gr
import numpy as np

from studio.core.errors import BadInput
from studio.core.image import read_picture, write_picture
from studio.engine.tasks.compose import MODES, ComposeRequest, ComposeResult
from studio.ui.context import Studio, field_of
from studio.ui.events import LIGHT, spoken
from studio.ui.i18n import t
from studio.ui.widgets.picture_canvas import painted_mask, to_size
from studio.ui.widgets.picture_input import PictureInput
from studio.ui.widgets.result import Result
from studio.ui.widgets.task_panel import TaskPanel, Values


class Compose:
    """Draws the controls; the picture comes from `source` and goes to `result`."""

    def __init__(self, studio: Studio, source: PictureInput, result: Result) -> None:
        self.studio, self.source, self.result = studio, source, result
        with gr.Accordion(t("compose.title"), open=False, elem_id="compose"):
            self.cut = gr.Button(t("compose.cut"), size="sm", elem_id="compose-cut")
            self.cutout = gr.File(label=t("compose.cutout"), file_types=["image"], height=160, elem_id="compose-cutout")
            self.sliders = {
                name: gr.Slider(label=t(f"compose.{name}"), step=0.01, **field_of(ComposeRequest, name))
                for name in ("x", "y", "width")
            }
            choices: Any = [(t(f"compose.mode.{name}"), name) for name in MODES]
            self.mode = gr.Radio(label=t("compose.mode"), choices=choices, value=MODES[0])
            self.panel = TaskPanel(studio, "compose", "compose.go")
        self.cut.click(spoken(self._cut), source.components, self.cutout, **LIGHT)
        self.panel.connect(
            inputs={*source.components, self.cutout, *self.sliders.values(), self.mode, result.keep},
            outputs=result.components,
            build=self._build,
            show=self._show,
        )

    def _cut(self, values: Values) -> str:
        """What is painted, as a file with alpha, no larger than it must be."""
        picture, mask = self.source.picture(values), painted_mask(values[self.source.canvas.component])
        if mask is None or not mask.any():
            raise BadInput("The mask is empty; paint over what is to be cut out.")
        mask = to_size(mask, picture.width, picture.height)
        rows, columns = (np.flatnonzero(mask.any(axis)) for axis in (1, 0))
        part = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
        seen = np.where(mask, 255 if picture.alpha is None else picture.alpha, 0).astype(np.uint8)
        cutout = replace(picture, rgb=picture.rgb[part], alpha=seen[part])
        return str(write_picture(self.studio.new_folder() / "cut-out.png", cutout, source=picture.source))

    def _build(self, values: Values) -> ComposeRequest:
        if not values[self.cutout]:
            raise BadInput("There is nothing to paste yet; choose a cut-out, or cut one out.")
        return ComposeRequest(
            picture=self.source.picture(values),
            cutout=read_picture(values[self.cutout]),
            mode=values[self.mode],
            **{name: float(values[slider]) for name, slider in self.sliders.items()},
        )

    def _show(self, values: Values, done: ComposeResult) -> Values:
        return self.result.shown(self.source.picture(values), done.picture, "pasted", values)
