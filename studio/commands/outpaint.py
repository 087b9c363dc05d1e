"""Make pictures larger at their sides; the new borders go on as the pictures do."""

import argparse
from pathlib import Path

from studio.commands.options import add_output, add_settings, settings_from
from studio.commands.output import Results, find_pictures, progress
from studio.core.image import Picture, read_picture
from studio.engine.engine import Engine
from studio.engine.tasks.outpaint import OutpaintRequest


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("input", nargs="+", metavar="INPUT", help="pictures, or folders of them")
    add_settings(parser, OutpaintRequest)
    add_output(parser)


def run(values: argparse.Namespace) -> int:
    settings = settings_from(OutpaintRequest, values)
    pictures = find_pictures(values.input, values.output)
    engine = Engine.default(values.device)

    def work(path: Path, name: Path) -> Picture:
        with progress(path.name) as control:
            return engine.run(OutpaintRequest(picture=read_picture(path), **settings), control).picture

    return Results(values).each(pictures, work)
