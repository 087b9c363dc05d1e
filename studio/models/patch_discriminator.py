"""A discriminator that judges patches, given what the generator was given (Isola et al., "pix2pix", 2017).

Deviation: no normalisation, a pixel-unshuffle stem, and the feature maps are handed out for feature matching.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class PatchDiscriminator(nn.Module):
    """Picture and condition -> one logit a patch, [B, 1, H/8, W/8], and the feature maps."""

    def __init__(self, condition: int, width: int = 32) -> None:
        super().__init__()
        self.layers = nn.ModuleList(
            [
                nn.Conv2d(4 * (3 + condition), width, 3, padding=1),
                nn.Conv2d(width, 2 * width, 4, stride=2, padding=1),
                nn.Conv2d(2 * width, 4 * width, 4, stride=2, padding=1),
                nn.Conv2d(4 * width, 4 * width, 3, padding=1),
            ]
        )
        self.head = nn.Conv2d(4 * width, 1, 3, padding=1)

    def forward(self, picture: Tensor, condition: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Picture [B, 3, H, W] and condition [B, C, H, W]; sides must be multiples of 8."""
        x, maps = F.pixel_unshuffle(torch.cat([picture, condition], 1), 2), []
        for layer in self.layers:
            x = F.leaky_relu(layer(x), 0.2)
            maps.append(x)
        return self.head(x), maps
