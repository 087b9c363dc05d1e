"""The list of jobs: one SQLite file that the studio, the command line and the worker share.

Every call opens its own short connection, so threads and processes need nothing in common but the path. A job belongs
to the worker that claimed it for as long as its row says so; what a worker reports after that is not taken.
"""

import os
import secrets
import shutil
import socket
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Literal

from studio.core.errors import BadInput, StorageFull, StudioError
from studio.core.names import check_name
from studio.core.settings import Home
from studio.jobs.job import Job as Job
from studio.jobs.job import State
from studio.jobs.spec import TrainingSpec
from studio.jobs.task import JobSpec, job_spec_from_json

Request = Literal["pause", "resume", "cancel", "retry"]
Action = Literal["go", "pause", "cancel", "lost"]

STALE_SECONDS = 20.0
MAX_ATTEMPTS = 3
ENDED = ("done", "failed", "cancelled")
_UNREADABLE = (StudioError, ValueError, TypeError, AttributeError)  # what spec_from_json raises on a foreign spec

_SCHEMA = """
CREATE TABLE IF NOT EXISTS jobs (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    recipe    TEXT NOT NULL,
    name      TEXT NOT NULL,
    spec      TEXT NOT NULL,
    folder    TEXT NOT NULL,                 -- of the run, inside the runs folder
    state     TEXT NOT NULL DEFAULT 'queued',
    wanted    TEXT NOT NULL DEFAULT '',      -- '', 'pause' or 'cancel': what a running job was asked for
    step      INTEGER NOT NULL DEFAULT 0,
    total     INTEGER NOT NULL DEFAULT 0,
    seconds   REAL NOT NULL DEFAULT 0,
    message   TEXT NOT NULL DEFAULT '',
    error     TEXT NOT NULL DEFAULT '',
    model     TEXT NOT NULL DEFAULT '',
    worker    TEXT NOT NULL DEFAULT '',
    attempts  INTEGER NOT NULL DEFAULT 0,    -- lost workers in a row without getting beyond `reached`
    place     REAL NOT NULL DEFAULT 0,       -- in the queue, the smallest first
    reached   INTEGER NOT NULL DEFAULT 0,    -- furthest step at which a worker was lost
    created   REAL NOT NULL,
    updated   REAL NOT NULL,
    heartbeat REAL NOT NULL DEFAULT 0
)
"""

# (request, state) -> (new state, wanted); whatever is not here is refused
_TRANSITIONS: dict[tuple[str, str], tuple[State, str]] = {
    ("pause", "queued"): ("paused", ""),
    ("pause", "running"): ("running", "pause"),
    ("resume", "paused"): ("queued", ""),
    ("resume", "running"): ("running", ""),
    ("cancel", "queued"): ("cancelled", ""),
    ("cancel", "paused"): ("cancelled", ""),
    ("cancel", "running"): ("running", "cancel"),
    ("retry", "failed"): ("queued", ""),
    ("retry", "cancelled"): ("queued", ""),
}


