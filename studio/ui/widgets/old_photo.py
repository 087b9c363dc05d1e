"""The picture on a canvas as an old photo, made whole in one go, and the result compared with every step."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr

from studio.core.image import Picture
from studio.engine.tasks.oldphoto import FILLS, OldPhotoRequest, OldPhotoResult
from studio.ui.context import Studio, display_copy, field_of
from studio.ui.events import LIGHT, here, spoken
from studio.ui.i18n import t
from studio.ui.widgets.compare import Pair, compare_value
from studio.ui.widgets.picture_input import PictureInput
from studio.ui.widgets.result import Result
from studio.ui.widgets.task_panel import TaskPanel, Values

AMOUNTS = ("restore", "fade", "contrast", "faces")
FACTORS = (1, 2, 4)
Copies = dict[str, tuple[Path, Path, int, int]]  # step -> its display copy, the result's, and the result's size


class OldPhoto:
    """Draws the controls; the picture comes from `source` and goes to `result`."""

    def __init__(self, studio: Studio, source: PictureInput, result: Result) -> None:
        self.studio, self.source, self.result = studio, source, result
        self.copies = gr.State({})
        with gr.Accordion(t("oldphoto.title"), open=False, elem_id="oldphoto"):
            self.panel = TaskPanel(studio, "oldphoto", "oldphoto.go")
            with gr.Group(visible=False) as self.steps:
                self.compare = gr.Radio(label=t("oldphoto.compare"), choices=[], elem_id="oldphoto-compare")
            fills: Any = [
                (t("oldphoto.fill.none" if name == "none" else f"repair.method.{name}"), name) for name in FILLS
            ]
            value = field_of(OldPhotoRequest, "fill")["value"]
            self.fill = gr.Radio(label=t("oldphoto.fill"), choices=fills, value=value, elem_id="oldphoto-fill")
            self.threshold = gr.Slider(
                label=t("oldphoto.threshold"), step=0.05, **field_of(OldPhotoRequest, "threshold")
            )
            gr.Markdown(t("oldphoto.off"))
            self.amounts = {
                name: gr.Slider(label=t(f"oldphoto.{name}"), step=0.05, **field_of(OldPhotoRequest, name))
                for name in AMOUNTS
            }
            factors: Any = [(t("oldphoto.factor.1") if n == 1 else f"{n}x", n) for n in FACTORS]
            self.factor = gr.Radio(label=t("oldphoto.factor"), choices=factors, value=1, elem_id="oldphoto-factor")
        self.panel.connect(
            inputs={*source.components, self.fill, self.threshold, *self.amounts.values(), self.factor, result.keep},
            outputs=[*result.components, self.copies, self.steps, self.compare],
            build=self._build,
            show=self._show,
        )
        self.compare.input(spoken(self._compared), [self.compare, self.copies], result.compare, **LIGHT)

    def _build(self, values: Values) -> OldPhotoRequest:
        amounts: dict[str, Any] = {name: float(values[slider]) for name, slider in self.amounts.items()}
        return OldPhotoRequest(
            picture=self.source.picture(values),
            fill=values[self.fill],
            threshold=float(values[self.threshold]),
            factor=int(values[self.factor]),
            **amounts,
        )

    def _show(self, values: Values, done: OldPhotoResult) -> Values:
        say, original = here(), self.source.picture(values)
        folder = self.studio.new_folder()
        after = display_copy(done.picture, folder, "result")

        def copy(name: str, picture: Picture) -> tuple[Path, Path, int, int]:
            return display_copy(picture, folder, name), after, done.picture.width, done.picture.height

        befores = {"original": original, **dict(done.steps[:-1])}
        copies: Copies = {name: copy(name, replace(picture, name=name)) for name, picture in befores.items()}
        choices: Any = [(say(f"oldphoto.step.{name}"), name) for name in copies]
        return {
            **self.result.shown(original, done.picture, "whole", values),
            self.copies: copies,
            self.steps: gr.update(visible=len(copies) > 1),
            self.compare: gr.update(choices=choices, value="original"),
        }

    def _compared(self, name: str, copies: Copies) -> dict[str, Any] | None:
        if name not in copies:
            return None
        before, after, width, height = copies[name]
        return compare_value(Pair(before=before, after=after, width=width, height=height))
