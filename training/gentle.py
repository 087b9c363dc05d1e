"""Fine-tuning on few pictures: layers that stay, weights held near the base's, and a watch on the samples' variety.

Freezing after Mo et al., "Freeze the Discriminator" (FreezeD, 2020); the pull towards the base is L2-SP (Li et al.,
2018).
"""

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from studio.models.face_gan import FaceGAN
from studio.models.perceptual import PerceptualEncoder
from training.data import opaque, to_tensor

GRID = 4  # cells along a side in which pictures are compared
SEEN_AT = 64  # px


def low_stages(net: FaceGAN, size: int) -> Iterator[nn.Parameter]:
    """Parameters of the generator's stages below `size` px, its styles among them, and of the discriminator's and the
    encoder's below twice that: what knows how faces are built, while the rest knows how they look."""
    if size <= 4:
        return
    generator = net.generator
    yield from (generator.constant, *generator.mapping.parameters(), *generator.entry.parameters())
    for index, block in enumerate(generator.blocks):
        if 4 * 2**index < size:
            yield from block.parameters()
    trunk = net.discriminator
    yield from (*trunk.last.parameters(),)
    for index, block in enumerate(trunk.blocks):  # their sizes fall from half the picture's
        if net.config.size // 2 ** (index + 1) < 2 * size:
            yield from block.parameters()


class Anchor:
    """The pull of a net's weights towards what they were: weight / 2 * |difference|^2, as decay after each step."""

    def __init__(self, module: nn.Module, weight: float) -> None:
        self.weight = weight
        self.pairs = [(p, p.detach().clone()) for p in module.parameters()] if weight else []

    @torch.no_grad()
    def pull(self, lr: float) -> None:
        for parameter, before in self.pairs:
            parameter.lerp_(before, min(1.0, lr * self.weight))


class Variety:
    """How much pictures differ from each other: the mean distance of pairs in a fixed encoder's normalised features.

    Zhang et al. ("LPIPS", 2018) compare so, but with weights learned from people's judgement.
    """

    def __init__(self, encoder: PerceptualEncoder, real: Sequence[np.ndarray]) -> None:
        self.encoder = encoder
        device = next(encoder.parameters()).device
        self.real = self.spread(to_tensor(real, device)) if len(real) > 1 else 0.0

    @torch.no_grad()
    def spread(self, x: Tensor) -> float:
        """[N, 3 or 4, S, S] -> the mean distance of the pairs."""
        x = opaque(x)
        if x.shape[-1] > SEEN_AT:
            x = F.interpolate(x.float(), (SEEN_AT, SEEN_AT), mode="bilinear", antialias=True, align_corners=False)
        maps = [F.normalize(m.float(), dim=1) for m in self.encoder(x)[-2:]]
        points = torch.cat([F.adaptive_avg_pool2d(m, GRID).flatten(1) / GRID for m in maps], 1)
        return float(torch.pdist(points).mean())

    def share(self, made: Tensor) -> float:
        """Variety of made pictures over that of the real ones; 1 where these have none."""
        return self.spread(made) / self.real if self.real > 1e-3 else 1.0
