"""The page's head: the name, and the switches of language and theme."""

import gradio as gr

from studio.core.settings import assets_dir
from studio.ui.i18n import script_texts


def header() -> gr.HTML:
    folder = assets_dir() / "ui"
    return gr.HTML(
        None,
        html_template=(folder / "header.html").read_text(encoding="utf-8"),
        js_on_load=(folder / "header.js").read_text(encoding="utf-8"),
        apply_default_css=False,
        elem_id="header",
        texts=script_texts("header."),
    )
