"""`easel sprites`: packed, styled, taken apart, and what cannot be done in a sentence."""

import json
from pathlib import Path

import numpy as np
import pytest

from studio.commands.sprites import free_pair
from studio.core.image import Picture, read_picture, write_picture
from studio.core.settings import Home
from studio.core.sprites.sheet import rgba
from studio.jobs.store import JobStore
from studio.jobs.task import TaskSpec
from studio.library.store import Library
from tests.core.sprites.test_sheet import seen
from tests.engine.conftest import publish
from tests.engine.test_props import publish_props
from tests.engine.test_sprites import figure
from tests.test_cli import Easel, easel  # noqa: F401 (fixture)


@pytest.fixture
def art(home: Home) -> None:
    publish(Library.default(), "art", "tiny-art")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for seed in range(3):
        write_picture(tmp_path / "art" / f"{seed}.png", figure(seed), source=None)
    return tmp_path / "art"


def test_a_folder_goes_through_a_sheet_and_back(easel: Easel, folder: Path, tmp_path: Path) -> None:  # noqa: F811
    sheet, back = tmp_path / "sheet.png", tmp_path / "back"
    assert easel("sprites", "pack", folder, "-o", sheet, "--padding", 3) == 0
    assert easel.out.split() == [str(sheet), str(sheet.with_suffix(".json"))]
    assert easel("sprites", "unpack", sheet.with_suffix(".json"), "-o", back, "--json") == 0
    (line,) = easel.lines
    assert line["output"] == [str(back / f"{seed}.png") for seed in range(3)] and line["errors"] == []
    for seed in range(3):
        before, after = (seen(read_picture(place / f"{seed}.png")) for place in (folder, back))
        assert np.array_equal(before, after)
    assert easel("sprites", "pack", folder, "-o", sheet) == 0 and (tmp_path / "sheet-2.json").is_file()
    assert json.loads((tmp_path / "sheet-2.json").read_text())["meta"]["image"] == "sheet-2.png"
    assert easel("sprites", "pack", folder, "-o", sheet, "--overwrite") == 0 and not (tmp_path / "sheet-3.png").exists()
    assert easel("sprites", "pack", folder, "-o", tmp_path / "packed") == 0
    assert (tmp_path / "packed" / "sheet.json").is_file()


def test_a_pair_is_free_when_both_names_are(tmp_path: Path) -> None:
    (tmp_path / "a.json").touch()
    assert free_pair(tmp_path / "a.png") == tmp_path / "a-2.png"
    assert free_pair(tmp_path / "b.png") == tmp_path / "b.png"


def test_sprites_take_a_look(easel: Easel, art: None, folder: Path, tmp_path: Path) -> None:  # noqa: F811
    out = tmp_path / "out"
    line = ["sprites", "style", folder, "-o", out, "--model", "tiny-art", "--zoom", 1]
    assert easel(*line, "--preset", "reeds", "--give", "sheet") == 0
    assert easel.out.split() == [str(out / "sheet.png"), str(out / "sheet.json")]
    (folder / "text.png").write_text("no picture")
    assert easel(*line, "--preset", "oil") == 1
    assert easel.err.count("\n") == 1 and "text.png" in easel.err and len(easel.out.split()) == 3
    assert np.array_equal(rgba(read_picture(out / "1.png"))[..., 3], rgba(figure(1))[..., 3])
    assert easel(*line) == 2 and "--preset" in easel.err
    assert easel(*line, "--preset", "none") == 1 and "no style 'none'" in easel.err


def test_a_style_can_wait_in_the_background(
    easel: Easel,  # noqa: F811
    art: None,
    folder: Path,
    tmp_path: Path,
    home: Home,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("studio.commands.background.ensure_worker", lambda home: None)
    assert easel("sprites", "style", folder, "--preset", "oil", "-o", tmp_path / "out", "--background") == 0
    (job,) = JobStore(home.jobs_db).list()
    assert isinstance(job.spec, TaskSpec)
    assert (job.spec.task, job.spec.files) == ("sprites_style", {"sprites": [str(folder)]})
    assert job.spec.output == str(tmp_path / "out")


def test_what_cannot_be_cut_is_said(easel: Easel, folder: Path, tmp_path: Path) -> None:  # noqa: F811
    out = tmp_path / "out"
    assert easel("sprites", "unpack", folder / "0.png", "-o", out, "--columns", 5, "--rows", 1) == 1
    assert easel.err == "easel: 0.png is 24 x 20 px, which 5 x 1 cells do not divide; give other numbers.\n"
    flat = write_picture(tmp_path / "flat.png", Picture(rgb=figure(1).rgb), source=None)
    assert easel("sprites", "unpack", flat, "-o", out) == 1 and "no transparency" in easel.err
    assert easel("sprites", "pack", tmp_path / "nowhere", "-o", out) == 1 and "does not exist" in easel.err
    assert not out.exists()


def test_props_are_made_and_varied(easel: Easel, home: Home, folder: Path, tmp_path: Path) -> None:  # noqa: F811
    out = tmp_path / "out"
    assert easel("props", "-o", out) == 1 and "no model 'props'" in easel.err
    publish_props(Library.default())
    assert easel("props", "--count", 2, "--seed", 7, "-o", out) == 0
    assert [Path(line).name for line in easel.out.split()] == ["sheet.png", "sheet.json", "props-7.png", "props-8.png"]
    assert easel("props", "--like", folder / "1.png", "--change", 0.2, "--count", 1, "-o", out, "--json") == 0
    (line,) = easel.lines
    assert [Path(path).name for path in line["output"]] == ["sheet-2.png", "sheet-2.json", "props-0.png"]
    assert line["settings"]["change"] == 0.2
    assert easel("props", "--like", tmp_path / "none.png", "-o", out) == 1 and "does not exist" in easel.err
