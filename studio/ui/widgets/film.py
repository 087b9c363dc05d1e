"""A film in the style that is chosen: shown, and offered as MP4 or GIF; at once, or as a background job."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.blocks import Block

from studio.core.errors import BadInput
from studio.core.image import write_picture
from studio.engine.tasks.film import FilmRequest, FilmResult, save
from studio.ui.background import submit_files
from studio.ui.context import Studio, field_of
from studio.ui.events import LIGHT, here, spoken
from studio.ui.i18n import t
from studio.ui.widgets.task_panel import TaskPanel, Values

FORMATS = {"MP4": ".mp4", "GIF": ".gif"}


class StyleFilm:
    """Draws the controls and the film; `connect` tells it of the style."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio
        with gr.Accordion(t("film.title"), open=False, elem_id="film"):
            gr.Markdown(t("film.info"))
            self.file = gr.File(label=t("film.file"), file_types=["video", ".gif"], height=140, elem_id="film-file")
            self.longest = gr.Slider(label=t("film.longest"), step=16, **field_of(FilmRequest, "longest"))
            self.steady = gr.Checkbox(label=t("film.steady"), value=True)
            self.format = gr.Radio(label=t("result.format"), choices=list(FORMATS), value="MP4", elem_id="film-format")
            self.panel = TaskPanel(studio, "film", "film.go")
            self.later = gr.Button(t("film.later"), size="sm", elem_id="film-later")
            self.note = gr.Markdown(visible=False, elem_id="film-note")
            self.video = gr.Video(show_label=False, interactive=False, visible=False, elem_id="film-video")
            self.gif = gr.Image(show_label=False, interactive=False, visible=False, elem_id="film-gif", buttons=[])
            self.save = gr.DownloadButton(t("walk.save"), visible=False, elem_id="film-save")

    def connect(self, style: set[Block], settings: Callable[[Values], dict[str, Any]]) -> None:
        """`settings` gives those of the style, from values that hold `style`."""
        inputs = {*style, self.file, self.longest, self.steady, self.format}

        def chosen(values: Values) -> dict[str, Any]:
            if not values[self.file]:
                raise BadInput("There is no film yet; choose one.")
            return {**settings(values), "longest": int(values[self.longest]), "flicker": not values[self.steady]}

        def build(values: Values) -> FilmRequest:
            return FilmRequest(**chosen(values), video=Path(values[self.file]))

        def later(values: Values) -> Values:
            said, file = chosen(values), values[self.file]
            files, like = {"video": file}, said.pop("style_picture", None)
            if like is not None:
                kept = self.studio.new_folder() / "style.png"
                files["style_picture"] = str(write_picture(kept, like, source=None))
            form = FORMATS[values[self.format]][1:]
            job = submit_files(self.studio, FilmRequest, said, files=files, name=Path(file).stem, format=form)
            return {self.note: gr.update(value=here()("film.queued", number=job.id), visible=True)}

        self.panel.connect(inputs=inputs, outputs=[self.video, self.gif, self.save], build=build, show=self._show)
        self.later.click(spoken(later), inputs, [self.note], **LIGHT)

    def _show(self, values: Values, done: FilmResult) -> Values:
        name = f"{Path(values[self.file]).stem}-painted{FORMATS[values[self.format]]}"
        (path,) = save(done, self.studio.new_folder() / name)
        moving = path.suffix == ".mp4"
        return {
            self.video: gr.update(value=str(path) if moving else None, visible=moving),
            self.gif: gr.update(value=None if moving else str(path), visible=not moving),
            self.save: gr.update(value=str(path), visible=True),
        }
