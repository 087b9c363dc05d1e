"""Restoration net: L1 on pictures made worse by known levels; its judge learns those levels from the same pictures."""

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from studio.jobs.spec import RestoreSpec
from studio.library.store import Library
from studio.models.restore import RestoreConfig, RestoreNet
from training.augment import toned
from training.data import Pictures, grid, order, random_crop, to_pixels, to_tensor
from training.degrade import Wear, blurred, degraded, noisy
from training.ema import EMA
from training.metrics import jpeg
from training.trainer import Product, Trainer, check_multiple, cosine, descend

TONED = 0.15  # share of crops that look like an old print
SHOWN = (Wear(noise=25), Wear(noise=50), Wear(quality=15), Wear(blur=1.6), Wear(noise=15, quality=50, blur=1))


class RestoreTrainer(Trainer[RestoreSpec]):
    family = "restore"

    def __init__(self, spec: RestoreSpec, library: Library, device: torch.device) -> None:
        super().__init__(spec, library, device)
        width = spec.width
        fresh = RestoreConfig(widths=(width, 2 * width, 4 * width))
        net = self.start_from(spec.base) if spec.base else RestoreNet(fresh)
        assert isinstance(net, RestoreNet)
        check_multiple(spec.size, net.multiple)
        self.net, self.config = net.to(device).to(memory_format=torch.channels_last), net.config
        self.pictures = Pictures.read(spec.data, smallest=64, side=1024)
        self.ema = EMA(self.net, 10_000)
        self.optimisers = {"net": torch.optim.Adam(self.net.parameters(), lr=spec.lr, betas=(0.9, 0.99))}
        self.modules = {"net": self.net, "ema": self.ema.module}

    def draw(self, indices: list[int], rng: np.random.Generator) -> tuple[Tensor, Tensor, Tensor]:
        """Worse and clean crops [B, 3, S, S], and the levels [B, 3] of what was done."""
        crops = [random_crop(self.pictures.arrays[i], self.spec.size, rng, zoom=(1.0, 1.8)) for i in indices]
        crops = [np.ascontiguousarray(toned(crop, rng) if rng.random() < TONED else crop) for crop in crops]
        found = [degraded(crop, rng) for crop in crops]
        levels = torch.tensor([wear.levels for _, wear in found], device=self.device)
        return to_tensor([worse for worse, _ in found], self.device), to_tensor(crops, self.device), levels

    def step(self) -> dict[str, float]:
        spec = self.spec
        worse, clean, levels = self.draw(order(len(self.pictures), self.seen, spec.batch, spec.seed), self.rng)
        self.set_lr(self.optimisers["net"], spec.lr * cosine(self.progress, floor=0.01))
        losses = {
            "l1": (self.net(worse, levels) - clean).abs().mean(),
            "judge": 0.05 * F.l1_loss(self.net.judge(worse).float(), levels),
        }
        result = descend(self.optimisers["net"], losses, clip=1.0)
        self.ema.update(self.net, spec.batch, self.seen)
        return result

    @torch.no_grad()
    def sheet(self) -> np.ndarray:
        """A row a picture: worse and restored for each of SHOWN, and the original."""
        rng = np.random.default_rng(1)
        picks = rng.permutation(len(self.pictures))[:6]
        rows = []
        for index in picks:
            clean = np.ascontiguousarray(random_crop(self.pictures.arrays[index], self.spec.size, rng))
            worse = [self._worse(clean, wear, rng) for wear in SHOWN]
            levels = torch.tensor([wear.levels for wear in SHOWN], device=self.device)
            made = to_pixels(self.ema.module(to_tensor(worse, self.device), levels))
            rows.append([cell for pair in zip(worse, made, strict=True) for cell in pair] + [clean])
        return grid(rows)

    @staticmethod
    def _worse(clean: np.ndarray, wear: Wear, rng: np.random.Generator) -> np.ndarray:
        soft = blurred(clean, wear, rng) if wear.blur else clean
        return jpeg(noisy(soft, wear, rng), wear.quality)

    def product(self) -> Product:
        return Product(self.ema.module, self.config)
