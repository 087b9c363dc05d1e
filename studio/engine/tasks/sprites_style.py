"""Sprites, scenes and sheets in one look, with every alpha value as it was and a sheet's layout too.

Painted sprites are kept one by one, so that a job that was stopped goes on, and a large folder needs little memory.
"""

import shutil
import tempfile
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar

from studio.core.atomic import write_atomic
from studio.core.errors import BadInput, OutOfMemory
from studio.core.image import Picture, read_picture, write_picture
from studio.core.progress import TaskControl
from studio.core.provenance import DigitalSource
from studio.core.sprites.atlas import write_sheet
from studio.core.sprites.files import Place, find_sprites, places, write_sprites
from studio.core.sprites.sheet import Sheet, cut_sheet, refilled
from studio.engine.pixels import preview
from studio.engine.sprites import (
    MEASURED,
    CutSettings,
    PackSettings,
    SpritePainter,
    sheet_files,
    sheet_of,
    thinned,
    zoom_for,
)
from studio.engine.tasks.base import Models, Task, setting
from studio.engine.tasks.style import METHODS, Styled, mark, optimised, painter_of

GIVE = ("same", "sheet", "files")


@dataclass(frozen=True, kw_only=True, eq=False)
class SpritesStyleResult:
    """Sheets, loose sprites as names and files in `folder`, and a sentence on each input that could not be used."""

    folder: Path
    sprites: tuple[tuple[str, Path], ...]
    sheets: tuple[Sheet, ...]
    errors: tuple[str, ...]
    form: str
    settings: dict[str, Any]
    source: DigitalSource | None


@dataclass(frozen=True, kw_only=True, eq=False)
class SpritesStyleRequest(Styled[SpritesStyleResult], PackSettings, CutSettings):
    """Sprites: pictures, folders, zip files, sheets with their JSON; and plain sheets, by a grid or as islands."""

    task: ClassVar[str] = "sprites_style"
    sprites: tuple[Path, ...]
    islands: bool = setting(False, "pictures are plain sheets whose sprites stand free")
    zoom: int = setting(0, "times larger that sprites are painted, for finer strokes; 0: as suits them", low=0, high=8)
    give: str = setting(
        "same",
        "same: a sheet for a sheet, files for files; sheet: all on a new sheet; files: each sprite as a file",
        choices=GIVE,
    )
    method: str = setting(
        "fast", "fast: at once; best: each sprite is optimised towards the style picture, in minutes", choices=METHODS
    )


