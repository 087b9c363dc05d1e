"""The picture on a canvas made larger at its sides."""

from typing import Any

import gradio as gr

from studio.engine.tasks.outpaint import FILLS, SIDES, OutpaintRequest, OutpaintResult
from studio.ui.context import Studio, field_of
from studio.ui.i18n import t
from studio.ui.widgets.models import ModelChoice
from studio.ui.widgets.picture_input import PictureInput
from studio.ui.widgets.result import Result
from studio.ui.widgets.task_panel import TaskPanel, Values


class Outpaint:
    """Draws the controls; the picture comes from `source` and goes to `result`."""

    def __init__(self, studio: Studio, source: PictureInput, result: Result, model: ModelChoice) -> None:
        self.source, self.result, self.model = source, result, model
        with gr.Accordion(t("outpaint.title"), open=False, elem_id="outpaint"):
            self.panel = TaskPanel(studio, "outpaint", "outpaint.go")
            self.sides = {
                side: gr.Slider(label=t(f"outpaint.{side}"), step=0.05, **field_of(OutpaintRequest, side))
                for side in SIDES
            }
            choices: Any = [(t(f"repair.method.{name}"), name) for name in FILLS]
            self.method = gr.Radio(label=t("repair.method"), choices=choices, value=FILLS[0])
        self.panel.connect(
            inputs={*source.components, *self.sides.values(), self.method, model.component, result.keep},
            outputs=result.components,
            build=self._build,
            show=self._show,
        )

    def _build(self, values: Values) -> OutpaintRequest:
        shares = {side: float(values[slider]) for side, slider in self.sides.items()}
        return OutpaintRequest(
            picture=self.source.picture(values),
            method=values[self.method],
            model=self.model.chosen(values),
            **shares,
        )

    def _show(self, values: Values, done: OutpaintResult) -> Values:
        """Beside the old picture in its place: both must be of one size to be compared."""
        return self.result.shown(done.before, done.picture, "wider", values)
