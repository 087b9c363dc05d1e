"""A picture codec: a variational autoencoder whose latents are coded with the probabilities that it predicts.

After Balle et al., "Variational Image Compression with a Scale Hyperprior" (2018), Minnen et al., "Joint Autoregressive
and Hierarchical Priors" (2018) for predicted means, He et al., "Checkerboard Context Model" (2021) and Cui et al.,
"Asymmetric Gained Deep Image Compression" (2021) for many rates in one model.
Deviations: all transforms work on 8 x 8 px blocks unfolded into channels, with residual blocks in place of GDN: several
times faster to train on a CPU. Latents are logistic, not Gaussian, which is stable in logarithms; side latents have a
logistic prior a level.
Nothing here but convolutions depends on the order of summation, so that studio.engine.codec.exact can make a decoder
that computes the same on every machine: keep exp, sigmoid and the like out of what a decoder runs.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

PATCH = 8  # px a side that the stem unfolds
STRIDE = 2 * PATCH  # px a side that a latent stands for
HYPER = 4  # latents a side that a side latent stands for
SCALES = 64  # entries of the scale table
FINEST, RATIO = 0.05, 1.1327  # its first entry, in quantisation steps, and how each follows from the one before
UNIT = 4.0  # the size of latents at which the networks around them work


@dataclass(frozen=True, kw_only=True)
class CodecConfig:
    """Widths of the transforms, latents, side networks and side latents; the trade-offs of the `levels`, rising.

    Level i weighs the squared error of 8-bit pixels by `lowest` * (`highest` / `lowest`) ** (i / (levels - 1)) per bit.
    """

    width: int = 96
    blocks: int = 3
    latent: int = 160
    hyper: int = 64
    side: int = 48
    context: int = 160
    levels: int = 8
    lowest: float = 0.0018
    highest: float = 0.18


def log_scale(index: Tensor) -> Tensor:
    """Natural logarithm of the scale table's entry at `index`, or between entries."""
    return math.log(FINEST) + math.log(RATIO) * index


class Bounded(torch.autograd.Function):
    """clamp(x, low, high) whose gradient still leads back inside."""

    @staticmethod
    def forward(ctx, x: Tensor, low: float, high: float) -> Tensor:  # pyright: ignore[reportIncompatibleMethodOverride]
        ctx.save_for_backward(x)
        ctx.ends = low, high
        return x.clamp(low, high)

    @staticmethod
    def backward(ctx, gradient: Tensor) -> tuple[Tensor, None, None]:  # pyright: ignore[reportIncompatibleMethodOverride]
        (x,), (low, high) = ctx.saved_tensors, ctx.ends
        keep = ((x >= low) | (gradient < 0)) & ((x <= high) | (gradient > 0))
        return gradient * keep, None, None


def power(x: Tensor) -> Tensor:
    """2 ** floor(x) * (1 + x - floor(x)): within 6 % of 2 ** x, and the same on every machine."""
    whole = x.detach().floor()
    octave = ((whole.long() + 1023) << 52).view(torch.float64)  # by its exponent bits, as pow may round
    return (1 + (x - whole)) * octave.to(x.dtype)


def quantised(x: Tensor) -> Tensor:
    """Rounded, with the gradient of x."""
    return x + (x.round() - x).detach()


def bits(x: Tensor, log_size: Tensor) -> Tensor:
    """-log2 of the mass that a logistic around 0 has within half a step of x, exact in its tails; fp32."""
    x, steepness = x.float().abs(), torch.exp(-log_size.float())
    inside = torch.log(-torch.expm1(-steepness))
    tails = F.softplus(-(x + 0.5) * steepness) + F.softplus((x - 0.5) * steepness)
    return (tails - inside) / math.log(2)


def unrounded(layer: nn.Module, x: Tensor) -> Tensor:
    """layer(x) in the weights' own precision: bfloat16 would round latents, and their means, by whole steps."""
    with torch.autocast(x.device.type, enabled=False):
        return layer(x.to(next(layer.parameters()).dtype))


def checkerboard(x: Tensor) -> Tensor:
    """[1, 1, H, W] of the height and width of x: 1 on the squares that are coded first."""
    rows, columns = (torch.arange(n, device=x.device) for n in x.shape[2:])
    return ((rows[:, None] + columns) % 2 == 0).to(x.dtype)[None, None]


