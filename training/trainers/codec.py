"""Codec: rate plus squared error, every picture of a batch at a trade-off of its own.

Each loss is divided by its usual size, so that the small rates, whose losses are small, learn as much.
"""

import math

import numpy as np
import torch
from torch import Tensor

from studio.core.errors import BadInput
from studio.jobs.spec import CodecSpec
from studio.library.store import Library
from studio.models.codec import HYPER, STRIDE, Codec, CodecConfig
from training.data import Pictures, grid, order, random_crop, to_pixels, to_tensor
from training.ema import EMA
from training.optimiser import Muon
from training.trainer import Product, Trainer, clipped_step

MULTIPLE = STRIDE * HYPER
WARM = 1_000  # pictures over which the learning rate rises
DECAY = 0.5  # share of the run, its last, in which the learning rate falls to 0
SHOWN = (1, 3, 5)  # levels on the sample sheets


class CodecTrainer(Trainer[CodecSpec]):
    family = "codec"

    def __init__(self, spec: CodecSpec, library: Library, device: torch.device) -> None:
        super().__init__(spec, library, device)
        if spec.size % MULTIPLE:
            raise BadInput(f"The codec needs crops of a size that {MULTIPLE} divides, not {spec.size}.")
        fresh = CodecConfig(width=spec.width, blocks=spec.blocks, latent=spec.latent)
        net = self.start_from(spec.base) if spec.base else Codec(fresh)
        assert isinstance(net, Codec)
        self.net, self.config = net.to(device).to(memory_format=torch.channels_last), net.config
        self.pictures = Pictures.read(spec.data, smallest=MULTIPLE, side=2048)
        self.ema = EMA(self.net, 8_000)
        self.optimisers = {"net": Muon(self.net, lr=spec.lr)}
        self.modules = {"net": self.net, "ema": self.ema.module}

    def crops(self, indices: list[int], rng: np.random.Generator) -> Tensor:
        arrays = (self.pictures.arrays[i] for i in indices)
        return to_tensor([random_crop(a, self.spec.size, rng, zoom=(1.0, 2.0)) for a in arrays], self.device)

    def step(self) -> dict[str, float]:
        spec = self.spec
        x = self.crops(order(len(self.pictures), self.seen, spec.batch, spec.seed), self.rng)
        last = self.config.levels - 1
        drawn = self.rng.uniform(-0.5, last + 0.5, len(x)).clip(0, last)  # the outermost as often as any other
        level = torch.tensor(drawn, dtype=torch.float32, device=self.device)
        rising, falling = min(1.0, (self.seen + spec.batch) / WARM), min(1.0, (1 - self.progress) / DECAY)
        self.set_lr(self.optimisers["net"], spec.lr * rising * falling)
        made, bits = self.net(x, level)
        rate = bits / x[0, 0].numel()
        error = (made.float() - x).square().mean((1, 2, 3)) / 4  # of pictures in [0, 1]
        weight = self.net.trade_off(level)
        usual = (weight / math.sqrt(self.config.lowest * self.config.highest)) ** 0.45
        loss = ((255**2 * weight * error + rate) / usual).mean()
        optimiser = self.optimisers["net"]
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        gradient = torch.tensor(clipped_step(optimiser, 1.0))
        self.ema.update(self.net, spec.batch, self.seen)
        psnr = -10 * error.detach().clamp_min(1e-9).log10().mean()
        figures = {"loss": loss, "bpp": rate.mean(), "psnr": psnr, "gradient": gradient}
        return {key: value.item() for key, value in figures.items()}

    @torch.no_grad()
    def sheet(self) -> np.ndarray:
        """Rows of: original, and what comes back at three rates."""
        rng = np.random.default_rng(1)
        x = self.crops(rng.permutation(len(self.pictures))[:6].tolist(), rng)
        net = self.ema.module.eval()
        made = [net(x, torch.full((len(x),), float(level), device=self.device))[0] for level in SHOWN]
        cells = [p for row in zip(*map(to_pixels, (x, *made)), strict=True) for p in row]
        return grid([cells[k : k + 8] for k in range(0, len(cells), 8)])

    def product(self) -> Product:
        return Product(self.ema.module, self.config)
