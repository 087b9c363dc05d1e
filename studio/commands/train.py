"""Train or fine-tune a model on your pictures, in the background.

The training is a job: it goes on when this command ends, and `easel jobs` shows, pauses and resumes it.
  easel train faces --data DIR --base faces --name family --images 20000 --wait
"""

import argparse
import json
import sys
import time

from studio.commands.jobs import describe, facts
from studio.commands.listing import duration
from studio.core.image import list_pictures
from studio.core.settings import Home
from studio.jobs.arguments import add_spec_arguments, spec_from_arguments
from studio.jobs.launch import ensure_worker
from studio.jobs.spec import SPECS
from studio.jobs.store import ENDED, Job, JobStore

POLL_SECONDS = 0.5
WORKER_SECONDS = 10.0  # between looks whether the worker still lives


def configure(parser: argparse.ArgumentParser) -> None:
    recipes = parser.add_subparsers(dest="recipe", metavar="RECIPE", required=True)
    for name, kind in SPECS.items():
        recipe = recipes.add_parser(name, help=(kind.__doc__ or "").strip(), description=kind.__doc__)
        add_spec_arguments(recipe, kind)
        recipe.add_argument("--wait", action="store_true", help="show progress until the training ends")
        recipe.add_argument("--json", action="store_true", help="print the job as a JSON object a line")


def run(values: argparse.Namespace) -> int:
    spec = spec_from_arguments(SPECS[values.recipe], values)
    list_pictures(spec.data)  # told now, not by the worker later
    home = Home.default()
    store = JobStore(home.jobs_db)
    job = store.submit(spec)
    ensure_worker(home)
    if values.json:
        print(json.dumps(facts(job)), flush=True)
    else:
        print(f"Job {job.id} is queued; `easel jobs show {job.id}` tells how it goes.", flush=True)
    if not values.wait:
        return 0
    try:
        job = _wait(store, home, job.id)
    except KeyboardInterrupt:
        print(f"\nJob {job.id} goes on in the background; stop it with `easel jobs cancel {job.id}`.", file=sys.stderr)
        return 130
    if values.json:
        print(json.dumps(facts(job)))
    else:
        print(describe(job))
    if job.error:
        print(f"easel: {job.error}", file=sys.stderr)
    return 0 if job.state == "done" else 1


def _wait(store: JobStore, home: Home, id: int) -> Job:
    """The job once it has ended or is paused; a line on stderr whenever its step changes."""
    looked, step = time.monotonic(), -1
    terminal = sys.stderr.isatty()
    while True:
        job = store.get(id)
        if job.state == "running" and job.step != step:
            step = job.step
            left = f", {duration(job.remaining)} left" if job.remaining is not None else ""
            line = f"{job.step} of {job.total} pictures{left}  {job.message}".rstrip()
            print(f"\r\033[K{line}" if terminal else line, end="" if terminal else "\n", file=sys.stderr, flush=True)
        if job.state in (*ENDED, "paused"):
            if terminal:
                print(file=sys.stderr)
            return job
        if time.monotonic() - looked > WORKER_SECONDS:
            looked = time.monotonic()
            ensure_worker(home)
        time.sleep(POLL_SECONDS)
