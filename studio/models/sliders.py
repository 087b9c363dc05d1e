"""Named sliders: which attributes a face's style stands for, and the direction that changes one and not the others.

Both are linear in the style, as Shen et al. found of GANs ("InterFaceGAN", 2020). Where they take one hyperplane an
attribute and project the others out, here all directions are solved for at once: a small change of style, in its own
deviations, that moves one attribute by one deviation and the others by little.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

SOFT = 0.25  # how much attributes that go together may follow each other


@dataclass(frozen=True, kw_only=True)
class SlidersConfig:
    """`auc` is how well each attribute is told apart on held-out labelled faces, 0.5 to 1."""

    names: tuple[str, ...] = ()
    auc: tuple[float, ...] = ()
    style: int = 256


class Sliders(nn.Module):
    """Attributes are in deviations among the faces that the generator makes, 0 the average."""

    def __init__(self, config: SlidersConfig) -> None:
        super().__init__()
        self.config = config
        count = len(config.names)
        self.weights = nn.Parameter(torch.zeros(config.style, count))
        self.bias = nn.Parameter(torch.zeros(count))
        self.directions = nn.Parameter(torch.zeros(count, config.style))

    def attributes(self, w: Tensor) -> Tensor:
        """Styles [B, style] -> attributes [B, K]."""
        return w @ self.weights + self.bias

    def towards(self, w: Tensor, wanted: dict[str, float]) -> Tensor:
        """Styles [B, style] moved until they have the attributes `wanted`; NaN and those not named stay as they are."""
        goal = torch.tensor([wanted.get(name, float("nan")) for name in self.config.names], device=w.device)
        return self(w, (goal - self.attributes(w)).nan_to_num())

    def forward(self, w: Tensor, amounts: Tensor) -> Tensor:
        """Styles [B, style] moved by `amounts` [B, K]."""
        return w + amounts @ self.directions


def joined(parts: Sequence[Sliders]) -> Sliders:
    """All sliders of the same style in one; of several of one name the first."""
    picks = {}
    for part in parts:
        for index, name in enumerate(part.config.names):
            picks.setdefault(name, (part, index))
    auc = tuple(part.config.auc[index] for part, index in picks.values())
    net = Sliders(SlidersConfig(names=tuple(picks), auc=auc, style=parts[0].config.style))
    net.weights.data = torch.stack([part.weights[:, index] for part, index in picks.values()], 1)
    net.bias.data = torch.stack([part.bias[index] for part, index in picks.values()])
    net.directions.data = torch.stack([part.directions[index] for part, index in picks.values()])
    return net.eval().requires_grad_(False)


def solve_directions(weights: Tensor, covariance: Tensor) -> Tensor:
    """Weights [style, K], covariance [style, style] of styles -> directions [K, style].

    Each moves its own attribute by one and the others by little, at the least Mahalanobis length: attributes that go
    together, such as a smile and an open mouth, may follow each other a little, or the face would pay for it.
    """
    spread = covariance @ weights  # [style, K]
    gram = weights.T @ spread
    softened = gram + SOFT * torch.diag(gram.diagonal())
    directions = torch.linalg.solve(softened, spread.T)
    return directions / (directions @ weights).diagonal()[:, None]
