"""Every recipe trains a tiny real network, stops, goes on, publishes, and the result can be started from."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file

from studio.core.errors import BadInput
from studio.jobs.spec import SPECS, TrainingSpec
from studio.library.store import Library
from studio.models.refiner import Refiner, RefinerConfig
from studio.models.restore import RestoreNet
from training.loop import Status, run_training
from training.recipes import RECIPES
from training.trainers.scratches import ScratchesTrainer

SMALL: dict[str, dict[str, Any]] = {
    "perceptual": {"size": 32, "batch": 4, "images": 24},
    "faces": {"size": 32, "width": 16, "batch": 4, "images": 24, "warmup": 8},
    "props": {"size": 32, "width": 16, "batch": 4, "images": 24, "warmup": 8},
    "repair": {"size": 64, "width": 8, "batch": 2, "images": 12},
    "art": {"size": 64, "batch": 2, "images": 12},
    "converter": {"size": 48, "batch": 2, "images": 12, "width": 4, "blocks": 1},
    "anystyle": {"size": 48, "batch": 2, "images": 12, "held": ("00",)},
    "landmarks": {"batch": 4, "images": 24},
    "sliders": {"batch": 4, "images": 24, "faces": "small", "attributes": ("light",)},
    "words": {"batch": 4, "images": 24, "faces": "small", "sliders": "some"},
    "encoder": {"batch": 4, "images": 24, "rank": 4, "base": "small"},
    "refiner": {"batch": 4, "images": 24, "rank": 4, "faces": "small"},
    "codec": {"size": 64, "width": 8, "blocks": 1, "latent": 8, "batch": 2, "images": 12},
    "upscale": {
        "size": 32,
        "width": 8,
        "blocks": 1,
        "batch": 2,
        "images": 12,
        "adversarial": 0.1,
        "worn": 0.5,
        "soften": 0.4,
    },
    "restore": {"size": 32, "width": 8, "batch": 2, "images": 12},
    "vae": {"size": 32, "width": 16, "latent": 8, "batch": 4, "images": 24, "subject": "any"},
    "scratches": {"size": 32, "width": 4, "batch": 2, "images": 12},
    "damage": {"size": 64, "width": 8, "batch": 2, "images": 12},
}


def spec_of(recipe: str, folder: Path, **changes: Any) -> TrainingSpec:
    files: dict[str, dict[str, Any]] = {
        "props": {"data": (str(folder.parent / "props"),)},
        "converter": {"look": (str(folder / "class01"),)},
        "art": {"styles": (str(folder / "class00"),)},
        "landmarks": {"landmarks": str(folder.parent / "landmarks.npz")},
        "sliders": {"labels": (str(folder.parent / "labels.csv"),)},
        "words": {"labels": (str(folder.parent / "labels.csv"),)},
    }
    settings = {"data": (str(folder),), **SMALL[recipe], **files.get(recipe, {}), **changes}
    return SPECS[recipe](name=f"tiny-{recipe}", **settings)


def stop_after(images: int):
    return lambda status: "pause" if status.images >= images else "go"


def test_every_spec_has_a_trainer_and_the_other_way_round() -> None:
    assert set(SPECS) == set(RECIPES) == set(SMALL)


@pytest.mark.parametrize("recipe", SPECS)
def test_a_stopped_run_goes_on_as_if_it_had_not(recipe: str, folder: Path, library: Library, tmp_path: Path) -> None:
    spec = spec_of(recipe, folder)
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    assert run_training(spec, whole, library=library, device="cpu", tell_seconds=0).state == "done"
    stopped = run_training(
        spec, parts, library=library, device="cpu", control=stop_after(spec.images // 2), tell_seconds=0
    )
    assert stopped.state == "paused" and 0 < stopped.images < spec.images
    finished = run_training(spec, parts, library=library, device="cpu", tell_seconds=0)
    assert finished.state == "done" and finished.model == f"tiny-{recipe}-2"
    ours, theirs = load_file(whole / "state.safetensors"), load_file(parts / "state.safetensors")
    assert ours.keys() == theirs.keys()
    for key, value in ours.items():
        torch.testing.assert_close(theirs[key], value, rtol=1e-4, atol=1e-5, msg=key)
    lines = [json.loads(line) for line in (parts / "metrics.jsonl").read_text().splitlines()]
    assert [line["images"] for line in lines] == sorted({line["images"] for line in lines})
    assert lines[-1]["images"] == spec.images and all(np.isfinite(list(line.values())).all() for line in lines)


@pytest.mark.parametrize("recipe", SPECS)
def test_the_finished_model_differs_from_the_first_and_can_be_started_from(
    recipe: str, folder: Path, library: Library, tmp_path: Path
) -> None:
    first = run_training(spec_of(recipe, folder), tmp_path / "a", library=library, device="cpu")
    assert first.model is not None
    card = library.card(first.model)
    assert card.family == RECIPES[recipe].family and card.images_seen == SMALL[recipe]["images"]
    again = spec_of(recipe, folder, base=first.model, images=2 * SMALL[recipe]["batch"])
    second = run_training(again, tmp_path / "b", library=library, device="cpu")
    assert second.model is not None
    tuned = library.card(second.model)
    assert tuned.images_seen == card.images_seen + again.images, "the base's pictures count too"
    assert (tuned.ancestors[-1].name, tuned.ancestors[-1].sha256) == (card.name, card.sha256)
    assert tuned.ancestors[:-1] == card.ancestors
    assert library.sample(tuned.name), "the run's last sheet shows the model"
    old, new = library.load(first.model).state_dict(), library.load(second.model).state_dict()
    assert old.keys() == new.keys()
    assert any(not torch.equal(old[key], new[key]) for key in old)


def test_the_net_for_scratches_starts_as_a_restorer_that_is_told_the_hole(
    folder: Path, library: Library, tmp_path: Path
) -> None:
    base = run_training(spec_of("restore", folder), tmp_path / "a", library=library, device="cpu").model
    assert base is not None
    trainer = ScratchesTrainer(spec_of("scratches", folder, base=base), library, torch.device("cpu"))
    restorer, x = library.load(base), torch.rand(1, 3, 32, 32) * 2 - 1
    assert isinstance(restorer, RestoreNet)
    as_restorer = restorer.body(torch.cat([x, torch.zeros_like(x)], 1))
    torch.testing.assert_close(trainer.net.body(torch.cat([x, torch.rand(1, 1, 32, 32)], 1)), as_restorer)
    assert run_training(spec_of("scratches", folder, base=base), tmp_path / "b", library=library, device="cpu").model
    with pytest.raises(BadInput, match="choose one of 'scratches', 'restore'"):
        ScratchesTrainer(spec_of("scratches", folder, base="small"), library, torch.device("cpu"))


@pytest.mark.parametrize("recipe", ["refiner", "sliders", "words"])
def test_what_is_leant_on_must_be_of_its_family(recipe: str, folder: Path, library: Library) -> None:
    with pytest.raises(BadInput, match="'perceptual' is of the family 'perceptual'; choose one of 'faces'"):
        RECIPES[recipe](spec_of(recipe, folder, faces="perceptual"), library, torch.device("cpu"))


def test_a_refiner_goes_on_for_face_models_of_its_shape_alone(folder: Path, library: Library) -> None:
    other = RefinerConfig(layers=4, style=8, rank=2)
    library.publish("other", Refiner(other), "refiner", other, {"title": "for faces of another size"})
    with pytest.raises(BadInput, match="'other' is for face models unlike 'small'"):
        RECIPES["refiner"](spec_of("refiner", folder, base="other"), library, torch.device("cpu"))


@pytest.mark.parametrize("recipe", SPECS)
def test_sheets_show_pictures(recipe: str, folder: Path, library: Library, tmp_path: Path) -> None:
    run_training(spec_of(recipe, folder), tmp_path / "run", library=library, device="cpu")
    sheets = sorted((tmp_path / "run" / "sheets").iterdir())
    assert [int(sheet.stem) for sheet in sheets] == [0, SMALL[recipe]["images"]]
    for sheet in sheets:
        with Image.open(sheet) as picture:
            assert min(picture.size) >= 32 and np.asarray(picture).std() > 5


def test_control_hears_of_losses_and_can_cancel(folder: Path, library: Library, tmp_path: Path) -> None:
    heard: list[Status] = []

    def control(status: Status):
        heard.append(status)
        return "cancel"

    outcome = run_training(
        spec_of("faces", folder), tmp_path / "run", library=library, device="cpu", control=control, tell_seconds=0
    )
    assert outcome.state == "cancelled" and outcome.model is None and len(heard) == 1
    assert heard[0].metrics["reconstruction"] > 0 and heard[0].total == 24


def test_a_folder_with_a_run_is_not_overwritten(folder: Path, library: Library, tmp_path: Path) -> None:
    spec = spec_of("repair", folder, images=2)
    run_training(spec, tmp_path / "run", library=library, device="cpu")
    with pytest.raises(BadInput, match="--resume"):
        run_training(spec, tmp_path / "run", library=library, device="cpu", resume=False)


def test_a_base_of_another_family_is_refused(folder: Path, library: Library, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="family 'perceptual'"):
        run_training(spec_of("faces", folder, base="perceptual"), tmp_path / "run", library=library, device="cpu")


def test_a_folder_without_pictures_is_refused(library: Library, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    spec = SPECS["faces"](data=(str(tmp_path / "empty"),))
    with pytest.raises(BadInput, match="empty"):
        run_training(spec, tmp_path / "run", library=library, device="cpu")
    assert not (tmp_path / "run" / "state.safetensors").exists()


def test_a_loss_that_is_no_number_rolls_back(
    folder: Path, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trainer, calls = RECIPES["repair"], []
    step = trainer.step

    def spoiled(self: Any) -> dict[str, float]:
        calls.append(self.seen)
        return {"hole": float("nan")} if len(calls) == 2 else step(self)

    spec = spec_of("repair", folder, images=8)
    run_training(spec, tmp_path / "run", library=library, device="cpu", control=stop_after(4), tell_seconds=0)
    monkeypatch.setattr(trainer, "step", spoiled)
    outcome = run_training(spec, tmp_path / "run", library=library, device="cpu")
    assert outcome.state == "done"
    assert calls == [4, 6, 4, 6]  # the spoiled step at 6 sent the run back to its checkpoint at 4
