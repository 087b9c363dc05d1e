"""A GAN and a VAE of faces side by side: samples, reconstructions and interpolation, with PSNR and sharpness.

Without a photo the GAN's own samples are reconstructed. All is on one sheet, and every picture in a file of its own; a
face of the GAN can be steered further by its settings.
  easel compare anna.jpg -o out
"""

import argparse
import json
import time
from pathlib import Path

from studio.commands.options import add_output, add_settings, settings_from
from studio.commands.output import Results, progress
from studio.core.image import read_picture
from studio.engine.engine import Engine
from studio.engine.tasks.compare import CompareRequest


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("input", nargs="?", metavar="PHOTO", help="a photo whose face both networks draw")
    add_settings(parser, CompareRequest)
    add_output(parser, same=False)


def run(values: argparse.Namespace) -> int:
    started, settings = time.monotonic(), settings_from(CompareRequest, values)
    photo = Path(values.input) if values.input else None
    request = CompareRequest(picture=read_picture(photo) if photo else None, **settings)
    engine, results = Engine.default(values.device), Results(values)
    with progress("Drawn") as control:
        done = engine.run(request, control)
    for picture in (done.picture, *done.pictures):
        results.tell(photo, results.write(picture, Path(picture.name)), picture, started)
    if not values.json:
        for name, rows in done.settings["figures"].items():
            print(f"{name}: " + "; ".join(f"{row} {json.dumps(figures)}" for row, figures in rows.items()))
    return results.code
