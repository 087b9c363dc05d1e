"""A face from a photo of one's own: found, steered like any other, and put back into the photo."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import gradio as gr
import numpy as np
from gradio.blocks import Block

from studio.core.errors import BadInput
from studio.core.image import Picture, write_picture
from studio.core.names import LONGEST, suggest_name
from studio.core.portrait import FaceFinder, cut, square_of_box
from studio.core.provenance import DigitalSource
from studio.engine.tasks.faces import Face, FacesRequest, FacesResult
from studio.engine.tasks.portrait import PortraitRequest, PortraitResult, put_back
from studio.ui.context import Studio
from studio.ui.events import LIGHT, POLL, here, spoken
from studio.ui.i18n import t
from studio.ui.widgets.models import ModelChoice
from studio.ui.widgets.picture_input import PictureInput
from studio.ui.widgets.result import Result
from studio.ui.widgets.steering import Steering
from studio.ui.widgets.task_panel import TaskPanel, Values
from studio.ui.widgets.tiles import tiles

TUNING = 100  # steps
TILE_SIDE = 128  # px of a face to choose from


@dataclass(frozen=True, eq=False)
class Found:
    """The face of a photo as the model draws it, and its square in the photo."""

    face: Face
    square: np.ndarray


class OwnPhoto:
    """Draws the photo and its controls; the face that is found is handed to the tab like those it makes."""

    def __init__(self, studio: Studio, model: ModelChoice, steering: Steering) -> None:
        self.studio, self.model, self.steering = studio, model, steering
        self.found = gr.State(None)
        with gr.Accordion(t("portrait.title"), open=False, elem_id="portrait"):
            with gr.Row(equal_height=False):
                with gr.Column(scale=3, min_width=320):
                    self.input = PictureInput(studio, "portrait", paint=False)
                with gr.Column(scale=2, min_width=280, elem_classes="ez-panel"):
                    self.panel = TaskPanel(studio, "portrait", "portrait.go")
                    self.which = gr.State(0)
                    self.people = tiles(
                        "faces",
                        columns=4,
                        elem_id="portrait-people",
                        label=t("portrait.people"),
                        show_label=True,
                        visible=False,
                    )
                    self.tune = gr.Checkbox(
                        False, label=t("portrait.tune"), info=t("portrait.tune_info"), elem_id="portrait-tune"
                    )
                    self.note = gr.Markdown(visible=False, elem_id="portrait-note", elem_classes="ez-facts")
                    self.back = gr.Button(t("portrait.back"), visible=False, elem_id="portrait-back")
            self.result = Result(studio, "portrait", "portrait.again")
        self.input.take_from(self.result)

    def connect(self, show: Callable[[Values, FacesResult], Values], inputs: set[Block], outputs: list[Block]) -> None:
        """Hand the face that was found to `show`, which gives the new values of `outputs`."""

        def opened(values: Values, done: PortraitResult) -> Values:
            note, found = here()("portrait.found", psnr=f"{done.psnr:.1f}"), done.found
            if values[self.tune]:
                model = self._kept(values, done)
                (found,) = self.studio.engine.run(FacesRequest(count=1, code=found.code, model=model)).faces
                note += " " + here()("portrait.tuned", model=model)
            return show(values, FacesResult(faces=(found,))) | {
                self.found: Found(found, done.square),
                self.note: gr.update(visible=True, value=note),
                self.back: gr.update(visible=True),
            }

        self.panel.connect(
            inputs={*inputs, *self.input.components, self.which, self.tune, self.model.component},
            outputs=[self.found, self.note, self.back, *outputs],
            build=self._build,
            show=opened,
        )
        people: list[Block] = [self.people, self.which]
        self.input.source.change(spoken(self._people), self.input.components, people, **LIGHT)
        self.people.select(self._chosen, None, self.which, **POLL)
        needed: set[Any] = {self.found, self.steering.history, self.result.keep, *self.input.components}
        self.back.click(spoken(self._put_back), needed, self.result.components, **LIGHT)

    def _people(self, values: Values) -> Values:
        """A choice of faces, if the photo has several."""
        if values[self.input.source] is None:
            return {self.which: 0, self.people: gr.update(visible=False, value=None)}
        photo = self.input.picture(values).rgb
        boxes = FaceFinder().find(photo)
        folder = self.studio.new_folder()
        found = []
        for number, box in enumerate(boxes if len(boxes) > 1 else [], 1):
            tile = Picture(rgb=cut(photo, square_of_box(box), TILE_SIDE))
            found.append((str(write_picture(folder / f"{number}.png", tile, source=None)), str(number)))
        return {self.which: 0, self.people: gr.update(visible=bool(found), value=found, selected_index=None)}

    @staticmethod
    def _chosen(event: gr.SelectData) -> int:
        return event.index + 1

    def _build(self, values: Values) -> PortraitRequest:
        return PortraitRequest(
            picture=self.input.picture(values),
            which=int(values[self.which] or 0),
            tune=TUNING if values[self.tune] else 0,
            model=self.model.chosen(values),
        )

    def _kept(self, values: Values, done: PortraitResult) -> str:
        """Put the tuned copy into the library; returns its name."""
        stem = Path(self.input.picture(values).name).stem
        name = f"photo-{suggest_name(stem)}"[:LONGEST].strip("-")
        card = {"title": stem, "notes": f"tuned to one photo, {done.psnr:.1f} dB"}
        library = self.studio.library
        base = library.card(self.model.chosen(values))
        return library.publish(name, done.network, "faces", done.network.config, card, base).name

    def _put_back(self, values: Values) -> Values:
        """The photo with the face as it is steered now."""
        found, history = values[self.found], values[self.steering.history]
        if found is None or not history.steps or history.steps[0].settings["code"] != found.face.code:
            raise BadInput("The chosen face is not that of the photo; find the photo's face again.")
        photo, face = self.input.picture(values), history.now
        rgb = put_back(photo.rgb, found.face.picture.rgb, face.picture.rgb, found.square)
        made = replace(photo, rgb=rgb, settings=dict(face.settings), source=photo.source or DigitalSource.COMPOSITE)
        return self.result.shown(photo, made, "portrait", values)
