"""Many pictures one after the other: which there are, what their results are called, and what is done already."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from studio.core.errors import BadInput, StorageFull
from studio.core.image import list_pictures


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
