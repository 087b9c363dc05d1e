"""Which result is of which picture, and which file goes with it."""

import os
from pathlib import Path

import pytest

from studio.core.batch import companion, made_already
from studio.core.errors import BadInput
from studio.core.image import Picture, picture_settings, write_picture
from tests.pictures import scene

SETTINGS = {"task": "repair", "grow": 3, "easel": "0.1"}


def write(path: Path, settings: dict[str, object] | None = None) -> Path:
    return write_picture(path, Picture(rgb=scene(9, 7)), settings=settings or {}, source=None)


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp", ".tif"])
def test_settings_are_read_without_the_pixels(tmp_path: Path, suffix: str) -> None:
    assert picture_settings(write(tmp_path / f"a{suffix}", SETTINGS)) == SETTINGS
    (tmp_path / "text.png").write_text("no picture")
    assert picture_settings(tmp_path / "text.png") == picture_settings(tmp_path / "none.png") == {}


def test_a_result_is_known_by_its_settings_and_its_age(tmp_path: Path) -> None:
    source, path = write(tmp_path / "a.png"), tmp_path / "out" / "a.png"
    assert made_already(path, SETTINGS, [source]) is None
    write(path, SETTINGS)
    assert made_already(path, SETTINGS, [source]) == path
    assert made_already(path, SETTINGS | {"easel": "9"}, [source]) == path, "another version is no other picture"
    assert made_already(path, SETTINGS | {"grow": 4}, [source]) is None
    assert made_already(path, SETTINGS, [source], {path}) is None
    second = write(path.with_stem("a-2"), SETTINGS | {"grow": 4})
    assert made_already(path, SETTINGS | {"grow": 4}, [source]) == second
    assert made_already(path, SETTINGS, [source, tmp_path / "gone.png"]) is None
    later = path.stat().st_mtime + 5
    os.utime(source, (later, later))
    assert made_already(path, SETTINGS, [source]) is None


def test_a_companion_is_the_file_or_the_one_of_the_name(tmp_path: Path) -> None:
    masks = tmp_path / "masks"
    mask = write(masks / "below" / "a[1].png")
    write(masks / "below" / "a[1].b.png")
    (masks / "below" / "a[1].txt").write_text("no picture")
    assert companion(masks, Path("below/a[1].jpg")) == mask
    assert companion(mask, Path("any.jpg")) == mask
    with pytest.raises(BadInput, match="has no mask in"):
        companion(masks, Path("any.jpg"))
