"""Where faces come from: neighbours among the remembered pictures, attributes, and what edits changed."""

import itertools

import numpy as np
import pytest
import torch

from studio.core.errors import BadInput
from studio.engine.engine import Engine
from studio.engine.tasks.explain import ExplainRequest
from studio.engine.tasks.faces import FacesRequest
from studio.library.store import Library
from studio.models.face_gan import FaceGAN
from tests.engine.conftest import TINY, publish


@pytest.fixture
def remembering(library: Library) -> tuple[Engine, FaceGAN]:
    """An engine with a face model "known" that remembers the faces of its seeds 0 to 5."""
    engine = Engine(library, "cpu")
    net = engine.model("faces", "faces")
    assert isinstance(net, FaceGAN)
    faces = engine.run(FacesRequest(count=6)).faces
    with torch.no_grad():
        pictures = [torch.from_numpy(face.picture.rgb.copy()).permute(2, 0, 1).float() / 127.5 - 1 for face in faces]
        known = net.remembering(net.encoder(torch.stack(pictures)))
    library.publish("known", known, "faces", known.config, {})
    return engine, known


def test_a_training_picture_is_its_own_nearest_neighbour(remembering: tuple[Engine, FaceGAN]) -> None:
    engine, _ = remembering
    found = engine.run(ExplainRequest(face="4", count=6, model="known")).neighbours
    assert sorted(one.index for one in found) == list(range(6)) and found[0].index == 4
    assert found[0].distance < 3 and found[0].closer < found[-1].closer
    assert all(a.distance <= b.distance for a, b in itertools.pairwise(found))
    assert all(one.rgb.shape == (16, 16, 3) for one in found)


def test_a_model_without_memory_says_so(engine: Engine) -> None:
    with pytest.raises(BadInput, match="remembers no training pictures"):
        engine.run(ExplainRequest(face="4"))


def test_what_an_edit_changed_is_told_by_stage(remembering: tuple[Engine, FaceGAN]) -> None:
    engine, _ = remembering
    (mixed,) = engine.run(FacesRequest(count=1, seed=1, other="2", share=1.0, mix="coarse", model="known")).faces
    changed = engine.run(ExplainRequest(face=mixed.code, before="1", model="known")).changed
    assert changed["coarse"] > 1 > changed["fine"]
    assert engine.run(ExplainRequest(face="1", model="known")).changed == {}


def test_memory_survives_a_checkpoint_and_can_be_replaced(library: Library) -> None:
    publish(library, "faces", "plain")
    net = library.load("plain")
    assert isinstance(net, FaceGAN) and net.references.shape == (0, TINY["faces"].latent)
    latents = torch.nn.functional.normalize(torch.randn(3, TINY["faces"].latent))
    library.publish("three", net.remembering(latents), "faces", net.remembering(latents).config, {})
    again = library.load("three")
    assert isinstance(again, FaceGAN)
    assert np.allclose(again.references, latents, atol=1e-3) and again.remembering(latents[:2]).config.references == 2
