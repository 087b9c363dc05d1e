"""Paint films in a style, without flicker and with their sound.

easel style clip.mp4 --preset NAME -o out
easel style clip.mp4 --preset oil -o out --format gif --background

Ctrl-C ends it and keeps what is done.
"""

import argparse
import json
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from studio.commands.background import add_background, queue
from studio.commands.options import add_json, add_settings, settings_from
from studio.commands.output import progress
from studio.core.batch import free_path
from studio.core.progress import TaskControl
from studio.core.video import WRITTEN_VIDEO
from studio.engine.engine import Engine
from studio.engine.tasks.film import FilmRequest, save
from studio.engine.tasks.style import check_preset


def configure(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(refuse=parser.error)
    parser.add_argument("input", nargs="+", metavar="FILM", help="films: MP4, WebM, MKV, AVI or GIF")
    add_settings(parser, FilmRequest)
    parser.add_argument("-o", "--output", required=True, metavar="DIR", help="folder for the results")
    kinds = [suffix[1:] for suffix in WRITTEN_VIDEO]
    parser.add_argument(
        "--format", default=kinds[0], choices=kinds, help="format of the results (default: %(default)s)"
    )
    parser.add_argument("--overwrite", action="store_true", help="replace files of that name, instead of adding -2")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda or mps (default: %(default)s)")
    add_background(parser)
    add_json(parser)


def run(values: argparse.Namespace) -> int:
    if not values.preset:
        values.refuse("give --preset NAME; easel art --list-presets tells of them")
    settings = settings_from(FilmRequest, values)
    if values.background:
        for film in values.input:
            queue(values, FilmRequest, settings, files={"video": film}, format=values.format)
        return 0
    engine = Engine.default(values.device)
    check_preset(engine, values.model, values.preset)
    for film in map(Path, values.input):
        started = time.monotonic()
        with progress(film.name) as control, _stopping(control):
            done = engine.run(FilmRequest(video=film, **settings), control)
        path = Path(values.output) / f"{film.stem}.{values.format}"
        (written,) = save(done, path if values.overwrite else free_path(path))
        seconds = time.monotonic() - started
        if values.json:
            facts = {"input": str(film), "output": str(written), "seconds": round(seconds, 3), "frames": done.frames}
            print(json.dumps(facts | {"whole": done.whole, "settings": done.settings}), flush=True)
        else:
            print(f"{film} -> {written}  {done.frames} frames, {seconds:.1f} s", flush=True)
        if not done.whole:
            raise KeyboardInterrupt
    return 0


@contextmanager
def _stopping(control: TaskControl) -> Iterator[None]:
    """Let Ctrl-C stop the task between two frames."""
    before = signal.signal(signal.SIGINT, lambda *_: control.cancel())
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
