"""One contract for every network family: whoever adds one adds a case here, and nothing else."""

import dataclasses
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest
import torch
from torch import Tensor, nn

from studio.library.checkpoint import read_header, save_checkpoint
from studio.library.store import Library
from studio.models.any_style import AnyStyleConfig, AnyStyleNet
from studio.models.codec import Codec, CodecConfig
from studio.models.damage import DamageConfig, DamageNet
from studio.models.face_gan import FaceGAN, FaceGANConfig
from studio.models.families import FAMILIES
from studio.models.inpaint import InpaintConfig, InpaintGAN
from studio.models.landmarks import LandmarkConfig, LandmarkNet
from studio.models.perceptual import PerceptualConfig, PerceptualEncoder
from studio.models.refiner import Refiner, RefinerConfig
from studio.models.restore import RestoreConfig, RestoreNet
from studio.models.scratches import ScratchConfig, ScratchNet
from studio.models.sliders import Sliders, SlidersConfig
from studio.models.style import StyleConfig, StyleNet
from studio.models.upscale import UpscaleConfig, UpscaleGAN
from studio.models.vae import VAE, VAEConfig
from studio.models.words import WordsConfig, WordsNet


@dataclass(frozen=True)
class Case:
    """A small config, and a pass through all of the network: outputs and the shapes its docstrings promise."""

    config: Any
    use: Callable[[Any], list[tuple[Tensor, tuple[int, ...]]]]


def pictures(count: int, height: int, width: int) -> Tensor:
    return torch.rand(count, 3, height, width, generator=torch.Generator().manual_seed(3)) * 2 - 1


def use_perceptual(network: PerceptualEncoder) -> list[tuple[Tensor, tuple[int, ...]]]:
    maps = network(pictures(2, 16, 24))
    return [(m, (2, c, 16 >> i, 24 >> i)) for i, (m, c) in enumerate(zip(maps, (4, 4, 8, 8), strict=True))]


def use_faces(network: FaceGAN) -> list[tuple[Tensor, tuple[int, ...]]]:
    x = pictures(2, 16, 16)
    z = network.encoder(x)
    found = [(z, (2, 4)), (network(z), (2, 3, 16, 16)), (network.discriminator(x), (2, 1))]
    return [*found, (network.code(x), (2, 4, 4)), (network.references, (3, 4))]


def use_refiner(network: Refiner) -> list[tuple[Tensor, tuple[int, ...]]]:
    slope, before, last, code = torch.randn(4, 2, 4, 8, generator=torch.Generator().manual_seed(5))
    return [(network(slope, before, last, code, torch.full((2, 1, 1), 0.2)), (2, 4, 8))]


def use_props(network: FaceGAN) -> list[tuple[Tensor, tuple[int, ...]]]:
    x = torch.cat([pictures(2, 16, 16), pictures(2, 16, 16)[:, :1]], 1)
    z = network.encoder(x)
    return [(z, (2, 4)), (network(z), (2, 4, 16, 16)), (network.discriminator(x), (2, 1))]


def use_repair(network: InpaintGAN) -> list[tuple[Tensor, tuple[int, ...]]]:
    x, mask = pictures(2, 48, 64), torch.zeros(2, 1, 48, 64)
    mask[..., 4:12, 8:16] = 1
    logits, maps = network.discriminator(x, mask)
    filled = network(x, mask)
    assert torch.equal(filled * (1 - mask), x * (1 - mask)), "known pixels are kept"
    return [(filled, (2, 3, 48, 64)), (logits, (2, 1, 6, 8)), *((m, tuple(m.shape)) for m in maps)]


def use_art(network: StyleNet) -> list[tuple[Tensor, tuple[int, ...]]]:
    mixture = torch.full((1, 3), 1 / 3)  # all styles at once, so that the gradient reaches all
    return [(network(pictures(2, 16, 24), mixture), (2, 3, 16, 24))]


def use_anystyle(network: AnyStyleNet) -> list[tuple[Tensor, tuple[int, ...]]]:
    photo, style = pictures(2, 16, 24), pictures(2, 24, 32).flip(1) * 0.5
    described = torch.rand(2, 16, generator=torch.Generator().manual_seed(5))
    condition = network.condition(photo, style, described)
    return [(condition, (2, 12 + 16)), (network(photo, condition), (2, 3, 16, 24))]


