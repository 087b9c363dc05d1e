"""Named sliders: faces are made, judged by models of few labels, and attributes regressed on styles.

There is no descent: each step adds a batch to the sums from which the regression is solved. The last faces are pushed
along what came out, twice over, and what the pushes move beside their own attribute is taken out of the directions: far
from the middle a generator is not linear. On 64 faces the largest side effect was .44 of a slider's own without that,
.14 after one round and .04 after two; on 48 others .44 without and .20 after one.
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
SURVEY = 0.7  # share of the faces that the regression is from
ROUNDS = 2  # of pushes
PUSH = 2.0  # deviations, either way
VARIETY = 0.7  # of the faces that are pushed: as varied as faces are drawn if nothing else is asked
STIFF = 0.05  # of the mean move: side effects that are not worth a larger change of style
SHOWN = (-3.0, -1.5, 0.0, 1.5, 3.0)


class Sums(nn.Module):
    """Running sums of styles and scores, and of what pushes along the sliders moved; in double precision."""

    number: Tensor
    first: Tensor
    second: Tensor
    pushed: Tensor
    moved: Tensor
    mixture: Tensor

    def __init__(self, style: int, count: int) -> None:
        super().__init__()
        width = style + count
        self.register_buffer("number", torch.zeros(1, dtype=torch.double))
        self.register_buffer("first", torch.zeros(width, dtype=torch.double))
        self.register_buffer("second", torch.zeros(width, width, dtype=torch.double))
        self.register_buffer("pushed", torch.zeros(count, dtype=torch.double))  # faces, by slider
        self.register_buffer("moved", torch.zeros(count, count, dtype=torch.double))  # by slider and attribute
        self.register_buffer("mixture", torch.eye(count, dtype=torch.double))  # what rounds of pushes made of sliders

    def add(self, w: Tensor, scores: Tensor) -> None:
        both = torch.cat([w, scores], 1).double()
        self.number += len(both)
        self.first += both.sum(0)
        self.second += both.T @ both

    def moments(self) -> tuple[Tensor, Tensor]:
        """Mean [W] and covariance [W, W]."""
        mean = self.first / self.number
        return mean, self.second / self.number - mean[:, None] * mean

    def deviation(self) -> Tensor:
        """Of the scores, [K]."""
        return self.moments()[1].diagonal()[-len(self.pushed) :].clamp_min(1e-12).sqrt()

    def unmix(self) -> None:
        """End a round of pushes: sliders become mixtures of themselves that each move one attribute."""
        effects = self.moved / self.pushed[:, None] / self.deviation()
        self.mixture.copy_(unmixed(effects) @ self.mixture)
        self.moved.zero_()
        self.pushed.zero_()


class SlidersTrainer(Trainer[SlidersSpec]):
    family = "sliders"

    def __init__(self, spec: SlidersSpec, library: Library, device: torch.device) -> None:
        super().__init__(spec, library, device)
        if spec.base:
            self.start_from(spec.base)  # only checked: sums begin anew
        faces = self.leaning_on(spec.faces, "faces")
        points, encoder = (library.load(name, device) for name in ("landmarks", "perceptual"))
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
        noise = self.generator.drawn(torch.randn(self.spec.batch, self.generator.config.latent, device=self.device))
        if self.progress < SURVEY:
            w = self.generator.style(noise)
            self.sums.add(w, self.scores(self.generator.synthesize(w)))
        else:
            self.push(self.generator.style(noise, VARIETY))
        return {"explained": self.solve()}

    def push(self, w: Tensor) -> None:
        """Move faces of these styles both ways along the slider that was tried least; a round ends by itself."""
        sums, index = self.sums, int(self.sums.pushed.argmin())
        way = PUSH * self.net.directions[index].to(w.device)
        more, less = (self.scores(self.generator.synthesize(w + sign * way)) for sign in (1, -1))
        sums.moved[index] += (more - less).double().sum(0) / (2 * PUSH)
        sums.pushed[index] += len(w)
        steps = int(self.spec.images * (1 - SURVEY)) // (ROUNDS * len(self.kept) * self.spec.batch)  # a slider, a round
        if sums.pushed.min() >= max(1, steps) * len(w):
            sums.unmix()

    def scores(self, x: Tensor) -> Tensor:
        """Made faces [B, 3, S, S] -> attributes [B, K] in deviations of real faces."""
        return self.judge(self.features(x).cpu())[:, self.kept].to(self.device)

    def solve(self) -> float:
        """Set the net from the sums; returns the mean share of the attributes' variance that styles explain."""
        style = self.config.style
        mean, covariance = self.sums.moments()
        styles, cross = covariance[:style, :style], covariance[:style, style:]
        ridge = RIDGE * styles.diagonal().mean() * torch.eye(style, dtype=torch.double, device=styles.device)
        weights = torch.linalg.solve(styles + ridge, cross) / self.sums.deviation()
        with torch.no_grad():
            self.net.weights.copy_(weights)
            self.net.bias.copy_(-mean[:style] @ weights)
            self.net.directions.copy_(self.sums.mixture @ solve_directions(weights, styles + ridge))
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


def unmixed(effects: Tensor) -> Tensor:
    """What each slider moves of each attribute, [K, K] -> mixtures [K, K] of sliders that keep to their own.

    Row by row the ridge solution of mixture @ effects = what a slider moves of its own, and nothing else.
    """
    own = effects.diagonal()
    ridge = (STIFF * own.abs().mean()).square().clamp_min(1e-12) * torch.eye(len(own), dtype=own.dtype)
    return own.diag() @ effects.T @ torch.linalg.inv(effects @ effects.T + ridge.to(own.device))
