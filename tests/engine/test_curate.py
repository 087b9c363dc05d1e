"""Pictures looked through for a training, and the clean set made of them."""

import csv
import json
import zipfile
from pathlib import Path

import cv2
import numpy as np
import pytest

from studio.core.errors import BadInput
from studio.core.image import Picture, read_picture, write_picture
from studio.core.portrait import FaceBox, FaceFinder
from studio.core.progress import TaskControl
from studio.core.provenance import DigitalSource
from studio.engine.engine import Engine
from studio.engine.tasks.curate import CurateRequest, CurateResult, told
from studio.engine.tasks.prepare import CARD, LABELS, PrepareRequest
from studio.models.landmarks import MESH, LandmarkNet
from tests.pictures import noise, scene


@pytest.fixture
def faces(monkeypatch: pytest.MonkeyPatch) -> None:
    """A face is found wherever the picture's first pixel is red."""

    def find(self: FaceFinder, rgb: np.ndarray) -> list[FaceBox]:
        height, width = rgb.shape[:2]
        red = rgb[0, 0, 0] > 200 and rgb[0, 0, 1] < 60
        return [FaceBox(width / 2, height / 2, min(width, height) / 3)] if red else []

    points = np.full((len(MESH), 2), 0.5)
    for index, place in ((468, (0.385, 0.45)), (473, (0.615, 0.45)), (61, (0.42, 0.63)), (291, (0.58, 0.63))):
        points[MESH.index(index)] = place
    monkeypatch.setattr(FaceFinder, "find", find)
    monkeypatch.setattr(LandmarkNet, "locate", lambda self, face: points)


