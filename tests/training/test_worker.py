"""The worker with real, tiny trainings: a 16 px face generator on pictures made here."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from safetensors import safe_open

from studio.core.batch import Ledger
from studio.core.errors import BadInput, StorageFull
from studio.core.settings import Home
from studio.jobs.launch import ensure_worker, worker_lock, worker_runs
from studio.jobs.spec import FacesSpec
from studio.jobs.store import Job, JobStore
from studio.jobs.task import TaskSpec
from studio.library.manifest import add_shipped
from studio.library.store import Library
from studio.models.landmarks import LandmarkConfig, LandmarkNet
from training.loop import Control, Outcome, Status, run_training
from training.worker import Worker, main

PATIENCE = 240.0  # seconds; a busy computer may need them


@pytest.fixture(autouse=True)
def one_thread(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nets this small gain nothing from threads, and lose much on a busy computer."""
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = tmp_path / "pictures"
    folder.mkdir()
    rng = np.random.default_rng(0)
    for index in range(4):
        small = rng.integers(0, 256, (4, 4, 3), dtype=np.uint8)
        cv2.imwrite(str(folder / f"{index}.png"), cv2.resize(small, (32, 32)))
    return folder


@pytest.fixture
def store(home: Home) -> Iterator[JobStore]:
    found = JobStore(home.jobs_db)
    yield found
    for job in found.list():  # a test that failed leaves no worker behind that trains for ever
        if job.state in ("queued", "running", "paused"):
            found.request(job.id, "cancel")


@pytest.fixture
def library(home: Home, tmp_path: Path) -> Library:
    """Nothing shipped but what cuts faces."""
    points = LandmarkConfig(size=32, widths=(8, 8, 8))
    made = Library(tmp_path / "none", tmp_path / "made")
    source = made.publish("landmarks", LandmarkNet(points), "landmarks", points, {"title": "test points"}).path
    add_shipped(tmp_path / "shipped", source, "landmarks", licence="CC0")
    return Library(tmp_path / "shipped", home.models)


def tiny(pictures: Path, images: int = 8) -> FacesSpec:
    return FacesSpec(data=(str(pictures),), name="tiny", size=16, width=8, batch=2, images=images, save_seconds=1)


