"""Before and after: two pictures of one size under a slider that mouse, touch and arrow keys move."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.data_classes import FileData

from studio.ui.widgets.scripted import scripted


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Display copies of a picture before and after, and its size in px."""

    before: Path
    after: Path
    width: int
    height: int


def compare_view(*, elem_id: str) -> gr.HTML:
    """The view; it takes what `compare_value` gives, or None to hide."""
    return scripted("compare", elem_id=elem_id, words="compare.")


def compare_value(pair: Pair) -> dict[str, Any]:
    return {
        "before": FileData(path=str(pair.before)).model_dump(),
        "after": FileData(path=str(pair.after)).model_dump(),
        "width": pair.width,
        "height": pair.height,
    }
