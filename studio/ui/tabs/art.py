"""Art: a picture in a style, painted by a model or drawn, at its own size."""

from typing import Any

import gradio as gr
from gradio.blocks import Block

from studio.core.errors import StudioError
from studio.engine.tasks.style import COLOURS, StyleRequest, StyleResult, with_looks
from studio.library.checkpoint import read_header
from studio.library.store import Library
from studio.ui import thumbnails
from studio.ui.context import SHIPPED, Studio, field_of
from studio.ui.events import LIGHT, here, spoken
from studio.ui.i18n import Words, named, t
from studio.ui.widgets.areas import Areas
from studio.ui.widgets.film import StyleFilm
from studio.ui.widgets.models import ModelChoice
from studio.ui.widgets.picture_input import PictureInput
from studio.ui.widgets.result import Result
from studio.ui.widgets.style_picture import StylePicture
from studio.ui.widgets.style_sprites import StyleSprites
from studio.ui.widgets.task_panel import TaskPanel, Values
from studio.ui.widgets.tiles import tiles

NO_OTHER: Any = (t("art.other.none"), "")


class ArtTab:
    """Draws the tab on `page`; `model` is its model choice, which the app keeps up to date."""

    def __init__(self, studio: Studio, page: gr.Blocks) -> None:
        self.studio = studio
        gr.Markdown(t("art.lead"), elem_classes="ez-lead")
        self.preset = gr.State("")
        with gr.Row(equal_height=False):
            with gr.Column(scale=5, min_width=320, elem_classes="ez-panel ez-stay"):
                self.input = PictureInput(studio, "art", paint=True)
                self.result = Result(studio, "art", "art.again")
                self.input.draw_samples()
            with gr.Column(scale=3, min_width=300, elem_classes="ez-panel"):
                self._draw_controls()
        self._connect(page)

    def _draw_controls(self) -> None:
        gr.Markdown(t("art.presets"), elem_classes="ez-title")
        self.presets = tiles("presets", columns=3, elem_id="art-presets", label=t("art.presets"))
        self.like = StylePicture(self.studio)
        self.panel = TaskPanel(self.studio, "art", "art.go")
        self.strength = gr.Slider(
            label=t("art.strength"), info=t("art.strength_info"), step=0.05, **field_of(StyleRequest, "strength")
        )
        choices: Any = [(t(f"art.colours.{name}"), name) for name in COLOURS]
        self.colours = gr.Radio(label=t("art.colours"), choices=choices, value=COLOURS[0], elem_id="art-colours")
        self.other = gr.Dropdown(
            label=t("art.other"), info=t("art.other_info"), choices=[NO_OTHER], value="", elem_id="art-other"
        )
        self.share = gr.Slider(label=t("art.share"), step=0.05, **field_of(StyleRequest, "share"))
        self.areas = Areas(self.studio, self.input)
        self.film = StyleFilm(self.studio)
        self.sprites = StyleSprites(self.studio)
        self.model = ModelChoice(self.studio, "art")

    @property
    def style(self) -> set[Block]:
        """What `settings` needs among the inputs of an event."""
        chosen = {self.preset, self.model.component, self.strength, self.colours, self.other, self.share}
        return chosen | self.like.components

    def _connect(self, page: gr.Blocks) -> None:
        model = self.model.component
        drawn = [self.presets, self.preset, self.other, self.areas.style]
        self.input.take_from(self.result)
        page.load(spoken(self._draw_presets), model, drawn, **LIGHT)
        model.change(spoken(self._draw_presets), model, drawn, **LIGHT)
        self.presets.select(spoken(self._choose), model, self.preset, **LIGHT)
        self.film.connect(self.style, self.settings)
        self.sprites.connect(self.style, self.settings)
        self.panel.connect(
            inputs={*self.areas.components, *self.style, self.result.keep},
            outputs=self.result.components,
            build=self._build,
            show=self._show,
        )
        self.like.connect({*self.areas.components, *self.style}, self._build)

    def _draw_presets(self, model: str) -> Values:
        """Thumbnails of the model's presets, the first one selected; none while there is no model."""
        name = model or SHIPPED["art"]
        try:
            names = preset_names(self.studio.library, name)
            tiles = thumbnails.of_presets(self.studio, name, names)
        except StudioError:
            return {self.presets: gr.update(value=[]), self.preset: ""}  # the rest stays as it is
        titles = [title_of(here(), name) for name in names]
        items = [(str(path), title) for path, title in zip(tiles, titles, strict=True)]
        return {
            self.presets: gr.update(value=items, selected_index=0),
            self.preset: names[0],
            self.other: gr.update(choices=[NO_OTHER, *zip(titles, names, strict=True)], value=""),
        } | self.areas.choices(list(zip(titles, names, strict=True)))

    def _choose(self, model: str, event: gr.SelectData) -> str:
        return preset_names(self.studio.library, model or SHIPPED["art"])[event.index]

    def settings(self, values: Values) -> dict[str, Any]:
        """What the controls say of the style, for any Request that takes one."""
        model, like = self.model.chosen(values), self.like.picture(values)
        return {
            "style_picture": like,
            "preset": "" if like else values[self.preset] or preset_names(self.studio.library, model)[0],
            "other": values[self.other] or "",
            "share": float(values[self.share]),
            "strength": float(values[self.strength]),
            "colours": values[self.colours],
            "model": model,
        }

    def _build(self, values: Values) -> StyleRequest:
        picture = self.input.picture(values)
        method = values[self.like.method]
        return StyleRequest(
            picture=picture, method=method, **self.areas.regions(values, picture), **self.settings(values)
        )

    def _show(self, values: Values, done: StyleResult) -> Values:
        return self.result.shown(self.input.picture(values), done.picture, "painted", values)


def title_of(say: Words, preset: str) -> str:
    """What a preset is called on the page; one of an own model by its own name."""
    return named(say, "look", preset) or named(say, "preset", preset) or preset


def preset_names(library: Library, model: str) -> tuple[str, ...]:
    """The art model's presets, from its file's header, and the looks; ModelMissing or ModelCorrupt as `card`."""
    return with_looks(tuple(read_header(library.card(model).path).config.get("presets", ())))
