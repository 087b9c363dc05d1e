"""Make textures that repeat without a seam: out of nothing, with heights and normals for games.

easel texture random --pattern wood --seed 7 -o textures
easel texture random --pattern bricks --width 1024 --height 512 --maps -o textures
"""

import argparse
import time
from pathlib import Path

from studio.commands.options import add_output, add_settings, settings_from
from studio.commands.output import Results, progress
from studio.core.image import Picture, write_heights, write_picture
from studio.engine.engine import Engine
from studio.engine.tasks.texture import TextureRequest
from studio.engine.textures.relief import normal_map


def configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    random = actions.add_parser("random", help="wood, stone, cloth and noise, from a seed")
    random.add_argument("--count", type=int, default=1, metavar="N", help="how many, with the seeds that follow")
    random.add_argument("--maps", action="store_true", help="write NAME-height.png (16 bits) and NAME-normal.png too")
    add_settings(random, TextureRequest)
    add_output(random, same=False)


def run(values: argparse.Namespace) -> int:
    settings = settings_from(TextureRequest, values)
    engine, results = Engine.default(values.device), Results(values)
    for seed in range(values.seed, values.seed + values.count):
        started = time.monotonic()
        with progress(values.pattern) as control:
            made = engine.run(TextureRequest(**settings | {"seed": seed}), control)
        path = results.write(made.picture, Path(made.picture.name))
        if values.maps:
            write_heights(path.with_name(f"{path.stem}-height.png"), made.heights)
            normals = Picture(rgb=normal_map(made.heights, 1.0))
            write_picture(path.with_name(f"{path.stem}-normal.png"), normals, source=None)
        results.tell(None, path, made.picture, started)
    return results.code
