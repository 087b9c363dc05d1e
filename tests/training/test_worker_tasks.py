"""The worker with tasks of the engine: results, progress, stopping, and a process that is really killed."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from studio.core.batch import Ledger
from studio.core.image import Picture, read_picture, write_picture
from studio.core.settings import Home
from studio.engine.batch import LEDGER
from studio.engine.tasks import TASKS
from studio.engine.tasks.base import Task
from studio.jobs.launch import ensure_worker
from studio.jobs.store import Job, JobStore
from studio.jobs.task import TaskSpec
from studio.library.store import Library
from tests.pictures import scene
from training.worker import Worker

PATIENCE = 120.0  # seconds; a busy computer may need them


@pytest.fixture
def store(home: Home) -> JobStore:
    return JobStore(home.jobs_db)


@pytest.fixture
def library(home: Home) -> Library:
    return Library(home.root / "none", home.models)


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    for index in range(12):
        picture = Picture(rgb=scene(192, 128, seed=index))
        write_picture(tmp_path / "photos" / f"{index:02d}.png", picture, source=None)
    return tmp_path / "photos"


def enhancing(photos: Path, **changes: Any) -> TaskSpec:
    return TaskSpec(task="enhance", pictures=(str(photos),), settings={"balance": 0.5, "contrast": "clahe"} | changes)


def entries(job: Job) -> list[Any]:
    return list(Ledger(job.run_dir / LEDGER))


def wait_for(store: JobStore, id: int, ready: Callable[[Job], bool]) -> Job:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        job = store.get(id)
        if ready(job):
            return job
        time.sleep(0.02)
    raise AssertionError(f"still {store.get(id)}\n{(store.home.root / 'worker.log').read_text()}")


def test_a_folder_is_worked_through_and_what_failed_is_told(store: JobStore, library: Library, photos: Path) -> None:
    (photos / "03.png").write_text("no picture")
    job = store.submit(enhancing(photos))
    Worker(store, library, device="cpu", idle_seconds=0).run()
    done = store.get(job.id)
    assert done.state == "done" and done.step == done.total > 0 and done.seconds > 0
    assert done.message.startswith("1 of 12: 03.png")
    made = [file for entry in entries(job) for file in entry.files]
    assert len(made) == 11 and all(file.parent == job.run_dir / "results" for file in made)
    assert read_picture(made[0]).settings["contrast"] == "clahe"


def test_a_task_that_cannot_be_done_fails_with_its_sentence(store: JobStore, library: Library, photos: Path) -> None:
    jobs = [
        store.submit(enhancing(photos, balance=900.0)),
        store.submit(enhancing(photos / "missing")),
        store.submit(TaskSpec(task="fly")),
    ]
    Worker(store, library, device="cpu", idle_seconds=0).run()
    found = [store.get(job.id) for job in jobs]
    assert [job.state for job in found] == ["failed"] * 3
    for job, word in zip(found, ("balance", "missing", "no task 'fly'"), strict=True):
        assert word in job.error


@pytest.mark.parametrize(("action", "after"), [("pause", "paused"), ("cancel", "cancelled")])
def test_a_task_stops_when_it_is_asked_to_and_goes_on(
    store: JobStore, library: Library, photos: Path, monkeypatch: pytest.MonkeyPatch, action: Any, after: str
) -> None:
    task, calls = TASKS["enhance"], []

    def run(request: Any, models: Any, control: Any) -> Any:
        calls.append(request.picture.name)
        if len(calls) == 5:
            store.request(job.id, action)
            while True:  # no report: the heartbeat's thread has to bring the wish
                control.check()
                time.sleep(0.01)
        return task.run(request, models, control)

    monkeypatch.setitem(TASKS, "enhance", Task(task.request, run))
    job = store.submit(enhancing(photos))
    worker = Worker(store, library, device="cpu", idle_seconds=0)
    worker.run()
    assert store.get(job.id).state == after and len(entries(job)) == 4
    store.request(job.id, "resume" if action == "pause" else "retry")
    worker.run()
    assert store.get(job.id).state == "done" and len(entries(job)) == 12
    assert len(calls) == 13 and calls[4] == calls[5]


def test_a_killed_worker_is_replaced_and_no_picture_is_done_twice(store: JobStore, home: Home, photos: Path) -> None:
    job = store.submit(enhancing(photos, deblur=2.0))
    assert ensure_worker(home)
    worker = wait_for(store, job.id, lambda job: len(entries(job)) >= 2)
    os.kill(int(worker.worker.split(":")[-2]), signal.SIGKILL)
    before = {file: file.stat().st_mtime_ns for entry in entries(job) for file in entry.files}
    wait_for(store, job.id, lambda job: bool(ensure_worker(home)) or job.state == "done")
    done = wait_for(store, job.id, lambda job: job.state == "done")
    assert sorted(Path(entry.source).name for entry in entries(job)) == [f"{index:02d}.png" for index in range(12)]
    assert {file: file.stat().st_mtime_ns for file in before} == before
    assert not list((job.run_dir / "results").glob(".easel-*")) and done.message == ""
