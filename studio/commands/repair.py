"""Fill the marked parts of pictures from their surroundings; all other pixels stay as they are.

A mask is a picture of the same size, white (or, if it is partly transparent, opaque) where the picture is to be filled.
For a folder of pictures give a folder of masks with the same names, or one mask for all of its size:
  easel repair photo.jpg --mask mask.png -o out
  easel repair photos --mask masks -o out
With --resume what an interrupted run has made stays: a result whose settings in the file are those asked for, and that
is younger than its picture and mask.
"""

import argparse
from pathlib import Path

from studio.commands.background import add_background, queue
from studio.commands.options import add_output, add_resume, add_settings, settings_from
from studio.commands.output import Results, progress
from studio.core.batch import companion, find_pictures
from studio.core.errors import BadInput
from studio.core.image import Picture, read_mask, read_picture
from studio.engine.engine import Engine
from studio.engine.tasks.repair import RepairRequest


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("input", nargs="+", metavar="INPUT", help="pictures, or folders of them")
    parser.add_argument("--mask", required=True, metavar="FILE_OR_DIR", help="the mask, or a folder of masks")
    add_settings(parser, RepairRequest)
    add_output(parser)
    add_resume(parser)
    add_background(parser)


def run(values: argparse.Namespace) -> int:
    settings = settings_from(RepairRequest, values)
    pictures = find_pictures(values.input, values.output)
    if not Path(values.mask).exists():
        raise BadInput(f"{values.mask} does not exist; check the path.")
    if values.background:
        files = {"mask": values.mask}
        return queue(values, RepairRequest, settings, pictures=values.input, files=files, format=values.format)
    engine = Engine.default(values.device)

    def work(path: Path, name: Path) -> Picture:
        picture = read_picture(path)
        request = RepairRequest(picture=picture, mask=read_mask(companion(values.mask, name), picture.size), **settings)
        with progress(path.name) as control:
            return engine.run(request, control).picture

    asked = {"task": RepairRequest.task, **settings}
    return Results(values).each(pictures, work, asked, lambda name: [companion(values.mask, name)])
