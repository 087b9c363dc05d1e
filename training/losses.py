"""Loss formulas. A loss that is a network lives in studio.models."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor
from torch.nn import functional as F


def full_precision(x: Tensor) -> torch.autocast:
    """A context in which nothing is rounded to bfloat16: sorting and penalties need every bit."""
    return torch.autocast(x.device.type, enabled=False)


def pyramid_l1(x: Tensor, y: Tensor, levels: int = 4) -> Tensor:
    """Mean absolute difference over a pyramid of averages, plus that of the finest level's gradients."""
    x, y = x.float(), y.float()
    total = (x.diff(dim=2) - y.diff(dim=2)).abs().mean() + (x.diff(dim=3) - y.diff(dim=3)).abs().mean()
    for level in range(levels):
        total = total + (x - y).abs().mean()
        if level + 1 < levels:
            x, y = F.avg_pool2d(x, 2), F.avg_pool2d(y, 2)
    return total


def sliced_wasserstein(x: Tensor, y: Tensor, projections: int = 64) -> Tensor:
    """Mean squared distance of the sorted projections of two point sets [..., N, D] (Kolouri et al., 2018)."""
    directions = F.normalize(torch.randn(x.shape[-1], projections, device=x.device), dim=0)
    with full_precision(x):
        x, y = x.float() @ directions, y.float() @ directions
    return x.sort(-2).values.sub(y.sort(-2).values).square().mean()


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


def style_distance(x: Tensor, y: Tensor, *, points: int = 2048, projections: int = 64) -> Tensor:
    """Distance of two maps' [B, C, *, *] distributions at random points: moments, and sliced Wasserstein.

    The moments steer early, when the sorted points are far apart (Heitz et al., "A Sliced Wasserstein Loss", 2021).
    One of the two may have a batch of 1, which then stands for all.
    """
    x, y = x.flatten(2).transpose(1, 2), y.flatten(2).transpose(1, 2)  # [B, N, C]
    count = min(points, x.shape[1], y.shape[1])
    x, y = (m[:, torch.randperm(m.shape[1], device=m.device)[:count]].float() for m in (x, y))
    deviation_x, deviation_y = ((m.var(1) + 1e-5).sqrt() for m in (x, y))  # a dead channel has no gradient otherwise
    moments = (x.mean(1) - y.mean(1)).square().mean() + (deviation_x - deviation_y).square().mean()
    return moments + sliced_wasserstein(x, y, projections)


def texture_distance(x: Tensor, y: Tensor, *, spread: int = 1, points: int = 384) -> Tensor:
    """Sliced Wasserstein distance of two maps' 3 x 3 neighbourhoods, `spread` apart, at random places.

    What `style_distance` cannot see: which way a stroke runs and how far it goes. Maps [B, C, H, W] of one size.
    """
    rows, columns = x.shape[2] - 2 * spread, x.shape[3] - 2 * spread
    found = []
    for m in (x, y):
        flat = m.flatten(2)
        place = torch.randperm(rows * columns, device=m.device)[:points]
        start = place.div(columns, rounding_mode="floor") * m.shape[3] + place % columns
        steps = torch.arange(3, device=m.device) * spread
        offsets = (steps[:, None] * m.shape[3] + steps).flatten()
        seen = flat[:, :, (start[:, None] + offsets).flatten()].unflatten(2, (len(place), 9))  # [B, C, N, 9]
        found.append(seen.transpose(1, 2).flatten(2))
    return sliced_wasserstein(found[0], found[1], projections=32)


def contrastive(x: Tensor, y: Tensor, temperature: float = 0.1) -> Tensor:
    """InfoNCE of vectors [N, D]: x[i] should be nearer to y[i] than to any other y (van den Oord et al., 2018)."""
    with full_precision(x):
        similarity = F.normalize(x.float(), dim=1) @ F.normalize(y.float(), dim=1).T / temperature
    return F.cross_entropy(similarity, torch.arange(len(x), device=x.device))


def total_variation(x: Tensor) -> Tensor:
    """Mean absolute difference of neighbours, across and down."""
    return x.diff(dim=2).abs().mean() + x.diff(dim=3).abs().mean()
