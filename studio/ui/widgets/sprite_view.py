"""Sprites that were made: a look at them, what could not be used, and all files as a zip."""

from collections.abc import Sequence
from pathlib import Path

import gradio as gr
from gradio.blocks import Block

from studio.core.archive import zip_files
from studio.core.image import Picture
from studio.core.sprites.sheet import pack_sheet
from studio.engine.sprites import thinned
from studio.ui.context import Studio, display_copy
from studio.ui.events import here
from studio.ui.i18n import t
from studio.ui.sentences import translate
from studio.ui.widgets.task_panel import Values

SHOWN = 64  # sprites of the preview
TYPES = ["image", ".json", ".zip"]


def sprite_files(name: str) -> gr.File:
    """Where sprites are dropped."""
    return gr.File(
        label=t("sprites.files"), file_count="multiple", file_types=TYPES, height=140, elem_id=f"{name}-files"
    )


def paths_of(studio: Studio, files: Sequence[str] | None) -> tuple[Path, ...]:
    return tuple(studio.uploaded(file) for file in files or ())


class SpriteView:
    """Hidden until there are sprites."""

    def __init__(self, studio: Studio, name: str) -> None:
        self.studio = studio
        with gr.Column(visible=False) as self.group:
            self.image = gr.Image(
                label=t("sprites.preview"), interactive=False, format="webp", buttons=[], elem_id=f"{name}-preview"
            )
            self.note = gr.Markdown(elem_id=f"{name}-note")
            self.save = gr.DownloadButton(t("sprites.save"), variant="primary", elem_id=f"{name}-save")

    @property
    def components(self) -> list[Block]:
        return [self.group, self.image, self.note, self.save]

    def shown(
        self, picture: Picture, files: Sequence[Path], root: Path, name: str, errors: Sequence[str] = ()
    ) -> Values:
        """The updates that show `picture` and offer `files`, which lie below `root`, as NAME.zip."""
        folder = self.studio.new_folder()
        zipped = zip_files(folder / f"{name}.zip", files, root)
        say = here()
        said = [say("sprites.count", count=len(files)), *(f"- {translate(error, say.language)}" for error in errors)]
        return {
            self.group: gr.update(visible=True),
            self.image: str(display_copy(picture, folder, "preview")),
            self.note: "\n\n".join(said),
            self.save: str(zipped),
        }


def preview_of(sprites: Sequence[Picture]) -> Picture:
    """Some of the sprites side by side."""
    few = thinned(sprites, SHOWN)
    named = [Picture(rgb=sprite.rgb, alpha=sprite.alpha, name=str(index)) for index, sprite in enumerate(few)]
    return pack_sheet(named, padding=4, trim=False, largest=1 << 20).picture
