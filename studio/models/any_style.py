"""Style conversion by any picture: the preset net's body, its norms set by what an encoder tells of the style picture.

After Ghiasi et al., "Exploring the structure of a real-time, arbitrary neural artistic stylization network" (2017), for
norms predicted from a style picture, and Huang & Belongie, "AdaIN" (2017), for feature statistics as what style is.
Deviations: the description is the mean and deviation of the perceptual encoder's channels, so nothing of it has to be
learned from few paintings; the photo first takes the style's colours by the linear map between two Gaussians
(Pitie & Kokaram, 2007), so that a palette never seen comes out right; a deeper stage at 1/8 for wide strokes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from studio.models.style import ConditionalNorm, Layer, Statistics

COLOUR = 12  # numbers of a colour map: a matrix and an offset
LEAST_VARIANCE = 2e-3  # of a colour in [-1, 1]: what is flatter is not stretched further


@dataclass(frozen=True, kw_only=True)
class AnyStyleConfig:
    """`described`: numbers that tell of a style picture, two a channel of the perceptual encoder."""

    described: int = 832
    width: int = 16
    blocks: int = 5
    deep: int = 96
    deep_blocks: int = 3
    hidden: int = 160


def describe(maps: Sequence[Tensor]) -> Tensor:
    """Feature maps [B, C_i, *, *] -> mean and deviation of every channel, [B, 2 * sum(C_i)]."""
    parts = []
    for m in maps:
        flat = m.flatten(2).float()
        parts += [flat.mean(2), (flat.var(2, correction=0) + 1e-5).sqrt()]
    return torch.cat(parts, 1)


def colour_moments(x: Tensor) -> tuple[Tensor, Tensor]:
    """[B, 3, H, W] -> mean [B, 3] and covariance [B, 3, 3]."""
    flat = x.flatten(2).float()
    mean = flat.mean(2)
    centred = flat - mean[:, :, None]
    with torch.autocast(x.device.type, enabled=False):
        covariance = centred @ centred.transpose(1, 2) / flat.shape[2]
    return mean, covariance + LEAST_VARIANCE * torch.eye(3, device=x.device)


def colour_map(photo: Tensor, style: Tensor) -> Tensor:
    """The least change of colour that gives `photo` the mean and covariance of `style`, [B, 12]: A (row by row), b.

    A = P^-1/2 (P^1/2 S P^1/2)^1/2 P^-1/2 (Equation 12 of Pitie & Kokaram), b = mean_s - A mean_p.
    """
    (mean_p, p), (mean_s, s) = colour_moments(photo), colour_moments(style)
    with torch.autocast(photo.device.type, enabled=False):
        root = _power(p, 0.5)
        inverse = _power(p, -0.5)
        matrix = inverse @ _power(root @ s @ root, 0.5) @ inverse
        offset = mean_s - (matrix @ mean_p[:, :, None])[:, :, 0]
    return torch.cat([matrix.flatten(1), offset.expand(len(matrix), -1)], 1)


def _power(matrix: Tensor, exponent: float) -> Tensor:
    """A power of symmetric positive matrices [B, 3, 3]."""
    values, vectors = torch.linalg.eigh(matrix)
    return vectors @ torch.diag_embed(values.clamp(min=1e-8) ** exponent) @ vectors.transpose(1, 2)


def recoloured(x: Tensor, mapped: Tensor) -> Tensor:
    """[B, 3, H, W] under the colour maps [1 or B, 12]."""
    matrix, offset = mapped[:, :9].reshape(-1, 3, 3, 1, 1), mapped[:, 9:, None, None]
    return ((matrix * x[:, None]).sum(2) + offset).contiguous(memory_format=torch.channels_last)


class AnyStyleNet(nn.Module):
    """Picture and condition -> picture; sides must be multiples of `multiple`.

    A condition is a colour map and a description, [1 or B, 12 + described]; `condition` makes it of two pictures.
    """

    multiple = 8
    centre: Tensor
    spread: Tensor

    def __init__(self, config: AnyStyleConfig) -> None:
        super().__init__()
        self.config = config
        h, c, d = config.hidden, config.width, config.deep
        self.register_buffer("centre", torch.zeros(config.described))
        self.register_buffer("spread", torch.ones(config.described))
        self.read = nn.Sequential(
            nn.Linear(config.described, h), nn.LeakyReLU(0.2), nn.Linear(h, h - 1), nn.LayerNorm(h - 1)
        )
        self.enter = nn.ModuleList([Layer(h, 3, c, 5), Layer(h, c, 2 * c, stride=2), Layer(h, 2 * c, 4 * c, stride=2)])
        self.down = Layer(h, 4 * c, d, stride=2)
        self.deep = nn.ModuleList(_block(h, d) for _ in range(config.deep_blocks))
        self.up = Layer(h, d, 4 * c, up=True, relu=False)
        self.blocks = nn.ModuleList(_block(h, 4 * c) for _ in range(config.blocks))
        self.leave = nn.ModuleList([Layer(h, 4 * c, 2 * c, up=True), Layer(h, 2 * c, c, up=True)])
        self.head = nn.Conv2d(c, 3, 5, padding=2, padding_mode="reflect")
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)  # pyright: ignore[reportArgumentType]
        for module in self.modules():
            if isinstance(module, ConditionalNorm):  # row 0 meets the constant 1, the others what was read
                nn.init.normal_(module.scale[1:], std=0.5 * h**-0.5)
                nn.init.normal_(module.bias[1:], std=0.5 * h**-0.5)

    @property
    def rim(self) -> int:
        """How far an output pixel sees, px, rounded up to `multiple`."""
        return 32 + 8 * self.config.blocks + 16 * self.config.deep_blocks

    @torch.no_grad()
    def accustom(self, described: Tensor) -> None:
        """Take the mean and deviation of descriptions [N, described]: what styles have in common tells nothing."""
        self.centre.copy_(described.mean(0))
        self.spread.copy_(described.std(0) + 0.05)

    def condition(self, photo: Tensor, style: Tensor, described: Tensor) -> Tensor:
        """Photo and style picture [B, 3, *, *] in [-1, 1], the style's description -> [B, 12 + described]."""
        mapped = colour_map(photo, style)
        return torch.cat([mapped, described.expand(len(mapped), -1)], 1)

    def forward(self, x: Tensor, condition: Tensor, statistics: Statistics | None = None) -> Tensor:
        """x [B, 3, H, W] in [-1, 1], condition [1 or B, 12 + described] -> [B, 3, H, W] in about [-1, 1]."""
        photo = x = recoloured(x, condition[:, :COLOUR])
        told = self.read((condition[:, COLOUR:] - self.centre) / self.spread)
        code = torch.cat([torch.ones_like(told[:, :1]), told], 1)  # [1 or B, hidden]
        for layer in self.enter:
            x = layer(x, code, statistics)
        wide = self.down(x, code, statistics)  # [B, deep, H / 8, W / 8]
        for first, second in self.deep:  # pyright: ignore[reportGeneralTypeIssues]
            wide = wide + second(first(wide, code, statistics), code, statistics)
        x = x + self.up(wide, code, statistics)
        for first, second in self.blocks:  # pyright: ignore[reportGeneralTypeIssues]
            x = x + second(first(x, code, statistics), code, statistics)
        for layer in self.leave:
            x = layer(x, code, statistics)
        return photo + self.head(x)


def _block(styles: int, channels: int) -> nn.ModuleList:
    """The two layers of a residual block."""
    return nn.ModuleList([Layer(styles, channels, channels), Layer(styles, channels, channels, relu=False)])
