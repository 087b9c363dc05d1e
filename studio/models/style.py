"""Style conversion: one small transform net, one conditional instance norm a preset.

After Johnson et al. (2016) for the net and Dumoulin et al., "A Learned Representation for Artistic Style" (2017) for
the conditional norm. Deviations: 16/32/64 channels; upsample and convolve; the net adds to the photo, so that it
starts as the identity; preset 0 stays there, so that strength is a walk between two sets of norm parameters; what the
net adds to can first be given each preset's own colours, which norms would hide from it; the norm's statistics can be
taken once and reused on tiles.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn
from torch.nn import functional as F

QUIET = 0.12  # smallest deviation of a colour, of [-1, 1], that is stretched to a preset's


@dataclass(frozen=True, kw_only=True)
class StyleConfig:
    """`presets` names the styles in order; the identity is always there and not named.

    `toned`: the photo takes each preset's mean and deviation of red, green and blue before the net adds to it.
    """

    presets: tuple[str, ...]
    width: int = 16
    blocks: int = 5
    toned: bool = False


@dataclass
class Statistics:
    """Instance statistics of every norm layer: recorded on one pass, replayed on later ones."""

    moments: list[tuple[Tensor, Tensor]] = field(default_factory=list)
    recording: bool = True
    _next: int = 0

    def take(self, x: Tensor) -> tuple[Tensor, Tensor]:
        if self.recording:
            self.moments.append(moments(x))
            return self.moments[-1]
        found = self.moments[self._next]
        self._next = (self._next + 1) % len(self.moments)
        return found

    def freeze(self) -> "Statistics":
        return Statistics(moments=self.moments, recording=False)

    def towards(self, other: "Statistics", share: float) -> "Statistics":
        """Frozen statistics between two recordings: 0 is this one, 1 the other."""
        pairs = zip(self.moments, other.moments, strict=True)
        between = [(torch.lerp(a, c, share), torch.lerp(b, d, share)) for (a, b), (c, d) in pairs]
        return Statistics(moments=between, recording=False)


def moments(x: Tensor) -> tuple[Tensor, Tensor]:
    """[B, C, H, W] -> mean and standard deviation over H and W, [B, C, 1, 1]."""
    variance, mean = torch.var_mean(x, dim=(2, 3), keepdim=True, correction=0)
    return mean, (variance + 1e-5).sqrt()


class ConditionalNorm(nn.Module):
    """Instance norm whose scale and bias are a mixture of the presets' (Equation 5 of Dumoulin et al.).

    Smaller deviations than `floor` count as that, so that what is nearly flat stays so.
    """

    def __init__(self, styles: int, channels: int, floor: float = 0.0) -> None:
        super().__init__()
        self.floor = floor
        self.scale = nn.Parameter(torch.ones(styles, channels))
        self.bias = nn.Parameter(torch.zeros(styles, channels))

    def forward(self, x: Tensor, mixture: Tensor, statistics: Statistics | None) -> Tensor:
        mean, deviation = statistics.take(x) if statistics else moments(x)
        scale = (mixture @ self.scale)[:, :, None, None] / deviation.clamp(min=self.floor)
        bias = (mixture @ self.bias)[:, :, None, None]
        return torch.addcmul(bias - mean * scale, x, scale)


class Layer(nn.Module):
    """Upsample or not, reflect-padded convolution, conditional norm, ReLU or not."""

    def __init__(
        self,
        styles: int,
        incoming: int,
        outgoing: int,
        kernel: int = 3,
        *,
        stride: int = 1,
        up: bool = False,
        relu: bool = True,
    ) -> None:
        super().__init__()
        self.up, self.relu = up, relu
        self.conv = nn.Conv2d(incoming, outgoing, kernel, stride, kernel // 2, padding_mode="reflect", bias=False)
        self.norm = ConditionalNorm(styles, outgoing)

    def forward(self, x: Tensor, mixture: Tensor, statistics: Statistics | None) -> Tensor:
        if self.up:
            x = F.interpolate(x, scale_factor=2, mode="nearest")
        x = self.norm(self.conv(x), mixture, statistics)
        return F.relu(x) if self.relu else x


class StyleNet(nn.Module):
    """Picture and mixture of presets -> picture; sides must be multiples of `multiple`."""

    multiple = 4

    def __init__(self, config: StyleConfig) -> None:
        super().__init__()
        self.config = config
        s, c = len(config.presets) + 1, config.width
        self.enter = nn.ModuleList([Layer(s, 3, c, 5), Layer(s, c, 2 * c, stride=2), Layer(s, 2 * c, 4 * c, stride=2)])
        self.blocks = nn.ModuleList(
            nn.ModuleList([Layer(s, 4 * c, 4 * c), Layer(s, 4 * c, 4 * c, relu=False)]) for _ in range(config.blocks)
        )
        self.leave = nn.ModuleList([Layer(s, 4 * c, 2 * c, up=True), Layer(s, 2 * c, c, up=True)])
        self.head = nn.Conv2d(c, 3, 5, padding=2, padding_mode="reflect")
        nn.init.zeros_(self.head.weight)
        self.tone = ConditionalNorm(s, 3, floor=QUIET) if config.toned else None

    @torch.no_grad()
    def set_tone(self, preset: int, painting: Tensor) -> None:
        """Let a preset begin with the colours of `painting`, [1, 3, H, W] in [-1, 1]."""
        if self.tone is not None:
            mean, deviation = moments(painting)
            self.tone.bias[preset + 1], self.tone.scale[preset + 1] = mean.flatten(), deviation.flatten()

    def mixture(self, weights: Mapping[str, float], strength: float = 1.0) -> Tensor:
        """[1, presets + 1] weights between the identity (0) and presets mixed by `weights`, which sum to 1 (1)."""
        mixture = torch.zeros(1, len(self.config.presets) + 1, device=self.head.weight.device)
        mixture[0, 0] = 1 - strength
        for preset, weight in weights.items():
            mixture[0, 1 + self.config.presets.index(preset)] += strength * weight
        return mixture

    def forward(self, x: Tensor, mixture: Tensor, statistics: Statistics | None = None) -> Tensor:
        """x [B, 3, H, W] in [-1, 1], mixture [1 or B, presets + 1] -> [B, 3, H, W] in about [-1, 1]."""
        photo = x
        if (
            self.tone is not None
        ):  # the photo itself as far as the identity goes, and beyond that in the presets' colours
            painted = F.pad(mixture[:, 1:], (1, 0))
            photo = mixture[:, :1, None, None] * x + self.tone(x, painted, statistics)
        for layer in self.enter:
            x = layer(x, mixture, statistics)
        for first, second in self.blocks:  # pyright: ignore[reportGeneralTypeIssues]
            x = x + second(first(x, mixture, statistics), mixture, statistics)
        for layer in self.leave:
            x = layer(x, mixture, statistics)
        return photo + self.head(x)
