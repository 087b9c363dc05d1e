"""Enlarged pictures: sizes, seams, alpha, and faces that are saved larger."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from studio.core.errors import BadInput, ModelMissing
from studio.core.image import Picture
from studio.engine.engine import Engine
from studio.engine.tasks import upscale
from studio.engine.tasks.faces import UPSCALER, FacesRequest
from studio.engine.tasks.upscale import UpscaleRequest, enlarge
from studio.library.store import Library
from studio.models.upscale import UpscaleConfig, UpscaleNet
from tests.engine.conftest import publish
from tests.pictures import scene


@pytest.mark.parametrize(("scale", "factor"), [(2, 2), (2, 3), (2, 4), (4, 2), (4, 4)])
@pytest.mark.parametrize("size", [(1, 1), (37, 20)])
def test_an_untrained_net_enlarges_like_bicubic_interpolation(scale: int, factor: int, size: tuple[int, int]) -> None:
    width, height = size
    net = UpscaleNet(UpscaleConfig(scale=scale, width=4, blocks=1)).eval()
    rgb = scene(width, height, seed=1)
    with torch.inference_mode():
        made = enlarge(net, torch.device("cpu"), rgb, factor)
    assert made.shape == (height * factor, width * factor, 3)
    assert abs(made.mean() - rgb.mean()) < 3


def test_tiles_leave_no_seam(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    picture = Picture(rgb=scene(70, 50, seed=2))
    request = UpscaleRequest(picture=picture, model="upscale")
    whole = engine.run(request).picture.rgb
    monkeypatch.setattr(upscale, "TILE", 16)
    assert np.abs(engine.run(request).picture.rgb.astype(int) - whole).max() <= 1  # of rounding


def test_alpha_grows_along_and_hidden_colours_do_not_bleed(engine: Engine) -> None:
    rgb, alpha = np.full((20, 24, 3), 90, np.uint8), np.full((20, 24), 255, np.uint8)
    rgb[:, 12:], alpha[:, 12:] = (255, 0, 255), 0
    plain = engine.run(UpscaleRequest(picture=Picture(rgb=np.full_like(rgb, 90)), model="upscale")).picture
    made = engine.run(UpscaleRequest(picture=Picture(rgb=rgb, alpha=alpha), model="upscale")).picture
    assert made.size == (48, 40) and made.alpha is not None and made.alpha.shape == (40, 48)
    assert np.array_equal(made.rgb, plain.rgb)


def test_what_cannot_be_saved_is_refused_before_any_work(engine: Engine) -> None:
    large = Picture(rgb=np.zeros((2000, 2000, 3), np.uint8), name="wall.png")
    with pytest.raises(BadInput, match=r"wall\.png is too large to be enlarged 4 times; choose one of at most 1250"):
        engine.run(UpscaleRequest(picture=large, factor=4, model="upscale"))


def test_a_face_is_enlarged_for_its_file_and_steered_at_its_own_size(engine: Engine, library: Library) -> None:
    publish(library, "upscale", UPSCALER)
    request = FacesRequest(count=1, seed=5)
    (plain,) = engine.run(request).faces
    (face,) = engine.run(replace(request, enlarge=4)).faces
    side = plain.picture.width
    assert plain.large is None and plain.saved is plain.picture
    assert face.saved.size == (4 * side, 4 * side) and face.settings["enlarge"] == 4
    assert np.array_equal(face.picture.rgb, plain.picture.rgb)


def test_the_model_suits_what_is_enlarged_and_how_far(engine: Engine, library: Library, monkeypatch: Any) -> None:
    def used(**settings: Any) -> str:
        picture = Picture(rgb=scene(40, 40))
        return engine.run(UpscaleRequest(picture=picture, **settings)).picture.settings["model"]

    for name in (UPSCALER, *upscale.PHOTOS.values()):
        publish(library, "upscale", name)
    assert (used(), used(factor=4), used(factor=3)) == ("upscale-x2", "upscale-x4", "upscale-x4")
    assert used(subject="face", factor=4) == UPSCALER and used(model="upscale") == "upscale"
    monkeypatch.setattr(upscale, "shows_face", lambda rgb: True)
    assert used() == UPSCALER and used(subject="photo") == "upscale-x2"


def test_without_a_model_for_4_times_that_for_2_is_used_twice(engine: Engine, library: Library) -> None:
    with pytest.raises(ModelMissing, match="upscale-x4"):
        engine.run(UpscaleRequest(picture=Picture(rgb=scene(20, 16)), factor=4))
    publish(library, "upscale", "upscale-x2")
    made = engine.run(UpscaleRequest(picture=Picture(rgb=scene(20, 16)), factor=4)).picture
    assert made.size == (80, 64) and made.settings["model"] == "upscale-x2"


def test_only_a_small_picture_that_a_face_fills_is_a_face() -> None:
    assert not upscale.shows_face(scene(64, 64))
    assert not upscale.shows_face(scene(20, 20)) and not upscale.shows_face(scene(1200, 900))