class Residual(nn.Module):
    """x + two 3x3 convolutions; the second starts small."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(width, width, 3, padding=1)
        self.conv2 = nn.Conv2d(width, width, 3, padding=1)
        with torch.no_grad():
            self.conv2.weight.mul_(0.1)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.conv2(F.leaky_relu(self.conv1(x), 0.25))


def blocks(width: int, count: int) -> nn.Sequential:
    return nn.Sequential(*(Residual(width) for _ in range(count)))


def conv(incoming: int, channels: int, size: int = 3, stride: int = 1) -> nn.Conv2d:
    return nn.Conv2d(incoming, channels, size, stride, padding=size // 2)


def enlarge(incoming: int, channels: int) -> nn.Sequential:
    """Sub-pixel convolution to twice the side."""
    return nn.Sequential(conv(incoming, 4 * channels), nn.PixelShuffle(2))


class Codec(nn.Module):
    """Pictures [B, 3, H, W] in [-1, 1], H and W multiples of 16, to latents y [B, L, H / 16, W / 16] and back.

    A `level` [B] is any number from 0 (smallest) to levels - 1 (best). Quantised latents are whole steps from their
    predicted means.
    """

    def __init__(self, config: CodecConfig) -> None:
        super().__init__()
        self.config = c = config
        pixels = 3 * PATCH**2
        self.analysis = nn.Sequential(
            nn.PixelUnshuffle(PATCH),
            conv(pixels, c.width),
            blocks(c.width, c.blocks),
            conv(c.width, c.latent, stride=2),
        )
        self.synthesis = nn.Sequential(
            enlarge(c.latent, c.width), blocks(c.width, c.blocks), conv(c.width, pixels), nn.PixelShuffle(PATCH)
        )
        act = nn.LeakyReLU(0.25)
        self.hyper_analysis = nn.Sequential(
            conv(c.latent, c.hyper), act, conv(c.hyper, c.hyper, stride=2), act, conv(c.hyper, c.side, stride=2)
        )
        self.hyper_synthesis = nn.Sequential(
            enlarge(c.side, c.hyper), act, enlarge(c.hyper, c.hyper), act, conv(c.hyper, c.context)
        )
        self.context = nn.Conv2d(c.latent, c.context, 3, padding=1, bias=False)
        self.head = nn.Sequential(act, conv(c.context, c.context, 1), act, conv(c.context, 2 * c.latent, 1))
        octaves = math.log2(c.highest / c.lowest) / 2  # steps shrink with the root of the trade-off
        start = 3 + octaves * torch.linspace(-0.5, 0.5, c.levels)[:, None]
        self.gain = nn.Parameter(start.repeat(1, c.latent))
        self.loss = nn.Parameter(-start.repeat(1, c.latent))
        self.side_mean = nn.Parameter(torch.zeros(c.levels, c.side))
        self.side_scale = nn.Parameter(torch.full((c.levels, c.side), 3.0))

    @property
    def rim(self) -> int:
        """How far a transform sees past a tile, in latents: blocks and stem in steps of 8 px, two more for the rest."""
        return self.config.blocks + 2

    def at(self, table: Tensor, level: Tensor) -> Tensor:
        """[levels, C] read between its rows at [B] -> [B, C, 1, 1]."""
        low = level.floor().clamp(max=self.config.levels - 2).long()
        share = (level - low).to(table.dtype)[:, None]
        return (table[low] * (1 - share) + table[low + 1] * share)[:, :, None, None]

    def trade_off(self, level: Tensor) -> Tensor:
        """Bits that one squared 8-bit step of error is worth at `level`."""
        c = self.config
        return c.lowest * (c.highest / c.lowest) ** (level / (c.levels - 1))

    def analyse(self, x: Tensor, level: Tensor) -> Tensor:
        """Pictures -> latents in steps of `level`."""
        return unrounded(self.analysis[-1], self.analysis[:-1](x)) * power(self.at(self.gain, level))

    def synthesise(self, y: Tensor, level: Tensor) -> Tensor:
        """Latents -> pictures."""
        return self.synthesis(y * power(self.at(self.loss, level)))

    def summarise(self, y: Tensor) -> Tensor:
        """Latents [B, L, h, w] -> side latents [B, S, h / 4, w / 4], rounded up."""
        height, width = (-n % HYPER for n in y.shape[2:])
        return self.hyper_analysis(F.pad(y, (0, width, 0, height)) / UNIT).to(y.dtype)

    def side_prior(self, level: Tensor) -> tuple[Tensor, Tensor]:
        """Means and scale indices [B, S, 1, 1] of the side latents."""
        return self.at(self.side_mean, level), self.index(self.at(self.side_scale, level))

    def features(self, z: Tensor, height: int, width: int) -> Tensor:
        """Quantised side latents -> what they tell of the latents, [B, C, height, width]."""
        return self.hyper_synthesis(z)[:, :, :height, :width]

    def prior(self, features: Tensor, known: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Means and scale indices [B, L, h, w] of the latents; `known` holds those already coded, 0 elsewhere."""
        told = features if known is None else features + self.context(known / UNIT)
        mean, scale = unrounded(self.head, told).chunk(2, 1)
        return mean * UNIT, self.index(scale)

    def priors(self, y: Tensor, features: Tensor) -> tuple[Tensor, Tensor]:
        """Means and scale indices of all latents y at once, those of the second turn from those of the first."""
        first = checkerboard(y)
        mean, index = self.prior(features)
        mean2, index2 = self.prior(features, (quantised(y - mean) + mean) * first)
        return mean * first + mean2 * (1 - first), index * first + index2 * (1 - first)

    def index(self, scale: Tensor) -> Tensor:
        """A network's output -> a place in the scale table, 0 to SCALES - 1, not yet rounded."""
        return Bounded.apply(scale * 8 + SCALES / 2, 0.0, SCALES - 1.0)  # pyright: ignore[reportReturnType]

    def forward(self, x: Tensor, level: Tensor) -> tuple[Tensor, Tensor]:
        """Pictures as they come back at `level` and the bits [B] they take; in training the latter with noise.

        Noise for the rate and rounding for the picture: Minnen & Singh, "Channel-wise Autoregressive Models" (2020).
        """
        return self.transmit(self.analyse(x, level), level)

    def transmit(self, y: Tensor, level: Tensor) -> tuple[Tensor, Tensor]:
        """Latents -> pictures as they come back and the bits [B] they take."""
        z = self.summarise(y)
        mean, index = self.side_prior(level)
        z_bits = self.rate(z - mean, index)
        features = self.features(quantised(z - mean) + mean, *y.shape[2:])
        mean, index = self.priors(y, features)
        y_bits = self.rate(y - mean, index)
        made = self.synthesise(quantised(y - mean) + mean, level)
        return made, y_bits.sum((1, 2, 3)) + z_bits.sum((1, 2, 3))

    def rate(self, residual: Tensor, index: Tensor) -> Tensor:
        """Bits of each residual: with noise of one step in training, rounded otherwise."""
        if not self.training:
            return bits(residual.round(), log_scale(index.round()))
        return bits(residual + torch.rand_like(residual) - 0.5, log_scale(index))
