"""Face generator, discriminator and encoder: dense, residual, without normalisation, at half-resolution.

The losses it is trained with follow Huang et al., "The GAN is dead; long live the GAN!" (R3GAN, 2024); styles enter as
FiLM (Perez et al., 2018): scale and bias, no weight demodulation; besides, the style paints the 4 px stage through one
linear layer, which an autoencoder needs to tell place early. The encoder's latents lie on the sphere of the prior
(Kolouri et al., "Sliced-Wasserstein Autoencoders", 2018).
"""

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F


@dataclass(frozen=True, kw_only=True)
class FaceGANConfig:
    """`channels` run from the 4 px stage to the half-resolution one, so `size` is 8 * 2 ** (stages - 1).

    `mapping` is the depth of the MLP between latent and style; 0 feeds the latent itself to every FiLM. `references`
    is how many training pictures the model remembers as latents, to tell where a face comes from; `offsets` the rank of
    the head that gives each FiLM layer of a photo's face a style of its own, 0 for none. Pictures have
    `image_channels`: 3, or 4 with alpha as studio.core.sprites.square has it.
    """

    latent: int = 128
    style: int = 256
    mapping: int = 2
    channels: tuple[int, ...] = (192, 192, 128, 64, 32)
    references: int = 0
    offsets: int = 0
    image_channels: int = 3

    @property
    def size(self) -> int:
        return 8 * 2 ** (len(self.channels) - 1)


def project(z: Tensor) -> Tensor:
    """[B, D] -> the same directions on the sphere of radius sqrt(D)."""
    return F.normalize(z, dim=1) * z.shape[1] ** 0.5


def convolution(incoming: int, outgoing: int, kernel: int = 3, *, zero: bool = False) -> nn.Conv2d:
    layer = nn.Conv2d(incoming, outgoing, kernel, padding=kernel // 2)
    nn.init.zeros_(layer.weight) if zero else nn.init.kaiming_normal_(layer.weight, 0.2)
    nn.init.zeros_(layer.bias)  # pyright: ignore[reportArgumentType]
    return layer


class FiLM(nn.Module):
    """x -> x * (1 + s(w)) + b(w)."""

    def __init__(self, style: int, channels: int) -> None:
        super().__init__()
        self.affine = nn.Linear(style, 2 * channels)
        nn.init.normal_(self.affine.weight, std=0.5 * style**-0.5)
        nn.init.zeros_(self.affine.bias)

    def forward(self, x: Tensor, w: Tensor) -> Tensor:
        scale, bias = self.affine(w)[:, :, None, None].chunk(2, 1)
        return torch.addcmul(bias, x, 1 + scale)


class SynthesisBlock(nn.Module):
    """Bilinear x2 (but for the first), then two modulated convolutions around a 1x1 skip."""

    def __init__(self, config: FaceGANConfig, incoming: int, outgoing: int, *, upsample: bool) -> None:
        super().__init__()
        style = config.style if config.mapping else config.latent
        self.upsample = upsample
        self.skip = convolution(incoming, outgoing, 1)
        self.film1, self.conv1 = FiLM(style, incoming), convolution(incoming, outgoing)
        self.film2, self.conv2 = FiLM(style, outgoing), convolution(outgoing, outgoing, zero=True)

    def forward(self, x: Tensor, w1: Tensor, w2: Tensor) -> Tensor:
        if self.upsample:
            x = F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)
        y = self.conv1(F.leaky_relu(self.film1(x, w1), 0.2))
        y = self.conv2(F.leaky_relu(self.film2(y, w2), 0.2))
        return (self.skip(x) + y).mul_(0.5**0.5)


