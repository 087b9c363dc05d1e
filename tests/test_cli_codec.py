"""`easel compress` and `easel expand`: files and folders there and back."""

from pathlib import Path

import numpy as np
import pytest

from studio.core.image import read_picture
from studio.core.settings import Home
from studio.library.store import Library
from tests.engine.conftest import publish
from tests.test_cli import Easel, easel, photos  # noqa: F401 (fixtures)


@pytest.fixture
def codec(home: Home) -> None:
    publish(Library.default(), "codec", "small-codec")


def test_a_photo_and_back(easel: Easel, codec: None, photos: Path, tmp_path: Path) -> None:  # noqa: F811
    small, back = tmp_path / "a.easel", tmp_path / "a.png"
    assert easel("compress", photos / "a.jpg", "-o", small, "--quality", "8", "--model", "small-codec", "--json") == 0
    (line,) = easel.lines
    assert line["output"] == str(small) and line["bytes"] == small.stat().st_size and line["error"] is None
    assert easel("expand", small, "-o", back) == 0 and str(back) in easel.out
    first = read_picture(back)
    assert first.size == (60, 40)
    assert easel("expand", small, "-o", back) == 0, "nothing is replaced"
    assert np.array_equal(read_picture(tmp_path / "a-2.png").rgb, first.rgb)
    assert easel("expand", small, "-o", back, "--overwrite") == 0 and not (tmp_path / "a-3.png").exists()


def test_a_folder_and_back(easel: Easel, codec: None, photos: Path, tmp_path: Path) -> None:  # noqa: F811
    small, back = tmp_path / "small", tmp_path / "back"
    assert easel("compress", photos, "-o", small, "--model", "small-codec") == 1, "one of them is no picture"
    assert "text.png" in easel.err and easel.err.count("\n") == 1
    assert sorted(str(path.relative_to(small)) for path in small.rglob("*.easel")) == ["a.easel", "below/a.easel"]
    (small / "torn.easel").write_bytes((small / "a.easel").read_bytes()[:-1])
    assert easel("expand", small, "-o", back) == 1
    assert "torn.easel is damaged or cut short" in easel.err
    assert sorted(str(path.relative_to(back)) for path in back.rglob("*.png")) == ["a.png", "below/a.png"]


def test_what_cannot_be_done_is_said_in_a_sentence(
    easel: Easel,  # noqa: F811
    codec: None,
    photos: Path,  # noqa: F811
    tmp_path: Path,
) -> None:
    assert easel("compress", photos, "-o", tmp_path / "one.easel", "--model", "small-codec") == 1
    assert "one file for 3 results" in easel.err
    assert easel("compress", photos / "a.jpg", "-o", tmp_path / "a.easel", "--model", "none") == 1
    assert "There is no model 'none'" in easel.err
    assert easel("compress", photos / "a.jpg", "-o", tmp_path / "a.easel", "--quality", "9") == 1
    assert "quality" in easel.err
    assert easel("expand", photos, "-o", tmp_path / "back") == 1
    assert "There is no .easel file" in easel.err
