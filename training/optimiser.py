"""Muon: momentum whose matrix is made orthogonal before each step; few steps go further than with Adam.

After Jordan et al., "Muon: An optimizer for hidden layers in neural networks" (2024). Convolutions are matrices of
[channels, everything else]; parameters that are no matrices (biases, gains) go by Adam at a rate of their own.
"""

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from studio.core.device import product_dtype

MOMENTUM = 0.95
BETAS = (0.9, 0.99)
VECTORS = 0.05  # the vectors' share of the learning rate


class Muon(Optimizer):
    """Muon for the convolutions of `module` at `lr`, about 0.02; Adam for the rest at `VECTORS` of it."""

    def __init__(self, module: nn.Module, lr: float) -> None:
        matrices = [p for p in module.parameters() if p.ndim == 4]
        vectors = [p for p in module.parameters() if p.ndim != 4]
        groups = [{"params": matrices, "factor": 1.0}, {"params": vectors, "factor": VECTORS}]
        super().__init__(groups, {"lr": lr})

    @torch.no_grad()
    def step(self, closure: Callable[[], Any] | None = None) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        for group in self.param_groups:
            for parameter in group["params"]:
                if parameter.grad is None:
                    continue
                state = self.state[parameter]
                move = orthogonal_step if parameter.ndim == 4 else adam_step
                parameter.add_(move(parameter.grad, state), alpha=-group["lr"])


def orthogonal_step(gradient: Tensor, state: dict[str, Tensor]) -> Tensor:
    """Nesterov momentum, made orthogonal; tall matrices are scaled so that outputs move alike."""
    momentum = state.setdefault("momentum", torch.zeros_like(gradient))
    momentum.lerp_(gradient, 1 - MOMENTUM)
    matrix = gradient.lerp(momentum, MOMENTUM).flatten(1)
    scale = math.sqrt(max(1.0, matrix.shape[0] / matrix.shape[1]))
    return orthogonal(matrix).view(gradient.shape) * scale


def orthogonal(matrix: Tensor) -> Tensor:
    """Five Newton-Schulz steps towards the nearest matrix with singular values of 1 (they end between .7 and 1.2)."""
    tall = matrix.shape[0] > matrix.shape[1]
    x = matrix.T if tall else matrix
    x = (x / (x.norm() + 1e-7)).to(product_dtype(matrix.device))
    for _ in range(5):
        a = x @ x.T
        x = 3.4445 * x + (-4.7750 * a + 2.0315 * a @ a) @ x
    return (x.T if tall else x).to(matrix.dtype)


def adam_step(gradient: Tensor, state: dict[str, Tensor]) -> Tensor:
    """Kingma & Ba (2015)."""
    if not state:
        state |= {"step": torch.zeros(()), "mean": torch.zeros_like(gradient), "square": torch.zeros_like(gradient)}
    state["step"] += 1
    count = state["step"].item()
    state["mean"].lerp_(gradient, 1 - BETAS[0])
    state["square"].lerp_(gradient.square(), 1 - BETAS[1])
    mean, square = state["mean"] / (1 - BETAS[0] ** count), state["square"] / (1 - BETAS[1] ** count)
    return mean / (square.sqrt() + 1e-8)
