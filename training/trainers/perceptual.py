"""Perceptual encoder: knowledge distillation from a teacher's feature maps, and folder labels where there are any.

After Romero et al., "FitNets" (2015), with Tung and Mori, "Similarity-Preserving Knowledge Distillation" (2019), on
the embedding: what the teacher finds alike within a batch, the student should find alike. The teacher sees a crop at
twice the student's size, so that the student's stages at 1/2, 1/4 and 1/8 line up with the teacher's at 1/4, 1/8 and
1/16.
"""

import copy
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.fusion import fuse_conv_bn_eval

from studio.core.errors import BadInput
from studio.jobs.spec import PerceptualSpec
from studio.library.store import Library
from studio.models.perceptual import PerceptualConfig, PerceptualEncoder
from training.data import Pictures, grid, order, random_crop, to_pixels, to_tensor
from training.ema import EMA
from training.losses import full_precision
from training.teacher import Teacher
from training.trainer import Product, Trainer, cosine, descend

TAPS = {4: 128, 7: 256, 12: 512}  # index in squeezenet1_1().features -> channels, at 1/4, 1/8 and 1/16
SIMILARITY = 4.0  # weight of the embedding's similarities against the maps


def alike(vectors: Tensor) -> Tensor:
    """[B, D] -> cosine similarities [B, B] of the vectors about their batch mean."""
    vectors = F.normalize(vectors - vectors.mean(0), dim=1)
    with full_precision(vectors):
        return vectors @ vectors.T


def held_out(labels: Sequence[str]) -> set[str]:
    """Every fourth class in alphabetical order: never trained on, kept for `training.evaluate perceptual`."""
    return set(sorted(set(labels))[::4])


class Heads(nn.Module):
    """1x1 maps from the student's stages to the teacher's channels, and a linear label head; dropped after training."""

    def __init__(self, config: PerceptualConfig, classes: int) -> None:
        super().__init__()
        self.maps = nn.ModuleList(nn.Conv2d(a, b, 1) for a, b in zip(config.channels[1:], TAPS.values(), strict=True))
        self.label = nn.Linear(config.channels[-1], max(classes, 1))
        for index, channels in enumerate(TAPS.values()):
            self.register_buffer(f"deviation{index}", torch.zeros(channels))


def with_norms(net: PerceptualEncoder) -> PerceptualEncoder:
    """The same net with a batch norm behind every convolution, which a plain net of this depth needs to learn fast."""
    for index, stage in enumerate(net.stages):
        layers: list[nn.Module] = []
        for layer in cast(nn.Sequential, stage):
            layers += [layer, nn.BatchNorm2d(layer.out_channels)] if isinstance(layer, nn.Conv2d) else [layer]
        net.stages[index] = nn.Sequential(*layers)
    return net


def without_norms(net: PerceptualEncoder) -> PerceptualEncoder:
    """A plain copy that computes the same, the norms' averages folded into the convolutions."""
    plain = copy.deepcopy(net).eval()
    for index, stage in enumerate(plain.stages):
        layers: list[nn.Module] = []
        for layer in cast(nn.Sequential, stage):
            if isinstance(layer, nn.BatchNorm2d):
                layers[-1] = fuse_conv_bn_eval(cast(nn.Conv2d, layers[-1]), layer)
            else:
                layers.append(layer)
        plain.stages[index] = nn.Sequential(*layers)
    return plain


