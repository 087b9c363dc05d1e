"""What was made: files, settings and a thumbnail of every result, in one SQLite file and a folder beside it.

Each entry has a folder of its own below `history`, so that it survives restarts and moves with the data folder. When
the whole grows over the quota, the oldest entries without a star go first. Every call opens its own short connection.
"""

import json
import secrets
import shutil
import sqlite3
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from studio.core.atomic import write_atomic
from studio.core.errors import BadInput, StorageFull
from studio.core.settings import Home

QUOTA = 2_000_000_000  # bytes
THUMBNAIL_SIDE = 256  # px
THUMBNAIL = "thumbnail.webp"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS entries (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    owner     TEXT NOT NULL,                 -- '' where nobody logs in
    task      TEXT NOT NULL,
    settings  TEXT NOT NULL,                 -- JSON
    folder    TEXT NOT NULL,                 -- inside the history folder
    files     TEXT NOT NULL,                 -- their names there, JSON
    bytes     INTEGER NOT NULL,
    star      INTEGER NOT NULL DEFAULT 0,
    created   REAL NOT NULL
)
"""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One result: its files, the first being the main one, and what made it; `created` in Unix seconds."""

    id: int
    owner: str
    task: str
    settings: dict[str, Any]
    files: tuple[Path, ...]
    thumbnail: Path
    bytes: int
    star: bool
    created: float

    def facts(self) -> dict[str, Any]:
        """As JSON can hold it."""
        kept = {key: getattr(self, key) for key in ("id", "task", "star", "created", "bytes", "settings")}
        return kept | {"files": [str(path) for path in self.files]}


class History:
    """The entries of the data folder `home`; `quota` in bytes."""

    def __init__(self, home: Home, quota: int = QUOTA) -> None:
        self.folder, self.path, self.quota = home.history, home.history_db, quota
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StorageFull(f"{self.folder} cannot be created; set EASEL_HOME to another folder.") from error
        with self._connection() as db:
            db.execute(_SCHEMA)
            db.execute("CREATE INDEX IF NOT EXISTS by_owner ON entries (owner, id)")

    def add(
        self, task: str, settings: Mapping[str, Any], write: Callable[[Path], list[Path]], owner: str = ""
    ) -> Entry:
        """Keep a result whose files `write(folder)` puts into a new folder; old entries make room if they must."""
        name = f"{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(4)}"
        folder = self.folder / name
        folder.mkdir()
        try:
            files = write(folder)
            _thumbnail(files, folder / THUMBNAIL)
            size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
            names = json.dumps([path.relative_to(folder).as_posix() for path in files])
            row = (owner, task, json.dumps(dict(settings)), name, names, size, time.time())
            with self._connection() as db:
                found = db.execute(
                    "INSERT INTO entries (owner, task, settings, folder, files, bytes, created)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING *",
                    row,
                ).fetchone()
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        self.make_room(keep=found["id"])
        return self._entry(found)

    def list(self, search: str = "", *, starred: bool = False, owner: str = "", most: int = 500) -> list[Entry]:
        """Newest first, those whose task or settings hold every word of `search`."""
        words = search.split()
        match = "".join(" AND (task || ' ' || settings) LIKE ? ESCAPE '\\'" for _ in words)
        query = f"SELECT * FROM entries WHERE owner = ?{match}{' AND star' if starred else ''} ORDER BY id DESC LIMIT ?"
        with self._connection() as db:
            rows = db.execute(query, (owner, *(f"%{_plain(word)}%" for word in words), most)).fetchall()
        return [self._entry(row) for row in rows]

    def get(self, id: int, owner: str = "") -> Entry:
        """BadInput when there is no such entry of this owner."""
        with self._connection() as db:
            row = db.execute("SELECT * FROM entries WHERE id = ? AND owner = ?", (id, owner)).fetchone()
        if row is None:
            raise BadInput(f"There is no result {id} in the history; see its list.")
        return self._entry(row)

    def star(self, id: int, star: bool = True, owner: str = "") -> Entry:
        """Entries with a star are never cleaned away."""
        self.get(id, owner)
        with self._connection() as db:
            db.execute("UPDATE entries SET star = ? WHERE id = ?", (star, id))
        return self.get(id, owner)

    def delete(self, id: int, owner: str = "") -> None:
        self._remove(self.get(id, owner))

    def export(self, ids: Sequence[int], path: Path, owner: str = "") -> Path:
        """A zip of these entries: a folder each, with its files and settings.json."""
        entries = [self.get(id, owner) for id in ids]
        if not entries:
            raise BadInput("There is nothing to export; choose results of the history.")
        with write_atomic(path) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
            for entry in entries:
                place = Path(f"{entry.id:05}-{entry.task}")
                archive.writestr(f"{place}/settings.json", json.dumps(entry.settings, indent=1))
                for each in entry.files:
                    archive.write(each, place / each.relative_to(entry.thumbnail.parent))
        return path

    def size(self) -> int:
        """Bytes of all entries."""
        with self._connection() as db:
            return db.execute("SELECT COALESCE(SUM(bytes), 0) FROM entries").fetchone()[0]

    def make_room(self, keep: int = -1) -> int:
        """Remove the oldest entries without a star, but not `keep`, until all fits the quota; how many went."""
        size, removed = self.size(), 0
        if size <= self.quota:
            return 0
        with self._connection() as db:
            rows = db.execute("SELECT * FROM entries WHERE NOT star AND id != ? ORDER BY id", (keep,)).fetchall()
        for row in rows:
            if size <= self.quota:
                break
            self._remove(self._entry(row))
            size, removed = size - row["bytes"], removed + 1
        return removed

    def _remove(self, entry: Entry) -> None:
        with self._connection() as db:
            db.execute("DELETE FROM entries WHERE id = ?", (entry.id,))
        shutil.rmtree(entry.thumbnail.parent, ignore_errors=True)

    def _entry(self, row: sqlite3.Row) -> Entry:
        folder = self.folder / row["folder"]
        return Entry(
            id=row["id"],
            owner=row["owner"],
            task=row["task"],
            settings=json.loads(row["settings"]),
            files=tuple(folder / name for name in json.loads(row["files"])),
            thumbnail=folder / THUMBNAIL,
            bytes=row["bytes"],
            star=bool(row["star"]),
            created=row["created"],
        )

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        """A connection in autocommit; the database's own errors become a sentence."""
        try:
            with closing(sqlite3.connect(self.path, timeout=10, isolation_level=None)) as db:
                db.row_factory = sqlite3.Row
                yield db
        except sqlite3.DatabaseError as error:
            raise StorageFull(
                f"The history {self.path} cannot be used ({error}); check its folder, or move it away for a new one."
            ) from error


def _thumbnail(files: list[Path], path: Path) -> None:
    """A small copy of the first file that is a picture; grey where there is none, as for a film."""
    for file in files:
        try:
            with Image.open(file) as image:
                image.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
                image.convert("RGBA" if "A" in image.getbands() else "RGB").save(path, "WEBP", quality=80)
                return
        except OSError:
            continue
    Image.new("RGB", (THUMBNAIL_SIDE, THUMBNAIL_SIDE * 9 // 16), (128, 128, 128)).save(path, "WEBP")


def _plain(word: str) -> str:
    """A word as LIKE takes it, with nothing that stands for anything else."""
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
