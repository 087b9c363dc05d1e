"""Create: textures, and what else is made rather than changed; each a section of its own."""

import gradio as gr

from studio.ui.context import Studio
from studio.ui.i18n import t
from studio.ui.widgets.compress import Compress
from studio.ui.widgets.random_texture import RandomTexture
from studio.ui.widgets.texture_of_picture import TextureOfPicture


class CreateTab:
    """Draws the tab: a section is a gr.Tab with one widget of studio/ui/widgets in it."""

    def __init__(self, studio: Studio) -> None:
        gr.Markdown(t("create.lead"), elem_classes="ez-lead")
        with gr.Tabs(elem_id="create-sections"):
            with gr.Tab(t("create.random"), id="create-random"):
                RandomTexture(studio)
            with gr.Tab(t("create.example"), id="create-example"):
                TextureOfPicture(studio)
            with gr.Tab(t("create.compress"), id="create-compress"):
                Compress(studio)