class PerceptualTrainer(Trainer[PerceptualSpec]):
    family = "perceptual"

    def __init__(self, spec: PerceptualSpec, library: Library, device: torch.device) -> None:
        super().__init__(spec, library, device)
        pictures = Pictures.read(spec.data, smallest=spec.size // 2, side=2 * spec.size)
        counts: dict[Path, int] = {}
        for path in pictures.paths:
            counts[path.parent.parent] = counts.get(path.parent.parent, 0) + 1
        grouped = {
            parent for parent in counts if len({p.parent for p in pictures.paths if p.parent.parent == parent}) > 9
        }
        labels = [path.parent.name if path.parent.parent in grouped else "" for path in pictures.paths]
        hidden = held_out([label for label in labels if label])
        keep = [i for i, label in enumerate(labels) if label not in hidden]
        self.arrays = [pictures.arrays[i] for i in keep]
        names = sorted({labels[i] for i in keep} - {""})
        self.labels = torch.tensor([names.index(labels[i]) if labels[i] else -1 for i in keep])
        if not spec.teacher and not names:
            raise BadInput("The perceptual recipe needs --teacher, or pictures in at least ten labelled folders.")
        self.config = PerceptualConfig()
        if spec.base:
            net = self.start_from(spec.base)
            assert isinstance(net, PerceptualEncoder)
            self.net, self.config = net, net.config
        else:
            self.net = with_norms(PerceptualEncoder(self.config))
        self.net.to(device).to(memory_format=torch.channels_last)
        self.teacher = Teacher(spec.teacher, TAPS).to(device) if spec.teacher else None
        self.heads = Heads(self.config, len(names)).to(device)
        self.ema = EMA(self.net, 10_000)
        self.modules = {"net": self.net, "heads": self.heads, "ema": self.ema.module}
        self.optimiser = torch.optim.AdamW(
            [*self.net.parameters(), *self.heads.parameters()], lr=spec.lr, weight_decay=1e-3
        )
        self.optimisers = {"net": self.optimiser}

    def crops(self, indices: Sequence[int], rng: np.random.Generator) -> Tensor:
        size = self.spec.size
        return to_tensor([random_crop(self.arrays[i], size, rng, zoom=(1.0, 2.0)) for i in indices], self.device)

    def step(self) -> dict[str, float]:
        spec, heads = self.spec, self.heads
        indices = order(len(self.arrays), self.seen, spec.batch, spec.seed)
        x = self.crops(indices, self.rng)
        self.set_lr(self.optimiser, spec.lr * cosine(self.progress) * min(1.0, (self.seen + 1) / 2000))
        maps = [m.float() for m in self.net.raw(x)]
        losses: dict[str, Tensor] = {}
        if self.teacher is not None:
            targets = self.teacher(x)
            losses["distil"] = self.distillation(targets, maps)
            wanted, found = alike(targets[-1].mean((2, 3))), alike(maps[-1].mean((2, 3)))
            losses["alike"] = SIMILARITY * F.mse_loss(found, wanted)
        labels = self.labels[indices].to(self.device)
        if (labels >= 0).any():
            scores = heads.label(maps[-1].mean((2, 3)))
            losses["label"] = 0.2 * F.cross_entropy(scores.float(), labels, ignore_index=-1)
        result = descend(self.optimiser, losses)
        self.ema.update(self.net, spec.batch, self.seen)
        return result

    def distillation(self, targets: list[Tensor], maps: list[Tensor]) -> Tensor:
        """Smooth L1 of mapped stages against the teacher's channels at unit deviation."""
        total = targets[0].new_zeros(())
        for index, (head, target) in enumerate(zip(self.heads.maps, targets, strict=True)):
            deviation = getattr(self.heads, f"deviation{index}")
            batch = target[:8].std((0, 2, 3))
            deviation.copy_(batch if not deviation.any() else torch.lerp(deviation, batch, 0.01))
            made = head(F.interpolate(maps[index + 1], target.shape[2:], mode="bilinear", align_corners=False))
            scale = deviation.view(1, -1, 1, 1) + 1e-3
            total = total + F.smooth_l1_loss(made.float(), target / scale)  # a few channels have heavy tails
        return total / len(TAPS)

    def sheet(self) -> np.ndarray:
        """Each row: a picture, then the two that the encoder finds nearest to it among 200."""
        rng = np.random.default_rng(0)
        x = self.crops(rng.permutation(len(self.arrays))[:200].tolist(), rng)
        vectors = self.encoder().embed(x)
        ranks = (vectors @ vectors.T).topk(min(3, len(x)), dim=1).indices
        pixels = to_pixels(x)
        cells = [pixels[j] for row in ranks[:16].tolist() for j in row]
        return grid([cells[k : k + 12] for k in range(0, len(cells), 12)])

    @torch.no_grad()
    def product(self) -> Product:
        """The encoder with each channel's root mean square on data written into it."""
        return Product(self.encoder(), self.config)

    @torch.no_grad()
    def encoder(self) -> PerceptualEncoder:
        """The averaged encoder, plain, with each channel's root mean square on data written into it."""
        net = without_norms(self.ema.module)
        rng = np.random.default_rng(0)
        x = self.crops(rng.permutation(len(self.arrays))[:128].tolist(), rng)
        for index, m in enumerate(net.raw(x)):
            getattr(net, f"scale{index}").copy_(m.square().mean((0, 2, 3)).sqrt() + 1e-3)
        return net
