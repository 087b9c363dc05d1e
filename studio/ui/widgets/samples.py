"""Example pictures to try a tab with."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import gradio as gr

from studio.core.image import SUFFIXES, read_picture
from studio.core.settings import assets_dir
from studio.ui.context import Studio, display_copy
from studio.ui.events import LIGHT, spoken
from studio.ui.i18n import t
from studio.ui.widgets.tiles import tiles

THUMBNAIL_SIDE = 240  # px
MASK = "-mask.png"


def sample_paths(task: str) -> list[Path]:
    """The pictures of assets/samples without the masks beside them; for repair those with a mask come first."""
    folder = assets_dir() / "samples"
    if not folder.is_dir():
        return []
    found = sorted(p for p in folder.iterdir() if p.suffix.lower() in SUFFIXES and not p.name.endswith(MASK))
    return sorted(found, key=lambda path: mask_of(path) is None) if task == "repair" else found


def mask_of(sample: Path) -> Path | None:
    """The mask NAME-mask.png that comes with a sample."""
    path = sample.with_name(sample.stem + MASK)
    return path if path.is_file() else None


def build(studio: Studio, task: str, handler: Callable[[int], Any], outputs: list[Any]) -> None:
    """A strip of the task's samples; `handler` gets the index of the chosen one. Nothing when there is none."""
    paths = sample_paths(task)
    if not paths:
        return
    folder = studio.served / "samples" / task
    thumbnails = [str(display_copy(read_picture(path), folder, path.stem, THUMBNAIL_SIDE)) for path in paths]
    gr.Markdown(t("samples.label"), elem_classes="ez-title")
    strip = tiles("samples", columns=6, elem_id=f"{task}-samples", value=thumbnails, label=t("samples.label"))

    def select(event: gr.SelectData) -> Any:
        return handler(event.index)

    strip.select(spoken(select), None, outputs, **LIGHT)
