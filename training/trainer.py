"""What a recipe must provide; `training.loop` does the rest."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import numpy as np
import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from studio.core.errors import BadInput
from studio.jobs.spec import TrainingSpec
from studio.library.store import Library, ModelCard
from training.distributed import average_gradients

Spec = TypeVar("Spec", bound=TrainingSpec)


@dataclass(frozen=True)
class Product:
    """What a run hands to the library: the averaged module, the config that builds it, and facts for its card."""

    module: nn.Module
    config: Any
    card: dict[str, Any] = field(default_factory=dict)


class Trainer(ABC, Generic[Spec]):
    """One recipe's data and nets; all that changes is in `modules`, `optimisers`, `rng` and `seen`."""

    family: str
    relatives: tuple[str, ...] = ()  # other families that can be started from
    watched: bool = False  # whether `collapsed` is worth asking
    sheet_steps = 0  # a sheet after so many steps too; 0: by the clock alone

    def __init__(self, spec: Spec, library: Library, device: torch.device) -> None:
        self.spec = spec
        self.library = library
        self.device = device
        self.rng = np.random.default_rng(spec.seed)
        self.seen = 0
        self.based_on: ModelCard | None = None  # as it was when this run took it up
        self.modules: dict[str, nn.Module] = {}
        self.optimisers: dict[str, Optimizer] = {}
        torch.manual_seed(spec.seed)

    @property
    def progress(self) -> float:
        """Share of the run done, 0 to 1."""
        return self.seen / self.spec.images

    def start_from(self, base: str) -> nn.Module:
        """The library's model `base`, trainable; BadInput when it is neither of this family nor of a relative."""
        net = self.leaning_on(base, self.family, *self.relatives)
        self.based_on = self.library.card(base)
        return net.train().requires_grad_(True)

    def leaning_on(self, name: str, *families: str) -> nn.Module:
        """The library's model `name`, as it is; BadInput when it is of none of these families."""
        card = self.library.card(name)
        if card.family not in families:
            known = "', '".join(families)
            raise BadInput(f"The model '{name}' is of the family '{card.family}'; choose one of '{known}'.")
        return self.library.load(name, self.device)

    def set_lr(self, optimiser: Optimizer, lr: float) -> None:
        """`lr`, times the group's own `factor` if it has one."""
        for group in optimiser.param_groups:
            group["lr"] = lr * group.get("factor", 1.0)

    def collapsed(self) -> bool:
        """Whether what the net makes has lost its variety; the loop then goes back to the last checkpoint."""
        return False

    def calm(self) -> None:
        """Go on more gently, after the net collapsed and was set back."""

    @abstractmethod
    def step(self) -> dict[str, float]:
        """One optimisation step on the next `spec.batch` pictures, or this process's share; returns the losses."""

    @abstractmethod
    def sheet(self) -> np.ndarray:
        """A sample sheet, uint8 [H, W, 3]; the same inputs every time so that progress can be seen."""

    @abstractmethod
    def product(self) -> Product:
        """The model as it stands, averaged weights first."""


def check_multiple(size: int, multiple: int) -> None:
    """BadInput unless a crop's side, px, is one that the net takes."""
    if size % multiple:
        raise BadInput(f"The setting 'size' is {size}; it must be a multiple of {multiple}.")


def descend(optimiser: Optimizer, losses: dict[str, Tensor], clip: float = 10.0) -> dict[str, float]:
    """One step down the sum of the losses, the gradient's norm clipped; returns the losses and that norm."""
    optimiser.zero_grad(set_to_none=True)
    torch.stack(list(losses.values())).sum().backward()
    gradient = clipped_step(optimiser, clip)
    return {key: value.item() for key, value in losses.items()} | {"gradient": gradient}


def clipped_step(optimiser: Optimizer, clip: float) -> float:
    """One step along the gradients that are there, their norm clipped; returns that norm.

    They are the mean of those of all processes that train together.
    """
    average_gradients(optimiser)
    gradient = nn.utils.clip_grad_norm_([p for group in optimiser.param_groups for p in group["params"]], clip)
    optimiser.step()
    return gradient.item()


def cosine(progress: float, floor: float = 0.05) -> float:
    """Learning-rate factor falling from 1 to `floor`."""
    return floor + (1 - floor) * 0.5 * (1 + np.cos(np.pi * min(progress, 1.0)))
