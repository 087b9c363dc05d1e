"""A finished picture: before and after, the choice of format, and the file to download."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.blocks import Block

from studio.core.image import WRITTEN, Picture, read_picture, write_picture
from studio.ui.context import Studio, display_copy
from studio.ui.events import LIGHT, spoken
from studio.ui.i18n import t
from studio.ui.widgets.compare import Pair, compare_value, compare_view
from studio.ui.widgets.task_panel import Values

FORMATS = {"PNG": ".png", "JPEG": ".jpg", "WebP": ".webp"}


@dataclass(frozen=True)
class Kept:
    """A result on disk, lossless and with its settings, and the name it is offered under (without suffix)."""

    file: Path
    name: str


class Result:
    """Shows a finished picture beside its original; hidden until there is one."""

    def __init__(self, studio: Studio, tab: str, again: str) -> None:
        """`again` is the text key of the button that takes the result as the next input."""
        self.studio = studio
        self.kept = gr.State(None)
        with gr.Column(visible=False, elem_classes="ez-panel") as self.group:
            gr.Markdown(t("result.title"))
            self.compare = compare_view(elem_id=f"{tab}-compare")
            with gr.Row(equal_height=False):
                self.format = gr.Radio(
                    label=t("result.format"), choices=list(FORMATS), value="PNG", elem_id=f"{tab}-format", scale=2
                )
                self.keep = gr.Checkbox(label=t("file.keep"), info=t("file.keep_info"), value=True, scale=2)
            with gr.Row():
                self.save = gr.DownloadButton(t("result.save"), variant="primary", elem_id=f"{tab}-save")
                self.again = gr.Button(t(again), elem_id=f"{tab}-again")
        inputs: Any = [self.kept, self.format, self.keep]
        for change in (self.format.input, self.keep.input):
            change(spoken(self._write), inputs, self.save, **LIGHT)

    @property
    def components(self) -> list[Block]:
        return [self.kept, self.group, self.compare, self.save, self.format]

    def shown(self, before: Picture, after: Picture, suffix: str, values: Values) -> Values:
        """The updates that show `after` over `before` and offer it in the format of `before`."""
        folder = self.studio.new_folder()
        name = f"{Path(before.name).stem or 'picture'}-{suffix}"
        kept = Kept(write_picture(folder / "lossless" / f"{name}.png", after, source=None), name)
        kind = WRITTEN.get(Path(before.name).suffix.lower(), "PNG")
        chosen = next((label for label in FORMATS if label.upper() == kind), "PNG")
        pair = Pair(
            before=display_copy(before, folder, "before"),
            after=display_copy(after, folder, "after"),
            width=after.width,
            height=after.height,
        )
        return {
            self.kept: kept,
            self.group: gr.update(visible=True),
            self.compare: compare_value(pair),
            self.format: chosen,
            self.save: self._write(kept, chosen, values[self.keep]),
        }

    def hidden(self) -> Values:
        return {self.kept: None, self.group: gr.update(visible=False)}

    def _write(self, kept: Kept | None, chosen: str, keep: bool) -> str | None:
        """The file to download."""
        if kept is None:
            return None
        if chosen == "PNG" and keep:
            return str(kept.file)
        folder = self.studio.new_folder()
        path = write_picture(
            folder / f"{kept.name}{FORMATS[chosen]}", read_picture(kept.file), source=None, strip=not keep
        )
        return str(path)
