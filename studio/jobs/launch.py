"""Starts the worker process, which trains in the background and outlives the studio."""

import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from studio.core.errors import StorageFull
from studio.core.settings import Home
from studio.jobs.store import JobStore

NICENESS = 10


def worker_lock(home: Home) -> FileLock:
    """The lock a worker holds as long as it lives; the system releases it however the worker ends."""
    return FileLock(home.root / "worker.lock")


def worker_runs(home: Home) -> bool:
    """Whether a worker of this data folder is alive."""
    lock = worker_lock(home)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return True
    except OSError as error:
        raise StorageFull(f"{home.root} may not be written to; set EASEL_HOME to another folder.") from error
    lock.release()
    return False


def ensure_worker(home: Home) -> bool:
    """Start a worker if jobs wait and none is alive; True when one was started.

    Call it after a job is queued, resumed or retried, and when the studio starts. Two calls at once may start two
    processes, of which one ends at the lock.
    """
    store = JobStore(home.jobs_db)
    store.settle()
    if not store.queued() or worker_runs(home):
        return False
    command = [sys.executable, "-P", "-m", "training.worker", "--home", str(home.root.resolve())]
    try:
        with (home.root / "worker.log").open("ab") as log:
            process = subprocess.Popen(
                command,
                cwd=home.root,
                env=child_environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                **_detached(),
            )
    except OSError as error:
        raise StorageFull(f"The training process could not be started ({error}); free memory and try again.") from error
    threading.Thread(target=process.wait, daemon=True).start()  # or a dead worker would stay listed as alive
    return True


def child_environment() -> dict[str, str]:
    """This process's environment, with the place of our packages, as the worker starts in another folder.

    OpenMP's threads are to sleep while they wait: spinning, they take the cores from those they wait for as soon as
    another program computes, and a training step beside a busy studio takes five times as long. A short spin first
    (GNU OpenMP) keeps small steps as fast as spinning throughout would: 34 pictures a second, 27 without.
    """
    root = str(Path(__file__).resolve().parents[2])
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    waits = {"OMP_WAIT_POLICY": "passive", "GOMP_SPINCOUNT": "20000"}
    return {**waits, **os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONUNBUFFERED": "1"}


def _detached() -> dict[str, Any]:
    """Options of Popen for a process that survives ours and our terminal."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.DETACHED_PROCESS | subprocess.BELOW_NORMAL_PRIORITY_CLASS}
    return {"start_new_session": True}
