"""The figures of steering on small networks: every one is there, and each tells good from bad."""

import numpy as np
import pytest
import torch

from studio.engine.engine import Engine
from studio.engine.tasks.faces import FacesRequest
from studio.library.store import Library
from studio.models.landmarks import LandmarkNet
from studio.models.perceptual import PerceptualEncoder
from studio.models.refiner import Refiner, RefinerConfig
from studio.models.sliders import Sliders, SlidersConfig
from training.attributes import FaceFeatures
from training.evaluate.steering import (
    Jury,
    measure_drags,
    measure_inversion,
    measure_requests,
    measure_sliders,
    measure_speed,
)


@pytest.fixture
def engine(library: Library) -> Engine:
    return Engine(library, "cpu")


def made(engine: Engine, count: int) -> list[np.ndarray]:
    return [face.picture.rgb for face in engine.run(FacesRequest(count=count, model="small")).faces]


def test_requests_and_drags_give_px(engine: Engine) -> None:
    figures = measure_requests(engine, "small", made(engine, 2)) | measure_drags(engine, "small", 2)
    assert 0 <= figures["landmark_request_error_px"] <= figures["landmark_request_error_px_worst"] < 128
    assert 0 <= figures["drag_success"] <= 1 and figures["drag_seconds"] > 0
    assert measure_speed(engine, "small", 8)["face_ms_p95"] > 0


def test_the_search_is_at_least_as_good_as_the_guess(engine: Engine) -> None:
    network, refiner = engine.model("small", "faces"), Refiner(RefinerConfig(layers=6, style=8, rank=2))
    figures = measure_inversion(network, refiner, made(engine, 2), 2, steps=30)  # pyright: ignore
    assert figures["optimised_psnr"] > figures["encoder_psnr"] >= figures["encoder_psnr_first"] > 0


def test_sliders_are_judged_by_pictures(engine: Engine, library: Library) -> None:
    config = SlidersConfig(names=("light", "red"), auc=(0.9, 0.8), style=8)
    sliders = Sliders(config)
    with torch.no_grad():
        sliders.directions.normal_()
    library.publish("sliders", sliders, "sliders", config, {"title": "test"})
    points, encoder = library.load("landmarks"), library.load("perceptual")
    assert isinstance(points, LandmarkNet) and isinstance(encoder, PerceptualEncoder)
    faces = made(engine, 40)
    values = np.array([[face.mean(), face[..., 0].mean() - face.mean()] for face in faces])
    jury = Jury(FaceFeatures(points, encoder), faces, values)
    assert (
        np.corrcoef(
            jury(engine, [FacesRequest(count=1, seed=s, model="small") for s in range(20)])[:, 0], values[:20, 0]
        )[0, 1]
        > 0.8
    )
    loaded = library.load("sliders")
    assert isinstance(loaded, Sliders)
    figures = measure_sliders(engine, "small", loaded, jury, ("light", "red"))
    assert figures["slider_auc_min"] == 0.8
    assert set(figures["slider_moves"]) == set(figures["slider_leaks"]) == {"light", "red"}
