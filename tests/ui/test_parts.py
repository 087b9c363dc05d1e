"""What the tabs are made of, without a browser."""

import base64
import io
import json
import os
import threading
import time
from dataclasses import replace
from pathlib import Path

import gradio as gr
import numpy as np
import pytest
from PIL import Image

from studio.core.batch import Entry, Ledger
from studio.core.errors import BadInput, Cancelled
from studio.core.image import Picture, read_picture, write_picture
from studio.core.progress import Progress, TaskControl
from studio.core.settings import Home
from studio.engine.batch import LEDGER
from studio.engine.tasks.enhance import EnhanceRequest
from studio.jobs.spec import FacesSpec
from studio.jobs.store import JobStore
from studio.jobs.task import TaskSpec
from studio.library.store import Library
from studio.ui import background, run_files
from studio.ui.context import Running, Studio, display_copy
from studio.ui.early import EarlyScript
from studio.ui.events import follow, spoken
from studio.ui.i18n import Words
from studio.ui.widgets.board import reading, timeline_value
from studio.ui.widgets.job_list import page_title, render
from studio.ui.widgets.picture_canvas import painted_mask, to_size
from studio.ui.widgets.task_panel import progress_rows

SAY = Words("en")


class SlowEngine:
    """Runs ten steps of 50 ms and heeds its control, as the real one does."""

    def __init__(self) -> None:
        self.ended = threading.Event()

    def run(self, request: object, control: TaskControl) -> str:
        try:
            for step in range(10):
                time.sleep(0.05)
                control.report(step + 1, 10)
            return "done"
        finally:
            self.ended.set()


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    home = Home(root=tmp_path)
    library = Library(tmp_path / "shipped", home.models)
    return Studio(engine=SlowEngine(), library=library, store=JobStore(home.jobs_db), home=home)  # type: ignore[arg-type]


def png(picture: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "PNG")
    return buffer.getvalue()


def canvas_value(alpha: np.ndarray) -> dict[str, str]:
    rgba = np.dstack([np.full((*alpha.shape, 3), (255, 138, 194), np.uint8), alpha])
    return {"mask": "data:image/png;base64," + base64.b64encode(png(rgba)).decode()}


def test_mask_of_a_canvas() -> None:
    alpha = np.zeros((20, 30), np.uint8)
    alpha[5:10, 3:9] = 255
    mask = painted_mask(canvas_value(alpha))
    assert mask is not None and (mask == (alpha > 0)).all()
    full = painted_mask(canvas_value(np.full((4, 4), 255, np.uint8)))
    assert full is not None and full.all()  # an opaque mask is read by its brightness
    empty = painted_mask(canvas_value(np.zeros((4, 4), np.uint8)))
    assert empty is not None and not empty.any()
    assert painted_mask(None) is None and painted_mask({"mask": ""}) is None
    with pytest.raises(BadInput, match="paint it anew"):
        painted_mask({"mask": "data:image/png;base64,%%%"})


def test_mask_grows_to_the_pictures_size() -> None:
    mask = np.zeros((10, 10), bool)
    mask[2:4, 5:7] = True
    large = to_size(mask, 30, 20)
    assert large.shape == (20, 30) and large.sum() == mask.sum() * 6


def test_follow_gives_progress_then_the_result() -> None:
    news = list(follow(SlowEngine(), None, TaskControl()))  # type: ignore[arg-type]
    assert news[-1] == "done"
    assert any(isinstance(item, Progress) and item.total == 10 for item in news)


def test_closing_what_follows_stops_the_task() -> None:
    engine, control = SlowEngine(), TaskControl()
    news = follow(engine, None, control)  # type: ignore[arg-type]
    next(news)
    begun = time.monotonic()
    news.close()
    assert engine.ended.is_set() and time.monotonic() - begun < 1
    with pytest.raises(Cancelled):
        control.check()


def test_stop_reaches_only_its_own_page() -> None:
    running = Running()
    mine, yours = running.start("a", "faces"), running.start("b", "faces")
    running.stop("a", "faces")
    with pytest.raises(Cancelled):
        mine.check()
    yours.check()
    running.end("b", "faces", yours)
    running.stop("b", "faces")
    yours.check()


def test_errors_become_one_sentence(caplog: pytest.LogCaptureFixture) -> None:
    @spoken
    def bad() -> None:
        raise BadInput("The mask is empty; paint something.")

    @spoken
    def broken() -> None:
        raise ZeroDivisionError("secret")

    with pytest.raises(gr.Error, match="The mask is empty; paint something"):
        bad()
    with pytest.raises(gr.Error) as caught:
        broken()
    assert "secret" not in str(caught.value)
    assert "secret" in caplog.text


