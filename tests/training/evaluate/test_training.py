"""The figures of training: what they say of cases whose answer is known, and a whole run of the smallest size."""

from argparse import Namespace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from studio.core.errors import BadInput
from studio.core.settings import Home
from studio.engine.engine import Engine
from studio.jobs.launch import worker_runs
from studio.jobs.spec import TrainingSpec
from studio.library.store import Library
from tests.pictures import noise, scene
from training.evaluate import training
from training.evaluate.distribution import Distribution
from training.evaluate.labels import label_gain
from training.evaluate.person import alike, invented, likeness, split
from training.evaluate.recovery import recovery
from training.evaluate.training import QUICK, evaluate_training


@pytest.fixture(autouse=True)
def one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "1")


def test_the_closest_portraits_are_chosen_and_a_third_is_held_out() -> None:
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(40, 8)) * 5
    vectors[[3, 8, 20, 31, 33, 39]] = vectors[3] + 0.1 * rng.normal(size=(6, 8))
    chosen = alike(vectors, 6)
    assert sorted(chosen) == [3, 8, 20, 31, 33, 39]
    photos = split([Path(f"{index}.png") for index in chosen], "a look")
    assert (len(photos.train), len(photos.held_out)) == (4, 2)
    assert not set(photos.train) & set(photos.held_out)


def test_likeness_is_that_of_the_pictures(library: Library) -> None:
    scenes = [scene(32, 32, seed=seed) for seed in range(12)]
    specks = [noise(32, 32, seed=seed) for seed in range(12)]
    distribution = Distribution(library, scenes + specks, specks[:6])
    near, far = likeness(distribution, specks[6:]), likeness(distribution, scenes)
    assert -1 <= far < 0 < near <= 1


def test_labels_help_where_the_strongest_direction_is_another() -> None:
    rng = np.random.default_rng(0)
    features = rng.normal(size=(300, 12))
    features[:, 0] *= 20  # what differs most says nothing of the attribute
    features[:, 1:6] += 3 * features[:, 6:7]
    values = features[:, 6:7]
    figures = label_gain(features[:200], values[:200], features[200:], values[200:], [slice(0, 12)])
    assert figures["label_auc_few"] > 0.9
    assert figures["label_gain_auc"] == pytest.approx(figures["label_auc_few"] - figures["label_auc_none"], abs=1e-4)
    told = np.where(np.arange(200)[:, None] < 3, values[:200], np.nan)
    with pytest.raises(BadInput, match="No attribute has 40 labels"):
        label_gain(features[:200], told, features[200:], values[200:], [slice(0, 12)])


def test_every_figure_of_a_quick_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def checked(home: Home, spec: TrainingSpec) -> dict[str, Any]:
        found = recovery(home, spec)
        assert not worker_runs(home)
        return found

    monkeypatch.setattr(training, "recovery", checked)
    library = Library.default()
    invented(Engine(library, "cpu"), tmp_path, 12)
    values = Namespace(data=[str(tmp_path)], val=[str(tmp_path)], labels=[], samples=500, quick=True)
    figures = evaluate_training(library, values)
    assert figures["held_out"] == 3 and 1 <= figures["photos"] <= 6 and figures["images"] == QUICK["images"]
    assert figures["likeness_gain"] == pytest.approx(figures["likeness"] - figures["likeness_base"], abs=2e-4)
    assert figures["likeness"] != figures["likeness_base"], "it was trained"
    assert figures["minutes_20_photos"] > 0 and figures["images_per_s"] > 0 and figures["cpu_minutes"] > 0
    lost = figures["recovery_killed_at_step"] - figures["recovery_resumed_at_step"]
    assert figures["recovery_lost_steps"] == lost > 0
    assert figures["recovery_resumed_at_step"] > 0 and figures["checkpoint_steps"] > 0
    assert figures["ddp_rank_diff"] == 0 and figures["ddp_weight_diff"] < 1e-3 < figures["ddp_update"]
    assert figures["label_gain_auc"] is None and "labels" in figures["label_baseline"]