def use_landmarks(network: LandmarkNet) -> list[tuple[Tensor, tuple[int, ...]]]:
    points = network(pictures(2, 32, 32))
    assert ((points > 0) & (points < 1)).all(), "points lie within the picture"
    return [(points, (2, 3, 2))]


def use_sliders(network: Sliders) -> list[tuple[Tensor, tuple[int, ...]]]:
    w = torch.linspace(-1, 1, 8).view(2, 4)
    return [(network.attributes(w), (2, 2)), (network(w, torch.ones(2, 2)), (2, 4))]


def use_words(network: WordsNet) -> list[tuple[Tensor, tuple[int, ...]]]:
    known, unknown = network.read("A smiling old zebra, 微笑的老人!")
    assert known == ["smiling", "old", "微笑", "老"] and unknown == ["a", "zebra", "的", "人"]
    values, logits = network(network.tokens([known, ["old"]]))
    return [(values, (2, 2)), (logits, (2, 2))]


def use_upscale(network: UpscaleGAN) -> list[tuple[Tensor, tuple[int, ...]]]:
    large = network(pictures(2, 8, 12))
    logits, maps = network.discriminator(pictures(2, 16, 24), large)
    return [(large, (2, 3, 16, 24)), (logits, (2, 1, 2, 3)), *((m, tuple(m.shape)) for m in maps)]


def use_restore(network: RestoreNet) -> list[tuple[Tensor, tuple[int, ...]]]:
    x = pictures(2, 16, 24)
    levels = network.judge(x)
    maps = torch.full((2, 3, 16, 24), 0.5)
    return [(levels, (2, 3)), (network(x, levels), (2, 3, 16, 24)), (network(x, maps), (2, 3, 16, 24))]


def use_scratches(network: ScratchNet) -> list[tuple[Tensor, tuple[int, ...]]]:
    mask = torch.zeros(2, 1, 16, 24)
    mask[..., 5:7] = 1
    x = pictures(2, 16, 24)
    made = network(x, mask)
    assert torch.equal((made * (1 - mask)), x * (1 - mask))
    return [(made, (2, 3, 16, 24))]


def use_damage(network: DamageNet) -> list[tuple[Tensor, tuple[int, ...]]]:
    return [(network(pictures(2, 32, 64)), (2, 1, 32, 64))]


def use_codec(network: Codec) -> list[tuple[Tensor, tuple[int, ...]]]:
    x, level = pictures(2, 32, 80), torch.tensor([0.5, 2.0])
    made, bits = network.eval()(x, level)
    z, side = network.summarise(network.analyse(x, level)), network.side_prior(level)
    priors = network.prior(network.features(torch.ones(2, 4, 1, 2), 2, 5), torch.ones(2, 6, 2, 5))
    assert (bits > 0).all() and all(((index >= 0) & (index <= 63)).all() for index in (side[1], priors[1]))
    shapes = [(2, 4, 1, 2), *[(2, 4, 1, 1)] * 2, *[(2, 6, 2, 5)] * 2]
    return [(made, (2, 3, 32, 80)), (bits, (2,)), *zip((z, *side, *priors), shapes, strict=True)]


def use_vae(network: VAE) -> list[tuple[Tensor, tuple[int, ...]]]:
    mean, log_variance = network.encode(pictures(2, 16, 16))
    return [(mean, (2, 4)), (log_variance, (2, 4)), (network(mean), (2, 3, 16, 16))]


CASES: dict[str, Case] = {
    "perceptual": Case(PerceptualConfig(channels=(4, 4, 8, 8), convolutions=(1, 1, 1, 1)), use_perceptual),
    "faces": Case(FaceGANConfig(latent=4, style=4, channels=(8, 8), references=3, offsets=2), use_faces),
    "props": Case(FaceGANConfig(latent=4, style=4, channels=(8, 8), image_channels=4), use_props),
    "refiner": Case(RefinerConfig(layers=4, style=8, rank=2), use_refiner),
    "repair": Case(InpaintConfig(width=4, dilations=(1, 2)), use_repair),
    "scratches": Case(ScratchConfig(widths=(4, 8), blocks=1), use_scratches),
    "art": Case(StyleConfig(presets=("a", "b"), width=4, blocks=1), use_art),
    "anystyle": Case(AnyStyleConfig(described=16, width=4, blocks=1, deep=8, deep_blocks=1, hidden=8), use_anystyle),
    "landmarks": Case(LandmarkConfig(size=32, points=(1, 33, 263), widths=(4, 4, 8)), use_landmarks),
    "sliders": Case(SlidersConfig(names=("a", "b"), auc=(0.8, 0.9), style=4), use_sliders),
    "words": Case(WordsConfig(vocabulary=("old", "smiling", "微笑", "老"), names=("a", "b"), width=8), use_words),
    "upscale": Case(UpscaleConfig(width=4, blocks=1), use_upscale),
    "restore": Case(RestoreConfig(widths=(4, 4, 8), blocks=1, judge=4), use_restore),
    "damage": Case(DamageConfig(widths=(4, 4, 8, 8), wide=(0, 0, 2, 2)), use_damage),
    "codec": Case(CodecConfig(width=8, blocks=1, latent=6, hyper=4, side=4, context=8, levels=3), use_codec),
    "vae": Case(VAEConfig(latent=4, channels=(8, 8)), use_vae),
}


