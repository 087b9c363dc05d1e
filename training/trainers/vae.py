"""VAE: the evidence lower bound, with the noise of the pictures found instead of set.

For a Gaussian whose deviation is the best one for the batch, the squared error enters as its logarithm (Rybkin et al.,
"Simple and effective VAE training with calibrated decoders", 2021), so that nothing weighs likeness against the prior
but `beta` (Higgins et al., beta-VAE, 2017).
"""

import copy

import numpy as np
import torch
from torch import Tensor

from studio.jobs.spec import VAESpec
from studio.library.store import Library
from studio.models.vae import VAE, VAEConfig, divergence
from training.curation import cut
from training.data import Pictures, grid, order, to_pixels, to_tensor
from training.ema import EMA
from training.trainer import Product, Trainer, cosine, descend
from training.trainers.faces import face_config

SHEET = 24
FITTED = 2_000  # pictures whose latents tell how random ones are drawn
WARM = 5_000  # pictures over which the prior comes in: at once it would silence most latents


class VAETrainer(Trainer[VAESpec]):
    family = "vae"

    def __init__(self, spec: VAESpec, library: Library, device: torch.device) -> None:
        super().__init__(spec, library, device)
        fresh = VAEConfig(latent=spec.latent, channels=face_config(spec.size, spec.width).channels)
        net = self.start_from(spec.base) if spec.base else VAE(fresh)
        assert isinstance(net, VAE)
        self.net, self.config = net.to(device).to(memory_format=torch.channels_last), net.config
        pictures = Pictures.read(spec.data, smallest=32, side=1024)
        self.arrays = cut(pictures.arrays, self.config.size, spec.subject, library)
        self.ema = EMA(self.net, 10_000)
        self.optimisers = {"net": torch.optim.Adam(self.net.parameters(), lr=spec.lr, betas=(0.9, 0.99))}
        self.modules = {"net": self.net, "ema": self.ema.module}
        draw = torch.Generator().manual_seed(spec.seed)
        self.fixed = torch.randn(SHEET, self.config.latent, generator=draw).to(device)

    def batch(self) -> Tensor:
        chosen = [self.arrays[i] for i in order(len(self.arrays), self.seen, self.spec.batch, self.spec.seed)]
        return to_tensor([a[:, ::-1] if self.rng.random() < 0.5 else a for a in chosen], self.device)

    def step(self) -> dict[str, float]:
        spec, x = self.spec, self.batch()
        self.set_lr(self.optimisers["net"], spec.lr * cosine(self.progress))
        mean, log_variance = self.net.encode(x)
        made = self.net.decode(mean + (0.5 * log_variance).exp() * torch.randn_like(mean))
        values = x[0].numel()
        error = (made.float() - x).square().mean()
        prior = divergence(mean, log_variance).mean() / values
        warm = 1.0 if spec.base else min(1.0, (self.seen + spec.batch) / WARM)
        losses = {"bound": 0.5 * error.log(), "prior": spec.beta * warm * prior}  # nats a value
        figures = descend(self.optimisers["net"], losses)
        self.ema.update(self.net, spec.batch, self.seen)
        return {**figures, "bound": figures["bound"] + figures["prior"], "error": error.item()}

    @torch.no_grad()
    def sheet(self) -> np.ndarray:
        """Three rows of random pictures, then a row of pictures above their reconstructions."""
        net = self.fitted()
        made = to_pixels(net(self.fixed))
        real = to_tensor([self.arrays[i % len(self.arrays)] for i in range(8)], self.device)
        again = to_pixels(net.decode(net.encode(real)[0]))
        rows = [list(made[k : k + 8]) for k in range(0, SHEET, 8)]
        return grid([*rows, list(to_pixels(real)), list(again)])

    @torch.no_grad()
    def fitted(self) -> VAE:
        """A copy of the averaged net that knows what random latents are drawn from."""
        net = copy.deepcopy(self.ema.module)
        chosen = self.arrays[:: -(-len(self.arrays) // FITTED)]
        batches = [to_tensor(chosen[i : i + 32], self.device) for i in range(0, len(chosen), 32)]
        net.fit_latents(torch.cat([net.encode(batch)[0] for batch in batches]))
        return net

    def product(self) -> Product:
        return Product(self.fitted(), self.config)
