"""Converter: a look learned from two folders that show no pair, photos and pictures of the look, without labels.

After Park et al., "Contrastive Learning for Unpaired Image-to-Image Translation" (CUT, 2020): a patch of the result
should be nearer to its own patch of the photo than to others of it, in the generator's own features; a relativistic
patch discriminator with R1 and R2 (Huang et al., R3GAN, 2024) says what the look is; pictures of the look stay.
The generator is the style net with one preset, so that what it has learned is a preset of the Art tab.
"""

import copy
import dataclasses

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from studio.jobs.spec import ConverterSpec
from studio.library.store import Library
from studio.models.patch_discriminator import PatchDiscriminator
from studio.models.style import StyleConfig, StyleNet
from training.augment import diff_augment
from training.data import Pictures, grid, order, random_crop, to_pixels, to_tensor
from training.ema import EMA
from training.losses import contrastive, gradient_penalty, pyramid_l1, relativistic
from training.trainer import Product, Trainer, cosine, descend
from training.trainers.art import from_base

PATCHES = 64  # places compared a picture and layer
IDENTITY = 2.0  # weight of leaving pictures of the look as they are
KEPT = 5.0  # weight of preset 0, which leaves every photo as it is
SHOWN = 5  # photos of a sheet


class Projections(nn.Module):
    """A small head a layer that turns features into what is compared (the two-layer MLPs of CUT)."""

    def __init__(self, channels: list[int], size: int = 64) -> None:
        super().__init__()
        self.heads = nn.ModuleList(
            nn.Sequential(nn.Linear(c, size), nn.ReLU(), nn.Linear(size, size)) for c in channels
        )

    def forward(self, maps: list[Tensor], places: list[Tensor]) -> list[Tensor]:
        """Maps [B, C_i, H_i, W_i] at the flat indices `places` [N] -> [B, N, size] each."""
        triples = zip(self.heads, maps, places, strict=True)
        return [head(m.flatten(2)[:, :, place].transpose(1, 2)) for head, m, place in triples]


class ConverterTrainer(Trainer[ConverterSpec]):
    family = "art"

    def __init__(self, spec: ConverterSpec, library: Library, device: torch.device) -> None:
        super().__init__(spec, library, device)
        self.pictures = Pictures.read(spec.data, smallest=48, side=512)
        self.look = Pictures.read(spec.look or spec.data, smallest=48, side=512)
        self.config = StyleConfig(presets=(spec.model_name,), width=spec.width, blocks=spec.blocks)
        self.net = StyleNet(self.config)
        if spec.base:
            base = self.start_from(spec.base)
            assert isinstance(base, StyleNet)
            self.net = from_base(
                base, dataclasses.replace(base.config, presets=self.config.presets, toned=False)
            ).requires_grad_(True)
            self.config = self.net.config
        self.net.to(device).to(memory_format=torch.channels_last)
        c = self.config.width
        self.projections = Projections([c, 2 * c, 4 * c]).to(device)
        self.critic = PatchDiscriminator(0).to(device)
        self.ema = EMA(self.net, 2_000)
        made_by = [*self.net.parameters(), *self.projections.parameters()]
        self.optimiser = torch.optim.Adam(made_by, lr=spec.lr, betas=(0.5, 0.99))
        self.critic_optimiser = torch.optim.Adam(self.critic.parameters(), lr=spec.lr, betas=(0.0, 0.99))
        self.optimisers = {"net": self.optimiser, "critic": self.critic_optimiser}
        parts: dict[str, nn.Module] = {"net": self.net, "ema": self.ema.module}
        self.modules = parts | {"projections": self.projections, "critic": self.critic}

    def crops(self, pictures: Pictures, indices: list[int], rng: np.random.Generator) -> Tensor:
        size = self.spec.size
        return to_tensor([random_crop(pictures.arrays[i], size, rng, zoom=(1.0, 2.5)) for i in indices], self.device)

    def mixture(self, preset: int) -> Tensor:
        """[1, 2]: 0 leaves the photo as it is, 1 is the look."""
        return F.one_hot(torch.tensor([preset], device=self.device), 2).float()

    def step(self) -> dict[str, float]:
        spec = self.spec
        for optimiser in (self.optimiser, self.critic_optimiser):
            self.set_lr(optimiser, spec.lr * cosine(self.progress))
        x = self.crops(self.pictures, order(len(self.pictures), self.seen, spec.batch, spec.seed), self.rng)
        y = self.crops(self.look, order(len(self.look), self.seen, spec.batch, spec.seed + 1), self.rng)
        made = self.net(x, self.mixture(1))
        judged = descend(self.critic_optimiser, self.critic_losses(made.detach(), y))
        self.critic.requires_grad_(False)
        losses = {
            "look": relativistic(self.judge(made), self.judge(y)),
            "patches": spec.content_weight * self.patch_loss(x, made),
            "identity": IDENTITY * pyramid_l1(self.net(y, self.mixture(1)), y),
            "kept": KEPT * pyramid_l1(self.net(x, self.mixture(0)), x),
        }
        result = descend(self.optimiser, losses)
        self.critic.requires_grad_(True)
        self.ema.update(self.net, spec.batch, self.seen)
        return result | {"critic": judged["critic"], "penalty": judged["penalty"]}

    def judge(self, x: Tensor) -> Tensor:
        """Patch logits of pictures [B, 3, H, W], augmented as there are few of the look."""
        return self.logits(diff_augment(x))

    def logits(self, x: Tensor) -> Tensor:
        return self.critic(x, x[:, :0])[0]

    def critic_losses(self, made: Tensor, y: Tensor) -> dict[str, Tensor]:
        penalty = gradient_penalty(self.logits, y) + gradient_penalty(self.logits, made)
        return {"critic": relativistic(self.judge(y), self.judge(made)), "penalty": self.spec.gamma / 2 * penalty}

    def patch_loss(self, x: Tensor, made: Tensor) -> Tensor:
        """InfoNCE over places: a place of the result against all places of its photo, layer by layer (PatchNCE)."""
        ours, theirs = self.features(made), self.features(x)
        places = [torch.randperm(m.shape[2] * m.shape[3], device=m.device)[:PATCHES] for m in ours]
        queries, keys = self.projections(ours, places), [k.detach() for k in self.projections(theirs, places)]
        pairs = [(q[i], k[i]) for q, k in zip(queries, keys, strict=True) for i in range(len(x))]
        return torch.stack([contrastive(q, k, temperature=0.07) for q, k in pairs]).mean()

    def features(self, x: Tensor) -> list[Tensor]:
        """The generator's own maps on the way in, at 1/1, 1/2 and 1/4."""
        maps, mixture = [], self.mixture(1)
        for layer in self.net.enter:
            x = layer(x, mixture, None)
            maps.append(x)
        return maps

    @torch.no_grad()
    def sheet(self) -> np.ndarray:
        """Pictures of the look; photos; the photos in the look."""
        rng = np.random.default_rng(2)
        chosen = [rng.permutation(len(p)).tolist() for p in (self.look, self.pictures)]
        y, x = (
            self.crops(p, (i * SHOWN)[:SHOWN], rng) for p, i in zip((self.look, self.pictures), chosen, strict=True)
        )
        return grid([list(to_pixels(part)) for part in (y, x, self.ema.module(x, self.mixture(1)))])

    def product(self) -> Product:
        return Product(copy.deepcopy(self.ema.module), self.config)