class JobStore:
    """The jobs in the SQLite file `path`, created where missing; runs and uploads lie beside it (see `Home`)."""

    def __init__(self, path: Path) -> None:
        self.path = Path(path)
        self.home = Home(root=self.path.parent)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StorageFull(f"{self.path.parent} cannot be created; set EASEL_HOME to another folder.") from error
        with self._connection() as db:
            _use_wal(db)
            db.execute(_SCHEMA)
            _add_place(db)

    def submit(self, spec: JobSpec) -> Job:
        """Queue a training or a task; BadInput when the name of a training's model cannot be used.

        Relative paths in the spec are made absolute, as the worker runs in another folder.
        """
        if isinstance(spec, TrainingSpec):
            check_name(spec.model_name)
        spec, now = spec.absolute(), time.time()
        total = spec.images if isinstance(spec, TrainingSpec) else 0
        folder = f"{spec.recipe}-{time.strftime('%Y%m%d-%H%M%S', time.localtime(now))}-{secrets.token_hex(3)}"
        row = (spec.recipe, spec.title, spec.to_json(), folder, total, now, now)
        with self._connection() as db:
            found = db.execute(
                "INSERT INTO jobs (recipe, name, spec, folder, total, created, updated, place)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, (SELECT coalesce(max(place), 0) + 1 FROM jobs)) RETURNING *",
                row,
            ).fetchone()
        return self._job(found)

    def get(self, id: int) -> Job:
        """The job `id`; BadInput when there is none."""
        with self._connection() as db:
            return self._job(_row(db, id))

    def list(self) -> list[Job]:
        """Every job, newest first."""
        with self._connection() as db:
            rows = db.execute("SELECT * FROM jobs ORDER BY id DESC").fetchall()
        return list(self._jobs(rows))

    def queued(self) -> int:
        """How many jobs wait for a worker."""
        with self._connection() as db:
            return db.execute("SELECT count(*) FROM jobs WHERE state = 'queued'").fetchone()[0]

    def claim(self, worker: str) -> Job | None:
        """The first queued job, now running and `worker`'s alone; None when nothing waits."""
        now = time.time()
        with self._connection() as db:
            row = db.execute(
                "UPDATE jobs SET state = 'running', wanted = '', error = '', worker = ?, heartbeat = ?, updated = ?"
                " WHERE id = (SELECT id FROM jobs WHERE state = 'queued' ORDER BY place, id LIMIT 1) RETURNING *",
                (worker, now, now),
            ).fetchone()
        if row is None:
            return None
        try:
            return self._job(row)
        except _UNREADABLE:
            self.fail(row["id"], worker, "This job was made by another version of Easel; start it anew.")
            return self.claim(worker)

    def beat(self, id: int, worker: str, *, step: int, total: int, seconds: float, message: str = "") -> Action:
        """Report progress and learn what is wanted: "go", "pause" or "cancel"; "lost" when the job is another's now."""
        now = time.time()
        return self._report(
            "step = ?, total = ?, seconds = ?, message = ?, updated = ?, heartbeat = ?",
            (step, total, seconds, message, now, now, id, worker),
        )

    def touch(self, id: int, worker: str) -> Action:
        """A sign of life without progress; answers as `beat`."""
        return self._report("heartbeat = ?", (time.time(), id, worker))

    def finish(self, id: int, worker: str, *, model: str = "", message: str = "") -> None:
        """The job is done: a training's model is published as `model`; `message` is what else is to be said."""
        changes = "state = 'done', wanted = '', model = ?, step = total, message = ?, updated = ?"
        self._report(changes, (model, message, time.time(), id, worker))

    def fail(self, id: int, worker: str, error: str) -> None:
        """The job ended with `error`, one sentence for the person."""
        self._report("state = 'failed', wanted = '', error = ?, updated = ?", (error, time.time(), id, worker))

    def stop(self, id: int, worker: str) -> None:
        """The run stopped early with its state saved: paused or cancelled as was wanted, else back in the queue."""
        changes = (
            "state = CASE wanted WHEN 'pause' THEN 'paused' WHEN 'cancel' THEN 'cancelled' ELSE 'queued' END,"
            " wanted = '', worker = '', updated = ?"
        )
        self._report(changes, (time.time(), id, worker))

    def hold(self, id: int, worker: str, error: str) -> None:
        """The job cannot go on before a person has done what `error` says; it is paused, with its last checkpoint."""
        changes = "state = 'paused', wanted = '', worker = '', error = ?, updated = ?"
        self._report(changes, (error, time.time(), id, worker))

    def settle(self) -> int:
        """Take running jobs from workers that are gone, and return how many: no heartbeat for 20 s, or no process.

        They go where they were wanted, else back to the queue; the third loss in a row at the same place is a failure.
        """
        now, count = time.time(), 0
        with self._connection() as db:
            rows = db.execute("SELECT id, worker, heartbeat FROM jobs WHERE state = 'running'").fetchall()
            gone = [row for row in rows if now - row["heartbeat"] > STALE_SECONDS or not _alive(row["worker"])]
            for row in gone:
                count += db.execute(
                    "UPDATE jobs SET wanted = '', worker = '', updated = :now, reached = max(reached, step),"
                    " attempts = CASE WHEN step > reached THEN 1 ELSE attempts + 1 END,"
                    " state = CASE WHEN wanted = 'pause' THEN 'paused' WHEN wanted = 'cancel' THEN 'cancelled'"
                    "   WHEN step <= reached AND attempts + 1 >= :most THEN 'failed' ELSE 'queued' END,"
                    " error = CASE WHEN wanted = '' AND step <= reached AND attempts + 1 >= :most THEN :error"
                    "   ELSE error END"
                    " WHERE id = :id AND state = 'running' AND worker = :worker AND heartbeat = :heartbeat",
                    dict(row) | {"now": now, "most": MAX_ATTEMPTS, "error": _LOST},
                ).rowcount
        return count

    def request(self, id: int, action: Request) -> Job:
        """Pause, resume, cancel or retry a job; BadInput when its state does not allow it."""
        with self._connection() as db:
            db.execute("BEGIN IMMEDIATE")
            row = _row(db, id)
            if (action, row["state"]) not in _TRANSITIONS:
                raise BadInput(_refusal(id, action, row["state"]))
            state, wanted = _TRANSITIONS[action, row["state"]]
            fresh = ", attempts = 0, reached = 0, error = ''" if action in ("retry", "resume") else ""
            found = db.execute(
                f"UPDATE jobs SET state = ?, wanted = ?, updated = ?{fresh} WHERE id = ? RETURNING *",
                (state, wanted, time.time(), id),
            ).fetchone()
            db.execute("COMMIT")
        return self._job(found)

    def move(self, id: int, by: int) -> Job:
        """Let a waiting job change places with the one before it (`by` -1) or after it (1), if there is one."""
        with self._connection() as db:
            db.execute("BEGIN IMMEDIATE")
            row = _row(db, id)
            if row["state"] != "queued":
                raise BadInput(f"Job {id} is {row['state']}; only a job that waits has a place in the queue.")
            queue = db.execute("SELECT id, place FROM jobs WHERE state = 'queued' ORDER BY place, id").fetchall()
            index = [other["id"] for other in queue].index(id)
            if 0 <= index + by < len(queue):
                other = queue[index + by]
                for mine, place in ((id, other["place"]), (other["id"], row["place"])):
                    db.execute("UPDATE jobs SET place = ? WHERE id = ?", (place, mine))
            db.execute("COMMIT")
        return self.get(id)

    def delete(self, id: int) -> None:
        """Remove an ended job with its run folder and uploads; a published model stays. BadInput while it may run."""
        with self._connection() as db:
            db.execute("BEGIN IMMEDIATE")
            job = self._job(_row(db, id))
            if job.state not in ENDED:
                raise BadInput(f"Job {id} is {job.state}; cancel it before you delete it.")
            db.execute("DELETE FROM jobs WHERE id = ?", (id,))
            others = list(self._jobs(db.execute("SELECT * FROM jobs").fetchall()))
            db.execute("COMMIT")
        kept = {folder for other in others for folder in self._uploads(other.spec)}
        for folder in {job.run_dir, *self._uploads(job.spec)} - kept:
            shutil.rmtree(folder, ignore_errors=True)

    def _uploads(self, spec: JobSpec) -> set[Path]:
        """The folders right inside the uploads folder that the spec's pictures lie in."""
        root = self.home.uploads.resolve()
        inside = [Path(entry).resolve() for entry in spec.sources]
        return {root / path.relative_to(root).parts[0] for path in inside if root in path.parents}

    def _report(self, changes: str, values: tuple[object, ...]) -> Action:
        """Change a running job's row on behalf of its worker; `values` end with the job's id and the worker."""
        with self._connection() as db:
            row = db.execute(
                f"UPDATE jobs SET {changes} WHERE id = ? AND worker = ? AND state = 'running' RETURNING wanted",
                values,
            ).fetchone()
        return "lost" if row is None else row["wanted"] or "go"

    def _jobs(self, rows: Iterable[sqlite3.Row]) -> Iterator[Job]:
        """The jobs of `rows`, without those whose spec another version of Easel wrote."""
        for row in rows:
            try:
                job = self._job(row)
            except _UNREADABLE:
                continue
            yield job

    def _job(self, row: sqlite3.Row) -> Job:
        values = dict(row)
        del values["reached"]
        spec, run_dir = job_spec_from_json(values.pop("spec")), self.home.runs / values.pop("folder")
        return Job(**values, spec=spec, run_dir=run_dir)

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        """A connection in autocommit; the database's own errors become sentences."""
        try:
            with closing(sqlite3.connect(self.path, timeout=10, isolation_level=None)) as db:
                db.row_factory = sqlite3.Row
                yield db
        except sqlite3.OperationalError as error:
            raise StorageFull(
                f"The job list {self.path} cannot be used ({error}); check the space and permissions of its folder."
            ) from error
        except sqlite3.DatabaseError as error:
            raise StudioError(
                f"The job list {self.path} is damaged; move it away, and Easel starts a new one."
            ) from error


