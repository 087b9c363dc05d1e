"""A gr.HTML drawn by a template and a script of assets/ui.

Not a subclass: Gradio would write a stub file beside the source. Words and constants stand at the head of the script
and not in the component's props, which Gradio drops when a hidden component is shown with a new value.
"""

import json
from typing import Any

import gradio as gr

from studio.core.settings import assets_dir
from studio.ui.i18n import script_texts


def scripted(name: str, *, elem_id: str, words: str, **constants: Any) -> gr.HTML:
    """The component of assets/ui/NAME.html and NAME.js; `words` is the prefix of its text keys.

    The script sees `words` in the page's language, and `constants` by their names.
    """
    folder = assets_dir() / "ui"
    texts = json.dumps(script_texts(words), ensure_ascii=False)
    head = f"const words = ((texts) => texts[navigator.language] || texts.en)({texts});\n"
    head += "".join(f"const {key} = {json.dumps(value)};\n" for key, value in constants.items())
    return gr.HTML(
        None,
        html_template=(folder / f"{name}.html").read_text(encoding="utf-8"),
        js_on_load=head + (folder / f"{name}.js").read_text(encoding="utf-8"),
        apply_default_css=False,
        elem_id=elem_id,
    )
