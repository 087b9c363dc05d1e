"""Captions that people write beside their pictures: NAME.txt for one, or captions.csv for many."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from studio.core.errors import BadInput

TABLE = "captions.csv"
COLUMNS = ("caption", "text", "words")
LONGEST = 1000  # characters of a caption that are read
MOST_BYTES = 20_000_000  # of a table


def read_captions(pictures: Sequence[Path], texts: Iterable[str | Path] = ()) -> dict[Path, str]:
    """Picture -> its caption, for those that have one.

    Looked for beside each picture, and among the files `texts`, which belong to the pictures of the same name wherever
    they lie. BadInput for a table without the columns `file` and `caption`.
    """
    given = [Path(text) for text in texts]
    singles = {path.stem: path for path in given if path.suffix.lower() == ".txt"}
    tables = [path for path in given if path.suffix.lower() == ".csv"]
    beside = {path.parent / TABLE for path in pictures}
    rows: dict[str, str] = {}
    for table in [*sorted(path for path in beside if path.is_file()), *tables]:
        rows |= _table(table)
    found = {}
    for path in pictures:
        text = path.with_suffix(".txt")
        text = text if text.is_file() else singles.get(path.stem)
        caption = rows.get(path.name, "") if text is None else _read(text, LONGEST * 4)
        if caption := " ".join(caption.split())[:LONGEST]:
            found[path] = caption
    return found


def _table(path: Path) -> dict[str, str]:
    """File name -> caption; a table without such columns is some other table unless it is called captions.csv."""
    rows = list(csv.reader(_read(path, MOST_BYTES).splitlines()))
    head = [cell.strip().lower() for cell in rows[0]] if rows else []
    column = next((head.index(name) for name in COLUMNS if name in head), -1)
    if "file" not in head or column < 0:
        if path.name != TABLE:
            return {}
        raise BadInput(f"{path.name} has no columns 'file' and 'caption'; name them so in its first line.")
    file = head.index("file")
    return {Path(row[file]).name: row[column] for row in rows[1:] if len(row) > max(file, column)}


def _read(path: Path, most: int) -> str:
    """The file's text, as UTF-8 with or without a mark; at most `most` bytes of it."""
    try:
        with path.open("rb") as file:
            return file.read(most).decode("utf-8-sig", "replace")
    except OSError as error:
        raise BadInput(f"{path} cannot be opened; check the path and its permissions.") from error
