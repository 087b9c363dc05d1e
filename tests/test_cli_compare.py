"""`easel compare`: the sheet, every picture in a file, and the figures."""

from pathlib import Path

import pytest

from studio.core.image import read_picture
from studio.core.portrait import FaceBox, FaceFinder
from studio.core.provenance import DigitalSource
from studio.core.settings import Home
from studio.library.store import Library
from tests.engine.conftest import publish
from tests.test_cli import Easel, easel, photos  # noqa: F401 (fixtures)

TINY = ("--model", "tiny-faces", "--vae", "tiny-vae", "--count", 2, "--steps", 3)


@pytest.fixture
def models(home: Home) -> None:
    for family in ("faces", "vae"):
        publish(Library.default(), family, f"tiny-{family}")


def test_a_comparison_is_a_sheet_and_its_pictures(easel: Easel, models: None, tmp_path: Path) -> None:  # noqa: F811
    assert easel("compare", *TINY, "--seed", 9, "-o", tmp_path / "out", "--json") == 0
    sheet, *pictures = easel.lines
    assert Path(sheet["output"]).name == "compare.png" and len(pictures) == 2 * (2 + 2 + 3)
    assert sheet["settings"]["originals"] == "samples of the GAN" and sheet["input"] is None
    figures = sheet["settings"]["figures"]
    assert figures["tiny-vae"]["reconstructions"]["psnr"] > 0 and figures["tiny-faces"]["samples"]["sharpness"] > 0
    assert all(read_picture(line["output"]).source is DigitalSource.GENERATED for line in easel.lines)
    first = next(Path(line["output"]) for line in pictures if "samples-tiny-faces-0" in line["output"])
    settings = read_picture(first).settings
    assert (settings["task"], settings["seed"], settings["comparison"]["count"]) == ("faces", 9, 2)
    assert easel("compare", *TINY, "-o", tmp_path / "out") == 0, "nothing is replaced"
    assert (tmp_path / "out" / "compare-2.png").exists() and "tiny-vae: samples" in easel.out


def test_what_cannot_be_compared_is_said(easel: Easel, models: None, photos: Path, tmp_path: Path) -> None:  # noqa: F811
    out = ("-o", tmp_path / "out")
    assert easel("compare", photos / "a.jpg", *TINY, *out) == 1
    assert "No face was found in a.jpg" in easel.err
    assert easel("compare", photos / "text.png", *TINY, *out) == 1
    assert "text.png is not a picture" in easel.err
    assert easel("compare", *TINY[:2], "--vae", "tiny-faces", *out) == 1
    assert "'tiny-faces' is for faces, not for vae" in easel.err
    assert easel("compare", *TINY, "--steps", 1, *out) == 1
    assert "'steps' is 1" in easel.err and not (tmp_path / "out").exists()


def test_supplements_can_be_drawn_by_either(
    easel: Easel,  # noqa: F811
    models: None,
    photos: Path,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(FaceFinder, "find", lambda self, rgb: [FaceBox(30, 20, 25)])
    size = ("--smallest", 16, "--blurred", 0)
    line = ["check", photos / "a.jpg", "--subject", "faces", *size, "--supplements", 2, "-o"]
    for name in ("tiny-faces", "tiny-vae"):
        assert easel(*line, tmp_path / name, "--model", name) == 0
        made = [read_picture(path) for path in sorted((tmp_path / name).glob("made-*.png"))]
        assert len(made) == 2 and all(one.source is DigitalSource.GENERATED for one in made)
        assert made[0].settings["model"] == name and made[0].settings["after"].endswith("-a.png")
