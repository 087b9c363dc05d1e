"""What a job's folder shows: the losses and sample sheets of a training, the preview and results of a task."""

import os
import shutil
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pandas as pd

from studio.core.batch import Ledger
from studio.core.errors import StudioError
from studio.core.image import WRITTEN, read_picture
from studio.core.video import WRITTEN_VIDEO
from studio.engine.batch import LEDGER
from studio.jobs.health import metrics
from studio.jobs.store import Job
from studio.ui.context import Studio, display_copy
from studio.ui.i18n import Words

POINTS = 150  # of each curve
SHEETS = 40
SHEET_SIDE = 900  # px
PREVIEW = "preview.jpg"  # as training.worker names it
RESULTS = 60  # shown of a task's; all of them lie in its folder
SEEN = (*WRITTEN, *WRITTEN_VIDEO)  # suffixes of what a gallery shows
_NO_LOSS = ("images", "seconds", "memory", "gradient")


def stamp(job: Job | None) -> tuple[Any, ...]:
    """Changes whenever there is more to show."""
    if job is None:
        return ()
    watched = (job.run_dir / name for name in ("metrics.jsonl", LEDGER, PREVIEW))
    facts = (path.stat() if path.is_file() else None for path in watched)
    return (*((fact.st_size, fact.st_mtime) if fact else 0 for fact in facts), len(_sheet_paths(job)))


def losses(jobs: Sequence[Job]) -> pd.DataFrame | None:
    """Columns images, loss and value, each curve averaged down to POINTS; None before the first line.

    With several trainings a loss is named by its run too.
    """
    rows = []
    for job in jobs:
        lines = metrics(job.run_dir)
        own = f" · {job.name} {job.id}" if len(jobs) > 1 else ""
        stride = max(1, -(-len(lines) // POINTS))
        for start in range(0, len(lines), stride):
            part = lines[start : start + stride]
            for name in dict.fromkeys(key for line in part for key in line if key not in _NO_LOSS):
                values = [line[name] for line in part if name in line]
                rows.append((part[-1]["images"], name + own, sum(values) / len(values)))
    return pd.DataFrame(rows, columns=["images", "loss", "value"]) if rows else None


def sheets(studio: Studio, job: Job, say: Words) -> list[tuple[str, str]]:
    """(file, caption) of at most SHEETS sample sheets, oldest first: the latest and others evenly before it."""
    paths = _sheet_paths(job)
    if len(paths) > SHEETS:
        paths = [paths[round(i * (len(paths) - 1) / (SHEETS - 1))] for i in range(SHEETS)]
    folder = studio.served / "sheets" / job.run_dir.name
    found = []
    for path in paths:
        try:
            copy = folder / f"{path.stem}.jpg"
            copy = copy if copy.is_file() else display_copy(read_picture(path), folder, path.stem, SHEET_SIDE)
        except StudioError:
            continue
        found.append((str(copy), say("jobs.sheet", images=f"{int(path.stem):,}")))
    return found


def disk_use(job: Job) -> int:
    """Bytes in the job's folder."""
    total = 0
    for path in job.run_dir.rglob("*"):
        with suppress(OSError):
            total += path.stat().st_size
    return total


def results(studio: Studio, job: Job) -> list[str]:
    """Copies that the browser may fetch of the first RESULTS files that a task has made."""
    folder = studio.served / "jobs" / job.run_dir.name
    made = [file for entry in Ledger(job.run_dir / LEDGER) for file in entry.files]
    names = Counter(file.name for file in made)
    found = []
    for index, file in enumerate(made[:RESULTS]):
        place = folder if names[file.name] == 1 else folder / str(index)
        with suppress(OSError):
            found.append(str(_served(file, place / file.name)))
    return found


def preview(studio: Studio, job: Job) -> str | None:
    """A copy of the newest preview of a task, None without one."""
    path = job.run_dir / PREVIEW
    if not path.is_file():
        return None
    with suppress(OSError):
        stamp = path.stat().st_mtime_ns
        return str(_served(path, studio.served / "jobs" / job.run_dir.name / f"preview-{stamp}.jpg"))
    return None


def _served(path: Path, copy: Path) -> Path:
    """`copy`, made of `path` where it is not there yet: a link where the file system has them."""
    if not copy.is_file():
        copy.parent.mkdir(parents=True, exist_ok=True)
        for old in copy.parent.glob("preview-*"):
            old.unlink(missing_ok=True)
        try:
            os.link(path, copy)
        except OSError:
            shutil.copyfile(path, copy)
    return copy


def _sheet_paths(job: Job) -> list[Path]:
    return sorted(path for path in (job.run_dir / "sheets").glob("*.png") if path.stem.isdigit())
