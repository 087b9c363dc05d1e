"""Inpainting net: reduced hole L1, low-frequency colour, encoder features, texture, and a patch discriminator.

Losses after Suvorov et al., LaMa (2022): relativistic instead of saturating, R1 lazily, feature matching. Texture is
the distance of feature distributions (Heitz et al., 2021), which, unlike L1, does not favour blur.
"""

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from studio.jobs.spec import RepairSpec
from studio.library.store import Library
from studio.models.inpaint import InpaintConfig, InpaintGAN
from training.augment import toned
from training.data import Pictures, grid, order, random_crop, to_pixels, to_tensor
from training.ema import EMA
from training.losses import feature_distance, gradient_penalty, sliced_wasserstein, style_distance
from training.masks import random_mask
from training.trainer import Product, Trainer, cosine, descend

LAZY = 16
WARM = 0.15  # share of the run before the discriminator starts
TONED = 0.15  # share of crops that look like an old print: colour must not leak into those
TEXTURE = 0.5  # weight of the features' distribution
TONES = 3.0  # weight of the distribution of colours in a hole
WINDOW = 64  # side of the part of a crop that the encoder compares, px


class RepairTrainer(Trainer[RepairSpec]):
    family = "repair"

    def __init__(self, spec: RepairSpec, library: Library, device: torch.device) -> None:
        super().__init__(spec, library, device)
        net = self.start_from(spec.base) if spec.base else InpaintGAN(InpaintConfig(width=spec.width))
        assert isinstance(net, InpaintGAN)
        self.net, self.config = net.to(device).to(memory_format=torch.channels_last), net.config
        self.pictures = Pictures.read(spec.data, smallest=64, side=512)
        self.perceptual = library.load("perceptual", device).requires_grad_(False)
        self.ema = EMA(self.net, 4_000)
        self.optimisers = {
            "net": torch.optim.Adam(net.net.parameters(), lr=spec.lr, betas=(0.0, 0.99)),
            "discriminator": torch.optim.Adam(net.discriminator.parameters(), lr=spec.lr, betas=(0.0, 0.99)),
        }
        self.modules = {"net": self.net, "ema": self.ema.module}

    def draw(self, indices: list[int], rng: np.random.Generator) -> tuple[Tensor, Tensor, list[np.ndarray]]:
        """Crops [B, 3, S, S], masks [B, 1, S, S] with 1 in the hole, and the masks as arrays."""
        size = self.spec.size
        crops = [random_crop(self.pictures.arrays[i], size, rng, zoom=(1.0, 2.2)) for i in indices]
        crops = [toned(crop, rng) if rng.random() < TONED else crop for crop in crops]
        masks = [random_mask(size, rng) for _ in indices]
        stacked = torch.from_numpy(np.stack(masks)).float()[:, None].to(self.device)
        return to_tensor(crops, self.device), stacked, masks

    def step(self) -> dict[str, float]:
        spec = self.spec
        indices = order(len(self.pictures), self.seen, spec.batch, spec.seed)
        x, mask, arrays = self.draw(indices, self.rng)
        for optimiser in self.optimisers.values():
            self.set_lr(optimiser, spec.lr * cosine(self.progress))
        made = self.net.net(x, mask)
        adversarial = spec.adversarial > 0 and (self.progress >= WARM or bool(spec.base))
        result = self.discriminate(x, made.detach(), mask) if adversarial else {}
        return result | self.generate(x, made, mask, arrays, adversarial=adversarial)

    def discriminate(self, x: Tensor, made: Tensor, mask: Tensor) -> dict[str, float]:
        critic, optimiser = self.net.discriminator, self.optimisers["discriminator"]
        critic.requires_grad_(True)
        weight = patch_weight(mask)
        loss = judged(critic(x, mask)[0], critic(made, mask)[0], weight)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        if (self.seen // self.spec.batch) % LAZY == 0:
            penalty = gradient_penalty(lambda p: (critic(p, mask)[0] * weight).sum((1, 2, 3)), x)
            (LAZY * 0.001 * penalty).backward()
        optimiser.step()
        return {"critic": loss.item()}

    def generate(
        self, x: Tensor, made: Tensor, mask: Tensor, arrays: list[np.ndarray], *, adversarial: bool
    ) -> dict[str, float]:
        hole = mask.mean().clamp_min(1e-3)
        colour = F.avg_pool2d((made - x) * mask, 8).abs().mean() / hole
        window_made, window_x = self.windows(made, x, arrays)
        with torch.no_grad():
            wanted = self.perceptual(window_x)
        found = self.perceptual(window_made)
        texture = torch.stack(
            [style_distance(a, b, points=1024) for a, b in zip(found[1:3], wanted[1:3], strict=True)]
        ).mean()
        losses = {
            "hole": 0.5 * ((made - x).abs() * mask).mean() / hole,
            "colour": colour,
            "tones": TONES * tone_distance(made, x, mask),
            "features": 0.5 * feature_distance(found, wanted),
            "texture": TEXTURE * texture,
        }
        if adversarial:
            critic = self.net.discriminator.requires_grad_(False)
            weight = patch_weight(mask)
            with torch.no_grad():
                real, real_maps = critic(x, mask)
            fake, fake_maps = critic(made, mask)
            losses["adversarial"] = self.spec.adversarial * judged(fake, real, weight)
            losses["matching"] = 2.0 * self.spec.adversarial * feature_distance(fake_maps, real_maps)
        result = descend(self.optimisers["net"], losses, clip=5.0)
        self.ema.update(self.net, self.spec.batch, self.seen)
        return result

    def windows(self, made: Tensor, x: Tensor, arrays: list[np.ndarray]) -> tuple[Tensor, Tensor]:
        """The same WINDOW px part of both, around a random pixel of each hole: the encoder costs more than the net."""
        side = min(WINDOW, self.spec.size)
        parts: tuple[list[Tensor], list[Tensor]] = ([], [])
        for i, mask in enumerate(arrays):
            rows, columns = np.nonzero(mask)
            pick = int(self.rng.integers(len(rows)))
            top = int(np.clip(rows[pick] - side // 2, 0, self.spec.size - side))
            left = int(np.clip(columns[pick] - side // 2, 0, self.spec.size - side))
            for part, source in zip(parts, (made, x), strict=True):
                part.append(source[i, :, top : top + side, left : left + side])
        return torch.stack(parts[0]), torch.stack(parts[1])

    @torch.no_grad()
    def sheet(self) -> np.ndarray:
        """Rows of: picture with hole, result, original."""
        rng = np.random.default_rng(1)
        x, mask, _ = self.draw(rng.permutation(len(self.pictures))[:12].tolist(), rng)
        made = to_pixels(self.ema.module(x, mask))
        holed = to_pixels(torch.where(mask > 0, torch.ones_like(x), x))
        cells = [p for triple in zip(holed, made, to_pixels(x), strict=True) for p in triple]
        return grid([cells[k : k + 9] for k in range(0, len(cells), 9)])

    def product(self) -> Product:
        self.ema.module.discriminator.load_state_dict(self.net.discriminator.state_dict())
        return Product(self.ema.module, self.config)


def tone_distance(made: Tensor, x: Tensor, mask: Tensor) -> Tensor:
    """How far the colours of 4x4 px cells in each hole are, as a set: where they lie does not matter here."""
    inside = F.avg_pool2d(mask, 4).flatten(1) > 0.5  # [B, N]
    made, x = (F.avg_pool2d(picture, 4).flatten(2).transpose(1, 2) for picture in (made, x))  # [B, N, 3]
    parts = [
        sliced_wasserstein(one[where], other[where], 16)
        for one, other, where in zip(made, x, inside, strict=True)
        if where.any()
    ]
    return torch.stack(parts).mean() if parts else made.new_zeros(())


def judged(own: Tensor, other: Tensor, weight: Tensor) -> Tensor:
    """The relativistic loss of patches' logits, each by its weight."""
    return (F.softplus(other.float() - own.float()) * weight).sum() / weight.sum()


def patch_weight(mask: Tensor) -> Tensor:
    """[B, 1, H, W] -> share of hole a patch, [B, 1, H / 8, W / 8]: only patches that hold made pixels are judged."""
    return F.avg_pool2d(mask, 8) + 1e-4
