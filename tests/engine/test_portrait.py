"""Own photos: the face is found, drawn, steered and put back; the rest of the photo keeps its bytes."""

import json
from collections.abc import Sequence

import numpy as np
import pytest

from studio.core.errors import BadInput
from studio.core.image import Picture
from studio.core.portrait import FaceBox, FaceFinder
from studio.core.provenance import DigitalSource
from studio.engine.engine import Engine
from studio.engine.tasks.faces import FacesRequest
from studio.engine.tasks.portrait import PortraitRequest
from studio.models.landmarks import MESH, LandmarkNet
from tests.pictures import scene

BOX = FaceBox(200, 150, 100)


@pytest.fixture(autouse=True)
def faces(monkeypatch: pytest.MonkeyPatch) -> list[FaceBox]:
    """The boxes that the cascade finds, and points where an upright face has them."""
    found = [BOX]
    points = np.full((len(MESH), 2), 0.5)
    for index, place in ((468, (0.385, 0.45)), (473, (0.615, 0.45)), (61, (0.42, 0.63)), (291, (0.58, 0.63))):
        points[MESH.index(index)] = place
    monkeypatch.setattr(FaceFinder, "find", lambda self, rgb: found)
    monkeypatch.setattr(LandmarkNet, "locate", lambda self, face: points)
    return found


def photo() -> Picture:
    return Picture(rgb=scene(300, 400, seed=2), name="photo.jpg")


def test_a_steered_face_changes_its_square_alone(engine: Engine) -> None:
    picture = photo()
    done = engine.run(PortraitRequest(picture=picture, steps=5, sliders="form-1=4"))
    changed = (done.picture.rgb != picture.rgb).any(2)
    assert changed.any()
    y, x = np.mgrid[0 : picture.height, 0 : picture.width] + 0.5
    places = np.stack([x, y, np.ones_like(x)], -1) @ done.square.T
    inside = ((places > 0) & (places < 1)).all(-1)
    assert not changed[~inside].any()
    assert done.picture.source is DigitalSource.COMPOSITE and done.picture.size == picture.size
    settings = json.loads(json.dumps(done.picture.settings))
    assert settings["task"] == "portrait" and settings["sliders"] == "form-1=4"


def test_without_steering_the_photo_stays_and_its_code_makes_the_face(engine: Engine) -> None:
    picture = photo()
    done = engine.run(PortraitRequest(picture=picture, steps=5))
    assert np.array_equal(done.picture.rgb, picture.rgb) and done.picture.source is None
    again = engine.run(FacesRequest(count=1, code=done.found.code)).faces[0]
    assert np.abs(again.picture.rgb.astype(int) - done.found.picture.rgb).max() <= 2


def test_a_tuned_copy_comes_closer_still_and_the_model_stays(engine: Engine) -> None:
    before = {key: value.clone() for key, value in engine.model("faces").state_dict().items()}
    found = engine.run(PortraitRequest(picture=photo(), steps=20))
    done = engine.run(PortraitRequest(picture=photo(), steps=20, tune=60, sliders="form-1=1"))
    assert done.psnr > found.psnr + 1
    assert not np.array_equal(done.face.picture.rgb, done.found.picture.rgb), "and it is steered"
    assert all(value.equal(before[key]) for key, value in engine.model("faces").state_dict().items())
    assert found.network is engine.model("faces") and done.network is not found.network


def test_more_steps_come_closer(engine: Engine) -> None:
    psnrs: Sequence[float] = [engine.run(PortraitRequest(picture=photo(), steps=n)).psnr for n in (0, 10, 60)]
    assert psnrs[0] < psnrs[1] < psnrs[2]


def test_one_of_several_faces_must_be_named(engine: Engine, faces: list[FaceBox]) -> None:
    faces.append(FaceBox(60, 60, 60))
    with pytest.raises(BadInput, match=r"2 faces in photo\.jpg"):
        engine.run(PortraitRequest(picture=photo(), steps=0))
    with pytest.raises(BadInput, match="2 faces"):
        engine.run(PortraitRequest(picture=photo(), steps=0, which=3))
    first, second = (engine.run(PortraitRequest(picture=photo(), steps=0, which=n)).square for n in (1, 2))
    assert first[0, 0] < second[0, 0], "the larger face has the larger square"


def test_no_face_and_a_tiny_face_are_refused(engine: Engine, faces: list[FaceBox]) -> None:
    faces[:] = [FaceBox(60, 60, 30)]
    with pytest.raises(BadInput, match="only 30 px wide"):
        engine.run(PortraitRequest(picture=photo(), steps=0))
    faces.clear()
    with pytest.raises(BadInput, match=r"No face was found in photo\.jpg"):
        engine.run(PortraitRequest(picture=photo(), steps=0))
