"""Super-resolution net: L1 alone for fidelity, or with encoder features and a patch discriminator for crispness.

Losses after Ledig et al., SRGAN (2017), relativistic after Wang et al., ESRGAN (2018), R1 lazily. Small copies are made
by antialiased bicubic interpolation, as the field's figures are; a share of them is worsened as real pictures are.
"""

import cv2
import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from studio.core.errors import BadInput
from studio.jobs.spec import UpscaleSpec
from studio.library.store import Library
from studio.models.upscale import UpscaleConfig, UpscaleGAN, enlarged
from training.data import Pictures, grid, order, random_crop, to_pixels, to_tensor
from training.ema import EMA
from training.losses import feature_distance, gradient_penalty, relativistic
from training.metrics import jpeg
from training.trainer import Product, Trainer, cosine, descend

LAZY = 16
WARM = 0.3  # share of the run before the discriminator starts
SCALES = (2, 4)


class UpscaleTrainer(Trainer[UpscaleSpec]):
    family = "upscale"

    def __init__(self, spec: UpscaleSpec, library: Library, device: torch.device) -> None:
        super().__init__(spec, library, device)
        if spec.scale not in SCALES or spec.size % 8 or not 0 <= spec.soften <= 0.5:
            raise BadInput("The upscaler needs a scale of 2 or 4, a crop size that 8 divides, and 0 to 0.5 of soften.")
        fresh = UpscaleConfig(scale=spec.scale, width=spec.width, blocks=spec.blocks, soften=spec.soften)
        net = self.start_from(spec.base) if spec.base else UpscaleGAN(fresh)
        assert isinstance(net, UpscaleGAN)
        self.net, self.config = net.to(device).to(memory_format=torch.channels_last), net.config
        self.pictures = Pictures.read(spec.data, smallest=32, side=4096)
        self.perceptual = library.load("perceptual", device).requires_grad_(False)
        self.ema = EMA(self.net, 4_000)
        self.optimisers = {
            "net": torch.optim.Adam(net.net.parameters(), lr=spec.lr, betas=(0.9, 0.99)),
            "discriminator": torch.optim.Adam(net.discriminator.parameters(), lr=spec.lr, betas=(0.0, 0.99)),
        }
        self.modules = {"net": self.net, "ema": self.ema.module}

    def draw(self, indices: list[int], rng: np.random.Generator) -> tuple[Tensor, Tensor]:
        """Small crops [B, 3, size / scale, size / scale] and the large ones [B, 3, size, size] they come from."""
        large = to_tensor([random_crop(self.pictures.arrays[i], self.spec.size, rng) for i in indices], self.device)
        small = F.interpolate(large, scale_factor=1 / self.config.scale, mode="bicubic", antialias=True)
        crops = [worn(crop, rng) if rng.random() < self.spec.worn else crop for crop in to_pixels(small)]
        return to_tensor(crops, self.device), large

    def step(self) -> dict[str, float]:
        spec = self.spec
        small, large = self.draw(order(len(self.pictures), self.seen, spec.batch, spec.seed), self.rng)
        for optimiser in self.optimisers.values():
            self.set_lr(optimiser, spec.lr * cosine(self.progress))
        made = self.net.net(small)
        adversarial = spec.adversarial > 0 and (self.progress >= WARM or bool(spec.base))
        given = enlarged(small, self.config.scale)
        result = self.discriminate(large, made.detach(), given) if adversarial else {}
        return result | self.generate(large, made, given, adversarial=adversarial)

    def discriminate(self, large: Tensor, made: Tensor, given: Tensor) -> dict[str, float]:
        critic, optimiser = self.net.discriminator.requires_grad_(True), self.optimisers["discriminator"]
        loss = relativistic(critic(large, given)[0], critic(made, given)[0])
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        if (self.seen // self.spec.batch) % LAZY == 0:
            penalty = gradient_penalty(lambda p: critic(p, given)[0].mean((1, 2, 3)), large)
            (LAZY * 0.5 * penalty).backward()
        optimiser.step()
        return {"critic": loss.item()}

    def generate(self, large: Tensor, made: Tensor, given: Tensor, *, adversarial: bool) -> dict[str, float]:
        losses = {"l1": (made - large).abs().mean()}
        if self.spec.adversarial > 0:
            with torch.no_grad():
                wanted = self.perceptual(large)
            losses["features"] = 0.5 * feature_distance(self.perceptual(made), wanted)
        if adversarial:
            critic = self.net.discriminator.requires_grad_(False)
            with torch.no_grad():
                real, real_maps = critic(large, given)
            fake, fake_maps = critic(made, given)
            losses["adversarial"] = self.spec.adversarial * relativistic(fake, real)
            losses["matching"] = 2.0 * self.spec.adversarial * feature_distance(fake_maps, real_maps)
        result = descend(self.optimisers["net"], losses, clip=1.0)
        self.ema.update(self.net, self.spec.batch, self.seen)
        return result

    @torch.no_grad()
    def sheet(self) -> np.ndarray:
        """Rows of: bicubic enlargement, result, original."""
        rng = np.random.default_rng(1)
        small, large = self.draw(rng.permutation(len(self.pictures))[:12].tolist(), rng)
        shown = (enlarged(small, self.config.scale), self.ema.module(small), large)
        cells = [p for triple in zip(*map(to_pixels, shown), strict=True) for p in triple]
        return grid([cells[k : k + 9] for k in range(0, len(cells), 9)])

    def product(self) -> Product:
        self.ema.module.discriminator.load_state_dict(self.net.discriminator.state_dict())
        return Product(self.ema.module, self.config)


def worn(crop: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """uint8 [H, W, 3] with a little of what small pictures suffer: softness, halos, noise, JPEG."""
    made = crop.astype(np.float32)
    if rng.random() < 0.5:  # a negative weight sharpens, with halos
        made += rng.uniform(-0.6, 0.8) * (cv2.GaussianBlur(made, (0, 0), 0.8) - made)
    if rng.random() < 0.4:
        made += rng.normal(0, rng.uniform(0.5, 5), made.shape)
    made = made.clip(0, 255).round().astype(np.uint8)
    return jpeg(made, int(rng.integers(50, 96))) if rng.random() < 0.4 else made
