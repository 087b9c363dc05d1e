"""Zip files of pictures, unpacked with care: nothing is written outside of the folder, nor more than it can hold."""

import stat
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath
from typing import IO

from studio.core.atomic import write_atomic
from studio.core.errors import BadInput, StorageFull
from studio.core.image import SUFFIXES, list_pictures

TEXTS = frozenset({".txt", ".csv"})  # captions and labels that lie beside pictures
MOST_FILES = 20_000
MOST_BYTES = 4_000_000_000  # unpacked, of a whole zip file
LARGEST = 200_000_000  # bytes of one file in it
PACKED = 100  # times that a zip file may grow; pictures hardly do
HARMLESS = 50_000_000  # bytes up to which it may grow by any factor
_CHUNK = 1 << 20


def unpack(path: Path, folder: Path, also: frozenset[str] = TEXTS) -> list[Path]:
    """The pictures of a zip file, and what has a suffix of `also`, written below `folder`; returns the pictures' paths.

    BadInput, before anything is written, for a file that is no zip, is encrypted, names paths outside of itself or is
    too large unpacked; and while writing if it holds more than it says. Then nothing of it stays.
    """
    written: list[Path] = []
    try:
        with zipfile.ZipFile(path) as archive:
            members = [info for info in archive.infolist() if not info.is_dir()]
            places = [_place(info, path.name, also) for info in members]
            wanted = [(info, place) for info, place in zip(members, places, strict=True) if place and not _link(info)]
            _check(path, len(members), [info for info, _ in wanted])
            for info, place in wanted:
                target = folder.joinpath(*place.parts)
                target.parent.mkdir(parents=True, exist_ok=True)
                written.append(target)
                with archive.open(info) as packed, target.open("wb") as file:
                    _copy(packed, file, info.file_size, path.name)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
        _remove(written)
        raise BadInput(f"{path.name} is damaged, encrypted or no zip file; pack the pictures anew.") from error
    except BadInput:
        _remove(written)
        raise
    except OSError as error:
        _remove(written)
        raise StorageFull(f"{path.name} could not be unpacked; free some disk space and try again.") from error
    return [file for file in written if file.suffix.lower() in SUFFIXES]


def zip_files(path: Path, files: Iterable[Path], root: Path) -> Path:
    """A zip of files that lie below `root`, under their names there; returns its path. StorageFull without room."""
    with write_atomic(path) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for each in files:
            archive.write(each, each.relative_to(root))
    return path


def gather(sources: Sequence[str | Path], scratch: Path) -> list[Path]:
    """The pictures of files, folders and zip files, the latter unpacked into new folders below `scratch`.

    A file that is no picture by its suffix is listed too, so that it can be told of, but for texts. BadInput when there
    is no picture at all.
    """
    plain: list[Path] = []
    found: list[Path] = []
    for number, path in enumerate(map(Path, sources)):
        if path.suffix.lower() == ".zip" and path.is_file():
            found += unpack(path, scratch / f"zip-{number}")
        elif path.suffix.lower() not in TEXTS or path.is_dir():
            plain.append(path)
    if plain or not found:
        found = [*list_pictures(plain), *found]
    return list(dict.fromkeys(found))


def _place(info: zipfile.ZipInfo, name: str, also: frozenset[str] = TEXTS) -> PurePosixPath | None:
    """Where below the folder a member goes, None for what is no picture, not of `also`, or hidden."""
    place = PurePosixPath(info.filename.replace("\\", "/"))
    if place.is_absolute() or ".." in place.parts or any(":" in part for part in place.parts):
        raise BadInput(f"{name} holds a path that leads outside of it; pack the pictures anew.")
    hidden = any(part.startswith((".", "__MACOSX")) for part in place.parts)
    return None if hidden or place.suffix.lower() not in SUFFIXES | also else place


def _link(info: zipfile.ZipInfo) -> bool:
    return stat.S_ISLNK(info.external_attr >> 16)


def _check(path: Path, count: int, members: Iterable[zipfile.ZipInfo]) -> None:
    """BadInput when the zip file says itself that it is too large."""
    sizes = [info.file_size for info in members]
    total, packed = sum(sizes), max(path.stat().st_size, 1)
    bomb = total > HARMLESS and total > PACKED * packed
    if count > MOST_FILES or total > MOST_BYTES or max(sizes, default=0) > LARGEST or bomb:
        raise BadInput(
            f"{path.name} would take up {total / 1e6:.0f} MB in {count} files; give fewer or smaller pictures, "
            "or a folder of them."
        )


def _copy(packed: IO[bytes], file: IO[bytes], size: int, name: str) -> None:
    """Copy a member of `size` bytes; BadInput when it holds more, whatever its header says."""
    left = size
    while chunk := packed.read(_CHUNK):
        left -= len(chunk)
        if left < 0:
            raise BadInput(f"{name} holds more than it says; pack the pictures anew.")
        file.write(chunk)


def _remove(files: Iterable[Path]) -> None:
    for file in files:
        file.unlink(missing_ok=True)
