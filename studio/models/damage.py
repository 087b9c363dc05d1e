"""Damage detection: scratches, cracks, dust, stains, folds and tears of prints, as a probability a pixel.

The task is that of Wan et al., "Bringing Old Photos Back to Life" (2020), the net a U-Net as theirs. Deviation: besides
the colours it sees top-hats of the grey picture at two scales, which hold what is narrower than their window and
brighter or darker than its surroundings: scratches are nearly found by these alone.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from studio.models.unet import UNet

WINDOWS = (5, 15)  # px, of the top-hats


@dataclass(frozen=True, kw_only=True)
class DamageConfig:
    """`widths` are channels at 1/2, 1/4, 1/8 ... of the resolution, each with `blocks` residual blocks."""

    widths: tuple[int, ...] = (32, 64, 96, 128)
    blocks: int = 1


class DamageNet(nn.Module):
    """[B, 3, H, W] in [-1, 1] -> logits [B, 1, H, W]; sides must be multiples of `multiple`."""

    def __init__(self, config: DamageConfig) -> None:
        super().__init__()
        self.config = config
        self.body = UNet(3 + 2 * len(WINDOWS), 1, config.widths, config.blocks, bent=True)
        for layer in (self.body.stem, *self.body.down, *self.body.up):
            nn.init.kaiming_normal_(layer.weight, 0.2)  # pyright: ignore[reportArgumentType]

    @property
    def multiple(self) -> int:
        return self.body.multiple

    def forward(self, x: Tensor) -> Tensor:
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
