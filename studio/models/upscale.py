"""Super-resolution: residual blocks at the small size, sub-pixel convolution, on top of bicubic interpolation.

After Lim et al., "Enhanced Deep Residual Networks" (EDSR, 2017), much narrower, and Shi et al., "Efficient Sub-Pixel
Convolution" (2016). Deviation: the net adds to a bicubic enlargement instead of to the first features alone.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from studio.models.patch_discriminator import PatchDiscriminator


@dataclass(frozen=True, kw_only=True)
class UpscaleConfig:
    """`scale` is how many times larger a side becomes; `soften` is how much of each pixel its neighbours first replace.

    At 0.5 nothing is left of the pattern that sub-pixel convolutions leave in made pictures.
    """

    scale: int = 2
    width: int = 48
    blocks: int = 8
    soften: float = 0.0


class Residual(nn.Module):
    """x + two 3x3 convolutions; the second starts at zero."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(width, width, 3, padding=1)
        self.conv2 = nn.Conv2d(width, width, 3, padding=1)
        nn.init.zeros_(self.conv2.weight)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.conv2(F.leaky_relu(self.conv1(x), 0.2))


class UpscaleNet(nn.Module):
    """[B, 3, H, W] in [-1, 1] -> [B, 3, scale * H, scale * W] in about [-1, 1]."""

    def __init__(self, config: UpscaleConfig) -> None:
        super().__init__()
        self.config = config
        self.stem = nn.Conv2d(3, config.width, 3, padding=1)
        self.blocks = nn.Sequential(*(Residual(config.width) for _ in range(config.blocks)))
        self.join = nn.Conv2d(config.width, config.width, 3, padding=1)
        self.head = nn.Conv2d(config.width, 3 * config.scale**2, 3, padding=1)
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)  # pyright: ignore[reportArgumentType]

    @property
    def rim(self) -> int:
        """How far an output pixel sees, in px of the small picture."""
        return 2 * self.config.blocks + 4

    def forward(self, x: Tensor) -> Tensor:
        x = softened(x, self.config.soften) if self.config.soften else x
        first = self.stem(x)
        y = first + self.join(self.blocks(first))
        return enlarged(x, self.config.scale) + F.pixel_shuffle(self.head(F.leaky_relu(y, 0.2)), self.config.scale)


def softened(x: Tensor, share: float) -> Tensor:
    """Each pixel of [B, C, H, W] mixed with its neighbours' mean, across and down."""
    line = torch.tensor([share / 2, 1 - share, share / 2], dtype=x.dtype, device=x.device)
    kernel = torch.outer(line, line).expand(x.shape[1], 1, 3, 3)
    return F.conv2d(F.pad(x, (1, 1, 1, 1), mode="replicate"), kernel, groups=x.shape[1])


def enlarged(x: Tensor, scale: int) -> Tensor:
    """Bicubic interpolation."""
    return F.interpolate(x, scale_factor=scale, mode="bicubic", align_corners=False)


class UpscaleGAN(nn.Module):
    """The net and its discriminator in one file, so that a fine-tune goes on where the training stopped."""

    def __init__(self, config: UpscaleConfig) -> None:
        super().__init__()
        self.config = config
        self.net = UpscaleNet(config)
        self.discriminator = PatchDiscriminator(condition=3)

    def forward(self, x: Tensor) -> Tensor:
        return self.net(x)
