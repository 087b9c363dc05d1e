"""Sliders that move what goes together are taken apart, by what pushes along them moved."""

from pathlib import Path

import torch

from studio.jobs.spec import SlidersSpec
from studio.library.store import Library
from training.trainers.sliders import PUSH, SURVEY, SlidersTrainer, unmixed


def largest_side_effect(effects: torch.Tensor) -> float:
    own = effects.diagonal()
    return float(((effects - own.diag()) / own[:, None]).abs().max())


def test_mixtures_keep_their_own_effect_and_lose_the_others() -> None:
    effects = torch.tensor([[2.0, 0.8, 0.1], [0.3, 1.0, -0.4], [0.0, 0.5, 3.0]], dtype=torch.double)
    left = unmixed(effects) @ effects
    assert torch.allclose(left.diagonal(), effects.diagonal(), rtol=0.02)
    assert largest_side_effect(left) < 0.03 < largest_side_effect(effects)


def test_a_run_takes_out_what_its_pushes_moved(library: Library, folder: Path) -> None:
    """Light and blue go together in these pictures: the first sliders move both."""
    spec = SlidersSpec(
        data=(str(folder),),
        labels=(str(folder.parent / "labels.csv"),),
        attributes=("light", "smile"),  # the mean of all colours, and of blue
        faces="small",
        batch=20,
        images=1000,
    )
    trainer = SlidersTrainer(spec, library, torch.device("cpu"))
    assert len(trainer.kept) == 2

    @torch.no_grad()
    def effects() -> torch.Tensor:
        noise = torch.randn(100, trainer.generator.config.latent, generator=torch.Generator().manual_seed(1))
        w = trainer.generator.style(trainer.generator.drawn(noise), 0.7)
        moves = [
            [trainer.scores(trainer.generator.synthesize(w + sign * PUSH * way)) for sign in (1, -1)]
            for way in trainer.net.directions
        ]
        return torch.stack([(more - less).mean(0) for more, less in moves]) / trainer.sums.deviation()

    before = None
    while trainer.seen < spec.images:
        if before is None and trainer.progress >= SURVEY:
            before = largest_side_effect(effects())
        trainer.step()
        trainer.seen += spec.batch
    assert before is not None and largest_side_effect(effects()) < 0.5 * before
