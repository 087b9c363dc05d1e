"""List, export, import and delete models. A model is one .safetensors file."""

import argparse
import dataclasses
import json
from typing import Any

from studio.commands.listing import table
from studio.library.store import Library, ModelCard


def configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="every model, those that came with Easel first")
    export = actions.add_parser("export", help="write a model as one file")
    export.add_argument("name", metavar="NAME", help="model of the library")
    export.add_argument("file", metavar="FILE", help="file or folder to write to")
    importing = actions.add_parser("import", help="add a model file")
    importing.add_argument("file", metavar="FILE", help="a .safetensors file that Easel exported")
    importing.add_argument("--name", default="", metavar="NAME", help="name of the model (default: the file's)")
    delete = actions.add_parser("delete", help="remove one of your own models")
    delete.add_argument("name", metavar="NAME", help="model of the library")
    for action in (listing, export, importing, delete):
        action.add_argument("--json", action="store_true", help="print one JSON object a line")


def run(values: argparse.Namespace) -> int:
    library = Library.default()
    if values.action == "list":
        _show(library.cards(), values.json)
    elif values.action == "export":
        path = library.export_model(values.name, values.file)
        print(json.dumps({"model": values.name, "output": str(path)}) if values.json else path)
    elif values.action == "import":
        card = library.import_model(values.file, values.name)
        print(json.dumps(_facts(card)) if values.json else f"Added the model '{card.name}' ({card.family}).")
    else:
        library.delete(values.name)
        print(json.dumps({"deleted": values.name}) if values.json else f"Deleted the model '{values.name}'.")
    return 0


def _show(cards: list[ModelCard], as_json: bool) -> None:
    if as_json:
        for card in cards:
            print(json.dumps(_facts(card)))
        return
    rows = [[c.name, c.family, c.origin, f"{c.bytes / 1e6:.1f} MB", c.licence, c.title] for c in cards]
    print(table(["name", "family", "origin", "size", "licence", "title"], rows) if rows else "There are no models yet.")


def _facts(card: ModelCard) -> dict[str, Any]:
    return dataclasses.asdict(card) | {"path": str(card.path)}
