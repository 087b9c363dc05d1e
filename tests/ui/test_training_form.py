"""From pictures and choices to a queued training, without a browser."""

from dataclasses import replace
from pathlib import Path

import pytest

from studio.core.errors import BadInput
from studio.core.image import Picture, write_picture
from studio.core.settings import Home
from studio.engine.engine import Engine
from studio.jobs.store import JobStore
from studio.library.store import Library
from studio.ui import training_form
from studio.ui.context import Studio
from studio.ui.i18n import Words
from studio.ui.training_data import Choices, as_markdown, check_pictures, keep_pictures
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
    assert job.spec.images == training_form.IMAGES["repair"][1]
    art = training_form.submit(studio, "art", folder=str(tmp_path / "a"))
    (styles,) = art.spec.styles  # type: ignore[attr-defined]
    assert Path(styles).parent == studio.home.uploads and art.name == "my-art"


def test_submit_refuses(studio: Studio, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no pictures"):
        training_form.submit(studio, "faces")
    with pytest.raises(BadInput, match="no recipe"):
        training_form.submit(studio, "perceptual", folder=str(tmp_path))
    with pytest.raises(BadInput, match="own computer only"):
        training_form.submit(replace(studio, local=False), "faces", folder=str(tmp_path))
    with pytest.raises(BadInput, match="None of the pictures"):
        training_form.submit(studio, "faces", files=pictures(tmp_path / "faceless", 2))
    assert studio.store.list() == [] and not studio.home.uploads.exists()
