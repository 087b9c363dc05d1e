"""The verbs that take pictures, a Request's settings, and give pictures."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from studio.commands.background import add_background, queue
from studio.commands.options import add_output, add_resume, add_settings, settings_from
from studio.commands.output import Results, progress
from studio.core.batch import find_pictures
from studio.core.image import Picture, read_picture
from studio.engine.engine import Engine
from studio.engine.tasks.base import Request

Configure = Callable[[argparse.ArgumentParser], None]
Run = Callable[[argparse.Namespace], int]


def picture_verb(request: type[Request[Any]], **files: str) -> tuple[Configure, Run]:
    """The `configure` and `run` of a verb. `files` are further pictures that the Request takes, with a word on each."""

    def configure(parser: argparse.ArgumentParser) -> None:
        parser.add_argument("input", nargs="+", metavar="INPUT", help="pictures, or folders of them")
        for name, help in files.items():
            parser.add_argument(f"--{name}", required=True, metavar="FILE", help=help)
        add_settings(parser, request)
        add_output(parser)
        add_resume(parser)
        add_background(parser)

    def run(values: argparse.Namespace) -> int:
        settings = settings_from(request, values)
        further = {name: read_picture(getattr(values, name)) for name in files}
        pictures = find_pictures(values.input, values.output)
        if values.background:
            paths = {name: getattr(values, name) for name in files}
            return queue(values, request, settings, pictures=values.input, files=paths, format=values.format)
        engine = Engine.default(values.device)

        def work(path: Path, name: Path) -> Picture:
            asked: Any = request(picture=read_picture(path), **further, **settings)  # type: ignore[call-arg]
            with progress(path.name) as control:
                return engine.run(asked, control).picture

        fixed = [Path(getattr(values, name)) for name in files]
        return Results(values).each(pictures, work, {"task": request.task, **settings}, lambda name: fixed)

    return configure, run