def test_only_uploads_are_opened(studio: Studio, tmp_path: Path) -> None:
    inside = studio.new_folder() / "a.png"
    inside.write_bytes(b"x")
    assert studio.uploaded(str(inside)) == inside.resolve()
    outside = tmp_path / "secret.txt"
    outside.write_text("x")
    for path in (str(outside), str(studio.served / ".." / ".." / "secret.txt"), "/etc/passwd", ""):
        with pytest.raises(BadInput, match="choose it again"):
            studio.uploaded(path)


def test_old_results_are_removed(studio: Studio) -> None:
    old = studio.new_folder()
    long_ago = time.time() - 2 * 86_400
    os.utime(old, (long_ago, long_ago))
    new = studio.new_folder()
    assert new.is_dir() and not old.exists()


def test_display_copy_is_small_and_has_no_settings(tmp_path: Path) -> None:
    rgb = np.random.default_rng(0).integers(0, 256, (900, 2400, 3), np.uint8)
    copy = read_picture(display_copy(Picture(rgb=rgb, settings={"a": 1}), tmp_path, "x"))
    assert copy.size == (1600, 600) and not copy.settings
    clear = Picture(rgb=rgb[:50, :60], alpha=np.full((50, 60), 9, np.uint8))
    assert read_picture(display_copy(clear, tmp_path, "y")).alpha is not None


def pictures(folder: Path, count: int, side: int = 80) -> list[Path]:
    rng = np.random.default_rng(1)
    return [
        write_picture(folder / f"p{i}.png", Picture(rgb=rng.integers(0, 256, (side, side, 3), np.uint8)), source=None)
        for i in range(count)
    ]


def test_cards_escape_and_tell_the_place(studio: Studio, tmp_path: Path) -> None:
    pictures(tmp_path / "<b>", 1)
    spec = FacesSpec(data=(str(tmp_path / "<b>"),), name="one")
    first, second = studio.store.submit(spec), studio.store.submit(spec)
    studio.store.claim("w")
    studio.store.beat(first.id, "w", step=25_000, total=100_000, seconds=10)
    jobs = studio.store.list()
    text = render(jobs, first.id, SAY)
    assert "25% · 25,000 of 100,000 pictures seen · 0:30 left" in text
    assert "Place 1 of 1 in the queue" in text
    assert page_title(jobs) == "25% · one · Easel"
    studio.store.fail(first.id, "w", "<script>alert(1)</script>")
    text = render(studio.store.list(), second.id, SAY)
    assert "<script>" not in text and "&lt;script&gt;" in text
    assert page_title([]) == "Easel"


def test_losses_and_sheets_of_a_run(studio: Studio, tmp_path: Path) -> None:
    pictures(tmp_path / "a", 1)
    job = studio.store.submit(FacesSpec(data=(str(tmp_path / "a"),)))
    assert run_files.losses([job]) is None and run_files.sheets(studio, job, SAY) == []
    before = run_files.stamp(job)
    lines = [json.dumps({"images": i, "seconds": i, "loss": 1 / (i + 1)}) for i in range(1000)]
    (job.run_dir / "sheets").mkdir(parents=True)
    (job.run_dir / "metrics.jsonl").write_text("\n".join([*lines, '{"images": 10']))
    for seen in range(50):
        write_picture(
            job.run_dir / "sheets" / f"{seen:09d}.png", Picture(rgb=np.zeros((8, 8, 3), np.uint8)), source=None
        )
    table = run_files.losses([job])
    assert table is not None and len(table) <= run_files.POINTS and set(table["loss"]) == {"loss"}
    sheets = run_files.sheets(studio, job, SAY)
    assert len(sheets) == run_files.SHEETS and sheets[-1][1] == "49 pictures seen"
    assert run_files.stamp(job) != before


def test_progress_has_steps_and_time() -> None:
    rows = progress_rows(SAY, Progress(step=2, total=4, seconds=10))
    assert "Step 2 of 4" in rows and "about 10 s left" in rows and 'aria-valuenow="50"' in rows
    assert "Working" in progress_rows(SAY, None)


def test_early_script_comes_first() -> None:
    from starlette.applications import Starlette
    from starlette.middleware import Middleware
    from starlette.responses import HTMLResponse, PlainTextResponse
    from starlette.routing import Route
    from starlette.testclient import TestClient

    async def page(request: object) -> HTMLResponse:
        return HTMLResponse("<html><head><title>x</title></head></html>")

    async def other(request: object) -> PlainTextResponse:
        return PlainTextResponse("<head>")

    app = Starlette(
        routes=[Route("/", page), Route("/other", other)], middleware=[Middleware(EarlyScript, script="go()")]
    )
    client = TestClient(app)
    answer = client.get("/")
    assert "<head><script>go()</script><title>" in answer.text
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert client.get("/other").text == "<head>"


