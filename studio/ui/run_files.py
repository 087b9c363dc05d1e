"""What a training's run folder shows: its losses and its sample sheets."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from studio.core.errors import StudioError
from studio.core.image import read_picture
from studio.jobs.store import Job
from studio.ui.context import Studio, display_copy
from studio.ui.i18n import Words

POINTS = 150  # of each curve
SHEETS = 12
SHEET_SIDE = 900  # px
_NO_LOSS = ("images", "seconds")


def stamp(job: Job | None) -> tuple[Any, ...]:
    """Changes whenever there is more to show."""
    if job is None:
        return ()
    metrics = job.run_dir / "metrics.jsonl"
    return (metrics.stat().st_size if metrics.is_file() else 0, len(_sheet_paths(job)))


def losses(job: Job) -> pd.DataFrame | None:
    """Columns images, loss and value, each curve averaged down to POINTS; None before the first line."""
    lines = list(_metrics(job.run_dir / "metrics.jsonl"))
    if not lines:
        return None
    rows = []
    stride = -(-len(lines) // POINTS)
    for start in range(0, len(lines), stride):
        part = lines[start : start + stride]
        for name in dict.fromkeys(key for line in part for key in line if key not in _NO_LOSS):
            values = [line[name] for line in part if name in line]
            rows.append((part[-1]["images"], name, sum(values) / len(values)))
    return pd.DataFrame(rows, columns=["images", "loss", "value"])


def _metrics(path: Path) -> Iterator[dict[str, Any]]:
    """The lines that are whole; the last may be in the writing."""
    if not path.is_file():
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            yield json.loads(line)
        except ValueError:
            continue


def sheets(studio: Studio, job: Job, say: Words) -> list[tuple[str, str]]:
    """(file, caption) of at most SHEETS sample sheets, newest first: the latest and others evenly before it."""
    paths = _sheet_paths(job)
    if len(paths) > SHEETS:
        paths = [paths[round(i * (len(paths) - 1) / (SHEETS - 1))] for i in range(SHEETS)]
    folder = studio.served / "sheets" / job.run_dir.name
    found = []
    for path in reversed(paths):
        try:
            copy = folder / f"{path.stem}.jpg"
            copy = copy if copy.is_file() else display_copy(read_picture(path), folder, path.stem, SHEET_SIDE)
        except StudioError:
            continue
        found.append((str(copy), say("jobs.sheet", images=f"{int(path.stem):,}")))
    return found


def _sheet_paths(job: Job) -> list[Path]:
    return sorted(path for path in (job.run_dir / "sheets").glob("*.png") if path.stem.isdigit())
