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
Place = Callable[[Path], Path]


@dataclass(frozen=True, kw_only=True)
class Found:
    """Pictures by the name each has below its folder, and sheets as (JSON, picture)."""

    pictures: dict[str, Path]
    sheets: tuple[tuple[Path, Path], ...]


def find_sprites(sources: Sequence[str | Path], scratch: Path) -> Found:
    """What is in files, folders and zip files, the latter unpacked below `scratch`.

    A picture that the JSON of a sheet names is that sheet, where it is given or lies beside it. BadInput when there is
    nothing, for a JSON that is no sheet's or lacks its picture, and for two pictures of one name.
    """
    pictures: dict[Path, str] = {}
    atlases: list[Path] = []
    for number, source in enumerate(map(Path, sources)):
        folder = source
        if source.suffix.lower() == ".zip" and source.is_file():
            folder = scratch / f"zip-{number}"
            unpack(source, folder, also=frozenset({DATA}))
        if folder.is_dir():
            atlases += [path for path in sorted(folder.rglob(f"*{DATA}")) if is_atlas(path)]
            pictures |= {path: path.relative_to(folder).as_posix() for path in list_pictures([folder])}
        elif source.suffix.lower() == DATA:
            read_data(source)  # its own words when it is none
            atlases.append(source)
        else:
            pictures |= {path: path.name for path in list_pictures([source])}
    sheets = tuple((path, _image(path, pictures)) for path in dict.fromkeys(atlases))
    for _, image in sheets:
        pictures.pop(image, None)
    if not pictures and not sheets:
        raise BadInput("There are no sprites yet; give pictures, a folder, a zip file, or a sheet with its JSON.")
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
    """Each sprite as a PNG below `folder`, under its own name; of two of one name the second becomes NAME-2.

    `place` may give each another path, so that nothing is replaced.
    """
    written: dict[Path, None] = {}
    for sprite in sprites:
        wanted = path = folder / place_of(sprite.name)
        number = 1
        while path in written:
            number += 1
            path = wanted.with_stem(f"{wanted.stem}-{number}")
        written[write_picture(place(path), sprite, settings=settings, source=source)] = None
    return list(written)


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
