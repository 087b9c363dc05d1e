"""Exponential moving average of a module's weights, measured in pictures rather than steps."""

import copy
from typing import Generic, TypeVar

import torch
from torch import nn

M = TypeVar("M", bound=nn.Module)


class EMA(Generic[M]):
    """`module` is the average; its half-life is `half_life` pictures, at most 5 % of those seen so far."""

    def __init__(self, source: M, half_life: float) -> None:
        self.module: M = copy.deepcopy(source).eval().requires_grad_(False)
        self.half_life = half_life

    @torch.no_grad()
    def update(self, source: nn.Module, batch: int, seen: int) -> None:
        """Move towards `source` after a step on `batch` pictures, `seen` in all."""
        half_life = min(self.half_life, max(0.05 * seen, 1.0))
        keep = 0.5 ** (batch / half_life)
        averaged, current = self.module.state_dict(), source.state_dict()
        for key, value in current.items():
            if value.is_floating_point():
                averaged[key].lerp_(value, 1 - keep)
            else:
                averaged[key].copy_(value)
