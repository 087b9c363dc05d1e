"""Better light, colour, noise and blur of the picture on a canvas."""

from typing import Any

import gradio as gr

from studio.engine.tasks.enhance import CONTRASTS, METHODS, EnhanceRequest, EnhanceResult
from studio.ui.context import Studio, field_of
from studio.ui.i18n import t
from studio.ui.widgets.picture_input import PictureInput
from studio.ui.widgets.result import Result
from studio.ui.widgets.task_panel import TaskPanel, Values


class Enhance:
    """Draws the controls; the picture comes from `source` and goes to `result`."""

    def __init__(self, studio: Studio, source: PictureInput, result: Result) -> None:
        self.source, self.result = source, result
        with gr.Accordion(t("enhance.title"), open=False, elem_id="enhance"):
            self.panel = TaskPanel(studio, "enhance", "enhance.go")
            self.sliders = {
                name: gr.Slider(label=t(f"enhance.{name}"), step=step, **field_of(EnhanceRequest, name))
                for name, step in (("balance", 0.05), ("fade", 0.05), ("denoise", 1), ("jpeg", 1), ("deblur", 0.1))
            }
            self.auto = gr.Checkbox(
                label=t("enhance.auto"), info=t("enhance.auto_info"), value=False, elem_id="enhance-auto"
            )
            methods: Any = [(t(f"enhance.method.{name}"), name) for name in METHODS]
            self.method = gr.Radio(
                label=t("enhance.method"), choices=methods, value=METHODS[0], elem_id="enhance-method"
            )
            self.contrast = gr.Radio(
                label=t("enhance.contrast"),
                choices=[(t(f"enhance.contrast.{name}"), name) for name in CONTRASTS],
                value=field_of(EnhanceRequest, "contrast")["value"],
                elem_id="enhance-contrast",
            )
            self.sliders["amount"] = gr.Slider(
                label=t("enhance.amount"), step=0.05, **field_of(EnhanceRequest, "amount")
            )
        self.panel.connect(
            inputs={*source.components, *self.sliders.values(), self.auto, self.method, self.contrast, result.keep},
            outputs=result.components,
            build=self._build,
            show=self._show,
        )

    def _build(self, values: Values) -> EnhanceRequest:
        amounts: dict[str, Any] = {name: float(values[slider]) for name, slider in self.sliders.items()}
        return EnhanceRequest(
            picture=self.source.picture(values),
            auto=bool(values[self.auto]),
            method=values[self.method],
            contrast=values[self.contrast],
            **amounts,
        )

    def _show(self, values: Values, done: EnhanceResult) -> Values:
        return self.result.shown(self.source.picture(values), done.picture, "enhanced", values)
