"""The head that finds faces of photos: styles for each layer of a face model, which itself stays as it is.

After Richardson et al., "Encoding in Style" (pSp, 2021): offsets of every layer's style, learnt from reconstruction.
Deviation: they come from the encoder that the model was trained with, through one narrow layer.
"""

import numpy as np
import torch
from torch import Tensor

from studio.jobs.spec import EncoderSpec
from studio.library.store import Library
from studio.models.face_gan import FaceGAN
from studio.models.landmarks import LandmarkNet
from training.curation import align_faces
from training.data import Pictures, grid, order, to_pixels, to_tensor
from training.ema import EMA
from training.losses import pyramid_l1
from training.trainer import Product, Trainer, cosine, descend

NEAR = 0.02  # weight of the squared offset, in units of a style's own deviation: far off, steering breaks a face
SHEET = 8


class EncoderTrainer(Trainer[EncoderSpec]):
    family = "faces"

    def __init__(self, spec: EncoderSpec, library: Library, device: torch.device) -> None:
        super().__init__(spec, library, device)
        net = self.start_from(spec.base)
        assert isinstance(net, FaceGAN)
        self.net = net.rebuilt(offsets=spec.rank).to(memory_format=torch.channels_last).requires_grad_(False)
        self.net.offsets.requires_grad_(True)
        points = library.load("landmarks", torch.device("cpu"))
        assert isinstance(points, LandmarkNet)
        arrays = Pictures.read(spec.data, smallest=32, side=1024).arrays
        self.arrays = align_faces(arrays, self.net.config.size, points)
        with torch.no_grad():
            noise = torch.randn(1024, self.net.config.latent, device=device)
            self.deviation = self.net.generator.style(self.net.generator.drawn(noise)).std(0)
        self.ema = EMA(self.net, 4_000)
        self.optimiser = torch.optim.Adam(self.net.offsets.parameters(), lr=spec.lr)
        self.optimisers = {"offsets": self.optimiser}
        self.modules = {"net": self.net, "ema": self.ema.module}

    def batch(self) -> Tensor:
        chosen = [self.arrays[i] for i in order(len(self.arrays), self.seen, self.spec.batch, self.spec.seed)]
        return to_tensor([a[:, ::-1] if self.rng.random() < 0.5 else a for a in chosen], self.device)

    def step(self) -> dict[str, float]:
        x = self.batch()
        self.set_lr(self.optimiser, self.spec.lr * cosine(self.progress) * min(1.0, (self.seen + 1) / 2000))
        code = self.net.code(x)
        offset = (code - code.mean(1, keepdim=True)).float() / self.deviation
        losses = {
            "reconstruction": pyramid_l1(self.net.generator.synthesize(code), x, levels=4),
            "offset": NEAR * offset.square().mean(),
        }
        result = descend(self.optimiser, losses)
        self.ema.update(self.net, self.spec.batch, self.seen)
        return result

    @torch.no_grad()
    def sheet(self) -> np.ndarray:
        """Rows of: photos, what the latent alone says of them, what the head adds."""
        net, x = self.ema.module, to_tensor([self.arrays[i % len(self.arrays)] for i in range(SHEET)], self.device)
        rows = (x, net.generator(net.encoder(x)), net.generator.synthesize(net.code(x)))
        return grid([list(to_pixels(row)) for row in rows])

    def product(self) -> Product:
        return Product(self.ema.module, self.net.config)