def wait_for(store: JobStore, id: int, ready: Callable[[Job], bool]) -> Job:
    """The job once `ready`; fails the test when that takes too long."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        job = store.get(id)
        if ready(job):
            return job
        time.sleep(0.05)
    raise AssertionError(f"still {store.get(id)}\n{(store.home.root / 'worker.log').read_text()}")


def worker_pid(job: Job) -> int:
    return int(job.worker.split(":")[-2])


def metrics(job: Job) -> list[dict[str, float]]:
    path = job.run_dir / "metrics.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def test_a_killed_worker_is_replaced_and_the_training_goes_on(store: JobStore, home: Home, pictures: Path) -> None:
    job = store.submit(tiny(pictures, images=1_000_000))
    assert ensure_worker(home)
    state = job.run_dir / "state.safetensors"
    midway = wait_for(store, job.id, lambda job: state.exists() and len(metrics(job)) >= 2)
    assert midway.state == "running"
    assert not ensure_worker(home)  # one is enough
    os.kill(worker_pid(midway), signal.SIGKILL)
    end = time.monotonic() + PATIENCE
    while worker_runs(home) and time.monotonic() < end:
        time.sleep(0.02)
    told = metrics(job)
    with safe_open(state, framework="pt") as file:
        saved = json.loads(file.metadata()["state"])["facts"]
    end_at = saved["seen"] + 60
    with sqlite3.connect(store.path) as db:  # or it would take long on a busy computer, or be over before the kill
        db.execute("UPDATE jobs SET spec = ?", (tiny(pictures, images=end_at).to_json(),))
    db.close()
    assert ensure_worker(home)  # settles at once: the process is gone
    assert store.get(job.id).attempts == 1
    done = wait_for(store, job.id, lambda job: job.state not in ("queued", "running"))
    assert (done.state, done.model, done.step) == ("done", "tiny", end_at)
    seen = [line["images"] for line in metrics(done)]
    assert seen == sorted(set(seen)), "the curve does not jump back"
    kept = [line for line in told if line["images"] <= saved["seen"]]
    assert metrics(done)[: len(kept)] == kept and saved["seen"] > 0
    assert metrics(done)[len(kept)]["seconds"] > saved["seconds"], "both sessions count"
    model = Library(home.root / "none", home.models)
    assert [card.images_seen for card in model.cards()] == [end_at]
    model.load("tiny")
    os.kill(worker_pid(done), signal.SIGTERM)


def test_sigterm_puts_the_job_back_with_its_state(store: JobStore, home: Home, pictures: Path) -> None:
    job = store.submit(tiny(pictures, images=10_000_000))
    ensure_worker(home)
    worker = worker_pid(wait_for(store, job.id, lambda job: job.step > 0))
    os.kill(worker, signal.SIGTERM)
    stopped = wait_for(store, job.id, lambda job: job.state != "running")
    assert (stopped.state, stopped.attempts) == ("queued", 0)
    assert (job.run_dir / "state.safetensors").exists()
    store.request(job.id, "cancel")  # before anything starts another worker


def test_pause_resume_cancel_and_retry_of_a_real_training(store: JobStore, library: Library, pictures: Path) -> None:
    job = store.submit(tiny(pictures, images=600))
    wishes = iter(["pause", "cancel"])

    def train(*arguments: object, control: Control, **options: object) -> Outcome:
        """The real one, with a person who makes a request right after the first report."""

        def told(status: Status):
            wish = next(wishes, None)
            if wish is not None:
                store.request(job.id, wish)  # pyright: ignore[reportArgumentType]
            return control(status)

        return run_training(*arguments, control=told, **options)  # pyright: ignore[reportArgumentType]

    worker = Worker(store, library, device="cpu", train=train, idle_seconds=0)
    worker.run()
    paused = store.get(job.id)
    assert paused.state == "paused"
    store.request(job.id, "resume")
    worker.run()
    cancelled = store.get(job.id)
    if cancelled.state != "done":  # as on a computer that is at the end before its second report
        assert cancelled.state == "cancelled"
        assert cancelled.step > paused.step
        store.request(job.id, "retry")
        worker.run()
    done = store.get(job.id)
    assert (done.state, done.model) == ("done", "tiny")
    seen = [line["images"] for line in metrics(done)]
    assert seen == sorted(seen)
    library.load("tiny")


def test_a_training_that_cannot_start_fails_with_its_sentence(
    store: JobStore, library: Library, tmp_path: Path
) -> None:
    job = store.submit(tiny(tmp_path / "missing"))
    after = store.submit(FacesSpec(data=(str(tmp_path),), base="missing-model"))
    Worker(store, library, device="cpu", idle_seconds=0).run()
    assert store.get(job.id).state == "failed"
    assert "missing" in store.get(job.id).error
    assert "missing-model" in store.get(after.id).error


def raising(error: Exception) -> Callable[..., Outcome]:
    def train(*_: object, **__: object) -> Outcome:
        raise error

    return train


def test_what_goes_wrong_becomes_one_sentence(store: JobStore, library: Library, pictures: Path) -> None:
    def outcome(error: Exception) -> Job:
        job = store.submit(tiny(pictures))
        Worker(store, library, train=raising(error), idle_seconds=0).run()
        assert store.get(job.id).state == "failed"
        return store.get(job.id)

    assert outcome(BadInput("The lr is 7; lower it.")).error == "The lr is 7; lower it."
    internal = outcome(ZeroDivisionError("secret"))
    log = internal.run_dir / "worker.log"
    assert internal.error == f"The job stopped because of an internal error; the log is in {log}"
    assert "ZeroDivisionError: secret" in log.read_text()
    for error in (MemoryError(), RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried")):
        assert "does not fit in memory" in outcome(error).error


def test_a_worker_that_was_taken_for_dead_lets_go(store: JobStore, library: Library, pictures: Path) -> None:
    job = store.submit(tiny(pictures))
    answers: list[str] = []

    def train(*_: object, control: Control, **__: object) -> Outcome:
        store.stop(job.id, store.get(job.id).worker)  # as `settle` does
        store.request(job.id, "cancel")
        store.delete(job.id)
        answers.append(control(Status(2, 8, 1.0, {"loss": 1.0})))
        return Outcome("paused", 2)

    Worker(store, library, train=train, idle_seconds=0).run()
    assert answers == ["pause"]


def test_a_busy_database_does_not_stop_a_training(
    store: JobStore, library: Library, pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = store.submit(tiny(pictures))

    def train(*_: object, control: Control, **__: object) -> Outcome:
        with monkeypatch.context() as patch:
            patch.setattr(JobStore, "beat", lambda *a, **k: raising(BadInput("busy"))())
            assert control(Status(2, 8, 1.0, {})) == "go"
        return Outcome("done", 8, "tiny")

    Worker(store, library, train=train, idle_seconds=0).run()
    assert store.get(job.id).state == "done"


def test_a_long_step_does_not_look_dead(
    store: JobStore, library: Library, pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("training.worker.BEAT_SECONDS", 0.01)
    job = store.submit(tiny(pictures))

    def train(*_: object, **__: object) -> Outcome:
        first = store.get(job.id).heartbeat
        wait_for(store, job.id, lambda job: job.heartbeat > first)
        return Outcome("done", 8, "tiny")

    Worker(store, library, train=train, idle_seconds=0).run()
    assert store.get(job.id).state == "done"


def test_a_second_worker_of_one_home_ends_at_once(store: JobStore, home: Home, pictures: Path) -> None:
    job = store.submit(tiny(pictures))
    with worker_lock(home):
        assert worker_runs(home)
        assert not ensure_worker(home)
        command = [sys.executable, "-m", "training.worker", "--home", str(home.root)]
        assert subprocess.run(command, check=False, timeout=PATIENCE).returncode == 0
    assert not worker_runs(home)
    assert store.get(job.id).state == "queued"


def test_no_worker_starts_without_work(home: Home) -> None:
    assert not ensure_worker(home)
    assert not (home.root / "worker.log").exists()


def test_the_command_refuses_what_it_does_not_know(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--hom"])
    assert "--home" in capsys.readouterr().err


def test_a_full_disk_pauses_the_job_with_a_clear_word(store: JobStore, library: Library, pictures: Path) -> None:
    for error in (OSError(28, "No space left on device"), StorageFull("There is no room left to write x; free some.")):
        job = store.submit(tiny(pictures))
        Worker(store, library, train=raising(error), idle_seconds=0).run()
        held = store.get(job.id)
        assert held.state == "paused" and "no room left" in held.error
        store.request(job.id, "resume")
        assert store.get(job.id).error == ""
        store.request(job.id, "cancel")


LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))  # bytes a file: as on a disk that is full
from training.worker import main
main(["--home", sys.argv[1], "--idle", "0", "--device", "cpu"])
"""


