"""--background: the verb's work as a job, which goes on when the command ends."""

import argparse
import json
from collections.abc import Mapping, Sequence
from typing import Any

from studio.commands.jobs import facts
from studio.core.settings import Home
from studio.engine.tasks.base import Request
from studio.jobs.launch import ensure_worker
from studio.jobs.store import JobStore
from studio.jobs.task import TaskSpec


def add_background(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--background", action="store_true", help="do it as a job, which `easel jobs` shows; the command ends at once"
    )


def queue(
    values: argparse.Namespace,
    kind: type[Request[Any]],
    settings: Mapping[str, Any],
    *,
    pictures: Sequence[str] = (),
    files: Mapping[str, str | list[str]] | None = None,
    format: str = "png",
) -> int:
    """Queue the task with its results in the verb's output folder; the exit code."""
    store = JobStore((home := Home.default()).jobs_db)
    spec = TaskSpec(
        task=kind.task,
        settings=dict(settings),
        pictures=tuple(pictures),
        files=dict(files or {}),
        output=values.output,
        format=format,
    )
    job = store.submit(spec)
    ensure_worker(home)
    told = json.dumps(facts(job)) if values.json else f"Job {job.id} is queued; `easel jobs show {job.id}` tells of it."
    print(told)
    return 0
