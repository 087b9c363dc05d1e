"""Paste one picture into others. Its alpha says which of it; `--mode poisson` fits its colours to what is around."""

import argparse
from pathlib import Path

from studio.commands.options import add_output, add_settings, settings_from
from studio.commands.output import Results, find_pictures, progress
from studio.core.image import Picture, read_picture
from studio.engine.engine import Engine
from studio.engine.tasks.compose import ComposeRequest


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("input", nargs="+", metavar="INPUT", help="pictures, or folders of them")
    parser.add_argument("--cutout", required=True, metavar="FILE", help="what is pasted, such as a PNG with alpha")
    add_settings(parser, ComposeRequest)
    add_output(parser)


def run(values: argparse.Namespace) -> int:
    settings = settings_from(ComposeRequest, values)
    pictures = find_pictures(values.input, values.output)
    cutout = read_picture(values.cutout)
    engine = Engine.default(values.device)

    def work(path: Path, name: Path) -> Picture:
        with progress(path.name) as control:
            return engine.run(ComposeRequest(picture=read_picture(path), cutout=cutout, **settings), control).picture

    return Results(values).each(pictures, work)
