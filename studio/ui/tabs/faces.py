"""Faces: a handful of new faces from a seed, each saved with what makes it again."""

import secrets
import zipfile
from dataclasses import dataclass
from pathlib import Path

import gradio as gr
from PIL import Image

from studio.core.errors import BadInput
from studio.core.image import read_picture, write_picture
from studio.core.provenance import DigitalSource
from studio.engine.tasks.faces import SEEDS, FacesRequest, FacesResult
from studio.ui.context import Studio, field_of
from studio.ui.events import LIGHT, POLL, spoken
from studio.ui.i18n import t, words_of
from studio.ui.widgets.models import ModelChoice
from studio.ui.widgets.task_panel import TaskPanel, Values

SHOWN_SIDE = 512  # px a side on screen; the file keeps the network's own size
TILE_SIDE = 256


@dataclass(frozen=True)
class Made:
    """A face on disk: the file to download, the copy to look at, and its seed."""

    file: Path
    shown: Path
    seed: int


class FacesTab:
    """Draws the tab; `model` is its model choice, which the app keeps up to date."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio
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
        self.count = gr.Slider(label=t("faces.count"), step=1, **field_of(FacesRequest, "count"))
        self.variety = gr.Slider(
            label=t("faces.variety"), info=t("faces.variety_info"), step=0.05, **field_of(FacesRequest, "variety")
        )
        first = field_of(FacesRequest, "seed")
        with gr.Row(elem_classes="ez-seed"):
            self.seed = gr.Number(label=t("faces.seed"), precision=0, scale=3, **first)
            self.dice = gr.Button("⚄", elem_classes="ez-square", elem_id="faces-dice", scale=0)
        self.lock = gr.Checkbox(label=t("faces.lock"), info=t("faces.lock_info"), value=False)
        self.model = ModelChoice(self.studio, "faces")
        with gr.Accordion(t("file.title"), open=False):
            self.keep = gr.Checkbox(label=t("file.keep"), info=t("file.keep_info"), value=True)
            self.restore = gr.File(label=t("file.restore"), file_types=[".png"], height=110, elem_id="faces-restore")

    def _draw_results(self) -> None:
        self.empty = gr.HTML(t("faces.empty"), apply_default_css=False)
        self.gallery = gr.Gallery(
            label=t("faces.gallery"),
            show_label=False,
            columns=4,
            height="auto",
            object_fit="cover",
            allow_preview=False,
            interactive=False,
            visible=False,
            buttons=[],
            elem_id="faces-gallery",
            elem_classes="ez-faces",
        )
        with gr.Row(visible=False, equal_height=False) as self.chosen:
            self.large = gr.Image(
                label=t("faces.chosen"), interactive=False, buttons=["fullscreen"], scale=3, elem_id="faces-chosen"
            )
            with gr.Column(scale=2, min_width=220):
                self.chosen_seed = gr.Number(label=t("faces.chosen_seed"), interactive=False, precision=0)
                self.use = gr.Button(t("faces.use_seed"), elem_id="faces-use")
                self.save = gr.DownloadButton(t("faces.save"), variant="primary", elem_id="faces-save")
                self.save_all = gr.DownloadButton(t("faces.save_all"), elem_id="faces-save-all")

    def _connect(self) -> None:
        model = self.model.component
        details = [self.chosen, self.large, self.chosen_seed, self.save]
        self.panel.connect(
            inputs={self.count, self.variety, self.seed, self.lock, self.keep, model},
            outputs=[self.made, self.seed, self.empty, self.gallery, self.save_all, *details],
            build=self._build,
            show=self._show,
        )
        self.gallery.select(spoken(self._select), [self.made], details, **LIGHT)
        self.dice.click(lambda: secrets.randbelow(SEEDS), None, self.seed, **POLL)
        self.use.click(lambda value: (value, True), self.chosen_seed, [self.seed, self.lock], **POLL)
        restored = [self.count, self.seed, self.variety, self.lock, model]
        self.restore.upload(spoken(self._restore), self.restore, restored, **LIGHT)

    def _build(self, values: Values) -> FacesRequest:
        return FacesRequest(
            count=int(values[self.count]),
            seed=int(values[self.seed] or 0) if values[self.lock] else secrets.randbelow(SEEDS),
            variety=float(values[self.variety]),
            model=self.model.chosen(values),
        )

    def _show(self, values: Values, result: FacesResult) -> Values:
        folder = self.studio.new_folder()
        faces = write_faces(result, folder, strip=not values[self.keep])
        tiles = [_enlarge(face.file, folder / f"tile-{face.seed}.png", TILE_SIDE) for face in faces]
        return self._detail(faces[0]) | {
            self.made: faces,
            self.seed: faces[0].seed,
            self.empty: gr.update(visible=False),
            self.gallery: gr.update(
                value=[(str(tile), str(face.seed)) for tile, face in zip(tiles, faces, strict=True)],
                visible=True,
                selected_index=0,
            ),
            self.save_all: str(pack(faces, folder)),
        }

    def _detail(self, face: Made) -> Values:
        return {
            self.chosen: gr.update(visible=True),
            self.large: str(face.shown),
            self.chosen_seed: face.seed,
            self.save: str(face.file),
        }

    def _select(self, faces: list[Made], event: gr.SelectData) -> Values:
        return self._detail(faces[event.index])

    def _restore(self, path: str | None, request: gr.Request) -> Values:
        """Set the controls to what made the face in the file `path`."""
        if not path:
            return {self.lock: gr.skip()}
        settings, say = read_picture(path).settings, words_of(request)
        if settings.get("task") != FacesRequest.task:
            raise BadInput(say("faces.no_settings"))
        known = {key: settings[key] for key in ("count", "seed", "variety", "model") if key in settings}
        found = FacesRequest(**known)
        gr.Info(say("faces.restored", seed=found.seed))
        updates: Values = {
            self.count: found.count,
            self.seed: found.seed,
            self.variety: found.variety,
            self.lock: True,
        }
        if found.model in [name for _, name in self.studio.models("faces")]:
            updates[self.model.component] = found.model
        return updates


def write_faces(result: FacesResult, folder: Path, *, strip: bool = False) -> list[Made]:
    """Each face as a PNG of its own size with its settings, and an enlarged copy to look at."""
    made = []
    for face in result.faces:
        file = write_picture(
            folder / face.picture.name,
            face.picture,
            settings=face.settings,
            source=DigitalSource.GENERATED,
            strip=strip,
        )
        made.append(Made(file, _enlarge(file, folder / f"shown-{face.seed}.png", SHOWN_SIDE), face.seed))
    return made


def pack(faces: list[Made], folder: Path) -> Path:
    """The files of all faces as one zip; PNGs are stored as they are."""
    path = folder / "faces.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for face in faces:
            archive.write(face.file, face.file.name)
    return path


def _enlarge(file: Path, path: Path, side: int) -> Path:
    """A copy of at least `side` px, by Lanczos: the browser would show a small face small, or blur it."""
    with Image.open(file) as image:
        image.resize((side, side), Image.Resampling.LANCZOS).save(path, compress_level=1)
    return path
