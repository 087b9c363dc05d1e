"""Endpoints of the model library: the same as the tab Models and `easel models` do."""

import dataclasses
from collections.abc import Callable
from typing import Any

import gradio as gr

from studio.ui.context import Studio

NAMES = (
    "models",
    "model",
    "model_check",
    "model_rename",
    "model_export",
    "model_import",
    "model_delete",
    "model_undelete",
)
Function = tuple[Callable[..., Any], list[Any], Any]


def functions(studio: Studio) -> list[Function]:
    """Each function with the components of its arguments and of its answer; its name is the endpoint's."""
    library = studio.library

    def models(family: str) -> list[dict[str, Any]]:
        """What is known of every model, or of those of one family."""
        return [card.facts() for card in library.cards(family or None)]

    def model(name: str) -> dict[str, Any]:
        """All that is known of a model, and the chain from its base, first of all first."""
        return library.card(name).facts() | {"ancestry": [link.facts() for link in library.ancestry(name)]}

    def model_check(name: str) -> list[dict[str, Any]]:
        """Whether files are what their SHA-256 says: of one model, or of all without a name."""
        found = [library.check(each) for each in ([name] if name else library.names())]
        return [dataclasses.asdict(one) for one in found]

    def model_rename(name: str, new: str) -> dict[str, Any]:
        """Give one of your own models another name."""
        return library.rename(name, new).facts()

    def model_export(name: str, password: str) -> str:
        """A model as one file; with a password of at least 8 characters it is encrypted."""
        return str(library.export_model(name, studio.new_folder(), password))

    def model_import(file: str, name: str, password: str) -> dict[str, Any]:
        """Add a model file that Easel exported."""
        return library.import_model(studio.uploaded(file), name, password).facts()

    def model_delete(name: str) -> dict[str, Any]:
        """Delete one of your own models; model_undelete brings it back."""
        library.delete(name)
        return {"deleted": name}

    def model_undelete(name: str) -> dict[str, Any]:
        """Bring a deleted model back, the latest one without a name."""
        return {"model": library.undelete(name)}

    given = gr.File(label="file", visible=False)
    return [
        (models, [_text("family")], _facts()),
        (model, [_text("name")], _facts()),
        (model_check, [_text("name")], _facts()),
        (model_rename, [_text("name"), _text("new")], _facts()),
        (model_export, [_text("name"), _text("password")], gr.File(label="file", visible=False)),
        (model_import, [given, _text("name"), _text("password")], _facts()),
        (model_delete, [_text("name")], _facts()),
        (model_undelete, [_text("name")], _facts()),
    ]


def _text(label: str) -> gr.Textbox:
    return gr.Textbox("", label=label, visible=False)


def _facts() -> gr.JSON:
    return gr.JSON(label="result", visible=False)
