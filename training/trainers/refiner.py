"""Refiner: steps towards photos' faces, learnt from photos turned, lit and mirrored, and from faces that are made.

It starts each time from what the face model's own encoder says, as in use. After the first minutes of training, 180
batches of 16, PSNR of held-out faces after three passes was 21.8 dB with it, 21.6 without the slope and step before,
and 20.3 with a convolutional net that sees both pictures (ReStyle), which hardly gained from a second pass.
"""

import numpy as np
import torch
from torch import Tensor

from studio.core.errors import BadInput
from studio.jobs.spec import RefinerSpec
from studio.library.store import Library
from studio.models.face_gan import FaceGAN
from studio.models.landmarks import LandmarkNet
from studio.models.refiner import Refiner, RefinerConfig, passes
from training.augment import turned_and_lit
from training.curation import align_faces
from training.data import Pictures, grid, order, to_pixels, to_tensor
from training.ema import EMA
from training.trainer import Product, Trainer, clipped_step, cosine

MADE = 0.25  # share of faces that the model itself draws
MIXED = 0.25  # noise of a made face's styles, of each layer, in deviations
ASTRAY = 0.3  # the same of the first code, at most: other faces' first codes are farther off than training faces'
STEPS = 4  # passes
NEAR = 0.005  # weight of the squared offset: far off, steering breaks a face
SHEET = 8


class RefinerTrainer(Trainer[RefinerSpec]):
    family = "refiner"

    def __init__(self, spec: RefinerSpec, library: Library, device: torch.device) -> None:
        super().__init__(spec, library, device)
        faces, points = self.leaning_on(spec.faces, "faces"), library.load("landmarks", torch.device("cpu"))
        assert isinstance(faces, FaceGAN) and isinstance(points, LandmarkNet)
        self.faces = faces.requires_grad_(False).to(memory_format=torch.channels_last)
        generator = faces.generator
        if spec.base:
            net = self.start_from(spec.base)
            assert isinstance(net, Refiner)
            if not net.suits(generator):
                raise BadInput(f"The model '{spec.base}' is for face models unlike '{spec.faces}'; leave out --base.")
        else:
            net = Refiner(RefinerConfig(layers=generator.layers, style=len(generator.w_mean), rank=spec.rank))
        arrays = Pictures.read(spec.data, smallest=32, side=1024).arrays
        self.arrays = align_faces(arrays, faces.config.size, points)
        self.net, self.config = net.to(device), net.config
        with torch.no_grad():
            styles = generator.style(generator.drawn(torch.randn(1024, generator.config.latent, device=device)))
            self.net.mean.copy_(styles.mean(0))
            self.net.deviation.copy_(styles.std(0))
        self.ema = EMA(self.net, 4_000)
        self.optimisers = {"net": torch.optim.Adam(self.net.parameters(), lr=spec.lr, betas=(0.9, 0.99))}
        self.modules = {"net": self.net, "ema": self.ema.module}

    @torch.no_grad()
    def draw(self) -> tuple[Tensor, Tensor]:
        """Faces [B, 3, S, S], photos' and made ones, and the codes [B, layers, style] to start from."""
        batch, generator = self.spec.batch, self.faces.generator
        made = round(MADE * batch)
        chosen = order(len(self.arrays), self.seen, batch, self.spec.seed)[made:]
        photos = turned_and_lit(to_tensor([self.arrays[i] for i in chosen], self.device))
        noise = torch.randn(2 * made, generator.config.latent, device=self.device)
        coarse, fine = generator.style(generator.drawn(noise)).chunk(2)
        cut = torch.randint(generator.layers, (made, 1, 1), device=self.device)
        depth = torch.arange(generator.layers, device=self.device)[:, None]
        codes = torch.where(depth < cut, coarse[:, None], fine[:, None])
        codes = codes + MIXED * torch.randn_like(codes) * self.net.deviation
        x = torch.cat([generator.synthesize(codes).clamp(-1, 1), photos])
        start = self.faces.code(x)
        far = ASTRAY * torch.rand(batch, 1, 1, device=self.device)
        return x, start + far * torch.randn_like(start) * self.net.deviation

    def step(self) -> dict[str, float]:
        spec, optimiser = self.spec, self.optimisers["net"]
        x, code = self.draw()
        self.set_lr(optimiser, spec.lr * cosine(self.progress, floor=0.01) * min(1.0, (self.seen + 1) / 1000))
        optimiser.zero_grad(set_to_none=True)
        errors = []
        for one in passes(self.net, self.faces.generator, x, code, STEPS):
            errors.append(one.error.mean().item())
            if one.offset.requires_grad:  # the slope is the gradient of the error by the offset: go on from there
                (one.offset * one.slope).sum().div(spec.batch).add(NEAR * one.offset.square().mean()).backward()
        gradient = clipped_step(optimiser, 1.0)
        self.ema.update(self.net, spec.batch, self.seen)
        return {"first": errors[0], "once": errors[1], "last": errors[-1], "gradient": gradient}

    @torch.enable_grad()
    def sheet(self) -> np.ndarray:
        """Rows of: photos, and what is drawn of them at first and after one and all passes."""
        x = to_tensor([self.arrays[i % len(self.arrays)] for i in range(SHEET)], self.device)
        with torch.no_grad():
            code = self.faces.code(x)
        found = [one.made for one in passes(self.ema.module, self.faces.generator, x, code, STEPS)]
        return grid([list(to_pixels(row)) for row in (x, found[0], found[1], found[-1])])

    def product(self) -> Product:
        return Product(self.ema.module, self.config)
