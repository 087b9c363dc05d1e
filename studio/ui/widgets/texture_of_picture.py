"""Textures of a picture: more of the same, the picture without seams, its height and normal maps."""

from collections.abc import Callable
from typing import Any

import gradio as gr
from gradio.blocks import Block

from studio.engine.tasks.base import Request
from studio.engine.tasks.texture import TextureResult
from studio.engine.tasks.texture_example import TextureExampleRequest
from studio.engine.tasks.texture_maps import TextureMapsRequest, TextureMapsResult
from studio.engine.tasks.texture_seamless import TextureSeamlessRequest
from studio.ui.context import Studio, field_of
from studio.ui.i18n import t
from studio.ui.widgets.picture_input import PictureInput
from studio.ui.widgets.task_panel import TaskPanel, Values
from studio.ui.widgets.texture_view import TextureView


class TextureOfPicture:
    """Draws a canvas for the picture, what can be made of it, and the texture below."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio
        with gr.Row(equal_height=False):
            with gr.Column(scale=4, min_width=320, elem_classes="ez-panel"):
                self.source = PictureInput(studio, "example", paint=False)
                self.view = TextureView(studio, "example")
                self.source.draw_samples()
            with gr.Column(scale=2, min_width=300, elem_classes="ez-panel", elem_id="example-panel"):
                self._draw_example()
                self._draw_seamless()
                self._draw_maps()

    def _draw_example(self) -> None:
        panel = TaskPanel(self.studio, "example", "example.go")
        sliders = {
            name: gr.Slider(label=t(f"texture.{name}"), step=step, **field_of(TextureExampleRequest, name))
            for name, step in (("width", 16), ("height", 16), ("scale", 0.05))
        }
        sliders["variety"] = gr.Slider(
            label=t("example.variety"),
            info=t("example.variety_info"),
            step=0.05,
            **field_of(TextureExampleRequest, "variety"),
        )
        seed = gr.Number(label=t("faces.seed"), precision=0, **field_of(TextureExampleRequest, "seed"))

        def build(values: Values) -> TextureExampleRequest:
            return TextureExampleRequest(
                picture=self.source.picture(values),
                width=int(values[sliders["width"]]),
                height=int(values[sliders["height"]]),
                scale=float(values[sliders["scale"]]),
                variety=float(values[sliders["variety"]]),
                seed=int(values[seed] or 0),
            )

        self._connect(panel, {*sliders.values(), seed}, build)

    def _draw_seamless(self) -> None:
        with gr.Accordion(t("seamless.title"), open=False, elem_id="seamless"):
            panel = TaskPanel(self.studio, "seamless", "seamless.go")
            sliders = {
                name: gr.Slider(
                    label=t(f"seamless.{name}"),
                    info=t(f"seamless.{name}_info"),
                    step=0.02,
                    **field_of(TextureSeamlessRequest, name),
                )
                for name in ("band", "even")
            }

        def build(values: Values) -> TextureSeamlessRequest:
            shares = {name: float(values[slider]) for name, slider in sliders.items()}
            return TextureSeamlessRequest(picture=self.source.picture(values), **shares)

        self._connect(panel, set(sliders.values()), build)

    def _draw_maps(self) -> None:
        with gr.Accordion(t("texture.maps"), open=False, elem_id="maps"):
            panel = TaskPanel(self.studio, "maps", "maps.go")
            detail = gr.Slider(
                label=t("maps.detail"), info=t("maps.detail_info"), step=0.05, **field_of(TextureMapsRequest, "detail")
            )
            invert = gr.Checkbox(label=t("maps.invert"), value=False)

        def build(values: Values) -> TextureMapsRequest:
            picture = self.source.picture(values)
            return TextureMapsRequest(picture=picture, detail=float(values[detail]), invert=values[invert])

        self._connect(panel, {detail, invert}, build)

    def _connect(self, panel: TaskPanel, inputs: set[Block], build: Callable[[Values], Request[Any]]) -> None:
        def show(values: Values, done: TextureResult | TextureMapsResult) -> Values:
            picture = self.source.picture(values) if isinstance(done, TextureMapsResult) else done.picture
            return self.view.shown(picture, done.heights, values)

        panel.connect(
            inputs={*self.source.components, *self.view.settings, *inputs},
            outputs=self.view.components,
            build=build,
            show=show,
        )
