"""A sheet taken apart into its sprites: by its JSON, by a grid, or into what stands free."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar

from studio.core.image import Picture
from studio.core.progress import TaskControl
from studio.core.sprites.files import find_sprites, write_sprites
from studio.core.sprites.sheet import cut_sheet
from studio.engine.sprites import CutSettings, sheet_files, sheet_of
from studio.engine.tasks.base import Models, Request, Task


@dataclass(frozen=True, kw_only=True, eq=False)
class SpritesUnpackResult:
    sprites: tuple[Picture, ...]
    settings: dict[str, Any]


@dataclass(frozen=True, kw_only=True, eq=False)
class SpritesUnpackRequest(CutSettings, Request[SpritesUnpackResult]):
    """Sheets: pictures, folders or zip files of them, with or without their JSON."""

    task: ClassVar[str] = "sprites_unpack"
    sprites: tuple[Path, ...]


def run(request: SpritesUnpackRequest, models: Models, control: TaskControl) -> SpritesUnpackResult:
    sprites: list[Picture] = []
    with TemporaryDirectory(prefix="easel-sprites-") as scratch:
        found = find_sprites(request.sprites, Path(scratch))
        sheets = sheet_files(found, plain=True)
        for index, sheet in enumerate(sheets):
            sprites += cut_sheet(sheet_of(request, *sheet))
            control.report(index + 1, len(sheets))
    return SpritesUnpackResult(sprites=tuple(sprites), settings=request.settings())


def save(done: SpritesUnpackResult, path: Path) -> list[Path]:
    """Each sprite as a PNG in the folder `path` without its suffix."""
    source = next((sprite.source for sprite in done.sprites if sprite.source), None)
    return write_sprites(path.with_suffix(""), done.sprites, settings=done.settings, source=source)


TASK = Task(SpritesUnpackRequest, run, save)
