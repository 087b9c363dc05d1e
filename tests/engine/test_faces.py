import json
from typing import Any

import numpy as np
import pytest
import torch

from studio.core.errors import BadInput
from studio.core.progress import Progress, TaskControl
from studio.core.provenance import DigitalSource
from studio.engine.engine import Engine
from studio.engine.steering.drag import parse_circles
from studio.engine.tasks.faces import SEEDS, Face, FacesRequest


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


def same(face: Face, other: Face) -> bool:
    return np.array_equal(face.picture.rgb, other.picture.rgb)


def only(engine: Engine, **settings: Any) -> Face:
    (face,) = engine.run(FacesRequest(count=1, **settings)).faces
    return face


def test_a_code_stands_for_its_face(engine: Engine) -> None:
    face = only(engine, seed=4)
    again = only(engine, seed=9, code=face.code)
    assert np.abs(again.picture.rgb.astype(int) - face.picture.rgb).max() <= 2
    assert same(only(engine, code=again.code), again)


def test_a_second_face_is_mixed_in_by_share_and_by_stage(engine: Engine) -> None:
    a, b = only(engine, seed=1), only(engine, seed=2)
    assert same(only(engine, seed=1, other="2", share=0.0), a)
    assert same(only(engine, seed=1, other="2", share=1.0), b)
    halfway = only(engine, seed=1, other="2", share=0.5)
    assert not same(halfway, a) and not same(halfway, b)
    coarse = only(engine, seed=1, other="2", share=1.0, mix="coarse")
    assert not same(coarse, a), "this small net has coarse stages alone"
    assert same(only(engine, seed=1, other=b.code, share=0.0), a)


def test_sliders_move_a_face_and_its_file_makes_it_again(engine: Engine) -> None:
    moved = only(engine, seed=1, sliders="form-1=3 part-2=-2")
    assert not same(moved, only(engine, seed=1))
    known = {key: value for key, value in moved.settings.items() if key not in ("task", "easel")}
    (again,) = engine.run(FacesRequest(**known)).faces
    assert same(again, moved)


SEARCHED = [{"landmarks": "nose=6"}, {"drag": "4,4>9,9"}, {"landmarks": "nose=6", "drag": "4,4>9,9"}]


@pytest.mark.parametrize("edit", SEARCHED)
def test_what_was_searched_for_is_kept_as_a_code(engine: Engine, edit: dict[str, str]) -> None:
    face = only(engine, seed=1, sliders="form-1=1", **edit)
    assert face.missed and all(value >= 0 for value in face.missed.values())
    assert face.settings["edits"] == {"sliders": "form-1=1"} | edit
    known = {key: face.settings[key] for key in ("count", "seed", "variety", "code", "sliders", "landmarks", "drag")}
    (again,) = engine.run(FacesRequest(**known)).faces
    assert np.abs(again.picture.rgb.astype(int) - face.picture.rgb).max() <= 2


def test_circles_say_what_may_move(engine: Engine) -> None:
    free = only(engine, seed=1, drag="4,4>9,9")
    held = only(engine, seed=1, drag="4,4>9,9", movable="4,4,3 9,9,3")
    assert not same(free, held) and held.settings["edits"]["movable"] == "4,4,3 9,9,3"
    mask = parse_circles("4,4,3", 16)
    assert mask is not None and mask[4, 4] == 1 and mask[12, 12] == 0 and parse_circles(" ", 16) is None


@pytest.mark.parametrize("circles", ["4,4", "4,4,x", "40,40,2", "4,4,0.1"])
def test_circles_that_hold_nothing_are_refused(engine: Engine, circles: str) -> None:
    with pytest.raises(BadInput, match="may move"):
        only(engine, seed=1, drag="4,4>9,9", movable=circles)


@pytest.mark.parametrize("other", ["x", "-1", str(SEEDS), "\u0661"])
def test_a_second_face_that_is_none_is_refused(engine: Engine, other: str) -> None:
    with pytest.raises(BadInput):
        only(engine, seed=1, other=other)


def test_the_best_of_several_tries_is_kept_and_can_be_made_again(engine: Engine) -> None:
    network = engine.model("faces")
    (best,) = engine.run(FacesRequest(count=1, seed=3, tries=8)).faces
    others = [only(engine, seed=3 * 8 + i) for i in range(8)]

    def mark(face: Face) -> float:
        x = torch.from_numpy(face.picture.rgb.copy()).permute(2, 0, 1)[None].float() / 127.5 - 1
        return network.discriminator(x).item()

    assert best.seed == max(others, key=mark).seed
    assert same(only(engine, seed=best.seed), best)
    assert best.score == {}, "this model's card tells no marks of real faces"


def test_the_judge_tells_the_share_of_real_faces_that_convince_less(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Engine, "figures", lambda self, name: {"judge_real": [-1e6, 0.0, 1e6]})
    score = only(engine, seed=3, tries=1).score
    assert score.keys() == {"real"} and 0.45 < score["real"] < 0.55
    monkeypatch.setattr(Engine, "figures", lambda self, name: {"judge_real": [1e5, 1e6]})
    assert only(engine, seed=3, tries=1).score == {"real": 0.0}
    assert only(engine, seed=3).score == {}, "it was not asked"


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
