"""The worker's trainings on a Ray cluster (Moritz et al., "Ray", 2018): an optional extra, pip install easel[ray].

    EASEL_RAY=auto easel ui            the cluster that this computer belongs to, as after `ray start --head`
    EASEL_RAY=ray://head:10001 easel ui

The worker stays here and keeps the job's row: it hands the spec over, asks once a second how far the training is, and
passes on what a person wants. Every node finds pictures, models and runs at the same paths as here, on a shared file
system; a run whose node was lost goes on from its last checkpoint on another.
"""

import importlib
import importlib.util
import logging
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from studio.core import errors
from studio.core.errors import StudioError
from studio.jobs.spec import TrainingSpec, spec_from_json
from studio.library.store import Library
from training.loop import Action, Control, Outcome, Status, run_training

log = logging.getLogger("easel.ray")

ADDRESS = "EASEL_RAY"  # of the environment
TELL_SECONDS = 1.0
ATTEMPTS = 3  # nodes lost in a row, without a step in between, before it is given up


def chosen_train() -> Callable[..., Outcome]:
    """Where this worker's trainings run: on the cluster that EASEL_RAY names, else here."""
    address = os.environ.get(ADDRESS, "")
    return RayExecutor(address) if address else run_training


class Remote:
    """Runs one training on a node of the cluster; made into an actor, so that it can be asked meanwhile."""

    def __init__(self) -> None:
        self.status: Status | None = None
        self.wanted: Action = "go"
        self.lock = threading.Lock()

    def train(self, spec: str, run_dir: str, shipped: str, user: str, device: str) -> Outcome | tuple[str, str]:
        """The outcome, or a StudioError as its kind and sentence."""
        library = Library(Path(shipped), Path(user))
        try:
            return run_training(spec_from_json(spec), Path(run_dir), library=library, device=device, control=self._tell)
        except StudioError as error:
            return type(error).__name__, str(error)

    def _tell(self, status: Status) -> Action:
        with self.lock:
            self.status = status
            return self.wanted

    def ask(self, wanted: Action) -> Status | None:
        """Say what is wanted, and learn where the training stands."""
        with self.lock:
            self.wanted = wanted
            return self.status


class RayExecutor:
    """`run_training` on the cluster at `address`; made for `Worker(train=...)`."""

    def __init__(self, address: str) -> None:
        self.address = address

    def __call__(
        self,
        spec: TrainingSpec,
        run_dir: Path,
        *,
        library: Library,
        device: str = "auto",
        control: Control = lambda status: "go",
        resume: bool = True,
    ) -> Outcome:
        """As `run_training`, but elsewhere; `resume` is always meant."""
        if importlib.util.find_spec("ray") is None:
            raise StudioError(f"Ray is not installed; install easel[ray], or unset {ADDRESS}.")
        ray: Any = importlib.import_module("ray")  # an extra, which the type checker may not find
        node_lost = importlib.import_module("ray.exceptions").RayActorError

        self._connect(ray)
        gpus = 1 if ray.cluster_resources().get("GPU") and device != "cpu" else 0
        losses, reached, seen = 0, -1, [0]
        while True:
            remote: Any = ray.remote(Remote)
            actor = remote.options(max_concurrency=2, num_cpus=1, num_gpus=gpus, max_restarts=0).remote()
            places = (str(run_dir.resolve()), str(library.shipped.resolve()), str(library.user.resolve()))
            future = actor.train.remote(spec.to_json(), *places, device)
            try:
                found = self._follow(ray, actor, future, control, seen)
            except node_lost as error:  # the node is gone; its checkpoint is not
                losses, reached = (1 if seen[-1] > reached else losses + 1), max(seen[-1], reached)
                log.warning("the node of a training was lost (%s)", error)
                if losses >= ATTEMPTS:
                    raise StudioError(f"The cluster lost this training {ATTEMPTS} times; see its own logs.") from error
                continue
            ray.kill(actor)
            if isinstance(found, Outcome):
                return found
            kind, sentence = found
            raise getattr(errors, kind, StudioError)(str(sentence))

    def _connect(self, ray: Any) -> None:
        if ray.is_initialized():
            return
        try:
            root = str(Path(__file__).resolve().parents[1])
            ray.init(
                address=self.address,
                log_to_driver=False,
                logging_level="warning",
                runtime_env={"env_vars": {"PYTHONPATH": os.pathsep.join([root, os.environ.get("PYTHONPATH", "")])}},
            )
        except (ConnectionError, RuntimeError, ValueError) as error:
            raise StudioError(
                f"No Ray cluster answers at {self.address}; start one (ray start --head), or unset {ADDRESS}."
            ) from error

    def _follow(self, ray: Any, actor: Any, future: Any, control: Control, seen: list[int]) -> Any:
        """Carry word between the training and the worker until it ends; `seen` gets the pictures seen."""
        wanted: Action = "go"
        while not ray.wait([future], timeout=TELL_SECONDS)[0]:
            status = ray.get(actor.ask.remote(wanted))
            if status is not None:
                seen.append(status.images)
                wanted = control(status)
        return ray.get(future)
