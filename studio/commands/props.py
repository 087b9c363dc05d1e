"""Make props with alpha by a model trained on sprites, each as a file and all on a sheet with its JSON.

easel props --count 12 --seed 7 -o props
easel props --like sword.png --change 0.4 -o swords
"""

import argparse
import json
import time
from pathlib import Path

from studio.commands.options import add_json, add_settings, settings_from
from studio.commands.output import progress
from studio.commands.sprites import free_pair
from studio.core.image import read_picture
from studio.engine.engine import Engine
from studio.engine.tasks.props import PropsRequest, save


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--like", metavar="FILE", help="a prop to make variations of")
    add_settings(parser, PropsRequest)
    parser.add_argument("-o", "--output", required=True, metavar="DIR", help="folder for the props and their sheet")
    parser.add_argument("--overwrite", action="store_true", help="replace files of that name, instead of adding -2")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda or mps (default: %(default)s)")
    add_json(parser)


def run(values: argparse.Namespace) -> int:
    started = time.monotonic()
    picture = read_picture(values.like) if values.like else None
    request = PropsRequest(picture=picture, **settings_from(PropsRequest, values))
    with progress("props") as control:
        done = Engine.default(values.device).run(request, control)
    written = save(done, Path(values.output) / "sheet.png", (lambda path: path) if values.overwrite else free_pair)
    if values.json:
        seconds = round(time.monotonic() - started, 3)
        print(json.dumps({"output": [str(path) for path in written], "seconds": seconds, "settings": done.settings}))
    else:
        print("\n".join(map(str, written)))
    return 0
