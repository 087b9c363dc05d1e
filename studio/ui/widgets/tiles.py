"""Small pictures to choose from by a click."""

from typing import Any

import gradio as gr


def tiles(kind: str, *, columns: int, elem_id: str, **more: Any) -> gr.Gallery:
    """A gallery without previews and buttons; `kind` is the CSS class that shapes it, `more` goes to gr.Gallery."""
    plain: dict[str, Any] = {
        "show_label": False,
        "height": "auto",
        "fit_columns": False,  # or a single tile would be as wide as the page
        "object_fit": "cover",
        "allow_preview": False,
        "interactive": False,
        "buttons": [],
    }
    return gr.Gallery(columns=columns, elem_id=elem_id, elem_classes=f"ez-{kind}", **plain | more)
