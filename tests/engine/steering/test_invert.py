"""The code of a face without a search: never farther off than the encoder's first guess."""

import pytest
import torch

from studio.engine.steering.invert import encode
from studio.models.face_gan import FaceGAN, FaceGANConfig
from studio.models.refiner import Refiner, RefinerConfig, passes, unlikeness


@pytest.fixture
def network() -> FaceGAN:
    torch.manual_seed(0)
    return FaceGAN(FaceGANConfig(latent=8, style=8, channels=(8, 8))).requires_grad_(False)


@pytest.fixture
def face(network: FaceGAN) -> torch.Tensor:
    return network(torch.randn(1, 8))


def stepping(rate: float) -> Refiner:
    """A refiner that goes down the slope, or up."""
    net = Refiner(RefinerConfig(layers=4, style=8, rank=2)).requires_grad_(False)
    net.within.copy_(rate * torch.eye(8).repeat(4, 1, 1))
    return net


def far(network: FaceGAN, code: torch.Tensor, face: torch.Tensor) -> float:
    return unlikeness(network.generator.synthesize(code[None]), face).item()


@torch.inference_mode()
def test_passes_lead_nearer_and_those_that_lead_away_are_left(network: FaceGAN, face: torch.Tensor) -> None:
    with torch.inference_mode(False):  # as the engine loads models
        down, up = stepping(0.05), stepping(-0.5)
    first = network.code(face)[0]
    assert far(network, encode(network, down, face), face) < far(network, first, face)
    assert torch.equal(encode(network, up, face), first)


@torch.inference_mode()
def test_a_refiner_of_another_shape_is_left_out(network: FaceGAN, face: torch.Tensor) -> None:
    assert torch.equal(encode(network, Refiner(RefinerConfig(layers=6, style=8, rank=2)), face), network.code(face)[0])


def test_the_slope_is_that_of_the_error(network: FaceGAN, face: torch.Tensor) -> None:
    code = network.code(face)
    one = next(passes(stepping(0.05), network.generator, face, code))
    little = 1e-3 * one.slope / one.slope.norm()
    moved = far(network, (code + little)[0], face) - far(network, (code - little)[0], face)
    assert moved / 2e-3 == pytest.approx(one.slope.norm().item(), rel=0.05)
