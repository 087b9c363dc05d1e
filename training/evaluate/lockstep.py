"""torchrun -m training.evaluate.lockstep SPEC SHIPPED USER OUT: a few steps of a recipe, and how far the weights went.

The same number of steps in one process and in two, with the same global batch, must end at the same weights. Nothing is
drawn by chance here (no picture is mirrored), as processes draw on their own; it takes a recipe that draws no noise.
"""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file

from studio.core.errors import StudioError
from studio.jobs.launch import child_environment
from studio.jobs.spec import TrainingSpec, spec_from_json
from studio.library.store import Library
from training import distributed
from training.recipes import RECIPES

STEPS = 8
PATIENCE = 600.0  # seconds until the processes must have ended


class Still(np.random.Generator):
    """Chance that always says no."""

    def random(self, *arguments: object, **options: object) -> float:  # pyright: ignore[reportIncompatibleMethodOverride]
        return 1.0


def weight_difference(spec: TrainingSpec, library: Library, folder: Path, steps: int = STEPS) -> dict[str, float]:
    """Weights after `steps` in two processes under torchrun (gloo) beside those after as many in one.

    Differences are norms over those of the one process's weights, or of their way from the start, of each tensor; the
    largest counts. `ddp_rank_diff` is that between the two processes. Files go to `folder`. StudioError when they fail.
    """
    known = folder / "spec.json"
    known.write_text(spec.to_json(), encoding="utf-8")
    arguments = [str(known), str(library.shipped), str(library.user), str(folder), str(steps)]
    module = ["-m", "training.evaluate.lockstep", *arguments]
    _run([sys.executable, *module])
    _run([sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2", *module])
    alone, first, second = (load_file(folder / f"net-{name}.safetensors") for name in ("1-0", "2-0", "2-1"))
    start = load_file(folder / "start.safetensors")
    learnt = [key for key, value in alone.items() if not torch.equal(value, start[key])]
    found = {
        "ddp_weight_diff": max((_relative(first[k] - alone[k], alone[k]) for k in learnt), default=0.0),
        "ddp_update_diff": max((_relative(first[k] - alone[k], alone[k] - start[k]) for k in learnt), default=0.0),
        "ddp_update": max((_relative(alone[k] - start[k], alone[k]) for k in learnt), default=0.0),
        "ddp_rank_diff": max(_relative(second[k] - first[k], first[k]) for k in alone),
    }
    return {"ddp_steps": steps, "ddp_batch": spec.batch} | {key: float(f"{value:.3g}") for key, value in found.items()}


def _relative(difference: torch.Tensor, whole: torch.Tensor) -> float:
    return float(difference.double().norm() / whole.double().norm().clamp_min(1e-12))


def _run(command: list[str]) -> None:
    environment = child_environment() | {"OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS", "1")}
    for name in ("RANK", "WORLD_SIZE", "LOCAL_RANK"):
        environment.pop(name, None)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=PATIENCE)
    if done.returncode:
        raise StudioError(f"Training in lockstep failed: {done.stderr[-2000:]}")


def take_steps(spec: TrainingSpec, library: Library, folder: Path, steps: int) -> None:
    """Train and write this process's weights to `folder`; the process that is alone also writes those of the start."""
    trainer = RECIPES[spec.recipe](spec, library, torch.device("cpu"))
    trainer.rng = Still(np.random.PCG64(0))
    distributed.join(trainer.modules.values(), trainer.optimisers.values())
    if distributed.size() == 1:
        save_file(_weights(trainer.modules), folder / "start.safetensors")
    for _ in range(steps):
        trainer.step()
        trainer.seen += spec.batch
    save_file(_weights(trainer.modules), folder / f"net-{distributed.size()}-{distributed.rank()}.safetensors")


def _weights(modules: dict[str, torch.nn.Module]) -> dict[str, torch.Tensor]:
    state = modules["net"].state_dict()
    return {key: value.detach().clone().contiguous() for key, value in state.items() if value.is_floating_point()}


def main() -> int:
    spec, shipped, user, folder = map(Path, sys.argv[1:5])
    torch.set_num_threads(1)
    with distributed.joined("cpu"):
        library = Library(shipped, user)
        take_steps(spec_from_json(spec.read_text(encoding="utf-8")), library, folder, int(sys.argv[5]))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
