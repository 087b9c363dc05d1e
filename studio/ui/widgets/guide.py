"""The guide to training on the page: read from assets/docs when it is opened, its pictures inside the text."""

import base64
import re
from pathlib import Path

import gradio as gr

from studio.core.settings import assets_dir
from studio.ui.events import LIGHT, here, spoken
from studio.ui.i18n import LANGUAGES, t

FILES: dict[str, str] = dict(zip(LANGUAGES, ("training.md", "training.zh-CN.md"), strict=True))


def build() -> None:
    with gr.Accordion(t("train.guide"), open=False, elem_id="train-guide") as guide:
        text = gr.Markdown(sanitize_html=False, elem_classes="ez-guide")  # our own words; pictures would be taken out
    guide.expand(spoken(lambda: guide_text(here().language)), None, text, **LIGHT)


def guide_text(language: str) -> str:
    """The guide as Markdown that needs no other file: without its title and the link to the other language."""
    folder = assets_dir() / "docs"
    _, _, text = (folder / FILES[language]).read_text(encoding="utf-8").split("\n\n", 2)
    return re.sub(r"\]\(([\w.-]+\.webp)\)", lambda found: f"]({_address(folder / found[1])})", text)


def _address(path: Path) -> str:
    return "data:image/webp;base64," + base64.b64encode(path.read_bytes()).decode()
