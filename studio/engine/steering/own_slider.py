"""A slider from a person's own marks: some faces have it, some have it not.

Ridge regression of the marks on the styles' strongest principal components, where a dozen faces are enough to say
something; how well it tells held-out faces apart is measured by leaving out each face in turn.
"""

import torch
from torch import Tensor

from studio.engine.steering.directions import style_sample
from studio.models.face_gan import Generator
from studio.models.sliders import Sliders, SlidersConfig, solve_directions

COMPONENTS = 24
RIDGE = 3.0  # in faces: so many marks weigh as much as the wish for small weights


def learn_slider(name: str, styles: Tensor, marks: Tensor, generator: Generator, known: Sliders | None) -> Sliders:
    """Styles [N, style] and marks [N], 1 for has and -1 for has not -> the slider, with its held-out AUC.

    It moves the `known` attributes by little.
    """
    sample = style_sample(generator, 4096)
    mean, covariance = sample.mean(0), sample.T.cov()
    values, vectors = torch.linalg.eigh(covariance)
    basis = vectors[:, -COMPONENTS:] / values[-COMPONENTS:].clamp_min(1e-8).sqrt()  # [style, C], whitened
    points, balance = (styles - mean) @ basis, marks.float().mean()
    held_out = torch.stack(
        [points[i] @ regressed(points[rest], marks[rest] - balance) for i, rest in enumerate(all_but_one(len(marks)))]
    )
    weights = basis @ regressed(points, marks - balance)
    weights = weights / ((sample - mean) @ weights).std().clamp_min(1e-8)
    others = [known.weights] if known is not None else []
    directions = solve_directions(torch.cat([*others, weights[:, None]], 1), covariance)
    net = Sliders(SlidersConfig(names=(name,), auc=(auc(held_out, marks),), style=len(mean)))
    with torch.no_grad():
        net.weights.copy_(weights[:, None])
        net.bias.copy_(-(mean @ weights))
        net.directions.copy_(directions[-1:])
    return net.eval().requires_grad_(False)


def all_but_one(count: int) -> list[Tensor]:
    """For each index the others."""
    every = torch.arange(count)
    return [every[every != index] for index in range(count)]


def regressed(points: Tensor, goals: Tensor) -> Tensor:
    """Points [N, C], goals [N] -> weights [C]."""
    penalty = RIDGE * torch.eye(points.shape[1], device=points.device)
    return torch.linalg.solve(points.T @ points + penalty, points.T @ goals)


def auc(scores: Tensor, marks: Tensor) -> float:
    """The chance that a face that has it scores above one that has it not."""
    above = scores[marks > 0][:, None] - scores[marks <= 0]
    return round(float(((above > 0).float() + 0.5 * (above == 0)).mean()), 4)
