"""The head that finds faces of photos: styles for each layer of a face model, which itself stays as it is.

After Richardson et al., "Encoding in Style" (pSp, 2021): offsets of every layer's style, learnt from reconstruction.
Deviations: they come from the encoder that the model was trained with, through one narrow layer; and as a few thousand
portraits are soon known by heart, each is seen a little turned and in other light, between faces that the model made.
"""

import cv2
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
MADE = 0.375  # share of a batch that the model drew itself, each of two styles
TURN, SHIFT, ZOOM = 4.0, 0.02, 0.04  # degrees, shares of the side: spread of an alignment
LIGHT, TINT = 0.15, 0.05  # spread of the gain, of all channels and of each
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
        """Portraits and made faces, [B, 3, S, S]."""
        chosen = [self.arrays[i] for i in order(len(self.arrays), self.seen, self.spec.batch, self.spec.seed)]
        made = int(MADE * len(chosen))
        x = to_tensor([varied(face, self.rng) for face in chosen[made:]], self.device)
        return torch.cat([self.drawn(made), x]) if made else x

    @torch.no_grad()
    def drawn(self, count: int) -> Tensor:
        """Faces of two styles each, one up to some layer and the other from there on: as far apart as photos' are."""
        generator = self.net.generator
        first, second = generator.style(
            generator.drawn(torch.randn(2 * count, self.net.config.latent, device=self.device))
        ).chunk(2)
        cut = torch.from_numpy(self.rng.integers(1, generator.layers + 1, count)).to(self.device)
        later = torch.arange(generator.layers, device=self.device) >= cut[:, None]
        return generator.synthesize(torch.where(later[..., None], second[:, None], first[:, None])).clamp(-1, 1)

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


def varied(face: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """uint8 [S, S, 3] mirrored half the time, a little turned, moved and enlarged, and in other light."""
    side = len(face)
    turn = cv2.getRotationMatrix2D((side / 2, side / 2), rng.normal(0, TURN / 2), 1 + rng.normal(0, ZOOM / 2))
    turn[:, 2] += rng.normal(0, SHIFT / 2, 2) * side
    face = face[:, ::-1] if rng.random() < 0.5 else face
    face = cv2.warpAffine(
        np.ascontiguousarray(face), turn, (side, side), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101
    )
    gain = rng.normal(1, LIGHT / 2) * rng.normal(1, TINT / 2, 3)
    return (face * gain).clip(0, 255).astype(np.uint8)
