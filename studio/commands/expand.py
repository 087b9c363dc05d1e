"""Open files that `easel compress` made: the same picture on every computer.

easel expand photo.easel -o photo.png
easel expand small -o photos
"""

import argparse
from pathlib import Path

from studio.commands.files import add_file_output, each_file
from studio.core.errors import BadInput
from studio.core.image import WRITTEN
from studio.core.progress import TaskControl
from studio.engine.codec.container import SUFFIX
from studio.engine.engine import Engine
from studio.engine.tasks.base import save_picture
from studio.engine.tasks.expand import ExpandRequest, ExpandResult


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("input", nargs="+", metavar="INPUT", help=f"{SUFFIX} files, or folders of them")
    add_file_output(parser, f"a picture that ends in {', '.join(WRITTEN)}")


def run(values: argparse.Namespace) -> int:
    files = [found for entry in map(Path, values.input) for found in _files(entry)]
    if not files:
        raise BadInput(f"There is no {SUFFIX} file in {', '.join(values.input)}; choose another folder.")
    engine = Engine.default(values.device)

    def work(path: Path, control: TaskControl) -> ExpandResult:
        return engine.run(ExpandRequest(file=path), control)

    return each_file(values, files, work, save_picture, list(WRITTEN))


def _files(entry: Path) -> list[tuple[Path, Path]]:
    """A file as it is, or all of a folder, each with its place below it."""
    if not entry.is_dir():
        return [(entry, Path(entry.name))]
    return [(path, path.relative_to(entry)) for path in sorted(entry.rglob(f"*{SUFFIX}"))]
