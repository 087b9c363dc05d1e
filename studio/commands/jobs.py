"""List, order, pause, resume, cancel, retry, copy and delete jobs, and publish what a training has learnt so far.

Jobs are trainings, and tasks that were started with --background. They go on when the studio is closed.
"""

import argparse
import dataclasses
import json
from typing import Any

from studio.commands.listing import duration, table
from studio.core.settings import Home
from studio.jobs.changes import changed
from studio.jobs.launch import ensure_worker
from studio.jobs.store import Job, JobStore

ACTIONS = {
    "show": "all that is known of a job",
    "pause": "stop a job after its next checkpoint, to go on later",
    "resume": "go on with a paused job",
    "cancel": "stop a job for good",
    "retry": "go on with a failed or cancelled job from its last checkpoint",
    "up": "let a waiting job change places with the one before it",
    "down": "let a waiting job change places with the one after it",
    "clone": "queue the same job again, with other settings if you like: NAME=VALUE ...",
    "publish": "put a snapshot of a training into the library as a model",
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
        if name == "clone":
            action.add_argument("settings", nargs="*", metavar="NAME=VALUE", help="settings that are to differ")
        elif name == "publish":
            action.add_argument("--at", type=int, default=0, metavar="N", help="pictures seen (default: the newest)")
            action.add_argument("--name", default="", metavar="NAME", help="name of the model (default: the job's)")


def run(values: argparse.Namespace) -> int:
    home = Home.default()
    store = JobStore(home.jobs_db)
    store.settle()
    if values.action == "list":
        _show(store.list(), values.json)
    elif values.action == "delete":
        store.delete(values.id)
        print(json.dumps({"deleted": values.id}) if values.json else f"Deleted job {values.id}.")
    elif values.action == "publish":
        card = publish_snapshot(store.get(values.id), values.at, values.name)
        print(json.dumps({"model": card.name}) if values.json else f"Added the model '{card.name}' ({card.family}).")
    elif values.action in ("up", "down", "clone"):
        job = _ordered(store, values)
        if values.action == "clone":
            ensure_worker(home)
        print(json.dumps(facts(job)) if values.json else describe(job))
    else:
        job = store.get(values.id) if values.action == "show" else store.request(values.id, values.action)
        if values.action in ("resume", "retry"):
            ensure_worker(home)
        print(json.dumps(facts(job)) if values.json else describe(job))
    return 0


def _ordered(store: JobStore, values: argparse.Namespace) -> Job:
    """The job moved in the queue, or its copy."""
    if values.action != "clone":
        return store.move(values.id, -1 if values.action == "up" else 1)
    pairs = dict(part.split("=", 1) if "=" in part else (part, "") for part in values.settings)
    return store.submit(changed(store.get(values.id).spec, pairs))


def publish_snapshot(job: Job, images: int, name: str) -> Any:
    """The library's card of the snapshot after `images` pictures, 0: the newest."""
    from studio.library.store import Library  # torch is loaded for this alone

    return Library.default().import_model(job.snapshot(images), name or job.name)


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
