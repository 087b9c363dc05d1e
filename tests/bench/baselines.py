"""What each task is measured against: well-known methods at their published sizes, with random weights.

Their speed is what counts here, and that does not depend on the weights.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class TransformNet(nn.Sequential):
    """The feed-forward style net of Johnson et al. (2016): 32/64/128 channels, five residual blocks."""

    def __init__(self) -> None:
        super().__init__(
            *self._layer(3, 32, 9),
            *self._layer(32, 64, 3, 2),
            *self._layer(64, 128, 3, 2),
            *(ResidualBlock() for _ in range(5)),
            nn.Upsample(scale_factor=2),
            *self._layer(128, 64, 3),
            nn.Upsample(scale_factor=2),
            *self._layer(64, 32, 3),
            nn.Conv2d(32, 3, 9, padding=4, padding_mode="reflect"),
        )

    @staticmethod
    def _layer(incoming: int, outgoing: int, kernel: int, stride: int = 1) -> tuple[nn.Module, ...]:
        convolution = nn.Conv2d(incoming, outgoing, kernel, stride, kernel // 2, padding_mode="reflect")
        return convolution, nn.InstanceNorm2d(outgoing, affine=True), nn.ReLU()


class ResidualBlock(nn.Module):
    def __init__(self, channels: int = 128) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1, padding_mode="reflect")
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, padding_mode="reflect")
        self.norm1, self.norm2 = (nn.InstanceNorm2d(channels, affine=True) for _ in range(2))

    def forward(self, x: Tensor) -> Tensor:
        return x + self.norm2(self.conv2(F.relu(self.norm1(self.conv1(x)))))


class WideGenerator(nn.Module):
    """A generator of StyleGAN2's widths (Karras et al., 2020) at 128 px.

    Plain convolutions with a style's scale before each: as many multiplications as its modulated ones.
    """

    def __init__(self, widths: tuple[int, ...] = (512, 512, 512, 512, 256, 128), style: int = 512) -> None:
        super().__init__()
        self.mapping = nn.Sequential(
            *(layer for _ in range(8) for layer in (nn.Linear(style, style), nn.LeakyReLU(0.2)))
        )
        self.constant = nn.Parameter(torch.randn(1, widths[0], 4, 4))
        pairs = [(widths[0], widths[0]), *((a, b) for i, b in enumerate(widths[1:]) for a in (widths[i], b))]
        self.convolutions = nn.ModuleList(nn.Conv2d(a, b, 3, padding=1) for a, b in pairs)
        self.styles = nn.ModuleList(nn.Linear(style, a) for a, _ in pairs)
        self.to_rgb = nn.ModuleList(nn.Conv2d(width, 3, 1) for width in widths)

    def forward(self, z: Tensor) -> Tensor:
        """[B, 512] -> [B, 3, 128, 128]"""
        w = self.mapping(z)
        x, rgb = self.constant.expand(len(z), -1, -1, -1), None
        for index, (convolution, style) in enumerate(zip(self.convolutions, self.styles, strict=True)):
            if index % 2 == 1:  # the first convolution of every stage but the lowest
                x = F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)
            x = F.leaky_relu(convolution(x * style(w)[:, :, None, None]), 0.2)
            if index % 2 == 0:
                part = self.to_rgb[index // 2](x)
                rgb = part if rgb is None else part + F.interpolate(rgb, scale_factor=2, mode="bilinear")
        assert rgb is not None
        return rgb