def build(family: str) -> nn.Module:
    """The small network of a family from its config's JSON, with no weight at zero (some layers start there)."""
    torch.manual_seed(0)
    network = FAMILIES[family].build(json.loads(json.dumps(dataclasses.asdict(CASES[family].config))))
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.add_(torch.randn_like(parameter) * 0.05)
    return network.eval()


def test_every_family_has_a_case() -> None:
    assert CASES.keys() == FAMILIES.keys()


@pytest.mark.parametrize("family", FAMILIES)
def test_config_survives_json_and_refuses_what_it_does_not_know(family: str) -> None:
    config = CASES[family].config
    network = build(family)
    assert cast(Any, network).config == config
    hash(network.config)  # lists became tuples again
    with pytest.raises(TypeError):
        FAMILIES[family].build(dataclasses.asdict(config) | {"unheard_of": 1})


@pytest.mark.parametrize("family", FAMILIES)
def test_outputs_have_the_promised_shapes_and_are_finite(family: str) -> None:
    with torch.inference_mode():
        for output, shape in CASES[family].use(build(family)):
            assert output.shape == shape
            assert torch.isfinite(output).all()


@pytest.mark.parametrize("family", FAMILIES)
def test_the_same_input_gives_the_same_output(family: str) -> None:
    network = build(family)
    with torch.inference_mode():
        first, second = CASES[family].use(network), CASES[family].use(network)
    assert all(torch.equal(a, b) for (a, _), (b, _) in zip(first, second, strict=True))


@pytest.mark.parametrize("family", FAMILIES)
def test_gradients_reach_every_parameter(family: str) -> None:
    network = build(family).train()
    sum((output.square() * torch.rand_like(output)).sum() for output, _ in CASES[family].use(network)).backward()  # pyright: ignore
    for name, parameter in network.named_parameters():
        assert parameter.grad is not None, name
        assert torch.isfinite(parameter.grad).all(), name
        assert parameter.grad.abs().sum() > 0, name


@pytest.mark.parametrize("family", FAMILIES)
def test_a_checkpoint_in_half_precision_gives_nearly_the_same(family: str, tmp_path: Path) -> None:
    network, case = build(family), CASES[family]
    path = tmp_path / "model.safetensors"
    save_checkpoint(path, network, family=family, config=case.config, card={"title": "Test"})
    assert read_header(path).family == family
    library = Library(tmp_path / "none", tmp_path / "user")
    library.import_model(path, "again")
    again = library.load("again")
    assert not again.training
    assert {value.dtype for value in again.state_dict().values() if value.is_floating_point()} == {torch.float32}
    with torch.inference_mode():
        for (a, _), (b, _) in zip(case.use(network), case.use(again), strict=True):
            torch.testing.assert_close(a, b, rtol=0.02, atol=0.02 * float(a.abs().max()))


@pytest.mark.parametrize("family", FAMILIES)
def test_the_default_size_of_network_is_small_enough_to_ship(family: str) -> None:
    kind = FAMILIES[family].config
    filled: dict[type, dict[str, Any]] = {
        StyleConfig: {"presets": ("a",) * 12},
        SlidersConfig: {"names": ("a",) * 40, "auc": (0.9,) * 40},
        WordsConfig: {"vocabulary": ("a",) * 1000, "names": ("a",) * 40},
    }
    config = kind(**filled.get(kind, {}))
    with torch.device("meta"):
        parameters = sum(parameter.numel() for parameter in FAMILIES[family].network(config).parameters())
    assert 2 * parameters < 16_000_000
