"""Tasks of the engine as jobs in the store."""

import os
from pathlib import Path

import pytest

from studio.core.errors import BadInput
from studio.core.settings import Home
from studio.jobs.spec import FacesSpec
from studio.jobs.store import JobStore, worker_id
from studio.jobs.task import TaskSpec, job_spec_from_json

ME = worker_id()


@pytest.fixture
def store(home: Home) -> JobStore:
    return JobStore(home.jobs_db)


def test_a_task_comes_back_as_it_was_given(store: JobStore) -> None:
    spec = TaskSpec(
        task="compose",
        settings={"x": 0.5, "mode": "poisson"},
        files={"cutout": "/c.png", "styles": ["/a.png", "/b.png"]},
        pictures=("/p.png", "/folder"),
        output="/out",
        format="same",
    )
    job = store.submit(spec)
    assert job.spec == spec and job_spec_from_json(spec.to_json()) == spec
    assert (job.recipe, job.name, job.total, job.is_task) == ("compose", "p.png", 0, True)
    assert not store.submit(FacesSpec(data=("x",))).is_task


def test_a_task_goes_the_way_of_every_job(store: JobStore) -> None:
    job = store.submit(TaskSpec(task="walk", name="Film!"))
    assert job.name == "Film!"
    claimed = store.claim(ME)
    assert claimed is not None and claimed.spec == job.spec
    store.beat(job.id, ME, step=3, total=12, seconds=1.0)
    assert store.get(job.id).remaining == 3.0
    store.request(job.id, "pause")
    assert store.touch(job.id, ME) == "pause"
    store.stop(job.id, ME)
    assert store.request(job.id, "resume").state == "queued"
    store.claim(ME)
    store.finish(job.id, ME, message="1 of 2: x is broken.")
    done = store.get(job.id)
    assert (done.state, done.step, done.message, done.model) == ("done", 12, "1 of 2: x is broken.", "")


def test_relative_paths_are_kept_absolute(store: JobStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    spec = store.submit(TaskSpec(task="t", pictures=("a",), files={"m": "b", "n": ["c", "/d"]}, output="e")).spec
    assert isinstance(spec, TaskSpec)
    assert spec.pictures == (str(tmp_path / "a"),) and spec.output == str(tmp_path / "e")
    assert spec.files == {"m": str(tmp_path / "b"), "n": [str(tmp_path / "c"), os.path.abspath("/d")]}


def test_deleting_takes_the_uploads(store: JobStore, home: Home) -> None:
    for name in ("one", "two"):
        (home.uploads / name).mkdir(parents=True)
        (home.uploads / name / "a.png").write_bytes(b"x")
    files = {"picture": str(home.uploads / "one" / "a.png"), "more": [str(home.uploads / "two" / "a.png")]}
    job = store.submit(TaskSpec(task="style", files=files))
    store.request(job.id, "cancel")
    store.delete(job.id)
    assert list(home.uploads.iterdir()) == []


def test_what_no_job_can_be_is_refused() -> None:
    with pytest.raises(BadInput, match="name of a task"):
        TaskSpec(task="")
    with pytest.raises(BadInput, match="no setting 'colour'"):
        job_spec_from_json('{"task": "style", "colour": 1}')
