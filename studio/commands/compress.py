"""Make small files of pictures by a learned codec; `easel expand` opens them again.

easel compress photo.jpg -o photo.easel --quality 5
easel compress photos -o small
"""

import argparse
from pathlib import Path

from studio.commands.files import add_file_output, each_file
from studio.commands.options import add_settings, settings_from
from studio.core.batch import find_pictures
from studio.core.image import read_picture
from studio.core.progress import TaskControl
from studio.engine.codec.container import SUFFIX
from studio.engine.engine import Engine
from studio.engine.tasks.compress import CompressRequest, CompressResult, save


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("input", nargs="+", metavar="INPUT", help="pictures, or folders of them")
    add_settings(parser, CompressRequest)
    add_file_output(parser, f"a file that ends in {SUFFIX}")


def run(values: argparse.Namespace) -> int:
    settings = settings_from(CompressRequest, values)
    pictures = find_pictures(values.input, values.output)
    engine = Engine.default(values.device)

    def work(path: Path, control: TaskControl) -> CompressResult:
        return engine.run(CompressRequest(picture=read_picture(path), **settings), control)

    return each_file(values, pictures, work, save, [SUFFIX])
