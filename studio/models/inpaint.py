"""Inpainting: a dense U-Net behind a pixel-unshuffle, dilated at the bottom so that a hole sees past its rim.

Masks and losses follow Suvorov et al., "Resolution-robust Large Mask Inpainting" (LaMa, 2022), with dilated instead of
Fourier convolutions; patch discriminator after Isola et al. (2017). The net adds to a smooth filling, so that colours
join from the first step.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F


@dataclass(frozen=True, kw_only=True)
class InpaintConfig:
    """`width` channels at 1/2 resolution, doubled at 1/4 and 1/8; one residual block a dilation at 1/8."""

    width: int = 32
    dilations: tuple[int, ...] = (1, 2, 4, 8, 1)


class Residual(nn.Module):
    """x + two 3x3 convolutions, the first dilated; the second starts at zero."""

    def __init__(self, channels: int, dilation: int = 1) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=dilation, dilation=dilation, padding_mode="replicate")
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, padding_mode="replicate")
        nn.init.zeros_(self.conv2.weight)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.conv2(F.leaky_relu(self.conv1(F.leaky_relu(x, 0.2)), 0.2))


class InpaintNet(nn.Module):
    """Fills the hole of a picture; sides must be multiples of `multiple`."""

    multiple = 8

    def __init__(self, config: InpaintConfig) -> None:
        super().__init__()
        self.config = config
        c = config.width
        self.stem = nn.Conv2d(16, c, 3, padding=1, padding_mode="replicate")
        self.enter = Residual(c)
        self.down1, self.middle1 = nn.Conv2d(c, 2 * c, 2, stride=2), Residual(2 * c)
        self.down2 = nn.Conv2d(2 * c, 4 * c, 2, stride=2)
        self.bottom = nn.Sequential(*(Residual(4 * c, d) for d in config.dilations))
        self.up2, self.middle2 = nn.Conv2d(4 * c, 2 * c, 1), Residual(2 * c)
        self.up1, self.leave = nn.Conv2d(2 * c, c, 1), Residual(c)
        self.head = nn.Conv2d(c, 12, 3, padding=1, padding_mode="replicate")
        nn.init.zeros_(self.head.weight)

    def forward(self, picture: Tensor, mask: Tensor) -> Tensor:
        """picture [B, 3, H, W] in [-1, 1], mask [B, 1, H, W] with 1 in the hole -> whole picture, known pixels kept."""
        start = push_pull(picture, mask)
        x = F.pixel_unshuffle(torch.cat([start, mask], 1), 2)  # [B, 16, H/2, W/2]
        a = self.enter(self.stem(x))
        b = self.middle1(self.down1(a))  # [B, 2c, H/4, W/4]
        y = self.bottom(self.down2(b))  # [B, 4c, H/8, W/8]
        y = self.middle2(self.up2(upsample(y)) + b)
        y = self.leave(self.up1(upsample(y)) + a)
        filled = F.pixel_shuffle(self.head(F.leaky_relu(y, 0.2)), 2)
        return start + filled * mask


def push_pull(picture: Tensor, mask: Tensor) -> Tensor:
    """Fill the hole smoothly from ever coarser averages of what is known; the rest is kept (Gortler et al., 1996)."""
    weight = 1 - mask
    levels = [(picture * weight, weight)]
    while max(levels[-1][0].shape[2:]) > 1:
        levels.append(tuple(F.avg_pool2d(part, 2, ceil_mode=True) for part in levels[-1]))  # pyright: ignore
    colours, weight = levels.pop()
    filled = colours / weight.clamp_min(1e-6)
    for colours, weight in reversed(levels):
        coarse = F.interpolate(filled, size=colours.shape[2:], mode="bilinear", align_corners=False)
        filled = colours + (1 - weight) * coarse
    return filled


def upsample(x: Tensor) -> Tensor:
    return F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)


class PatchDiscriminator(nn.Module):
    """Picture and mask -> one logit a patch, [B, 1, H/8, W/8]; also the feature maps, for feature matching."""

    def __init__(self, width: int = 32) -> None:
        super().__init__()
        self.layers = nn.ModuleList(
            [
                nn.Conv2d(16, width, 3, padding=1),
                nn.Conv2d(width, 2 * width, 4, stride=2, padding=1),
                nn.Conv2d(2 * width, 4 * width, 4, stride=2, padding=1),
                nn.Conv2d(4 * width, 4 * width, 3, padding=1),
            ]
        )
        self.head = nn.Conv2d(4 * width, 1, 3, padding=1)

    def forward(self, picture: Tensor, mask: Tensor) -> tuple[Tensor, list[Tensor]]:
        x, maps = F.pixel_unshuffle(torch.cat([picture, mask], 1), 2), []
        for layer in self.layers:
            x = F.leaky_relu(layer(x), 0.2)
            maps.append(x)
        return self.head(x), maps


class InpaintGAN(nn.Module):
    """The net and its discriminator in one file, so that a fine-tune goes on where the training stopped."""

    def __init__(self, config: InpaintConfig) -> None:
        super().__init__()
        self.config = config
        self.net = InpaintNet(config)
        self.discriminator = PatchDiscriminator()

    def forward(self, picture: Tensor, mask: Tensor) -> Tensor:
        return self.net(picture, mask)