class Generator(nn.Module):
    """Noise -> latent z -> style w -> picture in [-1, 1].

    Noise becomes a latent by `drawn`: a Gaussian fitted to the encoder's latents of the data after training (Ghosh et
    al., "From Variational to Deterministic Autoencoders", 2020), projected to the sphere. Unfitted it is the sphere's
    uniform distribution.
    """

    w_mean: Tensor
    z_mean: Tensor
    z_spread: Tensor

    def __init__(self, config: FaceGANConfig) -> None:
        super().__init__()
        self.config = config
        layers: list[nn.Module] = []
        for depth in range(config.mapping):
            linear = nn.Linear(config.style if depth else config.latent, config.style)
            nn.init.kaiming_normal_(linear.weight, 0.2)  # styles start at unit scale
            nn.init.zeros_(linear.bias)
            layers += [linear, nn.LeakyReLU(0.2)]
        self.mapping = nn.Sequential(*layers)
        self.register_buffer("w_mean", torch.zeros(config.style if config.mapping else config.latent))
        self.register_buffer("z_mean", torch.zeros(config.latent))
        self.register_buffer("z_spread", torch.eye(config.latent))
        self.constant = nn.Parameter(torch.randn(1, config.channels[0], 4, 4))
        self.entry = nn.Linear(config.style if config.mapping else config.latent, config.channels[0] * 16, bias=False)
        nn.init.normal_(self.entry.weight, std=0.5 * self.entry.in_features**-0.5)
        widths = (config.channels[0], *config.channels)
        self.blocks = nn.ModuleList(
            SynthesisBlock(config, a, b, upsample=i > 0)
            for i, (a, b) in enumerate(zip(widths, config.channels, strict=False))
        )
        self.head = convolution(config.channels[-1], 4 * config.image_channels)

    @property
    def layers(self) -> int:
        """Number of FiLM layers, the length of an extended style [B, layers, style]."""
        return 2 * len(self.blocks)

    def drawn(self, noise: Tensor) -> Tensor:
        """Normal noise [B, latent] -> latents on the sphere, distributed as those of the data."""
        return project(self.z_mean + noise @ self.z_spread.T)

    def style(self, z: Tensor, variety: float = 1.0) -> Tensor:
        """[B, latent] -> w [B, style], drawn towards the mean by `variety` < 1 (truncation)."""
        w = self.mapping(project(z))
        return w if variety == 1.0 else torch.lerp(self.w_mean.expand_as(w), w, variety)

    def stages(self, w: Tensor) -> list[Tensor]:
        """w [B, style], or one a layer [B, layers, style] -> each stage's features [B, C_i, 4 * 2^i, 4 * 2^i]."""
        if w.ndim == 2:
            w = w[:, None].expand(-1, self.layers, -1)
        x = self.constant + self.entry(w[:, 0]).unflatten(1, (-1, 4, 4))  # [B, C_0, 4, 4]
        found = []
        for i, block in enumerate(self.blocks):
            x = block(x, w[:, 2 * i], w[:, 2 * i + 1])
            found.append(x)
        return found

    def picture(self, features: Tensor) -> Tensor:
        """The last stage's features -> [B, image_channels, size, size], about [-1, 1]."""
        return F.pixel_shuffle(self.head(F.leaky_relu(features, 0.2)), 2)

    def synthesize(self, w: Tensor) -> Tensor:
        """w [B, style], or one a layer [B, layers, style] -> [B, image_channels, size, size], about [-1, 1]."""
        return self.picture(self.stages(w)[-1])

    def forward(self, z: Tensor, variety: float = 1.0) -> Tensor:
        return self.synthesize(self.style(z, variety))

    @torch.no_grad()
    def measure_mean(self, samples: int = 8192, seed: int = 0) -> None:
        """Set `w_mean` from random latents, so that truncation has a centre."""
        draw = torch.Generator().manual_seed(seed)
        noise = torch.randn(samples, self.config.latent, generator=draw).to(self.w_mean.device)
        self.w_mean.copy_(self.style(self.drawn(noise)).mean(0))

    @torch.no_grad()
    def fit_latents(self, z: Tensor, trust: float = 0.0) -> None:
        """Set what `drawn` gives to the distribution of latents [N, latent] of the data; few change it only in part,
        at least by the share `trust`: then it lies among few latents (Nitzan et al., "MyStyle", 2022)."""
        trust = max(trust, min(1.0, len(z) / (4 * z.shape[1])))
        before = self.z_spread @ self.z_spread.T
        covariance = torch.lerp(before, torch.cov(z.T.float()), trust)
        self.z_mean.copy_(torch.lerp(self.z_mean, z.float().mean(0), trust))
        ridge = 1e-4 * torch.eye(z.shape[1], device=z.device)
        self.z_spread.copy_(torch.linalg.cholesky(covariance + ridge))


