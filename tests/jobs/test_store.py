import os
import socket
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from studio.core.errors import BadInput, StorageFull, StudioError
from studio.core.settings import Home
from studio.jobs.spec import ArtSpec, FacesSpec
from studio.jobs.store import STALE_SECONDS, Job, JobStore, worker_id

SPEC = FacesSpec(data=("/pictures",), name="anna", images=100)
ME = worker_id()


@pytest.fixture
def store(home: Home) -> JobStore:
    return JobStore(home.jobs_db)


def running(store: JobStore, worker: str = ME) -> Job:
    store.submit(SPEC)
    job = store.claim(worker)
    assert job is not None
    return job


def dead_worker() -> str:
    """The id of a worker on this host whose process has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return f"{socket.gethostname()}:{process.pid}:0"


def age(store: JobStore, seconds: float) -> None:
    with sqlite3.connect(store.path) as db:
        db.execute("UPDATE jobs SET heartbeat = heartbeat - ?", (seconds,))
    db.close()


def test_a_job_from_submit_to_done(store: JobStore, home: Home) -> None:
    job = store.submit(SPEC)
    assert (job.state, job.spec, job.name, job.total, job.step) == ("queued", SPEC, "anna", 100, 0)
    assert job.run_dir.parent == home.runs
    assert job.remaining is None
    claimed = store.claim(ME)
    assert claimed is not None
    assert (claimed.id, claimed.state, claimed.worker) == (job.id, "running", ME)
    assert store.beat(job.id, ME, step=25, total=100, seconds=5.0, message="loss 1") == "go"
    now = store.get(job.id)
    assert (now.step, now.seconds, now.message, now.remaining) == (25, 5.0, "loss 1", 15.0)
    store.finish(job.id, ME, model="anna-2")
    assert (store.get(job.id).state, store.get(job.id).model, store.get(job.id).step) == ("done", "anna-2", 100)
    assert store.claim(ME) is None


def test_jobs_are_claimed_in_order_and_listed_newest_first(store: JobStore) -> None:
    ids = [store.submit(SPEC).id for _ in range(3)]
    assert [job.id for job in store.list()] == ids[::-1]
    assert [job.id for job in iter(lambda: store.claim(ME), None)] == ids
    assert store.queued() == 0


CLAIMER = """
import sys
from pathlib import Path
from studio.jobs.store import JobStore, worker_id
store, me = JobStore(Path(sys.argv[1])), worker_id()
sys.stdin.readline()
for job in iter(lambda: store.claim(me), None):
    print(job.id)
