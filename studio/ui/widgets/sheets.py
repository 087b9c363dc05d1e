"""Sprite sheets without a style: many sprites on one sheet, and a sheet taken apart."""

import gradio as gr

from studio.engine.tasks.sprites_pack import SpritesPackRequest, SpritesPackResult
from studio.engine.tasks.sprites_pack import save as save_packed
from studio.engine.tasks.sprites_unpack import SpritesUnpackRequest, SpritesUnpackResult
from studio.engine.tasks.sprites_unpack import save as save_parts
from studio.ui.context import Studio, field_of
from studio.ui.i18n import t
from studio.ui.widgets.sprite_view import SpriteView, paths_of, preview_of, sprite_files
from studio.ui.widgets.task_panel import TaskPanel, Values


class Sheets:
    """Draws the files, both buttons and what they make."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio
        with gr.Row(equal_height=False):
            with gr.Column(scale=2, min_width=300, elem_classes="ez-panel"):
                self._draw_controls()
            with gr.Column(scale=4, min_width=320, elem_classes="ez-panel"):
                self.view = SpriteView(studio, "sheets")
        self.packing.connect(
            inputs={self.files, self.padding, self.power, self.keep},
            outputs=self.view.components,
            build=self._pack,
            show=self._show_sheet,
        )
        self.unpacking.connect(
            inputs={self.files, self.columns, self.rows},
            outputs=self.view.components,
            build=self._unpack,
            show=self._show_parts,
        )

    def _draw_controls(self) -> None:
        gr.Markdown(t("sheets.info"))
        self.files = sprite_files("sheets")
        self.packing = TaskPanel(self.studio, "pack", "sheets.pack")
        self.padding = gr.Slider(label=t("sheets.padding"), step=1, **field_of(SpritesPackRequest, "padding"))
        self.power = gr.Checkbox(label=t("sheets.power"), value=False, elem_id="sheets-power")
        self.keep = gr.Checkbox(label=t("sheets.keep"), value=False)
        self.unpacking = TaskPanel(self.studio, "unpack", "sheets.unpack")
        gr.Markdown(t("sheets.grid_info"))
        with gr.Row():
            self.columns = gr.Number(0, label=t("sprites.columns"), precision=0, elem_id="sheets-columns")
            self.rows = gr.Number(0, label=t("sprites.rows"), precision=0, elem_id="sheets-rows")

    def _pack(self, values: Values) -> SpritesPackRequest:
        return SpritesPackRequest(
            sprites=paths_of(self.studio, values[self.files]),
            padding=int(values[self.padding]),
            power_of_two=values[self.power],
            untrimmed=values[self.keep],
        )

    def _unpack(self, values: Values) -> SpritesUnpackRequest:
        return SpritesUnpackRequest(
            sprites=paths_of(self.studio, values[self.files]),
            columns=int(values[self.columns] or 0),
            rows=int(values[self.rows] or 0),
        )

    def _show_sheet(self, values: Values, done: SpritesPackResult) -> Values:
        root = self.studio.new_folder()
        return self.view.shown(done.sheet.picture, save_packed(done, root / "sheet.png"), root, "sheet")

    def _show_parts(self, values: Values, done: SpritesUnpackResult) -> Values:
        root = self.studio.new_folder() / "sprites"
        return self.view.shown(preview_of(done.sprites), save_parts(done, root.with_suffix(".png")), root, "sprites")
