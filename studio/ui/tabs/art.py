"""Art: a picture in one of the model's painting styles, at its own size."""

import gradio as gr

from studio.core.errors import StudioError
from studio.engine.tasks.style import StyleRequest, StyleResult
from studio.library.checkpoint import read_header
from studio.library.store import Library
from studio.ui import thumbnails
from studio.ui.context import SHIPPED, Studio, field_of
from studio.ui.events import LIGHT, spoken
from studio.ui.i18n import t
from studio.ui.widgets.models import ModelChoice
from studio.ui.widgets.picture_input import PictureInput
from studio.ui.widgets.result import Result
from studio.ui.widgets.task_panel import TaskPanel, Values
from studio.ui.widgets.tiles import tiles


class ArtTab:
    """Draws the tab on `page`; `model` is its model choice, which the app keeps up to date."""

    def __init__(self, studio: Studio, page: gr.Blocks) -> None:
        self.studio = studio
        gr.Markdown(t("art.lead"), elem_classes="ez-lead")
        self.preset = gr.State("")
        with gr.Row(equal_height=False):
            with gr.Column(scale=5, min_width=320, elem_classes="ez-panel"):
                self.input = PictureInput(studio, "art", paint=False)
                self.result = Result(studio, "art", "art.again")
                self.input.draw_samples()
            with gr.Column(scale=3, min_width=300, elem_classes="ez-panel"):
                self._draw_controls()
        self._connect(page)

    def _draw_controls(self) -> None:
        gr.Markdown(t("art.presets"), elem_classes="ez-title")
        self.presets = tiles("presets", columns=3, elem_id="art-presets", label=t("art.presets"))
        self.panel = TaskPanel(self.studio, "art", "art.go")
        self.strength = gr.Slider(
            label=t("art.strength"), info=t("art.strength_info"), step=0.05, **field_of(StyleRequest, "strength")
        )
        self.colours = gr.Checkbox(
            label=t("art.colours"), info=t("art.colours_info"), value=field_of(StyleRequest, "keep_colours")["value"]
        )
        self.model = ModelChoice(self.studio, "art")

    def _connect(self, page: gr.Blocks) -> None:
        model, drawn = self.model.component, [self.presets, self.preset]
        self.input.take_from(self.result)
        page.load(spoken(self._draw_presets), model, drawn, **LIGHT)
        model.change(spoken(self._draw_presets), model, drawn, **LIGHT)
        self.presets.select(spoken(self._choose), model, self.preset, **LIGHT)
        self.panel.connect(
            inputs={*self.input.components, self.preset, self.strength, self.colours, model, self.result.keep},
            outputs=self.result.components,
            build=self._build,
            show=self._show,
        )

    def _draw_presets(self, model: str) -> Values:
        """Thumbnails of the model's presets, the first one selected; none while there is no model."""
        name = model or SHIPPED["art"]
        try:
            names = preset_names(self.studio.library, name)
            tiles = thumbnails.of_presets(self.studio, name, names)
        except StudioError:
            return {self.presets: gr.update(value=[]), self.preset: ""}
        items = [(str(path), title) for path, title in zip(tiles, names, strict=True)]
        return {self.presets: gr.update(value=items, selected_index=0), self.preset: names[0]}

    def _choose(self, model: str, event: gr.SelectData) -> str:
        return preset_names(self.studio.library, model or SHIPPED["art"])[event.index]

    def _build(self, values: Values) -> StyleRequest:
        picture, model = self.input.picture(values), self.model.chosen(values)
        return StyleRequest(
            picture=picture,
            preset=values[self.preset] or preset_names(self.studio.library, model)[0],
            strength=float(values[self.strength]),
            keep_colours=values[self.colours],
            model=model,
        )

    def _show(self, values: Values, done: StyleResult) -> Values:
        return self.result.shown(self.input.picture(values), done.picture, "painted", values)


def preset_names(library: Library, model: str) -> tuple[str, ...]:
    """The presets of the art model `model`, from its file's header; ModelMissing or ModelCorrupt as `card`."""
    return tuple(read_header(library.card(model).path).config.get("presets", ()))
