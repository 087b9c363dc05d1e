"""Filling of what is narrow: a U-Net that corrects a smooth filling, told where the hole is.

Larger holes are for `studio.models.inpaint`; across a few px there is one likely answer, and a net trained for the
smallest difference finds it. Learnt inpainting by such a net is that of Xie et al., "Image Denoising and Inpainting
with Deep Neural Networks" (2012); the smooth start is our own.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from studio.models.inpaint import CELL, smooth_filling
from studio.models.unet import UNet


@dataclass(frozen=True, kw_only=True)
class ScratchConfig:
    """`widths` are channels at 1/2, 1/4 and 1/8 of the resolution, each with `blocks` residual blocks down and up."""

    widths: tuple[int, ...] = (32, 64, 128)
    blocks: int = 2


class ScratchNet(nn.Module):
    """Fills the hole of a picture; sides must be multiples of `multiple`."""

    def __init__(self, config: ScratchConfig) -> None:
        super().__init__()
        self.config = config
        self.body = UNet(3 + 1, 3, config.widths, config.blocks)
        self.multiple = max(self.body.multiple, CELL)

    @property
    def rim(self) -> int:
        """How far an output pixel sees, px."""
        return self.body.rim

    def forward(self, picture: Tensor, mask: Tensor) -> Tensor:
        """picture [B, 3, H, W] in [-1, 1], mask [B, 1, H, W] with 1 in the hole -> whole picture, known pixels kept."""
        start = smooth_filling(picture, mask)
        return start + self.body(torch.cat([start, mask], 1)) * mask
