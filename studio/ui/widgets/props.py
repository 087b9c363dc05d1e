"""Props by a model of one's own: out of nothing or like a given one, on a sheet."""

import secrets
from typing import Any

import gradio as gr

from studio.core.image import read_picture
from studio.engine.tasks.props import SEEDS, PropsRequest, PropsResult, save
from studio.ui.context import Studio, field_of
from studio.ui.events import LIGHT
from studio.ui.i18n import t
from studio.ui.widgets.models import ModelChoice
from studio.ui.widgets.sprite_view import SpriteView
from studio.ui.widgets.task_panel import TaskPanel, Values


class Props:
    """Draws the controls and the sheet beside them; `model` is its model choice, which the app keeps up to date."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio
        if not studio.library.cards("props"):
            gr.Markdown(t("props.missing"), elem_id="props-missing")
        with gr.Row(equal_height=False):
            with gr.Column(scale=2, min_width=300, elem_classes="ez-panel"):
                self._draw_controls()
            with gr.Column(scale=4, min_width=320, elem_classes="ez-panel"):
                self.view = SpriteView(studio, "props")
        inputs: set[Any] = {self.seed, self.lock, self.like, self.model.component, *self.numbers.values()}
        self.panel.connect(
            inputs=inputs, outputs=[self.seed, *self.view.components], build=self._build, show=self._show
        )

    def _draw_controls(self) -> None:
        self.panel = TaskPanel(self.studio, "props", "props.go")
        with gr.Row(elem_classes="ez-seed"):
            self.seed = gr.Number(
                label=t("faces.seed"), precision=0, scale=3, elem_id="props-seed", **field_of(PropsRequest, "seed")
            )
            dice = gr.Button("⚄", elem_classes="ez-square", elem_id="props-dice", scale=0)
        self.lock = gr.Checkbox(label=t("faces.lock"), value=False)
        self.like = gr.File(label=t("props.like"), file_types=["image"], height=120, elem_id="props-like")
        self.numbers = {
            name: gr.Slider(
                label=t(f"props.{name}"), step=step, elem_id=f"props-{name}", **field_of(PropsRequest, name)
            )
            for name, step in (("count", 1), ("variety", 0.05), ("change", 0.05), ("padding", 1))
        }
        self.model = ModelChoice(self.studio, "props")
        dice.click(lambda: secrets.randbelow(SEEDS), None, self.seed, **LIGHT)

    def _build(self, values: Values) -> PropsRequest:
        like = values[self.like]
        return PropsRequest(
            picture=read_picture(self.studio.uploaded(like)) if like else None,
            seed=int(values[self.seed] or 0),
            count=int(values[self.numbers["count"]]),
            padding=int(values[self.numbers["padding"]]),
            variety=float(values[self.numbers["variety"]]),
            change=float(values[self.numbers["change"]]),
            model=self.model.chosen(values),
        )

    def _show(self, values: Values, done: PropsResult) -> Values:
        """The next press makes others, unless the seed is locked."""
        root = self.studio.new_folder()
        shown = self.view.shown(done.sheet.picture, save(done, root / "sheet.png"), root, "props")
        return shown if values[self.lock] else shown | {self.seed: secrets.randbelow(SEEDS)}
