"""Pictures that grow at their sides: sizes, the old pixels, strips, and what cannot be done."""

import numpy as np
import pytest

from studio.core.errors import BadInput, Cancelled
from studio.core.image import Picture
from studio.core.progress import Progress, TaskControl
from studio.core.provenance import DigitalSource
from studio.engine.engine import Engine
from studio.engine.tasks.outpaint import OutpaintRequest
from tests.pictures import scene


def test_the_old_picture_keeps_its_bytes_inside_the_new_one(engine: Engine) -> None:
    picture = Picture(rgb=scene(80, 60), name="view.png")
    seen: list[Progress] = []
    request = OutpaintRequest(picture=picture, left=0.5, right=0.1, bottom=0.25)
    done = engine.run(request, TaskControl(listener=seen.append))
    assert done.picture.size == (80 + 40 + 8, 60 + 15)
    assert np.array_equal(done.picture.rgb[:60, 40:120], picture.rgb)
    assert done.before.size == done.picture.size and np.array_equal(done.before.rgb[:60, 40:120], picture.rgb)
    assert [now.step for now in seen] == [1, 2], "half a side takes two strips"
    assert done.picture.source is DigitalSource.COMPOSITE and done.picture.settings["task"] == "outpaint"


def test_alpha_stays_and_the_border_is_opaque(engine: Engine) -> None:
    alpha = np.full((40, 40), 255, np.uint8)
    alpha[:10] = 0
    made = engine.run(OutpaintRequest(picture=Picture(rgb=scene(40, 40), alpha=alpha), right=0.2, method="hq")).picture
    assert made.alpha is not None
    assert np.array_equal(made.alpha[:, :40], alpha) and (made.alpha[:, 40:] == 255).all()


def test_what_cannot_be_done_is_said(engine: Engine) -> None:
    with pytest.raises(BadInput, match="No side is to move out"):
        engine.run(OutpaintRequest(picture=Picture(rgb=scene(20, 20)), left=0.001))
    large = Picture(rgb=np.zeros((4500, 4500, 3), np.uint8))
    with pytest.raises(BadInput, match="6750 x 4500 px"):
        engine.run(OutpaintRequest(picture=large, left=0.5))
    with pytest.raises(BadInput, match="'top'"):
        OutpaintRequest(picture=large, top=0.7)


def test_it_can_be_stopped(engine: Engine) -> None:
    control = TaskControl()
    control.cancel()
    with pytest.raises(Cancelled):
        engine.run(OutpaintRequest(picture=Picture(rgb=scene(40, 40)), left=0.5), control)
