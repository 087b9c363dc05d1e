"""Sprites from files, folders, zip files and sheets; and back to a folder."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from studio.core.archive import unpack
from studio.core.errors import BadInput
from studio.core.image import Picture, list_pictures, write_picture
from studio.core.provenance import DigitalSource
from studio.core.sprites.atlas import image_name, is_atlas, read_data

DATA = ".json"
NONE_YET = "There are no sprites yet; give pictures, a folder, a zip file, or a sheet with its JSON."
Place = Callable[[Path], Path]


@dataclass(frozen=True, kw_only=True)
class Found:
    """Pictures, and sheets as (JSON, picture), by the name each has below its folder."""

    pictures: dict[str, Path]
    sheets: dict[str, tuple[Path, Path]]


def find_sprites(sources: Sequence[str | Path], scratch: Path) -> Found:
    """What is in files, folders and zip files, the latter unpacked below `scratch`.

    A picture that the JSON of a sheet names is that sheet, where it is given or lies beside it. BadInput when there is
    nothing, for a JSON that is no sheet's or lacks its picture, and for two pictures of one name.
    """
    pictures: dict[Path, str] = {}
    atlases: dict[Path, str] = {}
    for number, source in enumerate(map(Path, sources)):
        folder = source
        if source.suffix.lower() == ".zip" and source.is_file():
            folder = scratch / f"zip-{number}"
            unpack(source, folder, also=frozenset({DATA}))
        if folder.is_dir():
            inside = [path for path in sorted(folder.rglob(f"*{DATA}")) if is_atlas(path)]
            for paths, found in ((inside, atlases), (list_pictures([folder]), pictures)):
                found |= {path: path.relative_to(folder).as_posix() for path in paths}
        elif source.suffix.lower() == DATA:
            read_data(source)  # its own words when it is none
            atlases[source] = source.name
        else:
            pictures |= {path: path.name for path in list_pictures([source])}
    sheets = {name: (path, _image(path, pictures)) for name, path in _by_name(atlases).items()}
    for _, image in sheets.values():
        pictures.pop(image, None)
    if not pictures and not sheets:
        raise BadInput(NONE_YET)
    return Found(pictures=_by_name(pictures), sheets=sheets)


def place_of(name: str) -> Path:
    """Where below a folder a sprite of this name goes, as a PNG; BadInput for a name that leads out of the folder."""
    place = PurePosixPath(name.replace("\\", "/"))
    parts = [part for part in place.parts if part != "."]
    if place.is_absolute() or not parts or ".." in parts or any(":" in part or "\0" in part for part in parts):
        raise BadInput(f"The sprite's name {name!r} leads out of the folder; rename it.")
    return Path(*parts).with_suffix(".png")


def write_sprites(
    folder: Path,
    sprites: Sequence[Picture],
    *,
    place: Place = lambda path: path,
    settings: Mapping[str, Any],
    source: DigitalSource | None,
) -> list[Path]:
    """Each sprite as a PNG below `folder`, as `places` says; `place` may give each another path."""
    written: list[Path] = []
    for sprite, path in zip(sprites, places(folder, [sprite.name for sprite in sprites]), strict=True):
        written.append(write_picture(place(path), sprite, settings=settings, source=source))
    return written


def places(folder: Path, names: Sequence[str]) -> list[Path]:
    """Where below `folder` sprites of these names go; of two of one name the second becomes NAME-2."""
    found: dict[Path, None] = {}
    for name in names:
        wanted = path = folder / place_of(name)
        number = 1
        while path in found:
            number += 1
            path = wanted.with_stem(f"{wanted.stem}-{number}")
        found[path] = None
    return list(found)


def _image(atlas: Path, pictures: Mapping[Path, str]) -> Path:
    """The picture of a sheet: beside its JSON, or, as uploads lie each in a folder of its own, given with it."""
    name = image_name(atlas, read_data(atlas))
    beside = atlas.parent / name
    given = [path for path in pictures if path.name == name]
    if beside.is_file():
        return beside
    if not given:
        raise BadInput(f"The sheet {atlas.name} needs its picture {name}; give it too.")
    return given[0]


def _by_name(pictures: Mapping[Path, str]) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for path, name in pictures.items():
        if name in found:
            raise BadInput(f"Two sprites are called {name}; rename one.")
        found[name] = path
    return found
