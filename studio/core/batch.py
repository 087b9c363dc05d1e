"""Many pictures one after the other: which there are, what their results are called, and what is done already."""

import glob
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from studio.core.errors import BadInput, StorageFull
from studio.core.image import SUFFIXES, list_pictures, picture_settings


def find_pictures(inputs: Sequence[str], output: str) -> list[tuple[Path, Path]]:
    """Every picture in `inputs`, and its place below its folder; what lies in `output` below an input is no input."""
    found: dict[Path, Path] = {}
    results = Path(output).resolve()
    for entry in map(Path, inputs):
        for path in list_pictures([entry]):
            nested = entry.is_dir() and results != entry.resolve() and results in path.resolve().parents
            if not nested:
                found.setdefault(path, path.relative_to(entry) if entry.is_dir() else Path(path.name))
    if not found:
        raise BadInput(f"There is no picture in {', '.join(inputs)} apart from earlier results; choose another folder.")
    return list(found.items())


def free_path(path: Path) -> Path:
    """The path, or the first of NAME-2, NAME-3 ... that is free."""
    free, number = path, 1
    while free.exists():
        number += 1
        free = path.with_stem(f"{path.stem}-{number}")
    return free


def made_already(
    path: Path, settings: Mapping[str, Any], sources: Sequence[Path], taken: Collection[Path] = ()
) -> Path | None:
    """The result of `sources` by these settings at `path`, or at NAME-2, NAME-3 ...; None when there is none.

    It is none of those `taken` by other sources of that name. It has to be younger than each of its sources, and to
    hold the settings, whatever version of Easel wrote it.
    """
    wanted = json.loads(json.dumps({key: value for key, value in settings.items() if key != "easel"}))
    found, number = path, 1
    while found.exists():
        held = {} if found in taken else picture_settings(found)
        if all(held.get(key, ...) == value for key, value in wanted.items()):
            made = found.stat().st_mtime_ns
            if all(source.exists() and source.stat().st_mtime_ns <= made for source in sources):
                return found
        number += 1
        found = path.with_stem(f"{path.stem}-{number}")
    return None


def companion(given: str | Path, name: Path) -> Path:
    """The file that goes with the picture `name`: `given`, or in that folder the one of this name, of any suffix."""
    place = Path(given)
    if not place.is_dir():
        return place
    found = (place / name.parent).glob(f"{glob.escape(name.stem)}.*")
    fitting = sorted(path for path in found if path.stem == name.stem and path.suffix.lower() in SUFFIXES)
    if not fitting:
        suffixes, stem = ", ".join(sorted(SUFFIXES)), name.with_suffix("")
        raise BadInput(f"{name} has no mask in {place}; name it {stem} with one of {suffixes}.")
    return fitting[0]


@dataclass(frozen=True)
class Entry:
    """What became of one input: its files, or the sentence that says why there are none. `source` may be empty."""

    source: str
    files: tuple[Path, ...] = ()
    error: str = ""


class Ledger:
    """The entries of a job in a file of JSON lines, each written when its files are there; read by whoever watches."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __iter__(self) -> Iterator[Entry]:
        """The entries so far; a line that was cut off by a power failure is none."""
        if not self.path.is_file():
            return
        for line in self.path.read_text(encoding="utf-8", errors="replace").splitlines():
            try:
                facts = json.loads(line)
                yield Entry(facts["source"], tuple(map(Path, facts["files"])), facts["error"])
            except (ValueError, KeyError, TypeError):
                continue

    def add(self, entry: Entry) -> None:
        """Append an entry; StorageFull when there is no room."""
        facts = {"source": entry.source, "files": [str(file) for file in entry.files], "error": entry.error}
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a", encoding="utf-8") as file:
                file.write(f"\n{json.dumps(facts)}\n")  # a line cut off before it ends here
        except OSError as error:
            raise StorageFull(
                f"There is no room left to write {self.path.name}; free some disk space and try again."
            ) from error
