"""Named sliders: faces are made, judged by models of few labels, and attributes regressed on styles.

There is no descent: each step adds a batch to the sums from which the regression is solved.
"""

import numpy as np
import torch
from torch import Tensor, nn

from studio.core.errors import BadInput
from studio.jobs.spec import SlidersSpec
from studio.library.store import Library
from studio.models.face_gan import FaceGAN
from studio.models.landmarks import LandmarkNet
from studio.models.perceptual import PerceptualEncoder
from studio.models.sliders import Sliders, SlidersConfig, solve_directions
from training.attributes import TAPS, FaceFeatures, learn_judge, read_labels, sized, values_of
from training.data import Pictures, grid, to_pixels, to_tensor
from training.teacher import Teacher
from training.trainer import Product, Trainer

LEAST = 0.7  # AUC below which an attribute gets no slider
RIDGE = 1e-2  # of the styles' mean variance
SHOWN = (-3.0, -1.5, 0.0, 1.5, 3.0)


class Sums(nn.Module):
    """Running sums of styles and scores, in double precision."""

    number: Tensor
    first: Tensor
    second: Tensor

    def __init__(self, style: int, count: int) -> None:
        super().__init__()
        width = style + count
        self.register_buffer("number", torch.zeros(1, dtype=torch.double))
        self.register_buffer("first", torch.zeros(width, dtype=torch.double))
        self.register_buffer("second", torch.zeros(width, width, dtype=torch.double))

    def add(self, w: Tensor, scores: Tensor) -> None:
        both = torch.cat([w, scores], 1).double()
        self.number += len(both)
        self.first += both.sum(0)
        self.second += both.T @ both

    def moments(self) -> tuple[Tensor, Tensor]:
        """Mean [W] and covariance [W, W]."""
        mean = self.first / self.number
        return mean, self.second / self.number - mean[:, None] * mean


class SlidersTrainer(Trainer[SlidersSpec]):
    family = "sliders"

    def __init__(self, spec: SlidersSpec, library: Library, device: torch.device) -> None:
        super().__init__(spec, library, device)
        if spec.base:
            self.start_from(spec.base)  # only checked: sums begin anew
        faces, points, encoder = (library.load(name, device) for name in (spec.faces, "landmarks", "perceptual"))
        assert isinstance(faces, FaceGAN) and isinstance(points, LandmarkNet) and isinstance(encoder, PerceptualEncoder)
        self.generator = faces.generator.requires_grad_(False)
        self.features = FaceFeatures(points, encoder, Teacher(spec.teacher, TAPS).to(device) if spec.teacher else None)
        pictures = Pictures.read(spec.data, smallest=32, side=256)
        labels = read_labels(spec.labels, spec.attributes)
        values = values_of(labels, [path.name for path in pictures.paths])
        if (~np.isnan(values)).sum(0).min() < 10:
            raise BadInput(
                "A slider needs at least 10 labelled pictures; check the names in the tables' column 'file'."
            )
        real = sized(pictures.arrays, self.generator.config.size)
        found = [self.features(to_tensor(real[i : i + 32], device)).cpu() for i in range(0, len(real), 32)]
        judge = learn_judge(torch.cat(found).numpy(), values, self.features.parts, self.features.groups)
        self.kept = [i for i, value in enumerate(judge.auc) if value >= LEAST]
        if not self.kept:
            raise BadInput("No attribute can be told apart in these pictures; label more of them, or others.")
        self.judge = judge
        self.config = SlidersConfig(
            names=tuple(spec.attributes[i] for i in self.kept),
            auc=tuple(judge.auc[i] for i in self.kept),
            style=self.generator.w_mean.shape[0],
        )
        self.net = Sliders(self.config)
        self.sums = Sums(self.config.style, len(self.kept)).to(device)
        self.modules = {"net": self.net, "sums": self.sums}

    @torch.no_grad()
    def step(self) -> dict[str, float]:
        noise = torch.randn(self.spec.batch, self.generator.config.latent, device=self.device)
        w = self.generator.style(self.generator.drawn(noise))
        self.sums.add(w, self.scores(self.generator.synthesize(w)))
        return {"explained": self.solve()}

    def scores(self, x: Tensor) -> Tensor:
        """Made faces [B, 3, S, S] -> attributes [B, K] in deviations of real faces."""
        return self.judge(self.features(x).cpu())[:, self.kept].to(self.device)

    def solve(self) -> float:
        """Set the net from the sums; returns the mean share of the attributes' variance that styles explain."""
        style = self.config.style
        mean, covariance = self.sums.moments()
        styles, cross = covariance[:style, :style], covariance[:style, style:]
        ridge = RIDGE * styles.diagonal().mean() * torch.eye(style, dtype=torch.double, device=styles.device)
        deviation = covariance.diagonal()[style:].clamp_min(1e-12).sqrt()
        weights = torch.linalg.solve(styles + ridge, cross) / deviation
        with torch.no_grad():
            self.net.weights.copy_(weights)
            self.net.bias.copy_(-mean[:style] @ weights)
            self.net.directions.copy_(solve_directions(weights, styles + ridge))
        return float(((weights.T @ styles) * weights.T).sum(1).mean())

    @torch.no_grad()
    def sheet(self) -> np.ndarray:
        """A row a slider: one face moved along it."""
        draw = torch.Generator().manual_seed(self.spec.seed)
        noise = torch.randn(1, self.generator.config.latent, generator=draw).to(self.device)
        w = self.generator.style(self.generator.drawn(noise), 0.7)
        rows = []
        for index in range(len(self.kept)):
            amounts = torch.zeros(len(SHOWN), len(self.kept))
            amounts[:, index] = torch.tensor(SHOWN)
            rows.append(list(to_pixels(self.generator.synthesize(self.net(w.cpu(), amounts).to(self.device)))))
        return grid(rows)

    def product(self) -> Product:
        return Product(self.net, self.config)
