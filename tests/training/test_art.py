"""The style trainer on pictures that most people's folders hold some of: nearly flat ones."""

import copy
import dataclasses
import math
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from studio.jobs.spec import ArtSpec
from studio.library.store import Library
from training.trainers import art
from training.trainers.art import ArtTrainer, from_base


@pytest.fixture
def trainer(folder: Path, library: Library, tmp_path: Path) -> ArtTrainer:
    flat = np.full((64, 64, 3), 250, np.uint8)
    flat[30:32, 30:32] = 249
    cv2.imwrite(str(tmp_path / "flat.png"), flat)
    torch.manual_seed(0)
    data, styles = (str(tmp_path / "flat.png"),), (str(folder / "class00"),)
    made = ArtTrainer(ArtSpec(data=data, styles=styles, size=64, batch=2), library, torch.device("cpu"))
    torch.nn.init.normal_(made.net.head.weight, std=0.1)  # as far as a training brings it
    return made


@pytest.mark.parametrize("toned", [True, False])
def test_a_base_gives_its_convolutions_to_nets_with_and_without_tone(trainer: ArtTrainer, toned: bool) -> None:
    base = trainer.net
    net = from_base(base, dataclasses.replace(base.config, presets=("a", "b", "c"), toned=toned))
    assert (net.tone is not None) == toned and net.config.presets == ("a", "b", "c")
    assert torch.equal(net.enter[0].conv.weight, base.enter[0].conv.weight)  # pyright: ignore
    photo = torch.rand(1, 3, 32, 32)
    assert net(photo, net.mixture({"c": 1.0})).shape == photo.shape


def strongest_gradient(trainer: ArtTrainer) -> float:
    found = [trainer.step()["gradient"] for _ in range(3)]
    return max(found) if all(map(math.isfinite, found)) else math.inf


def test_grain_keeps_norms_from_stretching_what_is_flat(trainer: ArtTrainer, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a training of hours the gradient grew until it was no number."""
    start = copy.deepcopy(trainer.net.state_dict())
    grained = strongest_gradient(trainer)
    trainer.net.load_state_dict(start)
    monkeypatch.setattr(art, "GRAIN", 0.0)
    assert grained < strongest_gradient(trainer) / 2