class AnalysisBlock(nn.Module):
    """Two convolutions around a 1x1 skip, then average pool."""

    def __init__(self, incoming: int, outgoing: int) -> None:
        super().__init__()
        self.skip = convolution(incoming, outgoing, 1)
        self.conv1, self.conv2 = convolution(incoming, incoming), convolution(incoming, outgoing, zero=True)

    def forward(self, x: Tensor) -> Tensor:
        y = self.conv2(F.leaky_relu(self.conv1(F.leaky_relu(x, 0.2)), 0.2))
        return F.avg_pool2d((self.skip(x) + y).mul_(0.5**0.5), 2)


class Analysis(nn.Module):
    """[B, image_channels, size, size] -> [B, outputs]; the mirrored trunk that discriminator and encoder share."""

    def __init__(self, config: FaceGANConfig, outputs: int) -> None:
        super().__init__()
        widths = config.channels[::-1]
        self.stem = convolution(4 * config.image_channels, widths[0])
        self.blocks = nn.ModuleList(AnalysisBlock(a, b) for a, b in pairwise(widths))
        self.last = convolution(widths[-1], widths[-1])
        self.linear = nn.Linear(widths[-1] * 16, outputs)

    def features(self, x: Tensor) -> Tensor:
        """What the linear layer reads, [B, C * 16]."""
        x = self.stem(F.pixel_unshuffle(x, 2))
        for block in self.blocks:
            x = block(x)
        return F.leaky_relu(self.last(F.leaky_relu(x, 0.2)), 0.2).flatten(1)

    def forward(self, x: Tensor) -> Tensor:
        return self.linear(self.features(x))


class Encoder(Analysis):
    """Picture -> latent on the sphere."""

    def __init__(self, config: FaceGANConfig) -> None:
        super().__init__(config, config.latent)

    def forward(self, x: Tensor) -> Tensor:
        return project(super().forward(x))


class FaceGAN(nn.Module):
    """All three nets in one file: fine-tuning needs the discriminator and the encoder, inversion the encoder."""

    remembered: Tensor
    offsets: nn.Sequential

    def __init__(self, config: FaceGANConfig) -> None:
        super().__init__()
        self.config = config
        self.generator = Generator(config)
        self.encoder = Encoder(config)
        self.discriminator = Analysis(config, 1)
        if config.references:
            self.register_buffer("remembered", torch.zeros(config.references, config.latent))
        if config.offsets:
            generator, width = self.generator, self.encoder.linear.in_features
            self.offsets = nn.Sequential(
                nn.Linear(width, config.offsets),
                nn.LeakyReLU(0.2),
                nn.Linear(config.offsets, generator.layers * len(generator.w_mean)),
            )
            for parameter in self.offsets[2].parameters():
                nn.init.zeros_(parameter)

    def code(self, x: Tensor) -> Tensor:
        """Pictures [B, 3, S, S] -> the styles that draw them, [B, layers, style]."""
        features = self.encoder.features(x)
        w = self.generator.style(project(self.encoder.linear(features)))
        code = w[:, None].expand(-1, self.generator.layers, -1)
        if not self.config.offsets:
            return code
        return code + self.offsets(F.layer_norm(features, features.shape[1:])).view_as(code)

    @property
    def references(self) -> Tensor:
        """The training pictures as the encoder sees them, [N, latent]."""
        return self.remembered if self.config.references else self.generator.w_mean.new_zeros(0, self.config.latent)

    def rebuilt(self, **changes: Any) -> "FaceGAN":
        """The same nets under a config with `changes`; what that adds is fresh, what it drops is gone."""
        net = FaceGAN(replace(self.config, **changes)).to(self.generator.w_mean.device)
        own, state = self.state_dict(), net.state_dict()
        net.load_state_dict(
            {key: own[key] if key in own and own[key].shape == v.shape else v for key, v in state.items()}
        )
        return net.train(self.training)

    def remembering(self, latents: Tensor) -> "FaceGAN":
        """The same nets with other `references` [N, latent]."""
        net = self.rebuilt(references=len(latents))
        if len(latents):
            net.remembered.copy_(latents)
        return net

    def forward(self, noise: Tensor, variety: float = 1.0) -> Tensor:
        """Noise [B, latent] -> [B, image_channels, size, size] in about [-1, 1]."""
        return self.generator(self.generator.drawn(noise), variety)
