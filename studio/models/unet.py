"""A plain U-Net of residual blocks behind a pixel-unshuffle: what the nets that look at damage have in common.

After Ronneberger et al., "U-Net" (2015), with the residual blocks and the absence of norms of Zhang et al., "Plug-and-
Play Image Restoration" (DRUNet, 2021). The first stage works at half the resolution (Shi et al., 2016), as on a CPU
most of the time would go into full-resolution maps.
"""

import itertools

from torch import Tensor, nn
from torch.nn import functional as F


class Residual(nn.Module):
    """x + two 3x3 convolutions; the second starts at zero. `bent`: an activation before the first one, too."""

    def __init__(self, channels: int, bent: bool) -> None:
        super().__init__()
        self.bent = bent
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1)
        nn.init.zeros_(self.conv2.weight)

    def forward(self, x: Tensor) -> Tensor:
        y = F.leaky_relu(x, 0.2) if self.bent else x
        return x + self.conv2(F.leaky_relu(self.conv1(y), 0.2))


class UNet(nn.Module):
    """[B, inputs, H, W] -> [B, outputs, H, W], sides multiples of `multiple`; `widths` are channels at 1/2, 1/4, ...

    The output starts at zero. `bent` makes the path through the stages less linear: better to tell things apart, and
    not needed to restore pictures.
    """

    def __init__(self, inputs: int, outputs: int, widths: tuple[int, ...], blocks: int, *, bent: bool = False) -> None:
        super().__init__()
        self.bent = bent
        self.multiple = 2 ** len(widths)
        strides = [2 ** (stage + 1) for stage in range(len(widths))]
        seen = 4 + sum(4 * blocks * stride for stride in strides) - 2 * blocks * strides[-1] + sum(strides[1:])
        self.rim = seen + -seen % self.multiple  # how far an output pixel sees, px
        steps = list(itertools.pairwise(widths))
        self.stem = nn.Conv2d(4 * inputs, widths[0], 3, padding=1)
        self.enter = nn.ModuleList(self._stage(width, blocks) for width in widths)
        self.down = nn.ModuleList(nn.Conv2d(a, b, 2, stride=2) for a, b in steps)
        self.up = nn.ModuleList(nn.Conv2d(b, a, 1) for a, b in steps)
        self.leave = nn.ModuleList(self._stage(width, blocks) for width in widths[:-1])
        self.head = nn.Conv2d(widths[0], 4 * outputs, 3, padding=1)
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)  # pyright: ignore[reportArgumentType]

    def _stage(self, width: int, blocks: int) -> nn.Sequential:
        return nn.Sequential(*(Residual(width, self.bent) for _ in range(blocks)))

    def forward(self, x: Tensor) -> Tensor:
        x = self.enter[0](self.stem(F.pixel_unshuffle(x, 2)))
        kept = []
        for down, enter in zip(self.down, self.enter[1:], strict=True):
            kept.append(x)
            x = enter(down(x))
        for up, leave, skip in zip(self.up[::-1], self.leave[::-1], kept[::-1], strict=True):
            x = leave(skip + F.interpolate(up(x), scale_factor=2, mode="bilinear", align_corners=False))
        return F.pixel_shuffle(self.head(x), 2)
