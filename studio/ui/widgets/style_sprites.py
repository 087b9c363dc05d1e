"""Sprites and sheets in the style that is chosen: at once, or as a background job."""

from collections.abc import Callable
from typing import Any

import gradio as gr
from gradio.blocks import Block

from studio.core.errors import BadInput
from studio.core.image import read_picture, write_picture
from studio.engine.tasks.sprites_style import GIVE, SpritesStyleRequest, SpritesStyleResult, write
from studio.ui.background import submit_files
from studio.ui.context import Studio, field_of
from studio.ui.events import LIGHT, here, spoken
from studio.ui.i18n import t
from studio.ui.widgets.sprite_view import SHOWN, SpriteView, paths_of, preview_of, sprite_files
from studio.ui.widgets.task_panel import TaskPanel, Values

CUTS = ("no", "islands", "grid")  # how a plain sheet is cut


class StyleSprites:
    """Draws the controls and the sprites; `connect` tells it of the style."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio
        with gr.Accordion(t("sprites.title"), open=False, elem_id="sprites"):
            gr.Markdown(t("sprites.info"))
            self.files = sprite_files("sprites")
            cuts: Any = [(t(f"sprites.cut.{name}"), name) for name in CUTS]
            self.cut = gr.Radio(label=t("sprites.cut"), choices=cuts, value="no", elem_id="sprites-cut")
            with gr.Row(visible=False) as self.grid:
                self.columns = gr.Number(1, label=t("sprites.columns"), precision=0, elem_id="sprites-columns")
                self.rows = gr.Number(1, label=t("sprites.rows"), precision=0, elem_id="sprites-rows")
            gives: Any = [(t(f"sprites.give.{name}"), name) for name in GIVE]
            self.give = gr.Radio(label=t("sprites.give"), choices=gives, value=GIVE[0], elem_id="sprites-give")
            self.zoom = gr.Slider(
                label=t("sprites.zoom"), info=t("sprites.zoom_info"), step=1, **field_of(SpritesStyleRequest, "zoom")
            )
            self.panel = TaskPanel(studio, "sprites", "sprites.go")
            self.later = gr.Button(t("film.later"), size="sm", elem_id="sprites-later")
            self.queued = gr.Markdown(visible=False, elem_id="sprites-queued")
            self.view = SpriteView(studio, "sprites")
        self.cut.change(lambda cut: gr.update(visible=cut == "grid"), self.cut, self.grid, **LIGHT)

    def connect(self, style: set[Block], settings: Callable[[Values], dict[str, Any]]) -> None:
        """`settings` gives those of the style, from values that hold `style`."""
        inputs = {*style, self.files, self.cut, self.columns, self.rows, self.give, self.zoom}

        def chosen(values: Values) -> dict[str, Any]:
            grid = values[self.cut] == "grid"
            return settings(values) | {
                "give": values[self.give],
                "zoom": int(values[self.zoom]),
                "islands": values[self.cut] == "islands",
                "columns": int(values[self.columns] or 0) if grid else 0,
                "rows": int(values[self.rows] or 0) if grid else 0,
            }

        def build(values: Values) -> SpritesStyleRequest:
            return SpritesStyleRequest(sprites=paths_of(self.studio, values[self.files]), **chosen(values))

        def later(values: Values) -> Values:
            if not values[self.files]:
                raise BadInput(
                    "There are no sprites yet; give pictures, a folder, a zip file, or a sheet with its JSON."
                )
            said, files = chosen(values), dict[str, Any](sprites=list(values[self.files]))
            like = said.pop("style_picture", None)
            if like is not None:
                kept = self.studio.new_folder() / "style.png"
                files["style_picture"] = str(write_picture(kept, like, source=None))
            job = submit_files(self.studio, SpritesStyleRequest, said, files=files, name="sprites")
            return {self.queued: gr.update(value=here()("film.queued", number=job.id), visible=True)}

        self.panel.connect(inputs=inputs, outputs=self.view.components, build=build, show=self._show)
        self.later.click(spoken(later), inputs, [self.queued], **LIGHT)

    def _show(self, values: Values, done: SpritesStyleResult) -> Values:
        root = self.studio.new_folder()
        files = write(done, root)
        if done.sheets:
            picture = done.sheets[0].picture
        else:
            picture = preview_of([read_picture(path) for _, path in done.sprites[:SHOWN]])
        return self.view.shown(picture, files, root, "sprites", done.errors)
