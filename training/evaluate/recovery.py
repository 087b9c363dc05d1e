"""What a power cut costs: a job of the queue whose worker is killed between two checkpoints, and goes on."""

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from studio.core.errors import StudioError
from studio.core.settings import Home
from studio.jobs.job import Job
from studio.jobs.launch import ensure_worker, worker_runs
from studio.jobs.spec import TrainingSpec
from studio.jobs.store import ENDED, JobStore
from training.state import saved_facts

PATIENCE = 900.0  # seconds without a step
ENDING = 120.0  # seconds within which a worker has made its last checkpoint
POLL_SECONDS = 0.02


def recovery(home: Home, spec: TrainingSpec) -> dict[str, Any]:
    """Run `spec` as a job, kill its worker (SIGKILL) between its second and third checkpoint, and let it go on.

    Steps that are lost lie between the last that the run told of and the checkpoint that it went on from; more than
    `checkpoint_steps`, the way between two checkpoints, they cannot be. `spec.images` must be far away.
    """
    with jobs_in(home) as store:
        job = store.submit(spec)
        ensure_worker(home)
        state, saved = job.run_dir / "state.safetensors", list[int]()

        def saved_twice() -> bool:
            seen = int(saved_facts(state)["seen"]) if state.exists() else 0
            if seen and seen not in saved:
                saved.append(seen)
            return len(saved) == 2

        wait_until(saved_twice, store, job.id)
        time.sleep(spec.save_seconds / 2)
        told = last_told(job.run_dir)
        wait_until(lambda: last_told(job.run_dir) > told, store, job.id)  # right after a step that is told of
        os.kill(worker_pid(store.get(job.id)), signal.SIGKILL)
        wait_until(lambda: not worker_runs(home), store, job.id)
        seen, kept = last_told(job.run_dir), int(saved_facts(state)["seen"])
        wait_until(lambda: ensure_worker(home), store, job.id)  # it may be a while until the other counts as gone
        wait_until(lambda: kept < last_told(job.run_dir) != seen, store, job.id)  # what came after `kept` is told anew
    return {
        "recovery_lost_steps": (seen - kept) // spec.batch,
        "recovery_killed_at_step": seen // spec.batch,
        "recovery_resumed_at_step": kept // spec.batch,
        "checkpoint_seconds": spec.save_seconds,
        "checkpoint_steps": (saved[1] - saved[0]) // spec.batch,
    }


@contextmanager
def jobs_in(home: Home) -> Iterator[JobStore]:
    """The jobs of a data folder, which has no worker any more when the block ends: nothing is written after that."""
    store = JobStore(home.jobs_db)
    try:
        yield store
    finally:
        jobs = store.list()
        for job in jobs:
            if job.state not in ENDED:
                store.request(job.id, "cancel")
        end = time.monotonic() + ENDING
        for pid in {worker_pid(job) for job in jobs if job.worker} if worker_runs(home) else ():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
        while worker_runs(home) and time.monotonic() < end:
            time.sleep(POLL_SECONDS)


def last_told(run_dir: Path) -> int:
    """Pictures seen at the last whole line of metrics.jsonl, 0 without one."""
    path = run_dir / "metrics.jsonl"
    lines = path.read_text(encoding="utf-8").split("\n")[:-1] if path.exists() else []
    return int(json.loads(lines[-1])["images"]) if lines else 0


def wait_until(ready: Callable[[], bool], store: JobStore, id: int) -> Job:
    """The job once it is `ready`; StudioError when it fails before, or gets no further."""
    end, step = time.monotonic() + PATIENCE, 0
    while not ready():
        job = store.get(id)
        if job.state == "failed":
            raise StudioError(f"The training {job.name} failed: {job.error}")
        if job.step != step:
            end, step = time.monotonic() + PATIENCE, job.step
        if time.monotonic() > end:
            raise StudioError(f"The training {job.name} gets no further than {job.step} pictures.")
        time.sleep(POLL_SECONDS)
    return store.get(id)


def worker_pid(job: Job) -> int:
    """The process that does the job, or did it last (see studio.jobs.store.worker_id)."""
    return int(job.worker.split(":")[-2])
