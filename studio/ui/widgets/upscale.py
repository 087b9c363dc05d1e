"""The picture on a canvas enlarged by a network."""

from typing import Any

import gradio as gr

from studio.engine.tasks.upscale import PHOTOS, SUBJECTS, UpscaleRequest, UpscaleResult
from studio.ui.context import Studio
from studio.ui.i18n import t
from studio.ui.widgets.picture_input import PictureInput
from studio.ui.widgets.result import Result
from studio.ui.widgets.task_panel import TaskPanel, Values


class Upscale:
    """Draws the controls; the picture comes from `source` and goes to `result`."""

    def __init__(self, studio: Studio, source: PictureInput, result: Result) -> None:
        self.source, self.result = source, result
        with gr.Accordion(t("upscale.title"), open=False, elem_id="upscale"):
            self.panel = TaskPanel(studio, "upscale", "upscale.go")
            factors: Any = [(f"{factor}x", factor) for factor in PHOTOS]
            self.factor = gr.Radio(label=t("upscale.factor"), choices=factors, value=2, elem_id="upscale-factor")
            subjects: Any = [(t(f"upscale.subject.{name}"), name) for name in SUBJECTS]
            self.subject = gr.Radio(label=t("upscale.subject"), choices=subjects, value=SUBJECTS[0])
        self.panel.connect(
            inputs={*source.components, self.factor, self.subject, result.keep},
            outputs=result.components,
            build=self._build,
            show=self._show,
        )

    def _build(self, values: Values) -> UpscaleRequest:
        return UpscaleRequest(
            picture=self.source.picture(values), factor=int(values[self.factor]), subject=values[self.subject]
        )

    def _show(self, values: Values, done: UpscaleResult) -> Values:
        return self.result.shown(self.source.picture(values), done.picture, "larger", values)
