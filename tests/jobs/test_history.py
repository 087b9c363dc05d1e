"""The history: what is kept of a result, found again, marked, exported, and cleaned away when space runs out."""

import json
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from studio.core.errors import BadInput
from studio.core.settings import Home
from studio.jobs.history import History


def picture(colour: str, size: int = 40) -> Callable[[Path], list[Path]]:
    def write(folder: Path) -> list[Path]:
        path = folder / f"{colour}.png"
        Image.new("RGB", (size, size), colour).save(path)
        return [path]

    return write


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(root=tmp_path)


def test_a_result_survives_a_restart_with_settings_and_thumbnail(home: Home) -> None:
    kept = History(home).add("texture", {"task": "texture", "pattern": "wood", "seed": 7}, picture("red", 600))
    (found,) = History(home).list()
    assert found == kept and found.settings["seed"] == 7 and not found.star
    assert found.files[0].name == "red.png" and found.files[0].is_file()
    with Image.open(found.thumbnail) as small:
        assert max(small.size) == 256
    assert found.bytes >= found.files[0].stat().st_size
    assert json.loads(json.dumps(found.facts()))["files"] == [str(found.files[0])]


def test_words_stars_and_owners_narrow_the_list(home: Home) -> None:
    history = History(home)
    wood = history.add("texture", {"pattern": "wood", "colours": "100%_a"}, picture("red"))
    face = history.add("faces", {"prompt": "smiling woman"}, picture("blue"))
    other = history.add("faces", {}, picture("green"), owner="anna")
    assert [entry.id for entry in history.list()] == [face.id, wood.id]
    assert [entry.id for entry in history.list("WOOD texture")] == [wood.id]
    assert history.list("wood smiling") == [] and history.list("100%_a") and not history.list("1%a")
    assert [entry.id for entry in history.list(owner="anna")] == [other.id]
    history.star(face.id)
    assert [entry.id for entry in history.list(starred=True)] == [face.id]
    history.star(face.id, False)
    assert history.list(starred=True) == []
    for missing in (other.id, 99):
        with pytest.raises(BadInput, match="no result"):
            history.get(missing)


def test_deleting_and_exporting(home: Home, tmp_path: Path) -> None:
    history = History(home)
    ids = [history.add("style", {"preset": name}, picture(name)).id for name in ("red", "blue")]
    path = history.export(ids, tmp_path / "kept.zip")
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        assert len(names) == 4 and json.loads(archive.read(names[0])) == {"preset": "red"}
    folder = history.get(ids[0]).thumbnail.parent
    history.delete(ids[0])
    assert not folder.exists() and [entry.id for entry in history.list()] == [ids[1]]
    with pytest.raises(BadInput, match="nothing to export"):
        history.export([], tmp_path / "none.zip")


def test_the_oldest_without_a_star_make_room(home: Home) -> None:
    first = History(home).add("faces", {}, picture("red"))
    quota = round(first.bytes * 3.5)
    history = History(home, quota)
    history.star(first.id)
    ids = [history.add("faces", {"seed": index}, picture("blue")).id for index in range(5)]
    left = [entry.id for entry in history.list()]
    assert first.id in left and ids[-1] in left and ids[0] not in left
    assert history.size() <= quota
    assert len(list(home.history.iterdir())) == len(left)


def test_a_result_that_cannot_be_written_leaves_nothing(home: Home) -> None:
    def broken(folder: Path) -> list[Path]:
        (folder / "half.png").write_bytes(b"half")
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="gone"):
        History(home).add("faces", {}, broken)
    assert History(home).list() == [] and list(home.history.iterdir()) == []


def test_a_film_has_a_thumbnail_too(home: Home) -> None:
    def film(folder: Path) -> list[Path]:
        (folder / "walk.mp4").write_bytes(b"no picture")
        return [folder / "walk.mp4"]

    assert History(home).add("walk", {}, film).thumbnail.is_file()
    assert time.time() - History(home).list()[0].created < 60
