"""Films through faces: where they stop, how they loop, and what is refused."""

import numpy as np
import pytest

from studio.core.errors import BadInput, Cancelled
from studio.core.progress import TaskControl
from studio.engine.engine import Engine
from studio.engine.tasks.faces import FacesRequest
from studio.engine.tasks.walk import WalkRequest


def walk(engine: Engine, **settings) -> list[np.ndarray]:
    return engine.run(WalkRequest(**{"seconds": 1.0, "fps": 12, "enlarge": 1, **settings})).frames


def face(engine: Engine, seed: int) -> np.ndarray:
    return engine.run(FacesRequest(count=1, seed=seed)).faces[0].picture.rgb


@pytest.mark.parametrize("easing", ["smooth", "even"])
def test_a_walk_passes_its_faces_and_comes_back(engine: Engine, easing: str) -> None:
    frames = walk(engine, faces="3 5, 8", easing=easing)
    assert len(frames) == 12
    for index, seed in ((0, 3), (4, 5), (8, 8)):
        assert np.array_equal(frames[index], face(engine, seed))
    steps = [np.abs(a.astype(int) - b).mean() for a, b in zip(frames, [*frames[1:], frames[0]], strict=True)]
    assert max(steps) < np.abs(frames[0].astype(int) - frames[4]).mean(), "no jump, not even where it closes"


def test_one_way_ends_at_the_last_face(engine: Engine) -> None:
    frames = walk(engine, faces="3 5", one_way=True)
    assert np.array_equal(frames[0], face(engine, 3)) and np.array_equal(frames[-1], face(engine, 5))


def test_codes_and_seeds_may_be_mixed_and_frames_enlarged(engine: Engine) -> None:
    code = engine.run(FacesRequest(count=1, seed=5)).faces[0].code
    frames = walk(engine, faces=f"3 {code}", enlarge=3)
    assert frames[0].shape == (48, 48, 3)


@pytest.mark.parametrize("faces", ["", "3", " ".join(["1"] * 65), "1 x"])
def test_too_few_too_many_or_no_faces_are_refused(engine: Engine, faces: str) -> None:
    with pytest.raises(BadInput):
        walk(engine, faces=faces)


def test_a_walk_can_be_stopped(engine: Engine) -> None:
    control = TaskControl(listener=lambda news: control.cancel() if news.step == 3 else None)
    with pytest.raises(Cancelled):
        engine.run(WalkRequest(faces="1 2"), control)
