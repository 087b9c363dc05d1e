"""List, pause, resume, cancel, retry and delete jobs: trainings, and tasks that were started with --background.

They run in the background and survive a closed studio.
"""

import argparse
import dataclasses
import json
from typing import Any

from studio.commands.listing import duration, table
from studio.core.settings import Home
from studio.jobs.launch import ensure_worker
from studio.jobs.store import Job, JobStore

ACTIONS = {
    "show": "all that is known of a job",
    "pause": "stop a job after its next checkpoint, to go on later",
    "resume": "go on with a paused job",
    "cancel": "stop a job for good",
    "retry": "go on with a failed or cancelled job from its last checkpoint",
    "delete": "remove an ended job and its files; its model stays",
}


def configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    actions.add_parser("list", help="every job, newest first").add_argument(
        "--json", action="store_true", help="print one JSON object a line"
    )
    for name, help in ACTIONS.items():
        action = actions.add_parser(name, help=help)
        action.add_argument("id", type=int, metavar="ID", help="number of the job, as in the list")
        action.add_argument("--json", action="store_true", help="print one JSON object")


def run(values: argparse.Namespace) -> int:
    home = Home.default()
    store = JobStore(home.jobs_db)
    store.settle()
    if values.action == "list":
        _show(store.list(), values.json)
    elif values.action == "delete":
        store.delete(values.id)
        print(json.dumps({"deleted": values.id}) if values.json else f"Deleted job {values.id}.")
    else:
        job = store.get(values.id) if values.action == "show" else store.request(values.id, values.action)
        if values.action in ("resume", "retry"):
            ensure_worker(home)
        print(json.dumps(facts(job)) if values.json else describe(job))
    return 0


def facts(job: Job) -> dict[str, Any]:
    """The job as JSON can hold it."""
    spec = json.loads(job.spec.to_json())
    return dataclasses.asdict(job) | {"spec": spec, "run_dir": str(job.run_dir), "remaining": job.remaining}


def results_folder(job: Job) -> str:
    """Where a task's files go."""
    return getattr(job.spec, "output", "") or str(job.run_dir / "results")


def describe(job: Job) -> str:
    """The job as lines of text."""
    state = f"{job.state} ({job.wanted} wanted)" if job.wanted else job.state
    lines = {
        "job": f"{job.id}  {job.recipe} '{job.name}'",
        "state": state,
        "progress": f"{job.step} of {job.total} {'steps' if job.is_task else 'pictures'} in {duration(job.seconds)}",
        "left": duration(job.remaining) if job.state == "running" else "",
        "message": job.message,
        "error": job.error,
        "model": job.model,
        "folder": str(job.run_dir),
        "results": results_folder(job) if job.is_task else "",
    }
    return "\n".join(f"{key + ':':<10}{value}" for key, value in lines.items() if value)


def _show(jobs: list[Job], as_json: bool) -> None:
    if as_json:
        for job in jobs:
            print(json.dumps(facts(job)))
        return
    rows = [
        [
            str(job.id),
            job.recipe,
            job.name,
            job.state,
            f"{job.step / job.total:.0%}" if job.total else "",
            duration(job.remaining) if job.state == "running" else "",
            job.error or job.model or job.message,
        ]
        for job in jobs
    ]
    print(table(["id", "recipe", "name", "state", "done", "left", "note"], rows) if rows else "There are no jobs yet.")