@dataclass
class Sources:
    """What is to be painted: loose pictures by name, sheets with their sprites; and what cannot be used."""

    loose: dict[str, Path] = field(default_factory=dict)
    sheets: list[tuple[Sheet, list[Picture]]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def read(self, name: str) -> Picture:
        return replace(read_picture(self.loose[name]), name=name)

    @contextmanager
    def noting(self, path: Path) -> Iterator[None]:
        """What is wrong with a file is noted, and the others go on."""
        try:
            yield
        except (BadInput, OutOfMemory) as error:
            sentence = str(error)
            self.errors.append(sentence if path.name in sentence else f"{path.name}: {sentence}")


def run(request: SpritesStyleRequest, models: Models, control: TaskControl) -> SpritesStyleResult:
    """BadInput when nothing of it can be used; otherwise what cannot is told in `errors`."""
    check(request)
    painter = painter_of(request, models)
    with tempfile.TemporaryDirectory(prefix="easel-sprites-") as scratch:
        sources = _sources(request, Path(scratch))
        sizes, sample = _look_through(sources)
        size = max(width for width, _ in sizes), max(height for _, height in sizes)
        sprites = SpritePainter(painter, size, request.zoom or zoom_for(sizes))
        if request.method == "best":
            sprites.finish = lambda photo, made, part: optimised(request, models, part, photo, made)
        if request.strength:
            sprites.measure(sample)
        return _painted(request, sources, sprites, control, mark(request, models))


def check(request: SpritesStyleRequest) -> None:
    """BadInput for a style that is none, two, or does not fit the method; and for two ways to cut."""
    if request.method == "best" and request.style_picture is None:
        raise BadInput("The best quality needs a style picture to come near to; give one.")
    if request.style_picture is not None and request.preset:
        raise BadInput("There are a style and a style picture; give one of them.")
    if request.grid and request.islands:
        raise BadInput("A plain sheet is cut by a grid or into islands, not both; leave one out.")


def _sources(request: SpritesStyleRequest, scratch: Path) -> Sources:
    found, sources = find_sprites(request.sprites, scratch), Sources()
    plain = request.grid or request.islands
    sources.loose = {} if plain else dict(found.pictures)
    for name, image, data in sheet_files(found, plain=plain):
        with sources.noting(data or image):
            sheet = sheet_of(request, name, image, data)
            sources.sheets.append((sheet, cut_sheet(sheet)))
    return sources


def _look_through(sources: Sources) -> tuple[list[tuple[int, int]], list[Picture]]:
    """The sizes of all sprites, and some of them; what cannot be read leaves the sources."""
    sizes: list[tuple[int, int]] = []
    sample: list[Picture] = []
    for _, sprites in sources.sheets:
        sizes += [sprite.size for sprite in sprites]
        sample += thinned(sprites, MEASURED)
    wanted, usable = set(thinned(list(sources.loose), MEASURED)), dict[str, Path]()
    for name, path in sources.loose.items():
        with sources.noting(path):
            picture = sources.read(name)
            usable[name] = path
            sizes.append(picture.size)
            if name in wanted:
                sample.append(picture)
    sources.loose = usable
    if not sizes:
        raise BadInput(str(sources.errors[0]))  # its own words
    return sizes, sample or [sources.read(next(iter(usable)))]


def _painted(
    request: SpritesStyleRequest,
    sources: Sources,
    sprites: SpritePainter,
    control: TaskControl,
    source: DigitalSource | None,
) -> SpritesStyleResult:
    """Every sprite painted, or taken from the job's folder where an earlier run had painted it."""
    kept = control.folder or Path(tempfile.mkdtemp(prefix="easel-sprites-"))
    total = len(sources.loose) + sum(len(cut) for _, cut in sources.sheets)
    done = 0

    def paint(picture: Picture) -> tuple[Picture, Path]:
        nonlocal done
        path = kept / f"{done:06d}.png"
        if path.is_file():
            made = replace(picture, rgb=read_picture(path).rgb)
        else:
            made = sprites.paint(picture, control.part(done, total)) if request.strength else picture
            write_picture(path, made, settings=request.settings(), source=source)
        done += 1
        control.report(done, total, preview(made.rgb) if control.listener else None)
        return made, path

    try:
        sheets = [refilled(sheet, [paint(sprite)[0] for sprite in cut]) for sheet, cut in sources.sheets]
        cut = [sprite for sheet in sheets for sprite in cut_sheet(sheet)] if request.give != "same" else []
        loose = [(name, paint(sources.read(name))[1]) for name in sources.loose]
        if request.give == "sheet":
            cut += [replace(read_picture(path), name=name) for name, path in loose]
            sheets, loose = [request.pack(cut)], []
        elif request.give == "files":
            files = write_sprites(kept / "cut", cut, settings=request.settings(), source=source)
            loose += [(path.relative_to(kept / "cut").as_posix(), path) for path in files]
            sheets = []
    except BaseException:
        if not control.folder:
            shutil.rmtree(kept, ignore_errors=True)
        raise
    result = SpritesStyleResult(
        folder=kept,
        sprites=tuple(loose),
        sheets=tuple(sheets),
        errors=tuple(sources.errors),
        form=request.form,
        settings=request.settings(),
        source=source,
    )
    if not control.folder:
        weakref.finalize(result, shutil.rmtree, kept, ignore_errors=True)
    return result


def write(done: SpritesStyleResult, folder: Path, place: Place = lambda path: path) -> list[Path]:
    """Sheets with their JSON, then loose sprites, below `folder` under their names; `place` may give other paths."""
    written: list[Path] = []
    names = [sheet.picture.name for sheet in done.sheets] + [name for name, _ in done.sprites]
    paths = [place(path) for path in places(folder, names)]
    for path, sheet in zip(paths, done.sheets, strict=False):
        written += write_sheet(path, sheet, form=done.form, settings=done.settings, source=done.source)
    for path, (_, kept) in zip(paths[len(done.sheets) :], done.sprites, strict=True):
        written.append(write_picture(path, read_picture(kept), settings=done.settings, source=done.source))
    return written


def save(done: SpritesStyleResult, path: Path) -> list[Path]:
    """All of it in the folder `path` without its suffix, and what could not be used in errors.txt."""
    files, note = write(done, path.with_suffix("")), path.with_suffix("") / "errors.txt"
    if not done.errors:
        return files
    with write_atomic(note) as file:
        file.write("\n".join(done.errors).encode())
    return [*files, note]


TASK = Task(SpritesStyleRequest, run, save)
