"""Faces: a handful of new faces from a seed, each saved with what makes it again."""

import html
import secrets
from pathlib import Path

import gradio as gr
from gradio.blocks import Block

from studio.core.image import read_picture
from studio.engine.steering.words import Understood
from studio.engine.tasks.faces import SEEDS, UPSCALER, WORDS, FacesRequest, FacesResult
from studio.ui.context import Studio, field_of
from studio.ui.events import LIGHT, POLL, here, spoken
from studio.ui.face_files import Made, enlarge, pack, write_face
from studio.ui.i18n import t
from studio.ui.texts import TEXTS
from studio.ui.widgets.favourites import Favourites
from studio.ui.widgets.models import ModelChoice
from studio.ui.widgets.own_photo import OwnPhoto
from studio.ui.widgets.steering import Steering
from studio.ui.widgets.task_panel import TaskPanel, Values
from studio.ui.widgets.tiles import tiles
from studio.ui.widgets.walk import Walk

TILE_SIDE = 256  # px in the gallery


class FacesTab:
    """Draws the tab; `model` is its model choice, which the app keeps up to date."""

    def __init__(self, studio: Studio, page: gr.Blocks) -> None:
        self.studio, self.page = studio, page
        self.upscaler = any(card.name == UPSCALER for card in studio.library.cards("upscale"))
        gr.Markdown(t("faces.lead"), elem_classes="ez-lead")
        self.made = gr.State([])
        with gr.Row(equal_height=False):
            with gr.Column(scale=2, min_width=300, elem_classes="ez-panel"):
                self._draw_controls()
            with gr.Column(scale=5, min_width=320):
                self._draw_results()
        self._connect()

    def _draw_controls(self) -> None:
        self.panel = TaskPanel(self.studio, "faces", "faces.go")
        self.prompt = gr.Textbox(
            label=t("faces.prompt"),
            info=t("faces.prompt_info"),
            placeholder=t("faces.prompt_example"),
            visible=bool(self.studio.library.cards(WORDS)),
            elem_id="faces-prompt",
        )
        self.count = gr.Slider(label=t("faces.count"), step=1, **field_of(FacesRequest, "count"))
        self.variety = gr.Slider(
            label=t("faces.variety"), info=t("faces.variety_info"), step=0.05, **field_of(FacesRequest, "variety")
        )
        self.tries = gr.Slider(1, 32, 1, step=1, label=t("faces.tries"), info=t("faces.tries_info"))
        first = field_of(FacesRequest, "seed")
        with gr.Row(elem_classes="ez-seed"):
            self.seed = gr.Number(label=t("faces.seed"), precision=0, scale=3, **first)
            self.dice = gr.Button("⚄", elem_classes="ez-square", elem_id="faces-dice", scale=0)
        self.lock = gr.Checkbox(label=t("faces.lock"), info=t("faces.lock_info"), value=False)
        self.model = ModelChoice(self.studio, "faces")
        with gr.Accordion(t("file.title"), open=False):
            self.enlarge = gr.Radio(
                label=t("faces.enlarge"),
                info=t("faces.enlarge_info"),
                choices=[("1x", 1), ("2x", 2), ("4x", 4)],
                value=2 if self.upscaler else 1,
                visible=self.upscaler,
                elem_id="faces-enlarge",
            )
            self.keep = gr.Checkbox(label=t("file.keep"), info=t("file.keep_info"), value=True)
            self.restore = gr.File(label=t("file.restore"), file_types=[".png"], height=110, elem_id="faces-restore")

    def _draw_results(self) -> None:
        self.empty = gr.HTML(t("faces.empty"), apply_default_css=False)
        self.gallery = tiles("faces", columns=4, elem_id="faces-gallery", label=t("faces.gallery"), visible=False)
        self.understood = gr.Markdown(visible=False, elem_id="faces-understood", elem_classes="ez-facts")
        self.save_all = gr.DownloadButton(t("faces.save_all"), elem_id="faces-save-all", visible=False)
        self.steering = Steering(self.studio, self.model, self.keep)
        self.favourites = Favourites(self.studio, self.page)
        self.walk = Walk(self.studio, self.model, self.variety, self.keep)
        self.photo = OwnPhoto(self.studio, self.model, self.steering)

    def _connect(self) -> None:
        model = self.model.component
        steering = self.steering
        shown = [self.made, self.understood, self.seed, self.empty, self.gallery, self.save_all, *steering.components]
        inputs = {
            self.prompt,
            self.count,
            self.tries,
            self.variety,
            self.seed,
            self.lock,
            self.keep,
            self.enlarge,
            model,
        }
        self.panel.connect(inputs=inputs, outputs=shown, build=self._build, show=self._show)
        self.gallery.select(spoken(self._select), [self.made], steering.components, **LIGHT)
        steering.on_like(self._show, {self.keep}, shown)
        chosen: set[Block] = {steering.history}
        self.favourites.connect(
            steering.star, lambda values: values[steering.history].now, chosen, self._show, ({self.keep}, shown)
        )
        self.photo.connect(self._show, {self.keep}, shown)
        self.walk.on_add(steering.source, {steering.history})
        self.dice.click(lambda: secrets.randbelow(SEEDS), None, self.seed, **POLL)
        steering.use.click(lambda value: (value, True), steering.seed, [self.seed, self.lock], **POLL)
        self.restored: list[Block] = [self.prompt, self.count, self.variety, self.enlarge, self.lock, model, *shown]
        self.restore.upload(spoken(self._restore), {self.restore, self.keep}, self.restored, **LIGHT)

    def _build(self, values: Values) -> FacesRequest:
        return FacesRequest(
            count=int(values[self.count]),
            seed=int(values[self.seed] or 0) if values[self.lock] else secrets.randbelow(SEEDS),
            variety=float(values[self.variety]),
            tries=int(values[self.tries]),
            prompt=(values[self.prompt] or "").strip(),
            enlarge=int(values[self.enlarge] or 1),
            model=self.model.chosen(values),
        )

    def _show(self, values: Values, result: FacesResult) -> Values:
        folder = self.studio.new_folder()
        faces = [write_face(face, folder, strip=not values[self.keep]) for face in result.faces]
        copies = [enlarge(face.file, folder / f"tile-{face.seed}.png", TILE_SIDE) for face in faces]
        understood = result.faces[0].understood
        return self.steering.opened(faces[0]) | {
            self.made: faces,
            self.understood: gr.update(visible=bool(understood), value=told(understood)),
            self.seed: faces[0].seed,
            self.empty: gr.update(visible=False),
            self.gallery: gr.update(
                value=[(str(tile), str(face.seed)) for tile, face in zip(copies, faces, strict=True)],
                visible=True,
                selected_index=0,
            ),
            self.save_all: gr.update(value=str(pack(faces, folder)), visible=True),
        }

    def _select(self, faces: list[Made], event: gr.SelectData) -> Values:
        return self.steering.opened(faces[event.index])

    def restored_from(self, file: Path) -> Values:
        """The updates of `restored` that bring a saved face back."""
        return self._restore({self.restore: str(file), self.keep: True})

    def _restore(self, values: Values) -> Values:
        """Set the controls to what made the face in a file, and show it again as it was steered."""
        path = values[self.restore]
        if not path:
            return {self.lock: gr.skip()}
        request, say = FacesRequest.of(read_picture(path).settings), here()
        names = [name for _, name in self.studio.models("faces")]
        updates: Values = {self.count: request.count, self.variety: request.variety, self.lock: True}
        updates |= {self.prompt: request.prompt, self.enlarge: request.enlarge}
        if request.model in names:
            updates[self.model.component] = request.model
        updates |= self._show(values, self.studio.engine.run(request))
        gr.Info(say("faces.restored", seed=request.seed))
        return updates


def told(understood: Understood | None) -> str:
    """What each word of a prompt did, and which words are unknown."""
    if understood is None:
        return ""
    say = here()

    def name(attribute: str) -> str:
        return say(f"slider.{attribute}") if f"slider.{attribute}" in TEXTS else attribute

    parts = [
        f"**{html.escape(word)}**: " + ", ".join(f"{name(key)} {value:+.1f}" for key, value in effect.items())
        for word, effect in understood.effects
        if effect
    ]
    if understood.unknown:
        parts.append(say("faces.unknown", words=html.escape(", ".join(understood.unknown))))
    return " · ".join(parts)
