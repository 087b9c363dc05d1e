"""Any picture as the style, and how much time its painting may take."""

from collections.abc import Callable
from typing import Any

import gradio as gr
from gradio.blocks import Block

from studio.core.image import Picture, read_picture
from studio.engine.tasks.base import Request
from studio.engine.tasks.style import METHODS
from studio.ui.background import submit_request
from studio.ui.context import Studio
from studio.ui.events import LIGHT, here, spoken
from studio.ui.i18n import t
from studio.ui.widgets.task_panel import Values


class StylePicture:
    """Draws the controls: a file that goes before the chosen preset, the method, and a button for a background job."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio
        with gr.Accordion(t("art.like"), open=False, elem_id="art-like"):
            gr.Markdown(t("art.like_info"))
            self.file = gr.File(
                label=t("art.like_picture"), file_types=["image"], height=140, elem_id="art-like-picture"
            )
            choices: Any = [(t(f"art.method.{name}"), name) for name in METHODS]
            self.method = gr.Radio(label=t("art.method"), choices=choices, value=METHODS[0], elem_id="art-method")
            self.later = gr.Button(t("art.background"), size="sm", elem_id="art-background")
            self.told = gr.Markdown(visible=False, elem_id="art-queued")

    @property
    def components(self) -> set[Block]:
        """What `picture` and `values[method]` need among the inputs of an event."""
        return {self.file, self.method}

    def picture(self, values: Values) -> Picture | None:
        """The style picture at its full size, None when none was given."""
        return read_picture(values[self.file]) if values[self.file] else None

    def connect(self, inputs: set[Block], build: Callable[[Values], Request[Any]]) -> None:
        """Let the button queue what `build` makes of the inputs."""

        def queue(values: Values) -> Values:
            job = submit_request(self.studio, build(values))
            return {self.told: gr.update(value=here()("art.queued", id=job.id), visible=True)}

        self.later.click(spoken(queue), inputs, [self.told], **LIGHT)