"""


def test_processes_that_claim_at_once_get_each_job_once(store: JobStore) -> None:
    ids = {store.submit(SPEC).id for _ in range(40)}
    command = [sys.executable, "-c", CLAIMER, str(store.path)]
    processes = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    claimed = [int(line) for process in processes for line in process.communicate()[0].split()]
    assert len(claimed) == len(ids)
    assert set(claimed) == ids


def test_a_new_database_opened_by_many_at_once(home: Home) -> None:
    errors: list[Exception] = []

    def use() -> None:
        try:
            JobStore(home.jobs_db).submit(SPEC)
        except StudioError as error:
            errors.append(error)

    threads = [threading.Thread(target=use) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert JobStore(home.jobs_db).queued() == 8


@pytest.mark.parametrize(
    ("before", "action", "after"),
    [
        ("queued", "pause", "paused"),
        ("paused", "resume", "queued"),
        ("queued", "cancel", "cancelled"),
        ("paused", "cancel", "cancelled"),
        ("failed", "retry", "queued"),
        ("cancelled", "retry", "queued"),
    ],
)
def test_requests_that_act_at_once(store: JobStore, before: str, action, after: str) -> None:
    job = store.submit(SPEC)
    with sqlite3.connect(store.path) as db:
        db.execute("UPDATE jobs SET state = ?, attempts = 3, error = 'x'", (before,))
    db.close()
    found = store.request(job.id, action)
    assert found == store.get(job.id)
    assert found.state == after
    if action == "retry":
        assert (found.attempts, found.error) == (0, "")


@pytest.mark.parametrize(("action", "after"), [("pause", "paused"), ("cancel", "cancelled")])
def test_requests_to_a_running_job_reach_its_worker(store: JobStore, action, after: str) -> None:
    job = running(store)
    assert store.request(job.id, action).state == "running"
    assert store.touch(job.id, ME) == action
    assert store.beat(job.id, ME, step=1, total=2, seconds=1.0) == action
    store.stop(job.id, ME)
    assert (store.get(job.id).state, store.get(job.id).wanted) == (after, "")


def test_a_pause_taken_back_in_time_lets_the_job_go_on(store: JobStore) -> None:
    job = running(store)
    store.request(job.id, "pause")
    store.request(job.id, "resume")
    assert store.touch(job.id, ME) == "go"
    store.stop(job.id, ME)  # the worker had begun to stop already
    assert store.get(job.id).state == "queued"


@pytest.mark.parametrize(
    ("state", "refused"),
    [
        ("done", ("pause", "resume", "cancel", "retry")),
        ("failed", ("pause", "resume", "cancel")),
        ("cancelled", ("pause", "resume", "cancel")),
        ("queued", ("resume", "retry")),
        ("paused", ("pause", "retry")),
        ("running", ("retry",)),
    ],
)
def test_other_requests_are_refused_in_a_sentence(store: JobStore, state: str, refused) -> None:
    job = store.submit(SPEC)
    with sqlite3.connect(store.path) as db:
        db.execute("UPDATE jobs SET state = ?", (state,))
    db.close()
    for action in refused:
        with pytest.raises(BadInput, match=f"Job {job.id} is {state} and cannot be"):
            store.request(job.id, action)
        assert store.get(job.id).state == state
    with pytest.raises(BadInput, match="no job 99"):
        store.request(99, "pause")


def test_a_lost_worker_gives_its_job_back(store: JobStore) -> None:
    alive = running(store)
    assert store.settle() == 0
    gone = running(store, dead_worker())
    assert store.settle() == 1
    assert (store.get(gone.id).state, store.get(gone.id).attempts) == ("queued", 1)
    age(store, STALE_SECONDS + 1)
    assert store.settle() == 1
    assert store.get(alive.id).state == "queued"


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="tells zombies by /proc")
def test_a_killed_worker_is_gone_before_its_parent_asks(store: JobStore) -> None:
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    job = running(store, f"{socket.gethostname()}:{process.pid}:0")
    assert store.settle() == 0
    process.kill()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)  # it has ended and stays a zombie
    assert store.settle() == 1
    assert store.get(job.id).state == "queued"
    process.communicate()


def test_a_worker_on_another_host_is_judged_by_its_heartbeat(store: JobStore) -> None:
    job = running(store, "elsewhere.example:1:0")
    assert store.settle() == 0
    age(store, STALE_SECONDS + 1)
    assert store.settle() == 1
    assert store.get(job.id).state == "queued"


def test_three_losses_at_one_place_are_a_failure_but_progress_counts_anew(store: JobStore) -> None:
    job = running(store, dead_worker())
    for step in (10, 20, 30, 30, 25):
        worker = store.get(job.id).worker or dead_worker()
        if store.get(job.id).state == "queued":
            store.claim(worker)
        store.beat(job.id, worker, step=step, total=100, seconds=1.0)
        store.settle()
    found = store.get(job.id)
    assert (found.state, found.attempts) == ("failed", 3)
    assert "3 times" in found.error
    assert store.request(job.id, "retry").attempts == 0


@pytest.mark.parametrize(("action", "after"), [("pause", "paused"), ("cancel", "cancelled")])
def test_a_wish_outlives_the_worker(store: JobStore, action, after: str) -> None:
    job = running(store, dead_worker())
    store.request(job.id, action)
    store.settle()
    assert store.get(job.id).state == after


def test_a_worker_that_lost_its_job_changes_nothing(store: JobStore) -> None:
    job = running(store, "old")
    age(store, STALE_SECONDS + 1)
    store.settle()
    store.claim(ME)
    assert store.beat(job.id, "old", step=9, total=9, seconds=9.0) == "lost"
    store.finish(job.id, "old", model="x")
    store.fail(job.id, "old", "x")
    store.stop(job.id, "old")
    found = store.get(job.id)
    assert (found.state, found.worker, found.step, found.model) == ("running", ME, 0, "")


def test_deleting_takes_the_run_and_the_uploads_that_no_other_job_needs(store: JobStore, home: Home) -> None:
    kept = home.root / "pictures"
    for folder in (home.uploads / "one", home.uploads / "shared", kept):
        folder.mkdir(parents=True)
        (folder / "a.png").write_bytes(b"x")
    data = (str(home.uploads / "one" / "a.png"), str(home.uploads / "shared"), str(kept))
    job = store.submit(FacesSpec(data=data))
    store.submit(FacesSpec(data=(str(home.uploads / "shared"),)))
    job.run_dir.mkdir(parents=True)
    with pytest.raises(BadInput, match="cancel it before"):
        store.delete(job.id)
    store.request(job.id, "cancel")
    store.delete(job.id)
    assert not job.run_dir.exists()
    assert not (home.uploads / "one").exists()
    assert (home.uploads / "shared" / "a.png").exists()
    assert (kept / "a.png").exists()
    with pytest.raises(BadInput, match=f"no job {job.id}"):
        store.get(job.id)


def test_uploads_reached_through_the_uploads_folder_itself_are_kept(store: JobStore, home: Home) -> None:
    (home.uploads / "a").mkdir(parents=True)
    job = store.submit(FacesSpec(data=(str(home.uploads), str(home.uploads / "a" / ".." / ".."))))
    store.request(job.id, "cancel")
    store.delete(job.id)
    assert (home.uploads / "a").is_dir()


def test_relative_paths_are_kept_absolute(store: JobStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    spec = store.submit(ArtSpec(data=("photos",), styles=("a.png", "/b.png"))).spec
    assert isinstance(spec, ArtSpec)
    assert spec.data == (str(tmp_path / "photos"),)
    assert spec.styles == (str(tmp_path / "a.png"), os.path.abspath("/b.png"))


def test_a_bad_name_is_refused_before_the_training_not_after_it(store: JobStore) -> None:
    with pytest.raises(BadInput, match="such as 'my-anna'"):
        store.submit(FacesSpec(data=("x",), name="My Anna"))
    assert store.list() == []


def test_a_job_of_another_version_does_not_hide_the_others(store: JobStore) -> None:
    foreign, job = store.submit(SPEC), store.submit(SPEC)
    with sqlite3.connect(store.path) as db:
        db.execute("""UPDATE jobs SET spec = '{"recipe": "faces", "data": [], "new": 1}' WHERE id = ?""", (foreign.id,))
    db.close()
    assert [found.id for found in store.list()] == [job.id]
    claimed = store.claim(ME)
    assert claimed is not None
    assert claimed.id == job.id


def test_a_database_that_cannot_be_used_is_named(home: Home, tmp_path: Path) -> None:
    home.jobs_db.write_text("this is not a database, whatever its name may say")
    with pytest.raises(StudioError, match="damaged"):
        JobStore(home.jobs_db)
    (tmp_path / "file").touch()
    with pytest.raises(StorageFull, match="EASEL_HOME"):
        JobStore(tmp_path / "file" / "jobs.sqlite3")
    with pytest.raises(StorageFull, match="cannot be used"):
        JobStore(tmp_path)


def test_jobs_need_no_torch() -> None:
    code = "import sys, studio.jobs.store, studio.jobs.launch; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_waiting_job_moves_up_and_down(store: JobStore) -> None:
    first, second, third = (store.submit(SPEC).id for _ in range(3))
    store.move(third, -1)
    store.move(first, 1)
    store.move(first, 1)
    store.move(first, 1)  # it is the last already
    assert [job.id for job in iter(lambda: store.claim(ME), None)] == [third, second, first]
    with pytest.raises(BadInput, match="only a job that waits"):
        store.move(first, -1)


def test_a_job_goes_on_at_its_place(store: JobStore) -> None:
    first, second = store.submit(SPEC), store.submit(SPEC)
    store.request(first.id, "pause")
    store.request(first.id, "resume")
    claimed = store.claim(ME)
    assert claimed is not None and claimed.id == first.id and first.place < second.place


def test_a_job_that_is_held_tells_why_until_it_goes_on(store: JobStore) -> None:
    job = running(store)
    store.hold(job.id, ME, "There is no room left.")
    assert (store.get(job.id).state, store.get(job.id).error) == ("paused", "There is no room left.")
    assert store.request(job.id, "resume").error == ""


def test_a_list_of_an_earlier_easel_gets_its_places(home: Home) -> None:
    store = JobStore(home.jobs_db)
    ids = [store.submit(SPEC).id for _ in range(2)]
    with sqlite3.connect(store.path) as db:
        db.execute("ALTER TABLE jobs DROP COLUMN place")
    db.close()
    again = JobStore(home.jobs_db)
    again.move(ids[1], -1)
    claimed = again.claim(ME)
    assert claimed is not None and claimed.id == ids[1]
