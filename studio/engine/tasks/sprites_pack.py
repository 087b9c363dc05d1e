"""Many sprites on one sheet, with the JSON that game engines read."""

from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar

from studio.core.image import read_picture
from studio.core.progress import TaskControl
from studio.core.sprites.atlas import read_sheet, write_sheet
from studio.core.sprites.files import find_sprites
from studio.core.sprites.sheet import Sheet, cut_sheet
from studio.engine.sprites import PackSettings
from studio.engine.tasks.base import Models, Request, Task


@dataclass(frozen=True, kw_only=True, eq=False)
class SpritesPackResult:
    sheet: Sheet
    form: str
    settings: dict[str, Any]


@dataclass(frozen=True, kw_only=True, eq=False)
class SpritesPackRequest(PackSettings, Request[SpritesPackResult]):
    """Sprites: pictures, folders, zip files, and sheets with their JSON, which are laid out anew."""

    task: ClassVar[str] = "sprites_pack"
    sprites: tuple[Path, ...]


def run(request: SpritesPackRequest, models: Models, control: TaskControl) -> SpritesPackResult:
    with TemporaryDirectory(prefix="easel-sprites-") as scratch:
        found = find_sprites(request.sprites, Path(scratch))
        pictures = []
        for index, (name, path) in enumerate(found.pictures.items()):
            pictures.append(replace(read_picture(path), name=name))
            control.report(index + 1, len(found.pictures))
        for data, image in found.sheets.values():
            pictures += cut_sheet(read_sheet(data, image))
    return SpritesPackResult(sheet=request.pack(pictures), form=request.form, settings=request.settings())


def save(done: SpritesPackResult, path: Path) -> list[Path]:
    """The sheet as PNG, and its JSON beside it."""
    source = done.sheet.picture.source
    return write_sheet(path, done.sheet, form=done.form, settings=done.settings, source=source)


TASK = Task(SpritesPackRequest, run, save)
