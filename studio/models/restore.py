"""Restoration: one net takes away noise, JPEG's blocks and blur, as much of each as it is told.

The levels come as maps beside the picture, as in Zhang et al., "FFDNet" (2018), three of them instead of one, and a
small second net judges them where nobody knows, as in Guo et al., "Toward Convolutional Blind Denoising" (CBDNet,
2019), one number a picture instead of a map. The body is a U-Net where FFDNet is flat, so it sees further.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from studio.models.unet import UNet

LEVELS = ("noise", "jpeg", "blur")
SPANS = (50.0, 100.0, 3.0)  # what a level of 1 is: noise sigma in levels of 255; 100 - JPEG quality; blur sigma in px


@dataclass(frozen=True, kw_only=True)
class RestoreConfig:
    """`widths` are channels at 1/2, 1/4 and 1/8 of the resolution, each with `blocks` residual blocks down and up."""

    widths: tuple[int, ...] = (32, 64, 128)
    blocks: int = 2
    judge: int = 32


class Judge(nn.Module):
    """[B, 3, H, W] -> levels [B, 3] from 0 up: mean and spread of features at 1/8 of the resolution."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(12, width, 3, padding=1),
            nn.LeakyReLU(0.2),
            nn.Conv2d(width, width, 3, stride=2, padding=1),
            nn.LeakyReLU(0.2),
            nn.Conv2d(width, 2 * width, 3, stride=2, padding=1),
            nn.LeakyReLU(0.2),
        )
        self.read = nn.Sequential(
            nn.Linear(4 * width, 2 * width), nn.LeakyReLU(0.2), nn.Linear(2 * width, len(LEVELS)), nn.Softplus()
        )

    def forward(self, x: Tensor) -> Tensor:
        maps = self.features(F.pixel_unshuffle(x, 2)).flatten(2).float()  # [B, 2w, N]
        return self.read(torch.cat([maps.mean(2), (maps.var(2, correction=0) + 1e-6).sqrt()], 1))


class RestoreNet(nn.Module):
    """Sides must be multiples of `multiple`."""

    def __init__(self, config: RestoreConfig) -> None:
        super().__init__()
        self.config = config
        self.body = UNet(3 + len(LEVELS), 3, config.widths, config.blocks)
        self.judge = Judge(config.judge)

    @property
    def multiple(self) -> int:
        return self.body.multiple

    @property
    def rim(self) -> int:
        """How far an output pixel sees, px."""
        return self.body.rim

    def forward(self, x: Tensor, levels: Tensor) -> Tensor:
        """x [B, 3, H, W] in [-1, 1] and levels [B, 3] or [B, 3, H, W], 1 for a span of SPANS -> [B, 3, H, W]."""
        maps = levels[..., None, None] if levels.dim() == 2 else levels
        return x + self.body(torch.cat([x, maps.expand(-1, -1, *x.shape[2:]).to(x.dtype)], 1))
