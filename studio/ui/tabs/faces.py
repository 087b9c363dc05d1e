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


def build(studio: Studio) -> ModelChoice:
    """Draw the tab; returns its model choice, which the app keeps up to date."""
    gr.Markdown(t("faces.lead"), elem_classes="ez-lead")
    made = gr.State([])
    with gr.Row(equal_height=False):
        with gr.Column(scale=2, min_width=300, elem_classes="ez-panel"):
            panel = TaskPanel(studio, "faces", "faces.go")
            count = gr.Slider(label=t("faces.count"), step=1, **field_of(FacesRequest, "count"))
            variety = gr.Slider(
                label=t("faces.variety"), info=t("faces.variety_info"), step=0.05, **field_of(FacesRequest, "variety")
            )
            with gr.Row(elem_classes="ez-seed"):
                seed = gr.Number(label=t("faces.seed"), value=0, precision=0, minimum=0, maximum=SEEDS - 1, scale=3)
                dice = gr.Button("⚄", elem_classes="ez-square", elem_id="faces-dice", scale=0)
            lock = gr.Checkbox(label=t("faces.lock"), info=t("faces.lock_info"), value=False)
            model = ModelChoice(studio, "faces")
            with gr.Accordion(t("file.title"), open=False):
                keep = gr.Checkbox(label=t("file.keep"), info=t("file.keep_info"), value=True)
                restore = gr.File(label=t("file.restore"), file_types=[".png"], height=110, elem_id="faces-restore")
        with gr.Column(scale=5, min_width=320):
            empty = gr.HTML(t("faces.empty"), apply_default_css=False)
            gallery = gr.Gallery(
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
            with gr.Row(visible=False, equal_height=False) as chosen:
                large = gr.Image(
                    label=t("faces.chosen"), interactive=False, buttons=["fullscreen"], scale=3, elem_id="faces-chosen"
                )
                with gr.Column(scale=2, min_width=220):
                    chosen_seed = gr.Number(label=t("faces.chosen_seed"), interactive=False, precision=0)
                    use = gr.Button(t("faces.use_seed"), elem_id="faces-use")
                    save = gr.DownloadButton(t("faces.save"), variant="primary", elem_id="faces-save")
                    save_all = gr.DownloadButton(t("faces.save_all"), elem_id="faces-save-all")
    details = [chosen, large, chosen_seed, save]

    def detail(face: Made) -> Values:
        return {chosen: gr.update(visible=True), large: str(face.shown), chosen_seed: face.seed, save: str(face.file)}

    def make_request(values: Values) -> FacesRequest:
        start = int(values[seed] or 0) if values[lock] else secrets.randbelow(SEEDS)
        return FacesRequest(
            count=int(values[count]), seed=start, variety=float(values[variety]), model=model.chosen(values)
        )

    def show(values: Values, result: FacesResult) -> Values:
        folder = studio.new_folder()
        faces = write_faces(result, folder, strip=not values[keep])
        tiles = [_enlarge(face.file, folder / f"tile-{face.seed}.png", TILE_SIDE) for face in faces]
        return detail(faces[0]) | {
            made: faces,
            seed: faces[0].seed,
            empty: gr.update(visible=False),
            gallery: gr.update(
                value=[(str(tile), str(face.seed)) for tile, face in zip(tiles, faces, strict=True)],
                visible=True,
                selected_index=0,
            ),
            save_all: str(pack(faces, folder)),
        }

    panel.connect(
        inputs={count, variety, seed, lock, keep, model.component},
        outputs=[made, seed, empty, gallery, save_all, *details],
        build=make_request,
        show=show,
    )

    def select(faces: list[Made], event: gr.SelectData) -> Values:
        return detail(faces[event.index])

    gallery.select(spoken(select), [made], details, **LIGHT)
    dice.click(lambda: secrets.randbelow(SEEDS), None, seed, **POLL)
    use.click(lambda value: (value, True), chosen_seed, [seed, lock], **POLL)

    @spoken
    def restore_settings(path: str | None, request: gr.Request) -> Values:
        if not path:
            return {lock: gr.skip()}
        settings = read_picture(path).settings
        if settings.get("task") != FacesRequest.task:
            raise BadInput(words_of(request)("faces.no_settings"))
        known = {key: settings[key] for key in ("count", "seed", "variety", "model") if key in settings}
        found = FacesRequest(**known)
        gr.Info(words_of(request)("faces.restored", seed=found.seed))
        names = [name for _, name in studio.models("faces")]
        update = {model.component: found.model} if found.model in names else {}
        return {count: found.count, seed: found.seed, variety: found.variety, lock: True, **update}

    restore.upload(restore_settings, restore, [count, seed, variety, lock, model.component], **LIGHT)
    return model


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
