"""Damage detection: scratches, cracks, dust, stains, folds and tears of prints, as a probability a pixel.

The task is that of Wan et al., "Bringing Old Photos Back to Life" (2020), the net a U-Net as theirs. Deviation: besides
the colours it sees top-hats of the grey picture at two scales, which hold what is narrower than their window and
brighter or darker than its surroundings: scratches are nearly found by these alone. And what it makes of a place
depends on the whole picture, as damage is of one sort in many places, and a sound picture has none.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from studio.models.unet import UNet

WINDOWS = (5, 15)  # px, of the top-hats
WEIGHTS = 0.6, 0.4  # of the picture and of the picture at half its size


@dataclass(frozen=True, kw_only=True)
class DamageConfig:
    """`widths` are channels at 1/2, 1/4, 1/8 ... of the resolution, each with `blocks` residual blocks.

    `wide`: how many blocks of wide kernels each stage has, on the way up, instead of those; 0 for none. It is empty in
    nets from before there were any, which do not look at the whole picture either.
    """

    widths: tuple[int, ...] = (32, 64, 96, 128)
    blocks: int = 1
    wide: tuple[int, ...] = ()


class Wide(nn.Module):
    """x + a 7x7 convolution within channels and two across them; the last starts at zero.

    Liu et al., "A ConvNet for the 2020s" (2022); without norms, as all of the net.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.within = nn.Conv2d(channels, channels, 7, padding=3, groups=channels)
        self.across = nn.Conv2d(channels, 2 * channels, 1)
        self.back = nn.Conv2d(2 * channels, channels, 1)
        silence(self.back)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.back(F.leaky_relu(self.across(self.within(x)), 0.2))


class Context(nn.Module):
    """x + what the means of its channels over the picture tell, the same everywhere; at first nothing.

    Cao et al., "GCNet" (2019), with plain means.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.across = nn.Conv2d(channels, channels // 2, 1)
        self.back = nn.Conv2d(channels // 2, channels, 1)
        silence(self.back)

    def forward(self, x: Tensor) -> Tensor:
        means = F.leaky_relu(x, 0.2).mean((2, 3), keepdim=True)
        return x + self.back(F.leaky_relu(self.across(means), 0.2))


def silence(layer: nn.Module) -> None:
    """Let a layer give zeros, until it has learned."""
    for parameter in layer.parameters():
        nn.init.zeros_(parameter)


class DamageNet(nn.Module):
    """[B, 3, H, W] in [-1, 1] -> logits [B, 1, H, W]; sides must be multiples of `multiple`."""

    def __init__(self, config: DamageConfig) -> None:
        super().__init__()
        self.config = config
        self.body = UNet(3 + 2 * len(WINDOWS), 1, config.widths, config.blocks, bent=True)
        for layer in (self.body.stem, *self.body.down, *self.body.up):
            nn.init.kaiming_normal_(layer.weight, 0.2)  # pyright: ignore[reportArgumentType]
        for stage, (width, count) in enumerate(zip(config.widths, config.wide, strict=False)):
            ways = self.body.leave if stage < len(self.body.leave) else self.body.enter  # the deepest is left by none
            if count:
                ways[stage] = nn.Sequential(*(Wide(width) for _ in range(count)))
            for way in dict.fromkeys((self.body.enter[stage], ways[stage])):
                way.append(Context(width))  # pyright: ignore[reportCallIssue]

    @property
    def multiple(self) -> int:
        return 2 * self.body.multiple

    def forward(self, x: Tensor) -> Tensor:
        views = self.view(x), self.view(F.avg_pool2d(x, 2))
        half = F.interpolate(views[1], scale_factor=2, mode="bilinear", align_corners=False)
        return WEIGHTS[0] * views[0] + WEIGHTS[1] * half

    def view(self, x: Tensor) -> Tensor:
        """What is said of [B, 3, H, W] seen once; logits [B, 1, H, W]."""
        weights = torch.tensor([0.299, 0.587, 0.114], device=x.device, dtype=x.dtype).view(1, 3, 1, 1)
        grey = (x * weights).sum(1, keepdim=True)
        both = torch.cat([grey, -grey], 1).contiguous()
        tints = x[:, ::2] - grey  # red and blue, [B, 2, H, W]
        return self.body(torch.cat([grey, tints, *(4 * top_hat(both, side) for side in WINDOWS)], 1))


def top_hat(x: Tensor, side: int) -> Tensor:
    """What of [B, C, H, W] is brighter than around it and narrower than a window of `side` px; from 0 up."""
    return x - dilated(-dilated(-x, side), side)


def dilated(x: Tensor, side: int) -> Tensor:
    """The maximum over a window of `side` px; by doubling, as pooling takes ten times as long."""
    half = side // 2
    for dim in (2, 3):
        x = F.pad(x, (half, half, 0, 0) if dim == 3 else (0, 0, half, half), mode="replicate")
        reach = 1
        while reach < side:
            step = min(reach, side - reach)
            length = x.shape[dim] - step
            x = torch.maximum(x.narrow(dim, 0, length), x.narrow(dim, step, length))
            reach += step
    return x
