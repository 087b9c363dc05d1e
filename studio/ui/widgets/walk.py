"""A film through faces: which, how long, how it moves; shown, and offered as MP4 or GIF."""

from collections.abc import Callable
from typing import Any

import gradio as gr
from gradio.blocks import Block

from studio.core.provenance import DigitalSource
from studio.core.video import write_video
from studio.engine.tasks.walk import EASINGS, WalkRequest, WalkResult
from studio.ui.context import Studio, field_of
from studio.ui.events import LIGHT, spoken
from studio.ui.i18n import t
from studio.ui.widgets.models import ModelChoice
from studio.ui.widgets.task_panel import TaskPanel, Values

FORMATS = {"MP4": ".mp4", "GIF": ".gif"}


class Walk:
    """Draws the film's controls and the film; `keep` is the checkbox for settings in files."""

    def __init__(self, studio: Studio, model: ModelChoice, variety: gr.Slider, keep: gr.Checkbox) -> None:
        self.studio, self.model, self.variety, self.keep = studio, model, variety, keep
        with gr.Accordion(t("walk.title"), open=False, elem_id="walk"), gr.Row(equal_height=False):
            with gr.Column(scale=2, min_width=280, elem_classes="ez-panel"):
                self._draw_controls()
            with gr.Column(scale=3, min_width=320):
                self.video = gr.Video(
                    show_label=False, interactive=False, loop=True, autoplay=True, visible=False, elem_id="walk-video"
                )
                self.gif = gr.Image(show_label=False, interactive=False, visible=False, elem_id="walk-gif", buttons=[])
                self.save = gr.DownloadButton(t("walk.save"), visible=False, elem_id="walk-save")
        inputs: set[Block] = {self.faces, self.seconds, self.fps, self.easing, self.one_way, self.format}
        self.panel.connect(
            inputs={*inputs, variety, keep, model.component},
            outputs=[self.video, self.gif, self.save],
            build=self._build,
            show=self._show,
        )

    def _draw_controls(self) -> None:
        self.panel = TaskPanel(self.studio, "walk", "walk.go")
        self.faces = gr.Textbox(label=t("walk.faces"), info=t("walk.faces_info"), lines=2, elem_id="walk-faces")
        self.add = gr.Button(t("walk.add"), size="sm", elem_id="walk-add")
        self.seconds = gr.Slider(label=t("walk.seconds"), step=0.5, **field_of(WalkRequest, "seconds"))
        self.fps = gr.Slider(label=t("walk.fps"), step=1, **field_of(WalkRequest, "fps"))
        choices: Any = [(t(f"walk.easing.{name}"), name) for name in EASINGS]
        self.easing = gr.Radio(label=t("walk.easing"), choices=choices, value=EASINGS[0])
        self.one_way = gr.Checkbox(label=t("walk.one_way"), value=False)
        self.format = gr.Radio(label=t("result.format"), choices=list(FORMATS), value="MP4", elem_id="walk-format")

    def on_add(self, face: Callable[[Values], str], inputs: set[Block]) -> None:
        """Have the button add the seed or code that `face` gives."""

        def add(values: Values) -> str:
            return " ".join([*(values[self.faces] or "").split(), face(values)])

        self.add.click(spoken(add), {*inputs, self.faces}, self.faces, **LIGHT)

    def _build(self, values: Values) -> WalkRequest:
        return WalkRequest(
            faces=values[self.faces] or "",
            seconds=float(values[self.seconds]),
            fps=int(values[self.fps]),
            easing=values[self.easing],
            one_way=bool(values[self.one_way]),
            variety=float(values[self.variety]),
            model=self.model.chosen(values),
        )

    def _show(self, values: Values, film: WalkResult) -> Values:
        settings = film.settings if values[self.keep] else None
        path = self.studio.new_folder() / f"walk{FORMATS[values[self.format]]}"
        write_video(path, film.frames, film.fps, settings=settings, source=DigitalSource.GENERATED)
        moving = path.suffix == ".mp4"
        return {
            self.video: gr.update(value=str(path) if moving else None, visible=moving),
            self.gif: gr.update(value=None if moving else str(path), visible=not moving),
            self.save: gr.update(value=str(path), visible=True),
        }
