"""Faces put aside: they outlive the page, and choosing one brings it back as it was steered."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.blocks import Block

from studio.core.errors import BadInput
from studio.core.image import read_picture, write_picture
from studio.core.names import suggest_name
from studio.core.provenance import DigitalSource
from studio.engine.tasks.faces import FacesRequest, FacesResult
from studio.ui.context import Studio
from studio.ui.events import LIGHT, POLL, spoken
from studio.ui.face_files import Made, enlarge
from studio.ui.i18n import t
from studio.ui.widgets.task_panel import Values
from studio.ui.widgets.tiles import tiles

MOST = 200  # shown; older ones stay on disk
TILE_SIDE = 160  # px


class Favourites:
    """Draws the faces put aside, newest first."""

    def __init__(self, studio: Studio, page: gr.Blocks) -> None:
        self.studio, self.page = studio, page
        self.files = gr.State([])
        self.chosen = gr.State("")
        with gr.Accordion(t("favourites.title"), open=False, elem_id="favourites"):
            self.gallery = tiles("faces", columns=8, elem_id="favourites-gallery", label=t("favourites.title"))
            self.remove = gr.Button(t("favourites.remove"), size="sm", elem_id="favourites-remove")

    def connect(
        self,
        star: gr.Button,
        face: Callable[[Values], Made],
        inputs: set[Block],
        show: Callable[[Values, FacesResult], Values],
        shown: tuple[set[Block], list[Block]],
    ) -> None:
        """`star` puts the `face` of `inputs` aside; a chosen one goes to `show`, of the inputs and outputs `shown`."""
        own: list[Block] = [self.gallery, self.files, self.chosen]
        self.page.load(self._listed, None, own, **POLL)
        star.click(spoken(lambda values: self._kept(face(values))), inputs, own, **LIGHT)

        def opened(values: Values, event: gr.SelectData) -> Values:
            path = Path(values[self.files][event.index])
            if not path.is_file():
                raise BadInput("This favourite is no longer there; open the page anew.")
            request = FacesRequest.of(read_picture(path).settings)
            return show(values, self.studio.engine.run(request)) | {self.chosen: str(path)}

        given, updated = shown
        needed: Any = {*given, self.files}
        self.gallery.select(spoken(opened), needed, [self.chosen, *updated], **LIGHT)
        self.remove.click(spoken(self._removed), self.chosen, own, **LIGHT)

    def _kept(self, made: Made) -> Values:
        folder = self.studio.favourites
        stem = suggest_name(f"{made.settings['model']}-{made.seed}")
        path, number = folder / f"{stem}.png", 1
        while path.exists():
            number += 1
            path = folder / f"{stem}-{number}.png"
        write_picture(path, made.picture, settings=made.settings, source=DigitalSource.GENERATED)
        return self._listed()

    def _removed(self, chosen: str) -> Values:
        if not chosen:
            raise BadInput("No favourite is chosen; choose the one to remove.")
        Path(chosen).unlink(missing_ok=True)
        return self._listed()

    def _listed(self) -> Values:
        """The favourites as they are on disk."""
        found = sorted(self.studio.favourites.glob("*.png"), key=lambda path: path.stat().st_mtime, reverse=True)
        folder = self.studio.new_folder()
        copies = [enlarge(path, folder / path.name, TILE_SIDE) for path in found[:MOST]]
        return {
            self.gallery: gr.update(value=[str(tile) for tile in copies], selected_index=None),
            self.files: [str(path) for path in found[:MOST]],
            self.chosen: "",
        }
