"""The teacher: its maps line up with what the trainings take them for, and other files are refused."""

from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from torchvision.models import squeezenet1_1

from studio.core.errors import BadInput
from studio.jobs.spec import PerceptualSpec, SlidersSpec
from studio.library.store import Library
from studio.models.sliders import Sliders
from training.attributes import TAPS, FaceFeatures
from training.loop import run_training
from training.teacher import Teacher
from training.trainers.perceptual import TAPS as STAGES


@pytest.fixture
def weights(tmp_path: Path) -> str:
    path = tmp_path / "teacher.safetensors"
    save_file({f"features.{key}": value.half() for key, value in squeezenet1_1().features.state_dict().items()}, path)
    return str(path)


def test_maps_have_the_channels_and_strides_that_trainings_count_on(weights: str) -> None:
    for taps in (TAPS, STAGES):
        maps = Teacher(weights, taps)(torch.rand(2, 3, 64, 96) * 2 - 1)
        assert [m.shape[1] for m in maps] == list(taps.values())
    assert [m.shape[2] for m in maps] == [31, 15, 7], "of a picture seen at twice its size: 1/4, 1/8 and 1/16"


def test_other_files_are_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.safetensors"
    save_file({"features.0.weight": torch.zeros(1)}, other)
    (tmp_path / "text.safetensors").write_text("none")
    for path in (other, tmp_path / "text.safetensors", tmp_path / "missing.safetensors"):
        with pytest.raises(BadInput, match=r"give its \.safetensors file"):
            Teacher(str(path), TAPS)


def test_features_are_as_long_as_their_parts(weights: str, library: Library) -> None:
    nets = library.load("landmarks"), library.load("perceptual")
    features = FaceFeatures(*nets, Teacher(weights, TAPS))  # type: ignore[arg-type]
    found = features(torch.rand(2, 3, 32, 32) * 2 - 1)
    assert features.parts[-1].stop == found.shape[1] and np.isfinite(found.numpy()).all()
    assert [part.start for part in features.parts[1:]] == [part.stop for part in features.parts[:-1]]


@pytest.mark.parametrize("recipe", [PerceptualSpec, SlidersSpec])
def test_recipes_train_with_a_teacher(
    recipe: type[PerceptualSpec | SlidersSpec], weights: str, folder: Path, library: Library, tmp_path: Path
) -> None:
    asked = {"faces": "small", "labels": (str(tmp_path / "labels.csv"),), "attributes": ("light",)}
    spec = recipe(
        data=(str(folder),), name="new", teacher=weights, images=16, batch=4, **asked if recipe is SlidersSpec else {}
    )
    assert run_training(spec, tmp_path / "run", library=library, device="cpu").state == "done"
    if recipe is SlidersSpec:
        net = library.load("new")
        assert isinstance(net, Sliders) and net.config.names == ("light",) and net.directions.abs().max() > 0
