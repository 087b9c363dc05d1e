"""Sprites and sprite sheets for games: in one look, packed with a JSON as TexturePacker writes it, and taken apart.

easel sprites style heroes props.zip --preset NAME -o painted
easel sprites style sheet.json --preset NAME -o painted
easel sprites pack heroes -o sheet.png
easel sprites unpack sheet.png --columns 8 --rows 4 -o heroes

INPUT are pictures, folders, zip files, or sheets: the JSON beside a sheet is found by itself.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from studio.commands.background import add_background, queue
from studio.commands.options import add_json, add_settings, settings_from
from studio.commands.output import progress
from studio.core.batch import free_path
from studio.core.image import read_picture
from studio.core.sprites.atlas import write_sheet
from studio.core.sprites.files import Place, write_sprites
from studio.engine.engine import Engine
from studio.engine.tasks.base import Request
from studio.engine.tasks.sprites_pack import SpritesPackRequest, SpritesPackResult
from studio.engine.tasks.sprites_style import SpritesStyleRequest, write
from studio.engine.tasks.sprites_unpack import SpritesUnpackRequest, SpritesUnpackResult


@dataclass(frozen=True)
class Action:
    """A Request, what is said of it and of its output, and how its result is written there."""

    request: type[Request[Any]]
    help: str
    output: str
    write: Callable[[Any, Path, Place], list[Path]]


def _write_packed(done: SpritesPackResult, path: Path, place: Place) -> list[Path]:
    path = path.with_suffix(".png") if path.suffix else path / "sheet.png"
    source = done.sheet.picture.source
    return write_sheet(place(path), done.sheet, form=done.form, settings=done.settings, source=source)


def _write_parts(done: SpritesUnpackResult, folder: Path, place: Place) -> list[Path]:
    source = next((sprite.source for sprite in done.sprites if sprite.source), None)
    return write_sprites(folder, done.sprites, place=place, settings=done.settings, source=source)


ACTIONS = {
    "style": Action(
        SpritesStyleRequest, "all in one look, every alpha value as it was", "folder for the results", write
    ),
    "pack": Action(
        SpritesPackRequest, "all on one sheet, with its JSON", "the sheet (.png), or a folder", _write_packed
    ),
    "unpack": Action(SpritesUnpackRequest, "each sprite of a sheet as a file", "folder for the sprites", _write_parts),
}


def configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    for name, action in ACTIONS.items():
        sub = actions.add_parser(name, help=action.help)
        sub.add_argument("input", nargs="+", metavar="INPUT", help="pictures, folders, zip files, sheets (.json)")
        if name == "style":
            sub.set_defaults(refuse=sub.error)
            sub.add_argument("--style-picture", metavar="FILE", help="picture to paint like, in place of a --preset")
            add_background(sub)
        add_settings(sub, action.request)
        sub.add_argument("-o", "--output", required=True, metavar="PATH", help=action.output)
        sub.add_argument("--overwrite", action="store_true", help="replace files of that name, instead of adding -2")
        sub.add_argument("--device", default="auto", help="auto, cpu, cuda or mps (default: %(default)s)")
        add_json(sub)


def run(values: argparse.Namespace) -> int:
    action, started = ACTIONS[values.action], time.monotonic()
    settings: dict[str, Any] = settings_from(action.request, values)
    files: dict[str, Any] = {}
    if values.action == "style":
        if not (values.preset or values.style_picture):
            values.refuse("give --preset NAME or --style-picture FILE; easel art --list-presets tells of styles")
        if values.background:
            given = {"style_picture": values.style_picture} if values.style_picture else {}
            return queue(values, action.request, settings, files={"sprites": values.input, **given})
        files["style_picture"] = read_picture(values.style_picture) if values.style_picture else None
    request: Any = action.request(sprites=tuple(map(Path, values.input)), **files, **settings)  # type: ignore[call-arg]
    with progress("sprites") as control:
        done = Engine.default(values.device).run(request, control)
    written = action.write(done, Path(values.output), (lambda path: path) if values.overwrite else free_pair)
    return _tell(values, written, getattr(done, "errors", ()), time.monotonic() - started)


def free_pair(path: Path) -> Path:
    """The path, or the first of NAME-2, NAME-3 ... where neither it nor a JSON of its name is there."""
    free, number = free_path(path), 1
    while free.with_suffix(".json").exists() or free.exists():
        number += 1
        free = path.with_stem(f"{path.stem}-{number}")
    return free


def _tell(values: argparse.Namespace, written: list[Path], errors: tuple[str, ...], seconds: float) -> int:
    """Every file on stdout, every sentence on stderr; the exit code."""
    for error in errors:
        print(f"easel: {error}", file=sys.stderr)
    if values.json:
        facts = {"input": values.input, "output": [str(path) for path in written], "errors": list(errors)}
        print(json.dumps(facts | {"seconds": round(seconds, 3)}))
    else:
        print("\n".join(map(str, written)))
    return 1 if errors else 0
