"""Art: a picture in one of the model's painting styles, at its own size."""

from pathlib import Path
from typing import cast

import gradio as gr

from studio.core.errors import BadInput, StudioError
from studio.engine.engine import Engine
from studio.engine.tasks.style import StyleRequest, StyleResult
from studio.models.style import StyleNet
from studio.ui import thumbnails
from studio.ui.context import SHIPPED, Studio, field_of
from studio.ui.events import LIGHT, spoken
from studio.ui.i18n import t
from studio.ui.tabs.repair import OnCanvas, read_source, to_canvas
from studio.ui.widgets import samples
from studio.ui.widgets.models import ModelChoice
from studio.ui.widgets.picture_canvas import PictureCanvas
from studio.ui.widgets.result import Kept, Result
from studio.ui.widgets.task_panel import TaskPanel, Values


def build(studio: Studio, page: gr.Blocks) -> ModelChoice:
    """Draw the tab on `page`; returns its model choice."""
    gr.Markdown(t("art.lead"), elem_classes="ez-lead")
    source = gr.State(None)  # (path, name) of the picture on the canvas
    preset = gr.State("")
    with gr.Row(equal_height=False):
        with gr.Column(scale=5, min_width=320, elem_classes="ez-panel"):
            canvas = PictureCanvas(paint=False, elem_id="art-canvas")
            result = Result(studio, "art", "art.again")

            def load_sample(index: int) -> OnCanvas:
                path = samples.sample_paths("art")[index]
                return to_canvas(studio, path, path.name)

            samples.build(studio, "art", load_sample, [canvas.component, source])
        with gr.Column(scale=3, min_width=300, elem_classes="ez-panel"):
            gr.Markdown(t("art.presets"), elem_classes="ez-title")
            presets = gr.Gallery(
                label=t("art.presets"),
                show_label=False,
                columns=3,
                height="auto",
                object_fit="cover",
                allow_preview=False,
                interactive=False,
                buttons=[],
                elem_id="art-presets",
                elem_classes="ez-presets",
            )
            panel = TaskPanel(studio, "art", "art.go")
            strength = gr.Slider(
                label=t("art.strength"), info=t("art.strength_info"), step=0.05, **field_of(StyleRequest, "strength")
            )
            colours = gr.Checkbox(
                label=t("art.colours"),
                info=t("art.colours_info"),
                value=field_of(StyleRequest, "keep_colours")["value"],
            )
            model = ModelChoice(studio, "art")

    @spoken
    def load(event: gr.EventData) -> OnCanvas:
        return to_canvas(studio, studio.uploaded(event.path), Path(event.name).name)

    canvas.on_picture(load, inputs=None, outputs=[canvas.component, source], **LIGHT)

    @spoken
    def again(kept: Kept | None) -> OnCanvas:
        if kept is None:
            raise BadInput("There is no result yet; paint a picture first.")
        return to_canvas(studio, kept.file, f"{kept.name}.png")

    result.again.click(again, result.kept, [canvas.component, source], **LIGHT)

    @spoken
    def draw_presets(name: str) -> Values:
        """Thumbnails of the chosen model's presets, the first one selected; none while there is no model."""
        name = name or SHIPPED["art"]
        try:
            names = preset_names(studio.engine, name)
            tiles = thumbnails.of_presets(studio, name, names)
        except StudioError:
            return {presets: gr.update(value=[]), preset: ""}
        items = [(str(path), title) for path, title in zip(tiles, names, strict=True)]
        return {presets: gr.update(value=items, selected_index=0), preset: names[0]}

    page.load(draw_presets, model.component, [presets, preset], **LIGHT)
    model.component.change(draw_presets, model.component, [presets, preset], **LIGHT)

    @spoken
    def choose(name: str, event: gr.SelectData) -> str:
        return preset_names(studio.engine, name or SHIPPED["art"])[event.index]

    presets.select(choose, model.component, preset, **LIGHT)

    def make_request(values: Values) -> StyleRequest:
        if values[source] is None:
            raise BadInput("There is no picture yet; drop one on the canvas.")
        name = model.chosen(values)
        return StyleRequest(
            picture=read_source(values[source]),
            preset=values[preset] or preset_names(studio.engine, name)[0],
            strength=float(values[strength]),
            keep_colours=values[colours],
            model=name,
        )

    def show(values: Values, done: StyleResult) -> Values:
        return result.shown(read_source(values[source]), done.picture, "painted", values)

    panel.connect(
        inputs={source, preset, strength, colours, model.component, result.keep},
        outputs=result.components,
        build=make_request,
        show=show,
    )
    return model


def preset_names(engine: Engine, name: str) -> tuple[str, ...]:
    """The presets of the art model `name`; raises as Engine.model does."""
    return cast(StyleNet, engine.model(name, "art")).config.presets