_LOST = f"The job was killed {MAX_ATTEMPTS} times at the same place, perhaps for want of memory; lower batch or size."
_VERBS = {"pause": "paused", "resume": "resumed", "cancel": "cancelled", "retry": "retried"}


def worker_id() -> str:
    """This process as the store knows it: host, process and a random part, as process numbers come again."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"


def _alive(worker: str) -> bool:
    """False when the worker's process is known to be gone; on another host only its heartbeat tells."""
    host, _, rest = worker.rpartition(":")[0].rpartition(":")
    if host != socket.gethostname() or not rest.isdigit() or os.name == "nt":  # there, signal 0 is not a question
        return True
    try:
        os.kill(int(rest), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:  # a process that has ended still takes signals until its parent asks how
        return Path(f"/proc/{rest}/stat").read_bytes().rpartition(b")")[2].split()[0] not in (b"Z", b"X")
    except OSError:
        return True  # no /proc here


def _use_wal(db: sqlite3.Connection) -> None:
    """Write-ahead logging; the switch itself does not wait for other connections, so we do."""
    for _ in range(100):
        try:
            if db.execute("PRAGMA journal_mode = WAL").fetchone()[0] == "wal":
                return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
        time.sleep(0.05)
    raise sqlite3.OperationalError("the database is locked")


def _add_place(db: sqlite3.Connection) -> None:
    """Give a list that an earlier Easel made the column `place`."""
    if "place" in {row["name"] for row in db.execute("PRAGMA table_info(jobs)")}:
        return
    try:
        db.execute("ALTER TABLE jobs ADD COLUMN place REAL NOT NULL DEFAULT 0")
    except sqlite3.OperationalError as error:
        if "duplicate" not in str(error):  # another process was faster
            raise
    db.execute("UPDATE jobs SET place = id WHERE place = 0")


def _row(db: sqlite3.Connection, id: int) -> sqlite3.Row:
    row = db.execute("SELECT * FROM jobs WHERE id = ?", (id,)).fetchone()
    if row is None:
        raise BadInput(f"There is no job {id}; see the list of jobs.")
    return row


def _refusal(id: int, action: str, state: str) -> str:
    allowed = [name for name, start in _TRANSITIONS if start == state]
    remedy = f"it can be {' or '.join(_VERBS[name] for name in allowed)}" if allowed else "it has ended"
    return f"Job {id} is {state} and cannot be {_VERBS[action]}; {remedy}."
