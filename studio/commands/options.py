"""Options that several verbs share; what a Request knows of its settings becomes options here."""

import argparse
import dataclasses
from typing import Any

from studio.core.image import WRITTEN
from studio.engine.tasks.base import Request

FORMATS = tuple(suffix[1:] for suffix in WRITTEN)


def add_settings(parser: argparse.ArgumentParser, request: type[Request[Any]]) -> None:
    """One option a setting of `request`, with its help, range and default."""
    for item in request.explained():
        flag, help = f"--{item.name.replace('_', '-')}", item.metadata["help"].replace("%", "%%")
        if item.default is dataclasses.MISSING:
            parser.add_argument(flag, metavar="NAME", help=help)
            continue
        kind = type(item.default)
        if kind is bool:
            parser.add_argument(flag, action="store_true", help=help)
            continue
        low, high, choices = (item.metadata[key] for key in ("low", "high", "choices"))
        span = "" if low is None else f"{low} to {high}; "
        parser.add_argument(
            flag,
            type=kind,
            default=item.default,
            choices=choices or None,
            metavar=None if choices else {int: "N", float: "X"}.get(kind, "NAME"),
            help=f"{help} ({span}default: {item.default})",
        )


def settings_from(request: type[Request[Any]], values: argparse.Namespace) -> dict[str, Any]:
    """The settings of `request` as given; BadInput when one is out of its range."""
    found = {item.name: getattr(values, item.name) for item in request.explained()}
    request.check(**found)
    return found


def add_output(parser: argparse.ArgumentParser, *, required: bool = True, same: bool = True) -> None:
    """Where results go and how they are told of."""
    parser.add_argument("-o", "--output", required=required, metavar="DIR", help="folder for the results")
    formats = (*FORMATS, "same") if same else FORMATS
    also = "; same: each picture's own" if same else ""
    parser.add_argument(
        "--format", default="png", choices=formats, help=f"format of the results{also} (default: %(default)s)"
    )
    parser.add_argument("--overwrite", action="store_true", help="replace files of that name, instead of adding -2")
    parser.add_argument("--strip", action="store_true", help="leave the settings out of the files")
    add_json(parser)
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda or mps (default: %(default)s)")


def add_resume(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--resume",
        action="store_true",
        help="leave out pictures whose result is there: made by the same settings, as its file says, and later",
    )


def add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON object a line")
