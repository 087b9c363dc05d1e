"""A slider from a person's own marks: some faces have it, some have it not.

Ridge regression of the marks on the styles as they are, not whitened: where styles differ most, small weights say most,
and so a dozen faces are enough to say something. How well it tells held-out faces apart is measured by leaving out each
face in turn.
"""

import torch
from torch import Tensor

from studio.engine.steering.directions import style_sample
from studio.models.face_gan import Generator
from studio.models.sliders import Sliders, SlidersConfig, solve_directions

RIDGE = 0.5  # of the styles' mean squared distance from the average one


def learn_slider(name: str, styles: Tensor, marks: Tensor, generator: Generator, known: Sliders | None) -> Sliders:
    """Styles [N, style] and marks [N], 1 for has and -1 for has not -> the slider, with its held-out AUC.

    It moves the `known` attributes by little.
    """
    sample = style_sample(generator, 4096)
    mean, covariance = sample.mean(0), sample.T.cov()
    points, ridge = styles - mean, RIDGE * covariance.trace()
    held_out = torch.stack(
        [points[i] @ regressed(points[rest], marks[rest], ridge) for i, rest in enumerate(all_but_one(len(marks)))]
    )
    weights = regressed(points, marks, ridge)
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


def regressed(points: Tensor, marks: Tensor, ridge: Tensor) -> Tensor:
    """Points [N, C], marks [N] -> weights [C] of the marks about their mean."""
    goals = marks.float() - marks.float().mean()
    kernel = points @ points.T + ridge * torch.eye(len(points), device=points.device)  # N is smaller than C
    return points.T @ torch.linalg.solve(kernel, goals)


def auc(scores: Tensor, marks: Tensor) -> float:
    """The chance that a face that has it scores above one that has it not."""
    above = scores[marks > 0][:, None] - scores[marks <= 0]
    return round(float(((above > 0).float() + 0.5 * (above == 0)).mean()), 4)
