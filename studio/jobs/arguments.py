"""Recipe settings as command-line options, read from the specs so that a default is written once."""

import argparse
import dataclasses
import typing
from typing import Any

from studio.jobs.spec import TrainingSpec


def add_spec_arguments(parser: argparse.ArgumentParser, kind: type[TrainingSpec]) -> None:
    """One option a setting of `kind`, with its default and help."""
    types = typing.get_type_hints(kind)
    for item in dataclasses.fields(kind):
        flag = "--" + item.name.replace("_", "-")
        if item.name == "data":
            parser.add_argument(flag, nargs="+", required=True, metavar="DIR", help="folders or files of pictures")
        elif types[item.name] == tuple[str, ...]:
            parser.add_argument(flag, nargs="+", default=item.default, metavar="FILE", help=item.metadata["help"])
        else:
            parser.add_argument(
                flag,
                type=types[item.name],
                default=item.default,
                metavar=types[item.name].__name__.upper(),
                help=f"{item.metadata['help']} (default: {item.default!r})".replace("%", "%%"),
            )


def spec_from_arguments(kind: type[TrainingSpec], values: argparse.Namespace) -> TrainingSpec:
    """The spec that the parsed options describe; BadInput when a setting is out of range."""
    found = {item.name: getattr(values, item.name) for item in dataclasses.fields(kind)}
    settings: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in found.items()}
    return kind(**settings)
