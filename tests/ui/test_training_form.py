"""From pictures and choices to a queued training, without a browser."""

import asyncio
from dataclasses import replace
from pathlib import Path

import gradio as gr
import pytest
from gradio.components import Component

from studio.core.errors import BadInput
from studio.core.image import Picture, write_picture
from studio.core.settings import Home
from studio.engine.engine import Engine
from studio.jobs.goals import EFFORTS, GOALS, plan_for
from studio.jobs.spec import SPECS, FacesSpec
from studio.jobs.store import JobStore
from studio.library.store import Library
from studio.ui import training_form
from studio.ui.context import Studio
from studio.ui.i18n import Words
from studio.ui.texts import TEXTS
from studio.ui.training_data import Choices, as_markdown, check_pictures, keep_pictures
from studio.ui.widgets.check_panel import Board
from studio.ui.widgets.wizard import Wizard
from tests.engine.conftest import publish
from tests.pictures import noise

SAY = Words("en")


@pytest.fixture
def studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Studio:
    home = Home(root=tmp_path / "home")
    library = Library(tmp_path / "shipped", home.models)
    publish(library, "landmarks")
    monkeypatch.setattr(training_form, "ensure_worker", lambda home: True)
    return Studio(engine=Engine(library, "cpu"), library=library, store=JobStore(home.jobs_db), home=home)


def pictures(folder: Path, count: int, side: int = 80) -> list[Path]:
    return [
        write_picture(folder / f"p{i}.png", Picture(rgb=noise(side, side, seed=i)), source=None) for i in range(count)
    ]


def test_a_check_tells_what_is_wrong_and_what_was_decided(studio: Studio, tmp_path: Path) -> None:
    files = [*pictures(tmp_path, 3), *pictures(tmp_path / "small", 1, side=20), tmp_path / "text.png"]
    files[-1].write_text("no picture")
    done = check_pictures(studio, files, "", subject="any")
    words = as_markdown(done, Choices(), SAY)
    assert "3 of 5" in words and "too small: 1" in words and "cannot be read: 1" in words
    choices = Choices(changed={files[0]: False, files[3]: True})
    assert choices.wanted(done) == {files[1], files[2], files[3]}
    assert "None can be used" in as_markdown(done, Choices(changed=dict.fromkeys(files[:3], False)), SAY)
    with pytest.raises(BadInput, match="does not exist"):
        check_pictures(studio, [tmp_path / "nothing"], "")


def test_uploads_of_one_name_are_kept_apart(studio: Studio, tmp_path: Path) -> None:
    folders = [tmp_path / "a", tmp_path / "b"]
    files = [
        write_picture(folder / "p.png", Picture(rgb=noise(80, 80, seed=i)), source=None)
        for i, folder in enumerate(folders)
    ]
    (tmp_path / "p.txt").write_text("red")
    done = check_pictures(studio, files, "")
    kept = keep_pictures(studio, done, [*files, tmp_path / "p.txt"], "any", Choices())
    assert len(set(kept.files.values())) == 2 and studio.home.uploads in kept.folder.parents
    assert kept.card["captions"] == 2


def test_submit_queues_what_was_chosen(studio: Studio, tmp_path: Path) -> None:
    files = pictures(tmp_path / "a", 2)
    job = training_form.submit(
        studio, "repair", files=files, name="me", effort="medium", settings={"batch": 4.0, "lr": 0.001}
    )
    assert (job.name, job.spec.batch, job.spec.lr) == ("me", 4, 0.001)
    assert job.spec.images == GOALS["repair"].images[1]
    art = training_form.submit(studio, "art", folder=str(tmp_path / "a"))
    (styles,) = art.spec.styles  # type: ignore[attr-defined]
    assert Path(styles).parent == studio.home.uploads and art.name == "my-art"


