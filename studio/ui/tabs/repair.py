"""Repair: paint over what is to go; outside the mask every pixel stays as it was."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr

from studio.core.errors import BadInput
from studio.core.image import Picture, read_picture
from studio.engine.tasks.repair import METHODS, RepairRequest, RepairResult
from studio.ui.context import Studio, display_copy, field_of
from studio.ui.events import LIGHT, spoken
from studio.ui.i18n import t
from studio.ui.widgets import samples
from studio.ui.widgets.models import ModelChoice
from studio.ui.widgets.picture_canvas import PictureCanvas, Shown, canvas_value, painted_mask, to_size
from studio.ui.widgets.result import Kept, Result
from studio.ui.widgets.task_panel import TaskPanel, Values

OnCanvas = tuple[dict[str, Any], tuple[str, str]]  # the canvas's value, and (path, name) of its picture
WIDEST = 64  # px of growing and feathering on the sliders


def build(studio: Studio) -> ModelChoice:
    """Draw the tab; returns its model choice."""
    gr.Markdown(t("repair.lead"), elem_classes="ez-lead")
    source = gr.State(None)  # (path, name) of the picture on the canvas
    with gr.Row(equal_height=False):
        with gr.Column(scale=5, min_width=320, elem_classes="ez-panel"):
            canvas = PictureCanvas(paint=True, elem_id="repair-canvas")
            result = Result(studio, "repair", "repair.again")

            def load_sample(index: int) -> OnCanvas:
                path = samples.sample_paths("repair")[index]
                mask = samples.mask_of(path)
                return to_canvas(studio, path, path.name, mask=mask.read_bytes() if mask else b"")

            samples.build(studio, "repair", load_sample, [canvas.component, source])
        with gr.Column(scale=2, min_width=280, elem_classes="ez-panel"):
            panel = TaskPanel(studio, "repair", "repair.go")
            limits: dict[str, Any] = {"minimum": 0, "maximum": WIDEST, "step": 1}
            grow = gr.Slider(
                label=t("repair.grow"),
                info=t("repair.grow_info"),
                **field_of(RepairRequest, "grow") | limits,
            )
            feather = gr.Slider(
                label=t("repair.feather"),
                info=t("repair.feather_info"),
                **field_of(RepairRequest, "feather") | limits,
            )
            method = gr.Radio(
                label=t("repair.method"),
                info=t("repair.method_info"),
                choices=[(t(f"repair.method.{name}"), name) for name in METHODS],
                value=field_of(RepairRequest, "method")["value"],
            )
            model = ModelChoice(studio, "repair")

    @spoken
    def load(event: gr.EventData) -> OnCanvas:
        return to_canvas(studio, studio.uploaded(event.path), Path(event.name).name)

    canvas.on_picture(load, inputs=None, outputs=[canvas.component, source], **LIGHT)

    @spoken
    def again(kept: Kept | None) -> OnCanvas:
        if kept is None:
            raise BadInput("There is no result yet; fill something first.")
        return to_canvas(studio, kept.file, f"{kept.name}.png")

    result.again.click(again, result.kept, [canvas.component, source], **LIGHT)

    def make_request(values: Values) -> RepairRequest:
        if values[source] is None:
            raise BadInput("There is no picture yet; drop one on the canvas.")
        picture = read_source(values[source])
        mask = painted_mask(values[canvas.component])
        if mask is None:
            raise BadInput("The mask is empty; paint over what is to be filled.")
        return RepairRequest(
            picture=picture,
            mask=to_size(mask, picture.width, picture.height),
            method=values[method],
            grow=int(values[grow]),
            feather=int(values[feather]),
            model=model.chosen(values),
        )

    def show(values: Values, done: RepairResult) -> Values:
        return result.shown(read_source(values[source]), done.picture, "repaired", values)

    panel.connect(
        inputs={canvas.component, source, grow, feather, method, model.component, result.keep},
        outputs=result.components,
        build=make_request,
        show=show,
    )
    return model


def read_source(source: tuple[str, str]) -> Picture:
    """The picture on a canvas, at its full size and under its own name."""
    path, name = source
    return replace(read_picture(path), name=name)


def to_canvas(studio: Studio, path: Path, name: str, mask: bytes = b"") -> OnCanvas:
    """What a canvas shows of the file `path`, and where its picture comes from."""
    picture = read_picture(path)
    copy = display_copy(picture, studio.new_folder(), "shown")
    shown = Shown(copy=copy, width=picture.width, height=picture.height, name=name, mask=mask)
    return canvas_value(shown), (str(path), name)
