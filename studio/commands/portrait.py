"""Change the face in photos: it is found, drawn by the face model, steered like a made one, and put back.

Without any steering the photo stays as it is; its settings tell the face's code, for `easel faces --code`.
"""

import argparse
from pathlib import Path

from studio.commands.options import add_output, add_settings, settings_from
from studio.commands.output import Results, find_pictures, progress
from studio.core.image import Picture, read_picture
from studio.engine.engine import Engine
from studio.engine.tasks.portrait import PortraitRequest


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("input", nargs="+", metavar="INPUT", help="photos, or folders of them")
    add_settings(parser, PortraitRequest)
    add_output(parser)


def run(values: argparse.Namespace) -> int:
    settings = settings_from(PortraitRequest, values)
    pictures = find_pictures(values.input, values.output)
    engine = Engine.default(values.device)

    def work(path: Path, name: Path) -> Picture:
        with progress(path.name) as control:
            return engine.run(PortraitRequest(picture=read_picture(path), **settings), control).picture

    return Results(values).each(pictures, work)
