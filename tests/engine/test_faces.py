import json
from typing import Any

import numpy as np
import pytest

from studio.core.errors import BadInput
from studio.core.progress import Progress, TaskControl
from studio.core.provenance import DigitalSource
from studio.engine.engine import Engine
from studio.engine.tasks.faces import SEEDS, FacesRequest


def test_a_face_depends_on_its_own_seed_alone(engine: Engine) -> None:
    faces = engine.run(FacesRequest(count=5, seed=10)).faces
    assert [face.seed for face in faces] == [10, 11, 12, 13, 14]
    (again,) = engine.run(FacesRequest(count=1, seed=13)).faces
    assert np.array_equal(again.picture.rgb, faces[3].picture.rgb)
    assert len({face.picture.rgb.tobytes() for face in faces}) == 5


def test_the_settings_of_a_face_make_it_again(engine: Engine) -> None:
    face = engine.run(FacesRequest(count=2, seed=3, variety=0.9)).faces[1]
    settings = json.loads(json.dumps(face.settings))
    assert settings["task"] == "faces"
    assert settings["easel"]
    assert face.picture.settings == settings
    request = FacesRequest(**{key: settings[key] for key in ("count", "seed", "variety", "model")})
    (again,) = engine.run(request).faces
    assert np.array_equal(again.picture.rgb, face.picture.rgb)


def test_without_variety_all_faces_are_the_average_one(engine: Engine) -> None:
    a, b = engine.run(FacesRequest(count=2, variety=0.0)).faces
    assert np.array_equal(a.picture.rgb, b.picture.rgb)


def test_seeds_wrap_so_that_each_can_be_asked_for(engine: Engine) -> None:
    faces = engine.run(FacesRequest(count=2, seed=SEEDS - 1)).faces
    assert [face.seed for face in faces] == [SEEDS - 1, 0]


def test_progress_shows_each_face_and_the_picture_says_what_it_is(engine: Engine) -> None:
    seen: list[Progress] = []
    faces = engine.run(FacesRequest(count=2), TaskControl(listener=seen.append)).faces
    assert [(now.step, now.total) for now in seen] == [(1, 2), (2, 2)]
    assert seen[1].preview is not None
    assert np.array_equal(seen[1].preview, faces[1].picture.rgb)
    assert faces[0].picture.source is DigitalSource.GENERATED
    assert faces[0].picture.size == (16, 16)
    assert faces[0].picture.name == "faces-0.png"


@pytest.mark.parametrize(
    "wrong",
    [
        {"count": 0},
        {"count": 65},
        {"count": 2.5},
        {"count": True},
        {"count": "6"},
        {"seed": -1},
        {"seed": SEEDS},
        {"variety": -0.1},
        {"variety": 1.6},
        {"variety": float("nan")},
        {"variety": None},
        {"model": 3},
    ],
    ids=str,
)
def test_settings_out_of_range_are_named(wrong: dict[str, Any]) -> None:
    (name,) = wrong
    with pytest.raises(BadInput, match=f"The setting '{name}' is "):
        FacesRequest(**wrong)


def test_whole_numbers_are_numbers() -> None:
    assert FacesRequest(variety=1).variety == 1
