"""Repair: paint over what is to go; outside the mask every pixel stays as it was."""

from typing import Any

import gradio as gr

from studio.core.errors import BadInput
from studio.engine.tasks.repair import METHODS, RepairRequest, RepairResult
from studio.ui.context import Studio, field_of
from studio.ui.events import POLL
from studio.ui.i18n import t
from studio.ui.widgets.compose import Compose
from studio.ui.widgets.damage import FindDamage
from studio.ui.widgets.enhance import Enhance
from studio.ui.widgets.models import ModelChoice
from studio.ui.widgets.old_photo import OldPhoto
from studio.ui.widgets.outpaint import Outpaint
from studio.ui.widgets.picture_canvas import painted_mask, to_size
from studio.ui.widgets.picture_input import PictureInput
from studio.ui.widgets.result import Result
from studio.ui.widgets.task_panel import TaskPanel, Values
from studio.ui.widgets.upscale import Upscale

WIDEST = 64  # px of growing and feathering on the sliders


class RepairTab:
    """Draws the tab; `model` is its model choice, which the app keeps up to date."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio
        gr.Markdown(t("repair.lead"), elem_classes="ez-lead")
        with gr.Row(equal_height=False):
            with gr.Column(scale=5, min_width=320, elem_classes="ez-panel ez-stay"):
                self.input = PictureInput(studio, "repair", paint=True)
                self.result = Result(studio, "repair", "repair.again")
                self.input.draw_samples()
            with gr.Column(scale=2, min_width=280, elem_classes="ez-panel"):
                self._draw_controls()
                FindDamage(studio, self.input)
                OldPhoto(studio, self.input, self.result)
                Outpaint(studio, self.input, self.result, self.model)
                Compose(studio, self.input, self.result)
                Enhance(studio, self.input, self.result)
                Upscale(studio, self.input, self.result)
        self.input.take_from(self.result)
        self.panel.connect(
            inputs={
                *self.input.components,
                self.grow,
                self.feather,
                self.method,
                self.seed,
                self.model.component,
                self.result.keep,
            },
            outputs=self.result.components,
            build=self._build,
            show=self._show,
        )

    def _draw_controls(self) -> None:
        self.panel = TaskPanel(self.studio, "repair", "repair.go")
        limits: dict[str, Any] = {"minimum": 0, "maximum": WIDEST, "step": 1}
        self.grow = gr.Slider(
            label=t("repair.grow"), info=t("repair.grow_info"), **field_of(RepairRequest, "grow") | limits
        )
        self.feather = gr.Slider(
            label=t("repair.feather"), info=t("repair.feather_info"), **field_of(RepairRequest, "feather") | limits
        )
        self.method = gr.Radio(
            label=t("repair.method"),
            info=t("repair.method_info"),
            choices=[(t(f"repair.method.{name}"), name) for name in METHODS],
            value=field_of(RepairRequest, "method")["value"],
        )
        self.seed = gr.Number(
            0, label=t("repair.seed"), info=t("repair.seed_info"), precision=0, minimum=0, elem_id="repair-seed"
        )
        another = gr.Button(t("repair.another"), size="sm", elem_id="repair-another")
        step = another.click(lambda seed: ("hq", int(seed or 0) + 1), self.seed, [self.method, self.seed], **POLL)
        step.then(None, js="() => document.querySelector('#repair-go').click()", **POLL)
        self.model = ModelChoice(self.studio, "repair")

    def _build(self, values: Values) -> RepairRequest:
        picture = self.input.picture(values)
        mask = painted_mask(values[self.input.canvas.component])
        if mask is None:
            raise BadInput("The mask is empty; paint over what is to be filled.")
        return RepairRequest(
            picture=picture,
            mask=to_size(mask, picture.width, picture.height),
            method=values[self.method],
            seed=int(values[self.seed] or 0),
            grow=int(values[self.grow]),
            feather=int(values[self.feather]),
            model=self.model.chosen(values),
        )

    def _show(self, values: Values, done: RepairResult) -> Values:
        return self.result.shown(self.input.picture(values), done.picture, "repaired", values)
