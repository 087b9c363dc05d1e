"""Fill the marked parts of pictures from their surroundings; all other pixels stay as they are.

A mask is a picture of the same size, white (or, if it is partly transparent, opaque) where the picture is to be filled.
For a folder of pictures give a folder of masks with the same names:
  easel repair photo.jpg --mask mask.png -o out
  easel repair photos --mask masks -o out
"""

import argparse
from pathlib import Path

from studio.commands.options import add_output, add_settings, settings_from
from studio.commands.output import Results, masks_for, progress
from studio.core.batch import find_pictures
from studio.core.image import Picture, read_mask, read_picture
from studio.engine.engine import Engine
from studio.engine.tasks.repair import RepairRequest


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("input", nargs="+", metavar="INPUT", help="pictures, or folders of them")
    parser.add_argument("--mask", required=True, metavar="FILE_OR_DIR", help="the mask, or a folder of masks")
    add_settings(parser, RepairRequest)
    add_output(parser)


def run(values: argparse.Namespace) -> int:
    settings = settings_from(RepairRequest, values)
    pictures = find_pictures(values.input, values.output)
    mask_of = masks_for(pictures, values.mask)
    engine = Engine.default(values.device)

    def work(path: Path, name: Path) -> Picture:
        picture = read_picture(path)
        request = RepairRequest(picture=picture, mask=read_mask(mask_of(name), picture.size), **settings)
        with progress(path.name) as control:
            return engine.run(request, control).picture

    return Results(values).each(pictures, work)
