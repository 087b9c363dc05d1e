"""How alike two pictures' feature maps are in style, in texture and in what they show: formulas without weights.

Losses of the style recipes, and what the best quality of a style comes down by on the picture itself.
"""

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional as F


def full_precision(x: Tensor) -> torch.autocast:
    """A context in which nothing is rounded to bfloat16: sorting and penalties need every bit."""
    return torch.autocast(x.device.type, enabled=False)


def sliced_wasserstein(x: Tensor, y: Tensor, projections: int = 64) -> Tensor:
    """Mean squared distance of the sorted projections of two point sets [..., N, D] (Kolouri et al., 2018)."""
    directions = F.normalize(torch.randn(x.shape[-1], projections, device=x.device), dim=0)
    with full_precision(x):
        x, y = x.float() @ directions, y.float() @ directions
    return x.sort(-2).values.sub(y.sort(-2).values).square().mean()


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

    What `style_distance` cannot see: which way a stroke runs. Maps [B, C, *, *] with sides above 2 * `spread`.
    """
    inner = [(m.shape[2] - 2 * spread, m.shape[3] - 2 * spread) for m in (x, y)]
    count = min(points, *(rows * columns for rows, columns in inner))
    found = []
    for m, (rows, columns) in zip((x, y), inner, strict=True):
        place = torch.randperm(rows * columns, device=m.device)[:count]
        start = place.div(columns, rounding_mode="floor") * m.shape[3] + place % columns
        steps = torch.arange(3, device=m.device) * spread
        offsets = (steps[:, None] * m.shape[3] + steps).flatten()
        seen = m.flatten(2)[:, :, (start[:, None] + offsets).flatten()].unflatten(2, (count, 9))  # [B, C, N, 9]
        found.append(seen.transpose(1, 2).flatten(2))
    return sliced_wasserstein(found[0], found[1], projections=32)


def painting_distance(maps: Sequence[Tensor], wanted: Sequence[Tensor], *, spread: int = 1) -> tuple[Tensor, Tensor]:
    """Style and texture: how far a picture's maps, one a stage of the encoder, are from a painting's.

    The mean `style_distance` of all stages and the mean `texture_distance` of those at 1/2 and 1/4.
    """
    pairs = list(zip(maps, wanted, strict=True))
    style = torch.stack([style_distance(a, b, points=1024, projections=32) for a, b in pairs]).mean()
    texture = torch.stack([texture_distance(a, b, spread=spread) for a, b in pairs[1:3]]).mean()
    return style, texture


def content_distance(x: Tensor, y: Tensor) -> Tensor:
    """Mean squared difference of two maps [B, C, H, W] whose channels were brought to mean 0 and deviation 1."""
    return F.mse_loss(F.instance_norm(x.float()), F.instance_norm(y.float()))
