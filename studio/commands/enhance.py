"""Better light, colour, noise and blur of pictures, by classical means. What is not asked for stays as it is."""

import argparse
from pathlib import Path

from studio.commands.options import add_output, add_settings, settings_from
from studio.commands.output import Results, find_pictures, progress
from studio.core.image import Picture, read_picture
from studio.engine.engine import Engine
from studio.engine.tasks.enhance import EnhanceRequest


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("input", nargs="+", metavar="INPUT", help="pictures, or folders of them")
    add_settings(parser, EnhanceRequest)
    add_output(parser)


def run(values: argparse.Namespace) -> int:
    settings = settings_from(EnhanceRequest, values)
    pictures = find_pictures(values.input, values.output)
    engine = Engine.default(values.device)

    def work(path: Path, name: Path) -> Picture:
        with progress(path.name) as control:
            return engine.run(EnhanceRequest(picture=read_picture(path), **settings), control).picture

    return Results(values).each(pictures, work)
