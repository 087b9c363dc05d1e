"""The refiner learns: after a little training its passes bring it nearer to faces than steps of an untrained one."""

from pathlib import Path

import torch

from studio.jobs.spec import RefinerSpec
from studio.library.store import Library
from training.augment import turned_and_lit
from training.trainers.refiner import RefinerTrainer


def test_it_comes_nearer_with_training(library: Library, folder: Path) -> None:
    spec = RefinerSpec(data=(str(folder),), faces="small", rank=4, batch=4, images=240, lr=1e-2)
    trainer = RefinerTrainer(spec, library, torch.device("cpu"))
    gains = []
    for _ in range(60):
        losses = trainer.step()
        trainer.seen += spec.batch
        gains.append(losses["first"] - losses["last"])
    assert sum(gains[-10:]) > 1.5 * sum(gains[:10]) > 0


def test_light_and_turns_keep_the_range_and_differ() -> None:
    torch.manual_seed(0)
    x = torch.rand(6, 3, 24, 24) * 2 - 1
    changed = turned_and_lit(x)
    assert changed.shape == x.shape and changed.abs().max() <= 1
    assert len({round(float(mean), 3) for mean in changed.mean((1, 2, 3))}) == 6
