"""python -m training.worker --home DIR: the process that does the queued jobs of one data folder, one at a time.

`studio.jobs.launch.ensure_worker` starts it; it ends when nothing has waited for 10 s. A job is a training or a long
task of the engine. One that is interrupted, by SIGTERM or by a power cut, goes on from its last checkpoint, or with the
first picture that has no result yet.
"""

import argparse
import errno
import gc
import logging
import os
import signal
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import Timeout

from studio.core.errors import Cancelled, StorageFull, StudioError
from studio.core.image import Picture, write_picture
from studio.core.progress import Progress, TaskControl
from studio.core.settings import Home, assets_dir
from studio.engine.batch import Batch, run_batch
from studio.engine.engine import Engine, is_memory_error
from studio.jobs.launch import NICENESS, worker_lock
from studio.jobs.store import Job, JobStore, worker_id
from studio.jobs.task import TaskSpec
from studio.library.store import Library
from training.loop import Action, Outcome, Status, run_training
from training.ray_executor import chosen_train

log = logging.getLogger("easel.worker")

IDLE_SECONDS = 10.0
POLL_SECONDS = 0.5
BEAT_SECONDS = 5.0
TELL_SECONDS = 0.5  # between reports of a task
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
PREVIEW = "preview.jpg"  # in a task's job folder: how the result looks so far
PREVIEW_SECONDS = 2.0