def textured(width: int, height: int, seed: int) -> np.ndarray:
    """A scene with patches of every size, as photographs have them."""
    patches = sum(cv2.resize(noise(cells, cells, seed=seed), (width, height)) // 4 for cells in (6, 20, 60))
    return scene(width, height, seed) // 4 + np.asarray(patches, np.uint8)


def photo(path: Path, seed: int, *, face: bool = True, width: int = 240, height: int = 180) -> Path:
    rgb = textured(width, height, seed)
    rgb[:4, :4] = (255, 0, 0) if face else (0, 0, 255)
    return write_picture(path, Picture(rgb=rgb), source=None)


@pytest.fixture
def mixed(tmp_path: Path, faces: None) -> list[Path]:
    """Three good photos, and one each of what is wrong with pictures."""
    good = [photo(tmp_path / f"good{i}.png", i) for i in range(3)]
    bad = [
        photo(tmp_path / "faceless.png", 10, face=False),
        photo(tmp_path / "small.png", 11, width=50, height=40),
        tmp_path / "broken.png",
        tmp_path / "dark.png",
        tmp_path / "blurred.png",
        tmp_path / "copy.jpg",
    ]
    bad[2].write_text("no picture")
    write_picture(bad[3], Picture(rgb=textured(240, 180, 12) // 8), source=None)
    write_picture(bad[4], Picture(rgb=cv2.GaussianBlur(textured(240, 180, 13), (0, 0), 8)), source=None)
    smaller = cv2.resize(read_picture(good[0]).rgb, (200, 150), interpolation=cv2.INTER_AREA)
    write_picture(bad[5], Picture(rgb=smaller), source=None, quality=70)
    return [*good, *bad]


def check(engine: Engine, paths: list[Path], **settings: object) -> CurateResult:
    return engine.run(CurateRequest(paths=tuple(paths), **settings))  # type: ignore[arg-type]


def test_every_reason_is_found(engine: Engine, mixed: list[Path]) -> None:
    done = check(engine, mixed)
    reasons = {one.path.stem: one.reason for one in done.pictures}
    assert reasons == {
        **{f"good{i}": "" for i in range(3)},
        **{name: name for name in ("faceless", "small", "dark", "blurred", "copy")},
        "broken": "unreadable",
    }
    assert done.subject == "faces" and len(done.usable) == 3
    assert done.pictures[-1].copy_of == mixed[0], "of two copies the larger stays"
    assert told(done)["counts"] == {reason: 1 for reason in done.counts} and len(done.counts) == 6
    assert all(one.thumb for one in done.pictures if one.reason != "unreadable")


def test_a_set_without_faces_needs_none(engine: Engine, mixed: list[Path], tmp_path: Path) -> None:
    others = [photo(tmp_path / f"other{i}.png", 20 + i, face=False) for i in range(9)]
    done = check(engine, [*mixed, *others])
    assert done.subject == "any" and "faceless" not in done.counts
    assert check(engine, others, subject="faces").counts == {"faceless": 9}
    assert check(engine, others, blurred=0.9, subject="any").counts == {"blurred": 9}


def test_a_check_can_be_stopped(engine: Engine, mixed: list[Path]) -> None:
    seen: list[int] = []
    control = TaskControl(listener=lambda news: (seen.append(news.step), control.cancel()))  # type: ignore[func-returns-value]
    with pytest.raises(Exception, match="Stopped"):
        engine.run(CurateRequest(paths=tuple(mixed)), control)
    assert seen == [1]


def table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def test_the_clean_set_is_what_the_person_decided(engine: Engine, mixed: list[Path], tmp_path: Path) -> None:
    done, folder = check(engine, mixed), tmp_path / "clean"
    wanted = frozenset({mixed[0], mixed[1], mixed[6]})  # good1 taken out would be two; dark is put back
    request = PrepareRequest(
        pictures=done.pictures,
        folder=folder,
        wanted=wanted,
        captions={mixed[0]: "red, hair", mixed[2]: "not in the set"},
        labels={mixed[0]: {"hat": 1}, mixed[1]: {"hat": 0, "old": 1}},
        denoise=5.0,
        equalise=0.5,
    )
    made = engine.run(request)
    assert sorted(made.files) == sorted(wanted) and made.folder == folder
    pictures = [read_picture(folder / name) for name in made.files.values()]
    assert all(picture.size[0] == picture.size[1] for picture in pictures)
    assert all(picture.source is not DigitalSource.GENERATED for picture in pictures)
    card = json.loads((folder / CARD).read_text())
    assert card == made.card
    assert (card["given"], card["kept"], card["put_back"]) == (9, 3, 1)
    assert card["left_out"] == {"blurred": 1, "copy": 1, "faceless": 1, "removed": 1, "small": 1, "unreadable": 1}
    assert {row["sha256"] for row in card["pictures"]} == {one.sha256 for one in done.pictures if one.path in wanted}
    assert card["options"]["denoise"] == 5.0
    rows = table(folder / LABELS)
    assert rows[0] == {"file": made.files[mixed[0]], "hat": "1", "old": ""} and rows[1]["old"] == "1"
    assert [row["caption"] for row in table(folder / "captions.csv")] == ["red, hair"]


def test_pictures_of_anything_stay_as_they_are(engine: Engine, mixed: list[Path], tmp_path: Path) -> None:
    large = photo(tmp_path / "large.png", 30, width=1400, height=1100)
    done = check(engine, [mixed[0], large], subject="any")
    made = engine.run(PrepareRequest(pictures=done.pictures, folder=tmp_path / "clean", subject="any"))
    files = [made.folder / name for name in made.files.values()]
    assert files[0].read_bytes() == mixed[0].read_bytes()
    assert read_picture(files[1]).size == (1303, 1024)


@pytest.mark.parametrize("model", ["faces", "vae"])
def test_supplements_are_drawn_and_marked(engine: Engine, mixed: list[Path], tmp_path: Path, model: str) -> None:
    done = check(engine, mixed)
    made = engine.run(PrepareRequest(pictures=done.pictures, folder=tmp_path / "clean", supplements=4, model=model))
    drawn = [read_picture(tmp_path / "clean" / name) for name in made.supplements]
    assert len(drawn) == 4 and all(picture.source is DigitalSource.GENERATED for picture in drawn)
    assert [picture.settings["after"] for picture in drawn] == [*made.files.values(), next(iter(made.files.values()))]
    assert len({picture.rgb.tobytes() for picture in drawn}) == 4
    assert made.card["supplements"] == 4 and made.card["options"]["model"] == model
    again = check(engine, [tmp_path / "clean" / made.supplements[0]])
    assert again.pictures[0].made, "a later check sees that a model made it"
    with pytest.raises(BadInput, match="'repair' draws no faces"):
        engine.run(PrepareRequest(pictures=done.pictures, folder=tmp_path / "none", supplements=1, model="repair"))
    assert not (tmp_path / "none").exists()


def test_supplements_of_what_is_no_face_are_refused(engine: Engine, mixed: list[Path], tmp_path: Path) -> None:
    done = check(engine, mixed)
    with pytest.raises(BadInput, match="after faces only"):
        engine.run(PrepareRequest(pictures=done.pictures, folder=tmp_path / "clean", supplements=1, subject="any"))


def test_nothing_is_left_behind_when_there_is_nothing_to_train_on(
    engine: Engine, mixed: list[Path], tmp_path: Path
) -> None:
    done, folder = check(engine, mixed), tmp_path / "sets" / "clean"
    with pytest.raises(BadInput, match="No picture is left"):
        engine.run(PrepareRequest(pictures=done.pictures, folder=folder, wanted=frozenset()))
    for path in mixed:
        path.unlink()
    with pytest.raises(BadInput, match="any more"):
        engine.run(PrepareRequest(pictures=done.pictures, folder=folder))
    assert not list((tmp_path / "sets").iterdir())


def test_pictures_that_went_since_are_told_of(engine: Engine, mixed: list[Path], tmp_path: Path) -> None:
    done = check(engine, mixed)
    mixed[1].unlink()
    made = engine.run(PrepareRequest(pictures=done.pictures, folder=tmp_path / "clean"))
    assert list(made.files) == [mixed[0], mixed[2]]
    assert made.card["left_out"]["removed"] == 1


def test_names_of_any_script(engine: Engine, tmp_path: Path, faces: None) -> None:
    paths = [
        photo(tmp_path / name, i)
        for i, name in enumerate(("图 片 (1).png", "عكس.png", "a'b;c%.png", "é" * 80 + ".png"))
    ]
    made = engine.run(PrepareRequest(pictures=check(engine, paths).pictures, folder=tmp_path / "clean"))
    assert len(made.files) == 4 and "图" in made.files[paths[0]]


def test_one_picture_will_do(engine: Engine, tmp_path: Path, faces: None) -> None:
    done = check(engine, [photo(tmp_path / "a.png", 0)])
    assert len(done.usable) == 1
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as file:
        file.write(tmp_path / "a.png", "a.png")
    assert len(engine.run(PrepareRequest(pictures=done.pictures, folder=tmp_path / "clean")).files) == 1
