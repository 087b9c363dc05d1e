"""A training on a real Ray cluster of this one machine, through the same store; skipped where Ray is not installed."""

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from studio.core.errors import StudioError
from studio.core.settings import Home
from studio.jobs.launch import ensure_worker
from studio.jobs.spec import WordsSpec
from studio.jobs.store import Job, JobStore
from studio.library.store import Library
from training.loop import run_training
from training.ray_executor import RayExecutor, chosen_train

PATIENCE = 240.0  # seconds; a busy computer may need them
needs_ray = pytest.mark.skipif(importlib.util.find_spec("ray") is None, reason="Ray is not installed")


@pytest.fixture
def cluster() -> Iterator[str]:
    """The address of `ray start --head` on a free port; it ends with the test."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    place = tempfile.mkdtemp(prefix="ray")  # a short path: Ray keeps sockets there
    command = [sys.executable, "-m", "ray.scripts.scripts", "start", "--head", "--block", f"--port={port}"]
    command += ["--node-ip-address=127.0.0.1", "--num-cpus=2", "--object-store-memory=80000000"]
    command += ["--include-dashboard=false", "--disable-usage-stats", f"--temp-dir={place}"]
    log = Path(place, "head.log").open("wb")  # noqa: SIM115
    head = subprocess.Popen(command, stdout=log, stderr=log, env=dict(os.environ) | {"OMP_NUM_THREADS": "1"})
    address = f"127.0.0.1:{port}"
    try:
        end = time.monotonic() + PATIENCE
        while "Ray runtime started" not in Path(place, "head.log").read_text(errors="replace"):
            assert head.poll() is None and time.monotonic() < end, Path(place, "head.log").read_text()
            time.sleep(0.2)
        yield address
    finally:
        head.send_signal(signal.SIGTERM)
        try:
            head.wait(30)
        except subprocess.TimeoutExpired:
            head.kill()
            head.wait()
        log.close()
        shutil.rmtree(place, ignore_errors=True)


def wait_for(store: JobStore, id: int, ready: Callable[[Job], bool]) -> Job:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        job = store.get(id)
        if ready(job):
            return job
        time.sleep(0.1)
    raise AssertionError(f"still {store.get(id)}\n{(store.home.root / 'worker.log').read_text()}")


@needs_ray
def test_a_job_runs_on_a_cluster_with_progress_pause_resume_and_cancel(
    cluster: str, home: Home, folder: Path, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EASEL_RAY", cluster)
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    shutil.copytree(library.user, home.models)
    store = JobStore(home.jobs_db)
    labels = (str(folder.parent / "labels.csv"),)
    spec = WordsSpec(data=(str(folder),), labels=labels, faces="small", sliders="some", images=10**8, batch=4)
    job = store.submit(spec)
    assert ensure_worker(home)
    begun = wait_for(store, job.id, lambda job: job.step > 0 or job.state == "failed")
    assert begun.state == "running", begun.error
    store.request(job.id, "pause")
    paused = wait_for(store, job.id, lambda job: job.state == "paused")
    assert (job.run_dir / "state.safetensors").exists() and paused.step >= begun.step
    store.request(job.id, "resume")
    ensure_worker(home)
    wait_for(store, job.id, lambda job: job.step > paused.step)
    store.request(job.id, "cancel")
    assert wait_for(store, job.id, lambda job: job.state == "cancelled").step > paused.step
    failing = store.submit(WordsSpec(data=(str(folder),), labels=labels, faces="missing-model"))
    ensure_worker(home)
    assert "missing-model" in wait_for(store, failing.id, lambda job: job.state == "failed").error


def test_the_local_worker_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EASEL_RAY", raising=False)
    assert chosen_train() is run_training
    monkeypatch.setenv("EASEL_RAY", "auto")
    assert isinstance(chosen_train(), RayExecutor)


def test_without_ray_the_job_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, library: Library) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(StudioError, match=r"install easel\[ray\]"):
        RayExecutor("auto")(WordsSpec(data=("x",)), tmp_path, library=library)