@pytest.mark.skipif(os.name == "nt", reason="no resource limits there")
def test_a_checkpoint_that_does_not_fit_pauses_the_job_and_room_lets_it_go_on(
    store: JobStore, home: Home, library: Library, pictures: Path
) -> None:
    job = store.submit(tiny(pictures, images=8))
    subprocess.run([sys.executable, "-c", LIMITED, str(home.root)], check=True, timeout=PATIENCE)
    held = store.get(job.id)
    assert held.state == "paused" and "There is no room left to write state.safetensors" in held.error
    assert not list(job.run_dir.glob("*.part")) and not list(job.run_dir.glob(".easel-*"))
    store.request(job.id, "resume")
    Worker(store, library, device="cpu", idle_seconds=0).run()
    assert store.get(job.id).state == "done"


def test_two_studios_that_start_workers_at_once_run_each_job_once(store: JobStore, home: Home, pictures: Path) -> None:
    jobs = [store.submit(TaskSpec(task="enhance", pictures=(str(pictures),), settings={"balance": 1.0}))]
    jobs.append(store.submit(TaskSpec(task="enhance", pictures=(str(pictures),), settings={"contrast": "stretch"})))
    code = "import sys; from studio.core.settings import Home; from studio.jobs.launch import ensure_worker;"
    code += "from pathlib import Path; sys.stdin.readline(); ensure_worker(Home(root=Path(sys.argv[1])))"
    command = [sys.executable, "-c", code, str(home.root)]
    studios = [subprocess.Popen(command, stdin=subprocess.PIPE, text=True) for _ in range(3)]
    for studio in studios:
        studio.communicate("go\n", timeout=PATIENCE)
    for job in jobs:
        done = wait_for(store, job.id, lambda job: job.state == "done")
        sources = [entry.source for entry in Ledger(done.run_dir / "results.jsonl")]
        assert len(sources) == len(set(sources)) == 4
    starts = [line for line in (home.root / "worker.log").read_text().splitlines() if " job " in line]
    assert len(starts) == len(jobs)
