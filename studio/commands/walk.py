"""Make a film that walks from face to face. Faces are seeds, or codes from the settings of saved files."""

import argparse
import json
import time
from pathlib import Path

from studio.commands.options import add_json, add_settings, settings_from
from studio.commands.output import progress
from studio.core.provenance import DigitalSource
from studio.core.video import WRITTEN_VIDEO, write_video
from studio.engine.engine import Engine
from studio.engine.tasks.walk import WalkRequest


def configure(parser: argparse.ArgumentParser) -> None:
    add_settings(parser, WalkRequest)
    kinds = " or ".join(WRITTEN_VIDEO)
    parser.add_argument("-o", "--output", required=True, metavar="FILE", help=f"the film, {kinds}; replaced if there")
    parser.add_argument("--strip", action="store_true", help="leave the settings out of the file")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda or mps (default: %(default)s)")
    add_json(parser)


def run(values: argparse.Namespace) -> int:
    started = time.monotonic()
    request = WalkRequest(**settings_from(WalkRequest, values))
    with progress("frames") as control:
        film = Engine.default(values.device).run(request, control)
    settings = None if values.strip else film.settings
    path = write_video(Path(values.output), film.frames, film.fps, settings=settings, source=DigitalSource.GENERATED)
    seconds = time.monotonic() - started
    if values.json:
        facts = {"output": str(path), "seconds": round(seconds, 3), "frames": len(film.frames), "settings": settings}
        print(json.dumps(facts))
    else:
        print(f"{path}  {len(film.frames)} frames, {seconds:.1f} s")
    return 0
