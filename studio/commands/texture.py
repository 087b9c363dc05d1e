"""Make textures that repeat without a seam: out of nothing, or of pictures; with heights and normals for games.

easel texture random --pattern wood --seed 7 -o textures
easel texture random --pattern bricks --width 1024 --height 512 --maps -o textures
easel texture example wall.jpg --width 1024 -o textures
easel texture seamless wall.jpg -o textures
easel texture maps wall.jpg -o textures
"""

import argparse
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from studio.commands.options import add_output, add_resume, add_settings, settings_from
from studio.commands.output import Results, progress
from studio.core.batch import find_pictures
from studio.core.image import Picture, read_picture, write_heights
from studio.engine.engine import Engine
from studio.engine.tasks.base import Request
from studio.engine.tasks.texture import TextureRequest, write_maps
from studio.engine.tasks.texture_example import TextureExampleRequest
from studio.engine.tasks.texture_maps import TextureMapsRequest
from studio.engine.tasks.texture_seamless import TextureSeamlessRequest

ACTIONS: dict[str, tuple[type[Request[Any]], str]] = {
    "random": (TextureRequest, "wood, stone, cloth and noise, from a seed"),
    "example": (TextureExampleRequest, "more of what a picture shows"),
    "seamless": (TextureSeamlessRequest, "the picture itself, with a border that repeats"),
    "maps": (TextureMapsRequest, "NAME-height.png (16 bits) and NAME-normal.png of a picture"),
}


def configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    for name, (request, help) in ACTIONS.items():
        action = actions.add_parser(name, help=help)
        if name == "random":
            action.add_argument(
                "--count", type=int, default=1, metavar="N", help="how many, with the seeds that follow"
            )
        else:
            action.add_argument("input", nargs="+", metavar="INPUT", help="pictures, or folders of them")
            add_resume(action)
        add_settings(action, request)
        if name != "maps":
            action.add_argument("--maps", action="store_true", help="write NAME-height.png and NAME-normal.png too")
        add_output(action, same=False)


def run(values: argparse.Namespace) -> int:
    request = ACTIONS[values.action][0]
    settings = settings_from(request, values)
    results = Results(values)
    if values.action == "random":
        return _random(values, settings, results)
    pictures = find_pictures(values.input, values.output)
    engine = Engine.default(values.device)

    def work(path: Path, name: Path) -> Picture:
        asked: Any = request(picture=read_picture(path), **settings)  # type: ignore[call-arg]
        with progress(path.name) as control:
            done = engine.run(asked, control)
        folder = Path(values.output) / name.parent
        if values.action == "maps":
            write_heights(folder / f"{path.stem}-height.png", done.heights)
            return done.normals
        if values.maps:
            write_maps(done.heights, folder, name.stem)
        return done.picture

    if values.action == "maps":
        pictures = [(path, name.with_stem(f"{name.stem}-normal")) for path, name in pictures]
    return results.each(pictures, work, {"task": request.task, **settings})


def _random(values: argparse.Namespace, settings: dict[str, Any], results: Results) -> int:
    engine, first = Engine.default(values.device), TextureRequest(**settings)
    for seed in range(values.seed, values.seed + values.count):
        started = time.monotonic()
        with progress(values.pattern) as control:
            made = engine.run(replace(first, seed=seed), control)
        path = results.write(made.picture, Path(made.picture.name))
        if values.maps:
            write_maps(made.heights, path.parent, path.stem)
        results.tell(None, path, made.picture, started)
    return results.code
