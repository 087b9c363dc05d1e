"""Create: textures, and what else is made rather than changed; each a section of its own."""

from pathlib import Path
from typing import Any

import gradio as gr

from studio.ui.context import Studio
from studio.ui.i18n import t
from studio.ui.widgets.compress import Compress
from studio.ui.widgets.generators import Generators
from studio.ui.widgets.props import Props
from studio.ui.widgets.random_texture import RandomTexture
from studio.ui.widgets.sheets import Sheets
from studio.ui.widgets.task_panel import Values
from studio.ui.widgets.texture_of_picture import TextureOfPicture


class CreateTab:
    """Draws the tab: a section of `sections` is a gr.Tab with one widget of studio/ui/widgets in it."""

    def __init__(self, studio: Studio) -> None:
        gr.Markdown(t("create.lead"), elem_classes="ez-lead")
        with gr.Tabs(elem_id="create-sections") as self.sections:
            with gr.Tab(t("create.random"), id="create-random"):
                self.random = RandomTexture(studio)
            with gr.Tab(t("create.example"), id="create-example"):
                self.of_picture = TextureOfPicture(studio)
            with gr.Tab(t("create.props"), id="create-props"):
                self.props = Props(studio)
            with gr.Tab(t("create.sheets"), id="create-sheets"):
                Sheets(studio)
            with gr.Tab(t("create.compress"), id="create-compress"):
                Compress(studio)
            with gr.Tab(t("create.generators"), id="create-generators"):
                self.generators = Generators(studio)

    @property
    def restored(self) -> list[Any]:
        """What `restored_from` sets."""
        return [self.sections, *self.random.restored, *self.generators.restored, *self.of_picture.source.outputs]

    def restored_from(self, file: Path, settings: dict[str, Any]) -> Values:
        """The controls of a random texture or a comparison; any other result on the canvas of its section."""
        if settings.get("task") == "texture":
            return self.random.restored_from(settings) | {self.sections: gr.update(selected="create-random")}
        if settings.get("task") == "compare":
            return self.generators.restored_from(settings) | {self.sections: gr.update(selected="create-generators")}
        return self.of_picture.source.taken(file, file.name) | {self.sections: gr.update(selected="create-example")}
