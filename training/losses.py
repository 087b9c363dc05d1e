"""Loss formulas. A loss that is a network lives in studio.models."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor
from torch.nn import functional as F

from studio.models.likeness import (
    content_distance,
    full_precision,
    painting_distance,
    sliced_wasserstein,
    style_distance,
    texture_distance,
)

__all__ = [
    "content_distance",
    "full_precision",
    "painting_distance",
    "sliced_wasserstein",
    "style_distance",
    "texture_distance",
]


def pyramid_l1(x: Tensor, y: Tensor, levels: int = 4) -> Tensor:
    """Mean absolute difference over a pyramid of averages, plus that of the finest level's gradients."""
    x, y = x.float(), y.float()
    total = (x.diff(dim=2) - y.diff(dim=2)).abs().mean() + (x.diff(dim=3) - y.diff(dim=3)).abs().mean()
    for level in range(levels):
        total = total + (x - y).abs().mean()
        if level + 1 < levels:
            x, y = F.avg_pool2d(x, 2), F.avg_pool2d(y, 2)
    return total


def relativistic(own: Tensor, other: Tensor) -> Tensor:
    """softplus(other - own): small when `own` is scored above `other` (Jolicoeur-Martineau, 2018)."""
    return F.softplus(other.float() - own.float()).mean()


def gradient_penalty(critic: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """Mean squared norm of the critic's gradient at `x`: R1 on real, R2 on made pictures (Mescheder et al., 2018)."""
    x = x.detach().float().requires_grad_(True)
    with full_precision(x):
        (gradient,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return gradient.square().sum(dim=(1, 2, 3)).mean()


def feature_distance(xs: Sequence[Tensor], ys: Sequence[Tensor]) -> Tensor:
    """Mean over maps of the mean squared difference."""
    return torch.stack([F.mse_loss(x.float(), y.float()) for x, y in zip(xs, ys, strict=True)]).mean()


def contrastive(x: Tensor, y: Tensor, temperature: float = 0.1) -> Tensor:
    """InfoNCE of vectors [N, D]: x[i] should be nearer to y[i] than to any other y (van den Oord et al., 2018)."""
    with full_precision(x):
        similarity = F.normalize(x.float(), dim=1) @ F.normalize(y.float(), dim=1).T / temperature
    return F.cross_entropy(similarity, torch.arange(len(x), device=x.device))


def total_variation(x: Tensor) -> Tensor:
    """Mean absolute difference of neighbours, across and down."""
    return x.diff(dim=2).abs().mean() + x.diff(dim=3).abs().mean()
