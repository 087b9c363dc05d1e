"""The face recipe's own parts: configs by size, and growth that keeps what was learnt."""

from itertools import pairwise
from pathlib import Path

import pytest
import torch

from studio.core.errors import BadInput
from studio.jobs.spec import FacesSpec
from studio.library.store import Library
from studio.models.face_gan import FaceGAN, FaceGANConfig, project
from training.loop import run_training
from training.trainers.faces import correlation, face_config, grown


def test_every_size_adds_stages_to_the_smaller_ones() -> None:
    channels = [face_config(size, 96).channels for size in (16, 32, 64, 128, 256)]
    assert all(longer[: len(shorter)] == shorter for shorter, longer in pairwise(channels))
    for size in (0, 8, 100, 512):
        with pytest.raises(BadInput, match="cannot be built"):
            face_config(size, 96)


def test_a_grown_net_knows_what_its_base_knew() -> None:
    torch.manual_seed(0)
    base = FaceGAN(face_config_tiny(32))
    net = grown(base, 64)
    assert net.config.size == 64 and net.config.latent == base.config.latent
    z = torch.randn(3, base.config.latent)
    assert torch.equal(net.generator.style(z), base.generator.style(z))
    features: list[torch.Tensor] = []
    for one in (base, net):
        one.generator.blocks[len(base.config.channels) - 1].register_forward_hook(lambda *a: features.append(a[2]))
        one(z)
    torch.testing.assert_close(features[0], features[1])
    x = torch.randn(2, base.config.channels[-1], 16, 16)
    for part in ("encoder", "discriminator"):
        ours, theirs = getattr(net, part), getattr(base, part)
        torch.testing.assert_close(ours.blocks[1](x), theirs.blocks[0](x))
        assert torch.equal(ours.linear.weight, theirs.linear.weight)


def face_config_tiny(size: int) -> FaceGANConfig:
    return FaceGANConfig(latent=8, style=8, channels=face_config(size, 24).channels)


def test_a_base_of_other_proportions_cannot_grow() -> None:
    with pytest.raises(BadInput, match="cannot grow"):
        grown(FaceGAN(FaceGANConfig(latent=8, style=8, channels=(16, 8, 8))), 64)


def test_a_run_on_a_smaller_base_makes_a_larger_model(folder: Path, library: Library, tmp_path: Path) -> None:
    config = face_config_tiny(32)
    library.publish("small", FaceGAN(config), "faces", config, {"title": "small"})
    spec = FacesSpec(data=(str(folder),), base="small", name="large", size=64, batch=4, images=8)
    assert run_training(spec, tmp_path / "run", library=library, device="cpu").model == "large"
    large = library.load("large")
    assert isinstance(large, FaceGAN) and large.config.size == 64


def test_latents_that_use_few_dimensions_are_told_from_those_that_use_all() -> None:
    torch.manual_seed(0)
    even = project(torch.randn(512, 32))
    few = project(torch.cat([torch.randn(512, 4), 0.01 * torch.randn(512, 28)], 1))
    assert correlation(even) < 0.2 < 2 < correlation(few)
