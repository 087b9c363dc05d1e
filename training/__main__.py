"""python -m training RECIPE --data DIR [DIR ...] [--run DIR] [--resume] [settings]

Trains one model in the foreground, for whoever makes the models that ship; `easel train` runs the same as a job.
Ctrl-C or SIGTERM stops it after a checkpoint; --resume goes on from there. On many GPUs or computers start it with
torchrun in place of python; see training/distributed.py.
    python -m training perceptual --data pictures/ --teacher squeezenet1_1-features.safetensors
    python -m training faces --data faces/train --images 200000 --run runs/faces --resume
"""

import argparse
import signal
import sys
import threading
from pathlib import Path

from studio.core.errors import StudioError
from studio.core.settings import Home
from studio.jobs.arguments import add_spec_arguments, spec_from_arguments
from studio.jobs.spec import SPECS
from studio.library.store import Library
from training.distributed import is_first, joined
from training.loop import Action, Status, run_training


class Console:
    """Prints where the run stands; pauses it once a signal has come. A second signal breaks off at once."""

    def __init__(self) -> None:
        self.stop = threading.Event()
        for kind in (signal.SIGINT, signal.SIGTERM):
            signal.signal(kind, self.signalled)

    def signalled(self, *_: object) -> None:
        if self.stop.is_set():
            raise KeyboardInterrupt
        self.stop.set()

    def __call__(self, status: Status) -> Action:
        rate = status.images / status.seconds if status.seconds else 0.0
        losses = "  ".join(f"{key} {value:.4g}" for key, value in status.metrics.items())
        print(f"{status.images}/{status.total}  {rate:.1f} pictures/s  {losses}", flush=True)
        return "pause" if self.stop.is_set() else "go"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m training", description=(__doc__ or "").split("\n\n")[1])
    recipes = parser.add_subparsers(dest="recipe", required=True, metavar="RECIPE")
    for name, kind in SPECS.items():
        recipe = recipes.add_parser(name, help=(kind.__doc__ or "").strip(), description=kind.__doc__)
        add_spec_arguments(recipe, kind)
        recipe.add_argument(
            "--run", type=Path, default=None, metavar="DIR", help="run folder (default: in the data folder)"
        )
        recipe.add_argument("--resume", action="store_true", help="go on with the run in this folder, if it holds one")
        recipe.add_argument("--device", default="auto", help="auto, cpu, cuda or mps (default: auto)")
    values = parser.parse_args()
    try:
        spec = spec_from_arguments(SPECS[values.recipe], values)
        run_dir = values.run or Home.default().runs / spec.model_name
        with joined(values.device) as device:
            first = is_first()
            outcome = run_training(
                spec, run_dir, library=Library.default(), device=device, control=Console(), resume=values.resume
            )
    except StudioError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Broken off; --resume goes on from the last checkpoint.", file=sys.stderr)
        return 130
    if not first:
        return 0
    if outcome.state == "paused":
        print(f"Stopped after {outcome.images} pictures; --resume goes on from there.", file=sys.stderr)
        return 130
    print(f"{outcome.state} after {outcome.images} pictures; model: {outcome.model}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
