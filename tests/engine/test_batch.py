"""Long works with results on disk: one task, many pictures, what fails, and what is taken up."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest

from studio.core.batch import Ledger
from studio.core.errors import BadInput, Cancelled
from studio.core.image import Picture, read_picture, write_picture
from studio.core.progress import Progress, TaskControl
from studio.engine import batch as batches
from studio.engine.batch import Batch, run_batch
from studio.engine.engine import Engine
from studio.engine.tasks import TASKS
from studio.engine.tasks.base import Request, Task, setting
from tests.pictures import scene

SETTINGS = {"contrast": "stretch"}


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    for index, name in enumerate(("a.png", "b.jpg", "below/a.png")):
        write_picture(folder / name, Picture(rgb=scene(24, 16, seed=index)), source=None)
    return folder


def stopping_at(step: int) -> tuple[TaskControl, list[Progress]]:
    heard: list[Progress] = []

    def listen(news: Progress) -> None:
        heard.append(news)
        if news.step >= step:
            control.cancel()

    control = TaskControl(listener=listen)
    return control, heard


def test_every_picture_of_a_folder_gets_its_result(engine: Engine, photos: Path, tmp_path: Path) -> None:
    (photos / "broken.png").write_text("no picture")
    job = Batch(task="enhance", folder=tmp_path / "job", settings=SETTINGS, pictures=(str(photos),))
    control, heard = stopping_at(10**9)
    entries = {Path(entry.source).name + str(len(entry.files)): entry for entry in run_batch(engine, job, control)}
    assert "broken.png" in entries["broken.png0"].error
    made = sorted(path.relative_to(job.results).as_posix() for path in job.results.rglob("*.*"))
    assert made == ["a.png", "b.png", "below/a.png"]
    assert read_picture(job.results / "b.png").settings["contrast"] == "stretch"
    shares = [news.step / news.total for news in heard]
    assert shares == sorted(shares) and shares[-1] <= 1 and len({news.total for news in heard}) == 1
    assert not (job.folder / "state").exists()


def test_a_folder_of_masks_has_one_for_each_picture(engine: Engine, photos: Path, tmp_path: Path) -> None:
    masks = tmp_path / "masks"
    for name, column in (("a.png", 2), ("below/a.png", 12)):
        white = np.zeros((16, 24, 3), np.uint8)
        white[4:8, column : column + 4] = 255
        write_picture(masks / name, Picture(rgb=white), source=None)
    job = Batch(
        task="repair",
        folder=tmp_path / "job",
        settings={"method": "telea"},
        pictures=(str(photos),),
        files={"mask": str(masks)},
    )
    entries = run_batch(engine, job, TaskControl())
    assert sorted(bool(entry.files) for entry in entries) == [False, True, True]
    assert any("b.png has no mask in" in entry.error for entry in entries)
    for name, column in (("a.png", 2), ("below/a.png", 12)):
        changed = (read_picture(photos / name).rgb != read_picture(job.results / name).rgb).any((0, 2))
        assert changed.any() and set(np.flatnonzero(changed)) <= set(range(column, column + 4))


def test_a_stopped_batch_goes_on_with_what_has_no_result(engine: Engine, photos: Path, tmp_path: Path) -> None:
    job = Batch(task="enhance", folder=tmp_path / "job", settings=SETTINGS, pictures=(str(photos),), format="same")
    control, _ = stopping_at(1200)  # within the second of three
    with pytest.raises(Cancelled):
        run_batch(engine, job, control)
    before = {path: path.stat().st_mtime_ns for path in job.results.rglob("*.*")}
    assert 0 < len(before) < 3
    with (job.folder / batches.LEDGER).open("a") as file:
        file.write('{"source": "cut o')  # as by a power failure
    entries = run_batch(engine, job, TaskControl())
    assert sorted(file.name for entry in entries for file in entry.files) == ["a.png", "a.png", "b.jpg"]
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert len(list(Ledger(job.folder / batches.LEDGER))) == 3


def test_results_elsewhere_replace_nothing(engine: Engine, photos: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    output.mkdir()
    (output / "a.png").write_text("mine")
    job = Batch(
        task="enhance", folder=tmp_path / "job", settings=SETTINGS, pictures=(str(photos / "a.png"),), output=output
    )
    (entry,) = run_batch(engine, job, TaskControl())
    assert [file.name for file in entry.files] == ["a-2.png"]
    assert (output / "a.png").read_text() == "mine"


def test_without_pictures_a_task_is_done_once(engine: Engine, tmp_path: Path) -> None:
    job = Batch(task="walk", folder=tmp_path / "job", settings={"seconds": 0.5, "fps": 5, "enlarge": 8})
    (entry,) = run_batch(engine, job, TaskControl())
    assert [file.name for file in entry.files] == ["walk.mp4"] and entry.files[0].stat().st_size > 500
    faces = Batch(task="faces", folder=tmp_path / "faces", settings={"count": 2})
    (entry,) = run_batch(engine, faces, TaskControl())
    assert len(entry.files) == 2 and all(file.is_file() for file in entry.files)


def test_what_cannot_be_done_is_said(engine: Engine, photos: Path, tmp_path: Path) -> None:
    for wrong, word in (({"task": "explain"}, "makes no files"), ({"task": "fly"}, "no task"), ({}, "Nothing is to")):
        with pytest.raises(BadInput, match=word):
            run_batch(
                engine,
                Batch(**{"task": "enhance", "folder": tmp_path / "j", "pictures": (str(photos),)} | wrong),
                TaskControl(),
            )


@dataclass(frozen=True, kw_only=True, eq=False)
class CountRequest(Request[Any]):
    task: ClassVar[str] = "count"
    until: int = setting(4, "number", low=1, high=9)


def counting(stop: Callable[[int], bool]) -> Task[Any]:
    """A task that keeps in its folder how far it got."""

    def run(request: CountRequest, models: object, control: TaskControl) -> int:
        assert control.folder is not None
        control.folder.mkdir(parents=True, exist_ok=True)
        note = control.folder / "note"
        begun = int(note.read_text()) if note.is_file() else 0
        for number in range(begun, request.until):
            if stop(number):
                raise Cancelled
            note.write_text(str(number + 1))
        return begun

    def save(done: int, path: Path) -> list[Path]:
        path = path.with_suffix(".txt")
        path.write_text(str(done))
        return [path]

    return Task(CountRequest, run, save)


def test_a_task_finds_again_what_it_kept(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    job = Batch(task="count", folder=tmp_path / "job")
    monkeypatch.setitem(TASKS, "count", counting(lambda number: number == 2))
    with pytest.raises(Cancelled):
        run_batch(engine, job, TaskControl())
    monkeypatch.setitem(TASKS, "count", counting(lambda number: False))
    (entry,) = run_batch(engine, job, TaskControl())
    assert entry.files[0].read_text() == "2"
    assert not (job.folder / "state").exists()