def test_what_a_tab_would_run_becomes_a_job(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[Home] = []
    monkeypatch.setattr(background, "ensure_worker", started.append)
    rgb = np.random.default_rng(0).integers(0, 256, (20, 30, 3), np.uint8)
    request = EnhanceRequest(picture=Picture(rgb=rgb, name="cat.jpg"), balance=0.5)
    spec = background.submit_request(studio, request).spec
    assert isinstance(spec, TaskSpec) and spec.settings["balance"] == 0.5 and spec.title == "cat.png"
    assert (read_picture(str(spec.files["picture"])).rgb == rgb).all() and started == [studio.home]
    uploads = [write_picture(studio.new_folder() / name, request.picture, source=None) for name in ("a.png", "a.png")]
    job = background.submit_files(studio, EnhanceRequest, {"balance": 1.0}, pictures=uploads)
    assert [Path(path).name for path in job.spec.sources] == ["a.png", "a-2.png"]
    for path in uploads:
        path.unlink()
    assert all(Path(path).is_file() for path in job.spec.sources)
    with pytest.raises(BadInput, match="balance"):
        background.submit_files(studio, EnhanceRequest, {"balance": 9.0}, pictures=job.spec.sources)
    with pytest.raises(BadInput, match="needs a file for 'picture'"):
        background.submit_files(studio, EnhanceRequest, {"balance": 1.0})
    with pytest.raises(BadInput, match="own computer only"):
        background.submit_files(replace(studio, local=False), EnhanceRequest, {}, folder="/")


def test_a_tasks_card_and_results(studio: Studio, tmp_path: Path) -> None:
    job = studio.store.submit(TaskSpec(task="upscale", name="<b>"))
    assert "Enlarging" in render([job], job.id, SAY) and "&lt;b&gt;" in render([job], None, SAY)
    studio.store.claim("me")
    studio.store.beat(job.id, "me", step=5, total=20, seconds=10.0)
    running = studio.store.get(job.id)
    assert "25%" in render([running], None, SAY) and "0:30 left" in render([running], None, SAY)
    assert "Working" in render([running], None, SAY) and page_title([running]).startswith("25%")
    made = []
    for folder in ("x", "y"):
        made.append(write_picture(tmp_path / folder / "a.png", Picture(rgb=np.zeros((4, 4, 3), np.uint8)), source=None))
    before = run_files.stamp(running)
    Ledger(running.run_dir / LEDGER).add(Entry("p", tuple(made)))
    write_picture(running.run_dir / "preview.jpg", Picture(rgb=np.zeros((4, 4, 3), np.uint8)), source=None)
    assert run_files.stamp(running) != before
    shown = [Path(path) for path in run_files.results(studio, running)]
    assert [path.name for path in shown] == ["a.png", "a.png"] and len(set(shown)) == 2
    assert all(studio.served in path.parents for path in shown)
    assert run_files.preview(studio, running) is not None
    studio.store.finish(job.id, "me", message="1 of 3: a.png is broken.")
    assert "Without a result: 1 of 3" in render([studio.store.get(job.id)], None, SAY)
    other = studio.store.submit(TaskSpec(task="new-task"))
    assert "new-task" in render([other], None, SAY), "a task without words has its own name"


def test_two_trainings_are_shown_side_by_side(studio: Studio) -> None:
    jobs = [studio.store.submit(FacesSpec(data=("x",), name=name)) for name in ("anna", "ben")]
    for job in jobs:
        job.run_dir.mkdir(parents=True)
        lines = [{"images": i, "seconds": i, "memory": 300, "reconstruction": 1 / (i + 1)} for i in range(30)]
        (job.run_dir / "metrics.jsonl").write_text("\n".join(map(json.dumps, lines)))
        write_picture(job.run_dir / "sheets" / "5.png", Picture(rgb=np.zeros((4, 4, 3), np.uint8)), source=None)
    table = run_files.losses(jobs)
    assert table is not None
    assert set(table["loss"]) == {f"reconstruction · {job.name} {job.id}" for job in jobs}
    value = timeline_value([(job, run_files.sheets(studio, job, SAY)) for job in jobs])
    assert value is not None and [len(run["sheets"]) for run in value["runs"]] == [1, 1]
    assert timeline_value([(jobs[0], [])]) is None
    told = reading(jobs[0], SAY)
    assert "Healthy" in told and "1.0 pictures a second" in told and "300 MB of memory" in told and "on disk" in told


def test_the_queue_can_be_ordered_from_its_cards(studio: Studio) -> None:
    first, second = (studio.store.submit(FacesSpec(data=("x",))) for _ in range(2))
    studio.store.move(second.id, -1)
    shown = render(studio.store.list(), None, SAY)
    cards = {int(part.split('"')[0]): part for part in shown.split('data-job="')[1:]}
    assert "Place 1 of 2" in cards[second.id] and "Place 2 of 2" in cards[first.id]
    assert 'data-action="down"' in cards[second.id] and 'data-action="up"' not in cards[second.id]
    assert 'data-action="up"' in cards[first.id] and 'data-action="down"' not in cards[first.id]
