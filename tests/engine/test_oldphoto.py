"""Old photos in one go: the order of the steps, leaving them out, and what stays."""

import numpy as np
import pytest

from studio.core.errors import BadInput, Cancelled, ModelMissing
from studio.core.image import Picture
from studio.core.portrait import FaceBox
from studio.core.progress import Progress, TaskControl
from studio.core.provenance import DigitalSource
from studio.engine.engine import Engine
from studio.engine.tasks import damage, touch_up
from studio.engine.tasks.oldphoto import OldPhotoRequest
from studio.engine.tasks.upscale import FACES
from studio.library.store import Library
from tests.engine.conftest import publish
from tests.pictures import scene

NONE = {"fill": "none", "restore": 0.0, "fade": 0.0, "contrast": 0.0, "faces": 0.0, "factor": 1}


@pytest.fixture(autouse=True)
def scratched(monkeypatch: pytest.MonkeyPatch) -> None:
    """The small random net finds nothing or all; here it finds the lighter lines."""
    monkeypatch.setattr(
        damage, "damage_chance", lambda net, device, rgb, control: (rgb.min(2) > 250).astype(np.uint8) * 255
    )


def old() -> Picture:
    rgb = scene(96, 72, seed=4) // 2 + 40
    rgb[:, 30:32] = 255
    return Picture(rgb=rgb, alpha=np.full((72, 96), 200, np.uint8), name="old.png")


def test_all_steps_in_their_order(engine: Engine) -> None:
    seen: list[Progress] = []
    request = OldPhotoRequest(picture=old(), faces=0.5, factor=1)
    done = engine.run(request, TaskControl(listener=seen.append))
    assert [name for name, _ in done.steps] == ["fill", "restore", "fade", "contrast", "faces"]
    assert [now.step for now in seen] == [1, 2, 3, 4, 5] and seen[-1].total == 5
    assert done.mask[:, 30:32].all() and done.mask.mean() < 0.1
    assert done.picture.size == (96, 72) and done.picture.alpha is not None and (done.picture.alpha == 200).all()
    assert done.picture.source is DigitalSource.COMPOSITE and done.picture.settings["task"] == "oldphoto"
    filled = done.steps[0][1].rgb
    assert (filled[:, 30:32] < 250).any() and np.array_equal(filled[:, 50:], old().rgb[:, 50:])


@pytest.mark.parametrize(
    ("step", "value"), [("fill", "telea"), ("restore", 0.5), ("fade", 1.0), ("contrast", 0.5), ("factor", 2)]
)
def test_each_step_alone(engine: Engine, library: Library, step: str, value: object) -> None:
    publish(library, "upscale", "upscale-x2")
    done = engine.run(OldPhotoRequest(picture=old(), **{**NONE, step: value}))  # type: ignore[arg-type]
    assert len(done.steps) == 1
    assert done.picture.size == ((192, 144) if step == "factor" else (96, 72))
    assert step == "factor" or (done.picture.rgb != old().rgb).any()


def test_a_picture_without_damage_keeps_its_bytes_when_filled(engine: Engine) -> None:
    clean = Picture(rgb=scene(60, 40) // 2)
    done = engine.run(OldPhotoRequest(picture=clean, **{**NONE, "fill": "auto"}))  # type: ignore[arg-type]
    assert np.array_equal(done.picture.rgb, clean.rgb) and not done.mask.any()


def test_faces_are_redrawn_where_there_are_any(
    engine: Engine, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = OldPhotoRequest(picture=Picture(rgb=scene(200, 150)), **{**NONE, "faces": 1.0})  # type: ignore[arg-type]
    assert np.array_equal(engine.run(request).picture.rgb, request.picture.rgb), "there is none"
    monkeypatch.setattr(touch_up.FaceFinder, "find", lambda self, rgb: [FaceBox(60, 60, 50)])
    with pytest.raises(ModelMissing, match=FACES):
        engine.run(request)
    publish(library, "upscale", FACES)
    changed = (engine.run(request).picture.rgb != request.picture.rgb).any(-1)
    assert changed[30:90, 30:90].mean() > 0.5 and not changed[:, 110:].any()


def test_nothing_to_do_is_said_and_a_stop_is_heard(engine: Engine) -> None:
    with pytest.raises(BadInput, match="Every step is left out"):
        engine.run(OldPhotoRequest(picture=old(), **NONE))  # type: ignore[arg-type]
    control = TaskControl()
    control.listener = lambda now: control.cancel()
    with pytest.raises(Cancelled):
        engine.run(OldPhotoRequest(picture=old()), control)