def test_submit_refuses(studio: Studio, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no pictures"):
        training_form.submit(studio, "faces")
    with pytest.raises(BadInput, match="nothing called"):
        training_form.submit(studio, "perceptual", folder=str(tmp_path))
    with pytest.raises(BadInput, match="own computer only"):
        training_form.submit(replace(studio, local=False), "faces", folder=str(tmp_path))
    with pytest.raises(BadInput, match="None of the pictures"):
        training_form.submit(studio, "faces", files=pictures(tmp_path / "faceless", 2))
    assert studio.store.list() == [] and not studio.home.uploads.exists()


@pytest.mark.parametrize("goal", GOALS)
def test_every_plan_fits_its_recipe_and_has_words(studio: Studio, goal: str) -> None:
    seen = []
    for count in (GOALS[goal].least, 20, 200, 2000):
        for effort in EFFORTS:
            plan = plan_for(goal, count, effort)
            assert plan.why in TEXTS and f"goal.{goal}" in TEXTS
            seen.append(training_form.spec_for(studio, goal, ["x"], count, effort=effort).images)
    assert seen == sorted(seen[:3]) + seen[3:] and min(seen) > 0


def test_the_more_pictures_of_a_look_the_freer_the_training() -> None:
    plans = [plan_for("look", count).settings for count in (5, 40, 300, 3000)]
    assert [plan.get("focus", 0) for plan in plans] == [0.8, 0.6, 0.3, 0]
    assert [plan["warmup"] for plan in plans] == [4000, 0, 0, 0], "only a handful is learned without a critic"
    assert plans[1]["freeze"] and plans[2]["thaw"] < 1 and "freeze" not in plans[3]
    with pytest.raises(BadInput, match="too few"):
        plan_for("scratch", 1)
    with pytest.raises(BadInput, match="no effort"):
        plan_for("look", 20, "endless")


def test_settings_of_the_person_go_over_the_plan(studio: Studio, tmp_path: Path) -> None:
    spec = training_form.spec_for(studio, "person", ["x"], 20, settings={"focus": 0.5, "images": 77.0})
    assert isinstance(spec, FacesSpec)
    assert (spec.focus, spec.images, spec.batch, spec.name) == (0.5, 77, 8, "my-person")


def test_every_recipe_has_a_name_in_the_list_of_jobs() -> None:
    assert all(f"recipe.{recipe}" in TEXTS for recipe in SPECS)


def test_the_wizard_plans_by_what_was_checked_and_decided(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = pictures(tmp_path, 12)
    loops, make = [], asyncio.new_event_loop  # Gradio makes some and leaves them open
    monkeypatch.setattr(asyncio, "new_event_loop", lambda: loops.append(make()) or loops[-1])
    with gr.Blocks() as page:
        wizard = Wizard(studio)
    asyncio.set_event_loop(None)
    for loop in loops:
        loop.close()
    assert all(isinstance(block, Component) for event in page.fns.values() for block in event.inputs)
    done = check_pictures(studio, files, "")
    board = Board(sources=(tuple(map(str, files)), ""), done=done, thumbs={}, changed={files[0]: False})
    values = {wizard.goal: "look", wizard.probe.effort: "short", wizard.check.board: board}
    planned = wizard._planned_after_check(values)
    assert planned[wizard.goal] == "art", "no faces, so a goal for other pictures is suggested"
    assert "11 pictures" in planned[wizard.plan]
    batch, steps = (wizard.numbers["art"][name] for name in ("batch", "images"))
    assert planned[batch] == SPECS["art"].__dataclass_fields__["batch"].default
    assert planned[steps] == GOALS["art"].images[0]
    shown = wizard.check._shown(replace(board, labels={files[1]: {"red": 1}, files[2]: {"red": 0}}), SAY)
    assert "11 of 12" in shown[wizard.check.report] and "1 have it, 1 have it not" in shown[wizard.check.report]
    assert [len(side) for side in board.sides()] == [11, 1]
    given = {block: getattr(block, "value", None) for block in wizard.inputs} | values
    given |= {wizard.files: list(map(str, files)), wizard.folder: "", wizard.goal: "scratch", wizard.base: ""}
    spec, images, times = wizard._probed(given | {number: None for number in wizard.numbers["faces"].values()})
    assert spec.recipe == "faces" and len(spec.data) == 11 and times == 1 and list(images) == list(EFFORTS)
    with pytest.raises(BadInput, match="check them first"):
        wizard._probed(given | {wizard.files: []})
