"""A texture as it repeats, and its files: the picture, its heights in 16 bits, its normals."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr
import numpy as np
from gradio.blocks import Block
from gradio.data_classes import FileData

from studio.core.image import Picture, read_picture, write_heights, write_picture
from studio.engine.textures.relief import normal_map
from studio.ui.context import Studio, display_copy
from studio.ui.events import LIGHT, spoken
from studio.ui.i18n import t
from studio.ui.widgets.result import FORMATS
from studio.ui.widgets.scripted import scripted
from studio.ui.widgets.task_panel import Values

AXES = ("opengl", "directx")  # which way green grows in a normal map: up, down
DEEPEST = 4.0


@dataclass(frozen=True)
class Kept:
    """A texture on disk, lossless, and its heights, float32 [H, W]."""

    file: Path
    heights: np.ndarray


class TextureView:
    """Shows a texture side by side with itself; hidden until there is one."""

    def __init__(self, studio: Studio, name: str) -> None:
        self.studio = studio
        self.kept = gr.State(None)
        self.empty = gr.HTML(t("texture.empty"), apply_default_css=False)
        with gr.Column(visible=False, elem_classes="ez-panel") as self.group:
            self.tiling = scripted("tiling", elem_id=f"{name}-tiling", words="tiling.")
            with gr.Row(equal_height=False):
                self.format = gr.Radio(
                    label=t("result.format"), choices=list(FORMATS), value="PNG", elem_id=f"{name}-format"
                )
                self.keep = gr.Checkbox(label=t("file.keep"), info=t("texture.keep_info"), value=True)
            self.save = gr.DownloadButton(t("result.save"), variant="primary", elem_id=f"{name}-save")
            with gr.Accordion(t("texture.maps"), open=False, elem_id=f"{name}-maps"):
                self.depth = gr.Slider(0.1, DEEPEST, 1.0, step=0.1, label=t("texture.depth"))
                axes: Any = [(t(f"texture.axis.{axis}"), axis) for axis in AXES]
                self.axis = gr.Radio(label=t("texture.axis"), choices=axes, value=AXES[0])
                with gr.Row():
                    self.save_heights = gr.DownloadButton(t("texture.save_heights"), elem_id=f"{name}-heights")
                    self.save_normals = gr.DownloadButton(t("texture.save_normals"), elem_id=f"{name}-normals")
        files: Any = [self.kept, self.format, self.keep]
        for change in (self.format.input, self.keep.input):
            change(spoken(self._write), files, self.save, **LIGHT)
        maps: Any = [self.kept, self.depth, self.axis]
        for change in (self.depth.release, self.axis.input):
            change(spoken(self._write_normals), maps, self.save_normals, **LIGHT)

    @property
    def settings(self) -> set[Block]:
        """What `shown` needs among the inputs of an event."""
        return {self.format, self.keep, self.depth, self.axis}

    @property
    def components(self) -> list[Block]:
        """What `shown` sets."""
        return [
            self.kept,
            self.empty,
            self.group,
            self.tiling,
            self.save,
            self.save_heights,
            self.save_normals,
        ]

    def shown(self, picture: Picture, heights: np.ndarray, values: Values) -> Values:
        """The updates that show `picture` tiled, and offer it and its maps; heights float [H, W] of 0 to 1."""
        folder = self.studio.new_folder()
        stem = Path(picture.name).stem or "texture"
        kept = Kept(write_picture(folder / "lossless" / f"{stem}.png", picture, source=None), heights)
        copy = FileData(path=str(display_copy(picture, folder, "shown"))).model_dump()
        return {
            self.kept: kept,
            self.empty: gr.update(visible=False),
            self.group: gr.update(visible=True),
            self.tiling: {"tile": copy, "width": picture.width, "height": picture.height},
            self.save: self._write(kept, values[self.format], values[self.keep]),
            self.save_heights: str(write_heights(folder / f"{stem}-height.png", heights)),
            self.save_normals: self._write_normals(kept, values[self.depth], values[self.axis]),
        }

    def _write(self, kept: Kept | None, chosen: str, keep: bool) -> str | None:
        if kept is None:
            return None
        if chosen == "PNG" and keep:
            return str(kept.file)
        path = self.studio.new_folder() / f"{kept.file.stem}{FORMATS[chosen]}"
        return str(write_picture(path, read_picture(kept.file), source=None, strip=not keep))

    def _write_normals(self, kept: Kept | None, depth: float, axis: str) -> str | None:
        if kept is None:
            return None
        normals = Picture(rgb=normal_map(kept.heights, float(depth), y_up=axis == AXES[0]))
        return str(write_picture(self.studio.new_folder() / f"{kept.file.stem}-normal.png", normals, source=None))
