"""A picture in a small file, beside JPEG and WebP of as many bytes; and such a file opened."""

from dataclasses import replace
from pathlib import Path

import gradio as gr
import numpy as np

from studio.core.errors import BadInput
from studio.core.image import Picture, resize, write_picture
from studio.core.likeness import psnr, ssim
from studio.engine.codec.container import SUFFIX
from studio.engine.codec.rivals import at_most
from studio.engine.pixels import visible_colours
from studio.engine.tasks.compress import CompressRequest, CompressResult, save
from studio.engine.tasks.expand import ExpandRequest, ExpandResult
from studio.ui.context import DISPLAY_SIDE, Studio, field_of
from studio.ui.i18n import t
from studio.ui.widgets.picture_input import PictureInput
from studio.ui.widgets.task_panel import TaskPanel, Values


class Compress:
    """Draws both halves of the section: making a file, and opening one."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio
        if not studio.library.cards("codec"):
            gr.Markdown(t("codec.missing"), elem_id="compress-missing")
        with gr.Row(equal_height=False):
            with gr.Column(scale=5, min_width=320, elem_classes="ez-panel"):
                self.input = PictureInput(studio, "compress", paint=False)
                self._draw_outcome()
                self.input.draw_samples()
            with gr.Column(scale=3, min_width=300, elem_classes="ez-panel"):
                self._draw_controls()
        self.panel.connect(
            inputs={*self.input.components, self.quality},
            outputs=[self.group, self.gallery, self.save],
            build=self._build,
            show=self._show,
        )
        self.opening.connect(
            inputs={self.file},
            outputs=[self.opened, self.save_opened],
            build=self._build_opening,
            show=self._show_opened,
        )

    def _draw_outcome(self) -> None:
        with gr.Column(visible=False) as self.group:
            self.gallery = gr.Gallery(
                label=t("codec.gallery"),
                columns=2,
                object_fit="contain",
                height="auto",
                interactive=False,
                buttons=["fullscreen"],
                elem_id="compress-gallery",
            )
            self.save = gr.DownloadButton(t("codec.save"), variant="primary", elem_id="compress-save")

    def _draw_controls(self) -> None:
        self.panel = TaskPanel(self.studio, "compress", "codec.go")
        self.quality = gr.Slider(
            label=t("codec.quality"),
            info=t("codec.quality_info"),
            step=1,
            elem_id="compress-quality",
            **field_of(CompressRequest, "quality"),
        )
        gr.Markdown(t("codec.open"), elem_classes="ez-title")
        self.file = gr.File(label=t("codec.file"), file_types=[SUFFIX], elem_id="expand-file", height=120)
        self.opening = TaskPanel(self.studio, "expand", "codec.expand")
        self.opened = gr.Image(
            label=t("codec.opened"), interactive=False, visible=False, format="png", elem_id="expand-picture"
        )
        self.save_opened = gr.DownloadButton(t("result.save"), visible=False, elem_id="expand-save")

    def _build(self, values: Values) -> CompressRequest:
        return CompressRequest(picture=self.input.picture(values), quality=int(values[self.quality]))

    def _show(self, values: Values, done: CompressResult) -> Values:
        """The file, and the four pictures side by side, each with what it lost and its bytes."""
        folder = self.studio.new_folder()
        (file,) = save(done, folder / (Path(done.picture.name).stem or "picture"))
        back = self.studio.engine.run(ExpandRequest(file=file)).picture.rgb
        original, size = visible_colours(done.picture), len(done.data)
        rivals = {name: at_most(original, kind, size) for name, kind in (("JPEG", "JPEG"), ("WebP", "WEBP"))}
        shown = [_shown(folder, "original", original, f"1:1 · {done.picture.width} x {done.picture.height} px")]
        coded = {"Easel": (back, size)} | {name: (rival.rgb, rival.size) for name, rival in rivals.items()}
        for name, (rgb, count) in coded.items():
            likeness = f"{psnr(original, rgb):.1f} dB · SSIM {ssim(original, rgb):.3f}"
            shown.append(_shown(folder, name.lower(), rgb, f"{name} · {likeness} · {count:,} B"))
        return {self.group: gr.update(visible=True), self.gallery: shown, self.save: str(file)}

    def _build_opening(self, values: Values) -> ExpandRequest:
        if not values[self.file]:
            raise BadInput("There is nothing to open yet; choose a file that ends in .easel.")
        return ExpandRequest(file=self.studio.uploaded(values[self.file]))

    def _show_opened(self, values: Values, done: ExpandResult) -> Values:
        path = write_picture(self.studio.new_folder() / done.picture.name, done.picture, source=None)
        return {
            self.opened: gr.update(value=str(path), visible=True),
            self.save_opened: gr.update(value=str(path), visible=True),
        }


def _shown(folder: Path, name: str, rgb: np.ndarray, caption: str) -> tuple[str, str]:
    """A lossless copy for the screen, so that no further coding is seen."""
    picture = Picture(rgb=rgb)
    scale = min(1.0, DISPLAY_SIDE / max(picture.size))
    if scale < 1:
        side = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
        picture = replace(picture, rgb=resize(rgb, side))
    return str(write_picture(folder / f"{name}.png", picture, source=None)), caption