class Worker:
    """Claims and runs the jobs of `store` until told to `quit` or out of work."""

    def __init__(
        self,
        store: JobStore,
        library: Library,
        *,
        device: str = "auto",
        train: Callable[..., Outcome] = run_training,
        idle_seconds: float = IDLE_SECONDS,
    ) -> None:
        self.store, self.library, self.device = store, library, device
        self.train, self.idle_seconds = train, idle_seconds
        self.id = worker_id()
        self.quit = threading.Event()

    def run(self) -> None:
        """Take job after job; return when none has waited for `idle_seconds`."""
        idle_since = time.monotonic()
        while not self.quit.is_set():
            self.store.settle()
            job = self.store.claim(self.id)
            if job is not None:
                self.run_job(job)
                idle_since = time.monotonic()
            elif time.monotonic() - idle_since >= self.idle_seconds:
                return
            else:
                self.quit.wait(POLL_SECONDS)

    def run_job(self, job: Job) -> None:
        """Do one claimed job and write down how it ended."""
        log.info("job %d: %s in %s", job.id, job.recipe, job.run_dir)
        try:
            if isinstance(job.spec, TaskSpec):
                self._run_task(job, job.spec)
            else:
                self._train(job)
        except Cancelled:
            self.store.stop(job.id, self.id)
        except StorageFull as error:
            self._hold(job, str(error))
        except StudioError as error:
            self.store.fail(job.id, self.id, str(error))
        except Exception as error:
            if isinstance(error, OSError) and error.errno in NO_ROOM:
                self._hold(job, f"There is no room left in {job.run_dir}; free some disk space, then resume the job.")
            else:
                self.store.fail(job.id, self.id, _sentence(error, _write_trace(job, error)))
        finally:
            gc.collect()  # what a paused training held is free for the next job

    def _hold(self, job: Job, error: str) -> None:
        """Pause a job that finds no room; the list of jobs lies on the same disk, so try until it can be written."""
        log.warning("job %d: %s", job.id, error)
        while True:
            try:
                return self.store.hold(job.id, self.id, error)
            except StorageFull:
                if self.quit.wait(BEAT_SECONDS):
                    return

    def _train(self, job: Job) -> None:
        with self._heartbeat(job):
            outcome = self.train(
                job.spec,
                job.run_dir,
                library=self.library,
                device=self.device,
                control=lambda status: self._tell(job, status),
                resume=True,
            )
        log.info("job %d: %s after %d pictures", job.id, outcome.state, outcome.images)
        if outcome.state == "done":
            self.store.finish(job.id, self.id, model=outcome.model or "")
        else:
            self.store.stop(job.id, self.id)

    def _run_task(self, job: Job, spec: TaskSpec) -> None:
        """A task with an engine of its own, so that its models are gone when the next job begins."""
        control = TaskControl()
        control.listener = _Reporter(self, job, control)
        batch = Batch(
            task=spec.task,
            folder=job.run_dir,
            settings=spec.settings,
            files=spec.files,
            pictures=spec.pictures,
            output=Path(spec.output) if spec.output else None,
            format=spec.format,
        )
        job.run_dir.mkdir(parents=True, exist_ok=True)
        with self._heartbeat(job, control):
            entries = run_batch(Engine(self.library, self.device), batch, control)
        failed = [entry.error for entry in entries if entry.error]
        (job.run_dir / PREVIEW).unlink(missing_ok=True)
        self.store.finish(job.id, self.id, message=f"{len(failed)} of {len(entries)}: {failed[0]}" if failed else "")

    def report(self, job: Job, *, step: int, total: int, seconds: float, message: str = "") -> Action:
        """Tell the store how far a job is; the answer is what the person wants, or "pause" to let go of it."""
        try:
            wanted = self.store.beat(job.id, self.id, step=step, total=total, seconds=seconds, message=message)
        except StudioError as error:  # a database that is busy or full for a moment is no reason to stop
            log.warning("no report: %s", error)
            wanted = "go"
        if self.quit.is_set() or wanted == "lost":
            return "pause"
        return wanted

    def _tell(self, job: Job, status: Status) -> Action:
        message = "  ".join(f"{key} {value:.4g}" for key, value in status.metrics.items())
        return self.report(job, step=status.images, total=status.total, seconds=status.seconds, message=message)

    @contextmanager
    def _heartbeat(self, job: Job, control: TaskControl | None = None) -> Iterator[None]:
        """Signs of life from a thread, as reading the pictures or one step on a slow computer takes long.

        A task is stopped by it too, through `control`, as it may report seldom.
        """
        ended = threading.Event()

        def beat() -> None:
            while not ended.wait(BEAT_SECONDS if control is None else min(1.0, BEAT_SECONDS)):
                try:
                    wanted = self.store.touch(job.id, self.id)
                except StudioError as error:
                    log.warning("no heartbeat: %s", error)
                    continue
                if control and (wanted != "go" or self.quit.is_set()):
                    control.cancel()

        thread = threading.Thread(target=beat, daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()


class _Reporter:
    """Listens to a task: tells the store now and then, keeps the newest preview, and stops the task when asked to."""

    def __init__(self, worker: Worker, job: Job, control: TaskControl) -> None:
        self.worker, self.job, self.control = worker, job, control
        self.told = self.drawn = -PREVIEW_SECONDS

    def __call__(self, news: Progress) -> None:
        now = time.monotonic()
        if news.preview is not None and now - self.drawn >= PREVIEW_SECONDS:
            self.drawn = now
            with suppress(StorageFull):
                write_picture(self.job.run_dir / PREVIEW, Picture(rgb=news.preview), source=None, strip=True)
        if now - self.told < TELL_SECONDS:
            return
        self.told = now
        seconds = self.job.seconds + news.seconds
        if self.worker.report(self.job, step=news.step, total=news.total, seconds=seconds) != "go":
            self.control.cancel()


def _sentence(error: Exception, trace: Path) -> str:
    """What a person can do about an error that no part of the training foresaw."""
    if is_memory_error(error):
        return "The job does not fit in memory; close other programs, or lower the batch, and retry."
    return f"The job stopped because of an internal error; the log is in {trace}"


def _write_trace(job: Job, error: BaseException) -> Path:
    """Append the traceback to the run's worker.log; returns its path."""
    path = job.run_dir / "worker.log"
    log.error("job %d: %s", job.id, "".join(traceback.format_exception(error)))
    with suppress(OSError):
        job.run_dir.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(time.strftime("%Y-%m-%d %H:%M:%S\n"))
            traceback.print_exception(error, file=file)
    return path


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m training.worker", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--home", type=Path, default=None, metavar="DIR", help="data folder (default: the platform's)")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda or mps (default: auto)")
    parser.add_argument("--idle", type=float, default=IDLE_SECONDS, help="seconds without work to end after")
    values = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(process)d %(message)s")
    home = Home(root=values.home) if values.home else Home.default()
    store, library = JobStore(home.jobs_db), Library(assets_dir() / "models", home.models)
    worker = Worker(store, library, device=values.device, train=chosen_train(), idle_seconds=values.idle)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: worker.quit.set())
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    while not worker.quit.is_set():
        try:
            with worker_lock(home).acquire(timeout=2):  # longer than `worker_runs` holds it to look
                worker.run()
        except Timeout:
            return 0  # another worker does the work
        if not store.queued():  # looked at after the release: whoever queued a job before it saw a live worker
            return 0
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
