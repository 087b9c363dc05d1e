"""The chosen face and all that moves it: points, sliders, another face; every step can be undone."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import gradio as gr
import numpy as np
from gradio.blocks import Block

from studio.core.errors import BadInput
from studio.core.image import resize
from studio.engine.steering.codes import RANGES
from studio.engine.tasks.explain import ExplainRequest
from studio.engine.tasks.faces import SEEDS, FacesRequest, FacesResult
from studio.engine.tasks.landmarks import LandmarksRequest
from studio.ui.context import Studio, field_of
from studio.ui.events import LIGHT, here, spoken
from studio.ui.face_files import Made, write_face
from studio.ui.i18n import t
from studio.ui.widgets.face_points import (
    FIELDS,
    FacePoints,
    area_text,
    drag_text,
    landmarks_text,
    marks_from,
    marks_of,
    numbers_of,
    points_value,
)
from studio.ui.widgets.models import ModelChoice
from studio.ui.widgets.origin import Origin, page
from studio.ui.widgets.own_slider import OwnSlider
from studio.ui.widgets.picture_input import PictureInput
from studio.ui.widgets.slider_bank import SliderBank
from studio.ui.widgets.task_panel import TaskPanel, Values

STRIP_SIDE = 72  # px
HISTORY = 50
SENT_TO = ("repair", "art", "training")  # tabs that take the face
LIKE = 0.6  # how much of the chosen face its variations share
STEERING = ("seed", "variety", "code", "other", "share", "mix", "prompt", "sliders", "enlarge", "model")


@dataclass(frozen=True)
class History:
    """What one face has been through; `index` is what is seen."""

    steps: tuple[Made, ...] = ()
    index: int = 0

    @property
    def now(self) -> Made:
        if not self.steps:
            raise BadInput("There is no face to steer yet; make some and choose one.")
        return self.steps[self.index]

    def then(self, step: Made) -> "History":
        steps = (*self.steps[: self.index + 1], step)[-HISTORY:]
        return History(steps, len(steps) - 1)

    def moved(self, by: int) -> "History":
        return replace(self, index=min(max(self.index + by, 0), len(self.steps) - 1))


def again(made: Made, **changes: Any) -> FacesRequest:
    """The request that makes a face again, but for `changes`."""
    settings: dict[str, Any] = {"tries": 1, **{key: made.settings[key] for key in STEERING}}
    return FacesRequest(count=1, **settings | changes)


class Steering:
    """Draws the chosen face and its controls. `keep` is the checkbox for settings in files."""

    def __init__(self, studio: Studio, model: ModelChoice, keep: gr.Checkbox) -> None:
        self.studio, self.model, self.keep = studio, model, keep
        self.history = gr.State(History())
        with gr.Row(visible=False, equal_height=False) as self.group:
            with gr.Column(scale=3, min_width=320, elem_classes="ez-panel"):
                self.points = FacePoints(elem_id="faces-chosen")
                self.note = gr.Markdown(visible=False, elem_id="faces-note", elem_classes="ez-facts")
            with gr.Column(scale=3, min_width=280, elem_classes="ez-panel"):
                self._draw_controls()
        self._connect()

    def _draw_controls(self) -> None:
        self.panel = TaskPanel(self.studio, "steer", "steer.go")
        with gr.Row():
            self.undo = gr.Button(t("steer.undo"), elem_id="steer-undo", size="sm")
            self.redo = gr.Button(t("steer.redo"), elem_id="steer-redo", size="sm")
            self.like = gr.Button(t("steer.like"), elem_id="steer-like", size="sm")
            self.star = gr.Button(t("favourites.keep"), elem_id="steer-star", size="sm")
        with gr.Accordion(t("steer.landmarks"), open=False), gr.Row():
            self.fields = [
                gr.Number(label=t(f"steer.{name}"), precision=1, min_width=96, elem_id=f"steer-{name}")
                for name in FIELDS
            ]
        self.bank = SliderBank(self.studio)
        self.own = OwnSlider(self.studio)
        with gr.Accordion(t("steer.mix"), open=False):
            self.other = gr.Textbox(label=t("steer.other"), info=t("steer.other_info"), elem_id="steer-other", lines=1)
            self.share = gr.Slider(label=t("steer.share"), step=0.05, **field_of(FacesRequest, "share"))
            self.mix = gr.Radio(
                label=t("steer.range"), choices=[(t(f"steer.range.{name}"), name) for name in RANGES], value="all"
            )
        self.origin = Origin()
        with gr.Row():
            self.seed = gr.Number(label=t("faces.chosen_seed"), interactive=False, precision=0)
            self.use = gr.Button(t("faces.use_seed"), elem_id="faces-use")
        self.save = gr.DownloadButton(t("faces.save"), variant="primary", elem_id="faces-save")
        with gr.Row():
            self.send = {name: gr.Button(t(f"send.{name}"), size="sm", elem_id=f"send-{name}") for name in SENT_TO}

    @property
    def components(self) -> list[Block]:
        """All that `opened` and the other updates set."""
        controls = [*self.fields, *self.bank.components, self.other, self.share, self.mix, self.seed, self.save]
        return [self.history, self.group, self.points.component, self.note, self.origin.told, *controls]

    def _connect(self) -> None:
        controls: set[Block] = {*self.bank.sliders, self.other, self.share, self.mix}
        inputs: set[Block] = {self.history, self.points.component, self.keep, *controls}
        self.panel.connect(inputs=inputs, outputs=self.components, build=self._build, show=self._show)
        options: dict[str, Any] = LIGHT | {"trigger_mode": "always_last"}
        for event in (*(slider.release for slider in self.bank.sliders), self.share.release, self.mix.input):
            event(spoken(self._slide), inputs, self.components, **options)
        self.other.submit(spoken(self._slide), inputs, self.components, **options)
        for button, by in ((self.undo, -1), (self.redo, 1)):
            button.click(spoken(self._go(by)), {self.history, self.keep}, self.components, **LIGHT)
        point_inputs = [self.points.component]
        self.points.on_moved(spoken(self._moved), point_inputs, self.fields, **LIGHT)
        for number in self.fields:
            number.input(spoken(self._typed), [*point_inputs, *self.fields], self.points.component, **LIGHT)
        self.origin.go.click(spoken(self._explain), self.history, self.origin.told, **LIGHT)
        self.bank.accordion.expand(spoken(self._strips), self.history, self.bank.strips, **LIGHT)
        self.own.connect(self.model, self._code, {self.history}, self._placed, self.bank.components)

    def on_like(self, show: Callable[[Values, FacesResult], Values], inputs: set[Block], outputs: list[Block]) -> None:
        """Have variations of the face handed to `show`."""

        def like(values: Values) -> Values:
            now = values[self.history].now
            request = FacesRequest(
                count=8,
                tries=1,
                seed=secrets.randbelow(SEEDS),
                variety=now.settings["variety"],
                other=self.source(values),
                share=LIKE,
                model=now.settings["model"],
            )
            return show(values, self.studio.engine.run(request))

        self.like.click(spoken(like), {*inputs, self.history}, outputs, **LIGHT)

    def source(self, values: Values) -> str:
        """The chosen face as other requests name it: its seed, or its code where it was steered."""
        now = values[self.history].now
        plain = not any(now.settings[key] for key in ("code", "other", "prompt", "sliders"))
        return str(now.seed) if plain else self._code(values)

    def _build(self, values: Values) -> FacesRequest:
        """The face with its points moved, after all else."""
        request, points = self._request(values), values[self.points.component] or {}
        if points.get("mode") == "marks":
            return replace(request, landmarks=landmarks_text(points))
        text = drag_text(points)
        if not text:
            raise BadInput("No point is set; draw an arrow on the face, or move its landmarks.")
        return replace(request, drag=text, movable=area_text(points))

    def _request(self, values: Values) -> FacesRequest:
        """What the sliders and the second face ask for."""
        now = values[self.history].now
        sliders = self.bank.text(values, now.settings["sliders"])
        other = (values[self.other] or "").strip()
        given = {"other": other, "share": float(values[self.share]), "mix": values[self.mix], "sliders": sliders}
        return again(now, **given)

    def _show(self, values: Values, result: FacesResult) -> Values:
        """The face that was made is the next step."""
        (face,) = result.faces
        mode = (values[self.points.component] or {}).get("mode", "pull")
        made = write_face(face, self.studio.new_folder(), strip=not values[self.keep])
        return self._seen(values[self.history].then(made), mode) | {self.note: self._note(face.score, face.missed)}

    def _slide(self, values: Values) -> Values:
        """Sliders act at once."""
        result = self.studio.engine.run(self._request(values))
        return self._show(values, result)

    def on_send(self, tabs: gr.Tabs, inputs: dict[str, PictureInput], pictures: gr.File) -> None:
        """Have the buttons put the chosen face onto another tab's canvas, or among the `pictures` to train on."""
        for name, target in inputs.items():

            def send(values: Values, name: str = name, target: PictureInput = target) -> Values:
                made = values[self.history].now
                return target.taken(made.file, made.file.name) | {tabs: gr.update(selected=name)}

            self.send[name].click(spoken(send), {self.history}, [tabs, *target.outputs], **LIGHT)

        def add(values: Values) -> Values:
            made = values[self.history].now
            return {pictures: [*(values[pictures] or []), str(made.file)]}

        self.send["training"].click(spoken(add), {self.history, pictures}, pictures, **LIGHT)

    def _placed(self, values: Values) -> Values:
        """The sliders of the chosen face, a new one among them."""
        return self.bank.seen(values[self.history].now.settings["sliders"])

    def _code(self, values: Values) -> str:
        """The chosen face's code as it is steered now."""
        (face,) = self.studio.engine.run(again(values[self.history].now, tries=0, enlarge=1)).faces
        return face.code

    def _explain(self, history: History) -> str:
        """Where the face comes from, and what was changed of the one its seed makes."""
        now = history.now
        seed, variety, model = (now.settings[key] for key in ("seed", "variety", "model"))
        first = history.steps[0].settings.get("code") or str(seed)  # a photo's face has no seed
        request = ExplainRequest(face=self._code({self.history: history}), before=first, variety=variety, model=model)
        return page(self.studio.engine.run(request), now.settings)

    def opened(self, made: Made) -> Values:
        """Start anew on a face of the gallery."""
        return self._seen(History((made,)), "pull") | {self.note: self._note(made.score, {})}

    def _go(self, by: int) -> Callable[[Values], Values]:
        def go(values: Values) -> Values:
            history = values[self.history].moved(by)
            return self._seen(history, "pull") | {self.note: self._note(history.now.score, {})}

        return go

    def _seen(self, history: History, mode: str) -> Values:
        """All controls as the step of `history` has them."""
        now = history.now
        found = self.studio.engine.run(LandmarksRequest(picture=now.picture))
        value = points_value(now.shown, found, now.picture.width, mode)
        numbers = numbers_of(marks_of(value))
        return {
            self.history: history,
            self.group: gr.update(visible=True),
            self.points.component: value,
            self.origin.told: "",
            **dict(zip(self.fields, numbers, strict=True)),
            **self.bank.seen(now.settings["sliders"]),
            self.other: now.settings["other"],
            self.share: now.settings["share"],
            self.mix: now.settings["mix"],
            self.seed: now.settings["seed"],
            self.save: str(now.file),
        }

    @staticmethod
    def _note(score: dict[str, float], missed: dict[str, float]) -> Any:
        """How convincing the face is, and how well its points were met."""
        say, parts = here(), []
        if missed:
            mean, most = sum(missed.values()) / len(missed), max(missed.values())
            parts.append(say("steer.missed", mean=f"{mean:.1f}", most=f"{most:.1f}"))
        if "made" in score:
            shares = {kind: round(100 * share) for kind, share in score.items()}
            parts.append(say("steer.score", made=shares["made"], real=shares.get("real", 0)))
        return gr.update(visible=bool(parts), value="\n\n".join(parts))

    @staticmethod
    def _moved(value: dict[str, Any] | None) -> list[float]:
        return numbers_of(marks_of(value))

    @staticmethod
    def _typed(value: dict[str, Any] | None, *numbers: float | None) -> dict[str, Any]:
        marks = marks_of(value)
        filled = [old if new is None else float(new) for old, new in zip(numbers_of(marks), numbers, strict=True)]
        return {**(value or {}), "mode": "marks", "marks": marks_from(marks, filled)}

    def _strips(self, history: History) -> list[str]:
        """What each slider does to this face, left to right."""

        def small(sliders: str) -> np.ndarray:
            request = again(history.now, other="", sliders=sliders, tries=0, enlarge=1)
            return resize(self.studio.engine.run(request).faces[0].picture.rgb, (STRIP_SIDE, STRIP_SIDE))

        return self.bank.pictures(small)
