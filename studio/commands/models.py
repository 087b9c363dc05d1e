"""List, show, check, rename, export, import and delete models. A model is one .safetensors file, or, exported under a
password, one .easel-model file.
"""

import argparse
import dataclasses
import json
import time
from pathlib import Path
from typing import Any

from studio.commands.listing import table
from studio.commands.passwords import known_password, new_password
from studio.core.errors import BadInput
from studio.library import encryption
from studio.library.store import Integrity, Library, Link, ModelCard

NOBODY_ASKED = "read the password from standard input"
FACTS = ("title", "family", "origin", "licence", "data", "hardware", "notes", "created", "sha256")


def configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="every model, those that came with Easel first")
    listing.add_argument("--deleted", action="store_true", help="those that undelete can bring back, the latest first")
    show = actions.add_parser("show", help="all that is known of a model, and which models it goes back to")
    check = actions.add_parser("check", help="compare files with their SHA-256; exit code 1 when one is not whole")
    check.add_argument("name", nargs="?", default="", metavar="NAME", help="model of the library (default: all)")
    rename = actions.add_parser("rename", help="give one of your own models another name")
    export = actions.add_parser("export", help="write a model as one file")
    delete = actions.add_parser("delete", help="remove one of your own models; undelete brings it back")
    for action in (show, rename, export, delete):
        action.add_argument("name", metavar="NAME", help="model of the library")
    rename.add_argument("new", metavar="NEW", help="up to 60 lower-case letters, digits, - and _")
    export.add_argument("file", metavar="FILE", help="file or folder to write to")
    export.add_argument("--encrypt", action="store_true", help="encrypt it (AES-256) with a password that is asked for")
    delete.add_argument("--forever", action="store_true", help="for good, with all that was deleted under this name")
    importing = actions.add_parser("import", help="add a model file; the password of an encrypted one is asked for")
    importing.add_argument("file", metavar="FILE", help="a model file that Easel exported")
    importing.add_argument("--name", default="", metavar="NAME", help="name of the model (default: the file's)")
    for action in (export, importing):
        action.add_argument("--password-stdin", action="store_true", help=NOBODY_ASKED)
    undelete = actions.add_parser("undelete", help="bring a deleted model back")
    undelete.add_argument("name", nargs="?", default="", metavar="NAME", help="its name (default: the latest deleted)")
    for action in (listing, show, check, rename, export, importing, delete, undelete):
        action.add_argument("--json", action="store_true", help="print one JSON object a line")


def run(values: argparse.Namespace) -> int:
    library = Library.default()
    if values.action == "list":
        _list_deleted(library, values.json) if values.deleted else _list(library.cards(), values.json)
    elif values.action == "show":
        _show(library.card(values.name), library.ancestry(values.name), values.json)
    elif values.action == "check":
        return _check(library, values.name, values.json)
    else:
        facts, sentence = ACTIONS[values.action](library, values)
        print(json.dumps(facts) if values.json else sentence)
    return 0


def _rename(library: Library, values: argparse.Namespace) -> tuple[dict[str, Any], str]:
    card = library.rename(values.name, values.new)
    return _facts(card), f"The model '{values.name}' is now called '{card.name}'."


def _export(library: Library, values: argparse.Namespace) -> tuple[dict[str, Any], str]:
    library.card(values.name)  # before a password is typed in vain
    wanted = values.encrypt or values.password_stdin
    password = new_password(values.password_stdin) if wanted else ""
    if wanted and not password:
        raise BadInput(f"The password is empty; take at least {encryption.SHORTEST} characters.")
    path = library.export_model(values.name, values.file, password)
    return {"model": values.name, "output": str(path), "encrypted": bool(password)}, str(path)


def _import(library: Library, values: argparse.Namespace) -> tuple[dict[str, Any], str]:
    sealed = encryption.is_encrypted_file(Path(values.file))
    password = known_password(values.password_stdin) if sealed else ""
    card = library.import_model(values.file, values.name, password)
    return _facts(card), f"Added the model '{card.name}' ({card.family})."


def _delete(library: Library, values: argparse.Namespace) -> tuple[dict[str, Any], str]:
    if not values.forever:
        library.delete(values.name)
        undo = f"`easel models undelete {values.name}` brings it back"
        return {"deleted": values.name}, f"Deleted the model '{values.name}'; {undo}."
    if values.name in library.names() or not any(found.name == values.name for found in library.deleted()):
        library.delete(values.name)
    library.forget(values.name)
    return {"deleted": values.name, "forever": True}, f"Deleted the model '{values.name}' for good."


def _undelete(library: Library, values: argparse.Namespace) -> tuple[dict[str, Any], str]:
    name = library.undelete(values.name)
    return {"model": name}, f"The model '{name}' is back."


ACTIONS = {"rename": _rename, "export": _export, "import": _import, "delete": _delete, "undelete": _undelete}


def _list(cards: list[ModelCard], as_json: bool) -> None:
    if as_json:
        for card in cards:
            print(json.dumps(_facts(card)))
        return
    rows = [[c.name, c.family, c.origin, f"{c.bytes / 1e6:.1f} MB", c.licence, c.title] for c in cards]
    print(table(["name", "family", "origin", "size", "licence", "title"], rows) if rows else "There are no models yet.")


def _list_deleted(library: Library, as_json: bool) -> None:
    found = library.deleted()
    if as_json:
        for deleted in found:
            print(json.dumps({"name": deleted.name, "bytes": deleted.bytes, "when": deleted.when}))
        return
    rows = [[d.name, f"{d.bytes / 1e6:.1f} MB", time.strftime("%Y-%m-%d %H:%M", time.localtime(d.when))] for d in found]
    print(table(["name", "size", "deleted"], rows) if rows else "No model was deleted.")


def _show(card: ModelCard, chain: list[Link], as_json: bool) -> None:
    if as_json:
        print(json.dumps(_facts(card) | {"ancestry": [link.facts() for link in chain]}))
        return
    lines = {"name": card.name} | {key: getattr(card, key) for key in FACTS}
    lines |= {"size": f"{card.bytes / 1e6:.1f} MB", "pictures": f"{card.images_seen:,} seen"}
    lines |= {"figures": "; ".join(f"{key.replace('_', ' ')} {value}" for key, value in card.metric.items())}
    if card.data_card:
        lines["pictures of"] = f"{card.data_card.get('kept')} kept of {card.data_card.get('given')} given"
    lines |= {"recipe": card.recipe, "file": str(card.path)}
    print("\n".join(f"{key + ':':<13} {value}" for key, value in lines.items() if value))
    none = "nothing, trained from scratch" if card.recipe else "its card names no base"
    print(f"{'goes back to:':<13} {' <- '.join(map(_link, reversed(chain[:-1]))) or none}")


def _facts(card: ModelCard) -> dict[str, Any]:
    return card.facts() | {"path": str(card.path)}


def _link(link: Link) -> str:
    """One model of the chain, and plainly what is missing."""
    if link.card:
        was = "" if link.card.name == link.was.name else f" (then '{link.was.name}')"
        return f"'{link.card.name}'{was}"
    return f"'{link.was.name}' (" + ("not in the library" if link.was.sha256 else "known by its name alone") + ")"


def _check(library: Library, name: str, as_json: bool) -> int:
    found: list[Integrity] = [library.check(each) for each in ([name] if name else library.names())]
    for one in found:
        print(json.dumps(dataclasses.asdict(one)) if as_json else f"{one.name}: {one.state}. {one.remedy}".rstrip())
    return int(any(one.state != "ok" for one in found))
