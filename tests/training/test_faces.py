"""The face recipe's own parts: configs by size, and growth that keeps what was learnt."""

import json
from itertools import pairwise
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from studio.core.errors import BadInput
from studio.jobs.spec import FacesSpec
from studio.library.store import Library
from studio.models.face_gan import FaceGAN, FaceGANConfig, project
from training import loop
from training.loop import run_training
from training.recipes import RECIPES
from training.trainers.faces import FacesTrainer, correlation, face_config, grown


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


def test_frozen_stages_stay_until_they_thaw(folder: Path, library: Library, tmp_path: Path) -> None:
    """The base is left behind by the layers at the top alone; with an anchor by less."""
    before = library.load("small").state_dict()
    moved: dict[str, dict[str, float]] = {}
    for name, changes in {
        "frozen": {"freeze": 16},
        "thawed": {"freeze": 16, "thaw": 0.5},
        "anchored": {"freeze": 16, "anchor": 1000.0},
    }.items():
        spec = FacesSpec(data=(str(folder),), base="small", name=name, size=32, batch=4, images=16, warmup=0, **changes)
        run_training(spec, tmp_path / name, library=library, device="cpu")
        after = load_file(tmp_path / name / "state.safetensors")
        moved[name] = {key: float((after[f"module/net/{key}"] - before[key]).abs().max()) for key in before}
    low, high = ("generator.blocks.0.conv1.weight", "discriminator.last.weight"), "generator.blocks.2.conv1.weight"
    assert all(moved["frozen"][key] == 0 for key in low) and moved["frozen"][high] > 0
    assert all(moved["thawed"][key] > 0 for key in low)
    assert moved["anchored"][high] < 0.8 * moved["frozen"][high]


def test_a_focused_model_draws_what_lies_among_its_pictures(folder: Path, library: Library, tmp_path: Path) -> None:
    spreads = []
    for focus in (0.0, 0.9):
        spec = FacesSpec(data=(str(folder),), base="small", name="me", size=32, batch=4, images=16, focus=focus)
        run = tmp_path / f"run-{focus}"
        net = library.load(run_training(spec, run, library=library, device="cpu").model or "")
        assert isinstance(net, FaceGAN)
        with torch.no_grad():
            noise = torch.randn(64, 8, generator=torch.Generator().manual_seed(0))
            made, known = net.generator.drawn(noise), net.references
        spreads.append(float(torch.cdist(made, known).min(1).values.mean() / torch.cdist(known, known).mean()))
    assert spreads[1] < spreads[0]


def test_samples_that_collapse_send_the_run_back(
    folder: Path, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A real net whose samples become one and the same face once, then stay varied."""
    trainer, spoilt = RECIPES["faces"], []
    step = trainer.step

    def spoil(self: FacesTrainer) -> dict[str, float]:
        losses = step(self)
        if self.seen >= 8 and not spoilt:
            spoilt.append(self.seen)
            for net in (self.net, self.ema.module):
                for block in net.generator.blocks:
                    block.load_state_dict({key: 0 * value for key, value in block.state_dict().items()})
        return losses

    monkeypatch.setattr(trainer, "step", spoil)
    monkeypatch.setattr(loop, "time", Clock())  # every step is due for a checkpoint
    spec = FacesSpec(data=(str(folder),), base="small", name="me", size=32, batch=4, images=24, variety=0.01)
    outcome = run_training(spec, tmp_path / "run", library=library, device="cpu", tell_seconds=0)
    assert outcome.state == "done" and outcome.images == 24
    (note,) = [json.loads(line) for line in (tmp_path / "run" / "notes.jsonl").read_text().splitlines()]
    assert note == {"images": 12, "note": "collapse", "back_to": 8}
    assert load_file(tmp_path / "run" / "state.safetensors")["module/ease/factor"] == 0.5
    lines = [json.loads(line) for line in (tmp_path / "run" / "metrics.jsonl").read_text().splitlines()]
    assert any("variety" in line for line in lines)


def test_a_run_that_always_collapses_ends_with_its_last_good_state(
    folder: Path, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RECIPES["faces"], "collapsed", lambda self: self.seen > 4)
    monkeypatch.setattr(loop, "time", Clock())
    spec = FacesSpec(data=(str(folder),), base="small", name="me", size=32, batch=4, images=400)
    outcome = run_training(spec, tmp_path / "run", library=library, device="cpu", tell_seconds=0)
    assert (outcome.state, outcome.images) == ("done", 4)
    notes = (tmp_path / "run" / "notes.jsonl").read_text().splitlines()
    assert [json.loads(line)["note"] for line in notes] == [*["collapse"] * loop.RETREATS, "ended"]


class Clock:
    """A `time` in which every look is a quarter of an hour later."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        self.now += 900
        return self.now
