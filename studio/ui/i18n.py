"""English and Chinese, for the page's labels (by Gradio), its scripts, and what the server words itself."""

from dataclasses import dataclass
from typing import Any

import gradio as gr
from gradio.i18n import I18nData

from studio.ui.texts import TEXTS

LANGUAGES = ("en", "zh-CN")
COOKIE = "easel_language"  # set by assets/ui/page.js


def t(key: str) -> Any:
    """A label that the browser shows in its own language, an I18nData; KeyError for an unknown key.

    Typed Any, as Gradio declares many labels as str and takes I18nData for all of them.
    """
    TEXTS[key]
    return I18nData(key)


def gradio_texts() -> gr.I18n:
    """The tables for `launch(i18n=...)`; "zh" too, which Gradio would show in English."""
    english, chinese = ({key: pair[index] for key, pair in TEXTS.items()} for index in range(2))
    return gr.I18n(**{"en": english, "zh-CN": chinese, "zh": chinese})


def script_texts(prefix: str) -> dict[str, dict[str, str]]:
    """language -> name -> text of the keys that begin with `prefix`, for a widget's script."""
    return {
        language: {key.removeprefix(prefix): pair[index] for key, pair in TEXTS.items() if key.startswith(prefix)}
        for index, language in enumerate(LANGUAGES)
    }


@dataclass(frozen=True)
class Words:
    """What the server says in one language: `say("task.step", step=1, total=2)`."""

    language: str

    def __call__(self, key: str, **values: object) -> str:
        return TEXTS[key][LANGUAGES.index(self.language)].format(**values)


def named(say: Words, kind: str, name: str) -> str:
    """The words for `name` among those of what comes with Easel, `kind` "model", "look" or "preset"; else ""."""
    key = f"{kind}.{name}"
    return say(key) if key in TEXTS else ""


def words_of(request: gr.Request | None) -> Words:
    """The words of the page that asks; English for the API."""
    language = "" if request is None else request.cookies.get(COOKIE, "")
    return Words(language if language in LANGUAGES else LANGUAGES[0])
