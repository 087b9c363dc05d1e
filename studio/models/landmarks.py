"""Facial landmarks: a small hourglass that gives one heat map a point, read by a soft argmax.

After Newell et al., "Stacked Hourglass Networks" (2016), one stack of it; the soft argmax after Sun et al., "Integral
Human Pose Regression" (2018). Deviation: pixel-unshuffle in place of a strided stem.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

# The MediaPipe face mesh's indices of what is found, group by group; left is the picture's left.
GROUPS: dict[str, tuple[int, ...]] = {
    "upper_oval": (10, 338, 297, 332, 284, 251, 389, 356, 454, 234, 127, 162, 21, 54, 103, 67, 109),
    "lower_oval": (323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176, 149, 150, 136, 172, 58, 132, 93),
    "left_brow": (70, 63, 105, 66, 107),
    "right_brow": (336, 296, 334, 293, 300),
    "left_eye": (33, 160, 158, 133, 153, 144),
    "right_eye": (362, 385, 387, 263, 373, 380),
    "irises": (468, 473),
    "nose": (168, 6, 197, 195, 4, 1, 98, 97, 2, 326, 327),
    "outer_lips": (61, 39, 37, 0, 267, 269, 291, 405, 314, 17, 84, 181),
    "inner_lips": (78, 81, 13, 311, 308, 402, 14, 178),
}
MESH = tuple(index for group in GROUPS.values() for index in group)


@dataclass(frozen=True, kw_only=True)
class LandmarkConfig:
    """`points` are the mesh's indices in the order of the output; `widths` the channels at 1/4, 1/8 and 1/16."""

    size: int = 128
    points: tuple[int, ...] = MESH
    widths: tuple[int, int, int] = (64, 96, 128)


class Residual(nn.Module):
    """x + two 3x3 convolutions; the second starts at zero."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1)
        nn.init.zeros_(self.conv2.weight)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.conv2(F.leaky_relu(self.conv1(F.leaky_relu(x, 0.2)), 0.2))


class LandmarkNet(nn.Module):
    """A face of `config.size` px -> its points. `mean_shape` [P, 2] is where they lie on average in aligned faces."""

    mean_shape: Tensor

    def __init__(self, config: LandmarkConfig) -> None:
        super().__init__()
        self.config = config
        a, b, c = config.widths
        self.stem, self.fine = nn.Conv2d(48, a, 3, padding=1), Residual(a)
        self.down1, self.middle = nn.Conv2d(a, b, 2, stride=2), Residual(b)
        self.down2, self.coarse = nn.Conv2d(b, c, 2, stride=2), Residual(c)
        self.up1, self.middle_again = nn.Conv2d(c, b, 1), Residual(b)
        self.up2, self.fine_again = nn.Conv2d(b, a, 1), Residual(a)
        self.head = nn.Conv2d(a, len(config.points), 1)
        self.register_buffer("mean_shape", torch.full((len(config.points), 2), 0.5))

    def heat(self, x: Tensor) -> Tensor:
        """[B, 3, size, size] in [-1, 1] -> logits [B, P, size/4, size/4]."""
        fine = self.fine(self.stem(F.pixel_unshuffle(x, 4)))  # [B, a, S/4, S/4]
        middle = self.middle(self.down1(fine))  # [B, b, S/8, S/8]
        y = self.coarse(self.down2(middle))  # [B, c, S/16, S/16]
        y = self.middle_again(self.up1(upsample(y)) + middle)
        y = self.fine_again(self.up2(upsample(y)) + fine)
        return self.head(F.leaky_relu(y, 0.2))

    def forward(self, x: Tensor) -> Tensor:
        """[B, 3, size, size] in [-1, 1] -> points [B, P, 2] as shares of the side, x before y."""
        heat = self.heat(x).float()
        side = heat.shape[-1]
        weight = heat.flatten(2).softmax(-1).unflatten(2, (side, side))  # [B, P, S/4, S/4]
        centres = (torch.arange(side, device=x.device) + 0.5) / side
        return torch.stack([weight.sum(2) @ centres, weight.sum(3) @ centres], -1)

    @torch.no_grad()
    def locate(self, rgb: np.ndarray) -> np.ndarray:
        """uint8 [size, size, 3] -> points [P, 2] as shares of the side."""
        x = torch.from_numpy(np.ascontiguousarray(rgb)).to(self.mean_shape.device)
        return self(x.permute(2, 0, 1)[None].float() / 127.5 - 1)[0].cpu().numpy()


def upsample(x: Tensor) -> Tensor:
    return F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)
