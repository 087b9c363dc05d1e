"""Perceptual encoder: a small plain-VGG-shaped net whose features stand in for what the eye compares.

After Simonyan & Zisserman, "Very Deep Convolutional Networks" (2015), and Gatys et al. (2016) for average pooling.
Deviations: four narrow stages, replicate padding, and a dilated last stage that keeps 1/8 resolution.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F


@dataclass(frozen=True, kw_only=True)
class PerceptualConfig:
    """`channels` and `convolutions` a stage; `classes` of the auxiliary label head, 0 for none."""

    channels: tuple[int, ...] = (32, 64, 128, 192)
    convolutions: tuple[int, ...] = (1, 2, 2, 3)


class PerceptualEncoder(nn.Module):
    """Features of a picture at 1/1, 1/2, 1/4 and 1/8 resolution, each normalised by statistics taken on data."""

    def __init__(self, config: PerceptualConfig) -> None:
        super().__init__()
        self.config = config
        stages, incoming = [], 3
        last = len(config.channels) - 1
        for index, (channels, count) in enumerate(zip(config.channels, config.convolutions, strict=True)):
            layers: list[nn.Module] = []
            for _ in range(count):
                dilation = 2 if index == last else 1
                conv = nn.Conv2d(incoming, channels, 3, padding=dilation, dilation=dilation, padding_mode="replicate")
                nn.init.kaiming_normal_(conv.weight, nonlinearity="relu")
                nn.init.constant_(conv.bias, 0.0)  # pyright: ignore[reportArgumentType]
                layers += [conv, nn.ReLU()]
                incoming = channels
            stages.append(nn.Sequential(*layers))
        self.stages = nn.ModuleList(stages)
        for index, channels in enumerate(config.channels):
            self.register_buffer(f"scale{index}", torch.ones(channels))

    def raw(self, x: Tensor) -> list[Tensor]:
        """[B, 3, H, W] in [-1, 1] -> a feature map a stage, [B, C_i, H / 2^i, W / 2^i], not normalised."""
        maps = []
        for index, stage in enumerate(self.stages):
            x = stage(F.avg_pool2d(x, 2) if index else x)
            maps.append(x)
        return maps

    def forward(self, x: Tensor) -> list[Tensor]:
        """As `raw`, every channel divided by its root mean square on data, so that all weigh alike."""
        scales = (getattr(self, f"scale{i}").reciprocal().view(1, -1, 1, 1) for i in range(len(self.stages)))
        return [m * scale.to(m.dtype) for m, scale in zip(self.raw(x), scales, strict=True)]

    def embed(self, x: Tensor) -> Tensor:
        """[B, 3, H, W] in [-1, 1] -> [B, D] unit vectors for nearest neighbours.

        Mean and deviation of the last two stages.
        """
        parts = []
        for m in self(x)[-2:]:
            flat = m.flatten(2)  # [B, C, HW]
            parts += [F.normalize(flat.mean(2), dim=1), 0.5 * F.normalize(flat.std(2), dim=1)]
        return F.normalize(torch.cat(parts, 1), dim=1)
