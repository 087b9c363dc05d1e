"""Sprites found in files, folders, zip files and sheets, and written to a folder that they cannot leave."""

import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

from studio.core.errors import BadInput
from studio.core.image import Picture, read_picture, write_picture
from studio.core.sprites.atlas import write_sheet
from studio.core.sprites.files import find_sprites, place_of, write_sprites
from studio.core.sprites.sheet import pack_sheet
from tests.core.sprites.test_sheet import sprite


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two loose sprites, one below, and a sheet with its JSON, beside a JSON of another kind."""
    found = tmp_path / "art"
    for name in ("a.png", "walk/a.png"):
        write_picture(found / name, sprite(6, 5, 1), source=None)
    write_sheet(found / "hero.png", pack_sheet([sprite(4, 4, 2)]), settings={}, source=None)
    (found / "package.json").write_text('{"name": "game"}')
    return found


def test_a_folder_and_its_zip_hold_the_same(folder: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "art.zip", "w") as archive:
        for path in folder.rglob("*.*"):
            archive.write(path, path.relative_to(folder))
    for source in (folder, tmp_path / "art.zip"):
        found = find_sprites([source], tmp_path / "scratch")
        assert sorted(found.pictures) == ["a.png", "walk/a.png"]
        ((name, (data, image)),) = found.sheets.items()
        assert name == "hero.json"
        assert (data.name, image.name) == ("hero.json", "hero.png")


def test_uploads_that_lie_apart_are_one_sheet(folder: Path, tmp_path: Path) -> None:
    apart = [tmp_path / "1" / "hero.json", tmp_path / "2" / "hero.png"]
    for path in apart:
        path.parent.mkdir()
        (folder / path.name).rename(path)
    found = find_sprites(apart, tmp_path)
    assert list(found.sheets.values()) == [tuple(apart)] and not found.pictures
    with pytest.raises(BadInput, match=r"The sheet hero\.json needs its picture hero\.png"):
        find_sprites(apart[:1], tmp_path)


def test_what_holds_no_sprite_is_told(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="There are no sprites yet"):
        find_sprites([], tmp_path)
    with pytest.raises(BadInput, match="no 'frames'"):
        find_sprites([folder / "package.json"], tmp_path)
    with pytest.raises(BadInput, match=r"Two sprites are called a\.png"):
        find_sprites([folder / "a.png", folder / "walk" / "a.png"], tmp_path)
    with pytest.raises(BadInput, match="does not exist"):
        find_sprites([tmp_path / "gone"], tmp_path)


def test_names_stay_in_the_folder(tmp_path: Path) -> None:
    assert place_of("walk\\01") == Path("walk/01.png") and place_of("./a.jpg") == Path("a.png")
    for name in ("../a.png", "/etc/a", "c:/a.png", "", "a/../../b", ".."):
        with pytest.raises(BadInput, match="leads out of the folder"):
            place_of(name)
    sprites = [sprite(3, 3, seed, name) for seed, name in enumerate(("a.png", "a.jpg", "b/a"))]
    written = write_sprites(tmp_path, sprites, settings={"task": "x"}, source=None)
    assert [path.relative_to(tmp_path).as_posix() for path in written] == ["a.png", "a-2.png", "b/a.png"]
    for before, path in zip(sprites, written, strict=True):
        after = read_picture(path)
        assert np.array_equal(after.rgb, before.rgb) and np.array_equal(after.alpha, before.alpha)  # type: ignore[arg-type]
        assert after.settings == {"task": "x"}


def test_a_picture_without_alpha_is_a_sprite_too(tmp_path: Path) -> None:
    flat = Picture(rgb=np.full((4, 6, 3), 9, np.uint8), name="flat.png")
    _, data = write_sheet(tmp_path / "s.png", pack_sheet([flat]), settings={}, source=None)
    assert json.loads(data.read_text())["frames"]["flat.png"]["trimmed"] is False
