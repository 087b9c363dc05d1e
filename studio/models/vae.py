"""Variational autoencoder: the generator that learns without an adversary.

Kingma & Welling, "Auto-Encoding Variational Bayes" (2014). Its trunk is that of the face GAN's discriminator, its
decoder the mirror of that; latents are normal, a picture's own as mean and deviation, random ones from N(0, 1).
"""

from dataclasses import dataclass

from torch import Tensor, nn
from torch.nn import functional as F

from studio.models.face_gan import Analysis, FaceGANConfig, convolution

LOG_VARIANCES = (-8.0, 4.0)  # of a latent; keeps the first steps finite


@dataclass(frozen=True, kw_only=True)
class VAEConfig:
    """`channels` run from the 4 px stage to the half-resolution one, so `size` is 8 * 2 ** (stages - 1)."""

    latent: int = 128
    channels: tuple[int, ...] = (192, 192, 128, 64, 32)

    @property
    def size(self) -> int:
        return 8 * 2 ** (len(self.channels) - 1)


class DecoderBlock(nn.Module):
    """Bilinear x2 (but for the first), then two convolutions around a 1x1 skip."""

    def __init__(self, incoming: int, outgoing: int, *, upsample: bool) -> None:
        super().__init__()
        self.upsample = upsample
        self.skip = convolution(incoming, outgoing, 1)
        self.conv1, self.conv2 = convolution(incoming, outgoing), convolution(outgoing, outgoing, zero=True)

    def forward(self, x: Tensor) -> Tensor:
        if self.upsample:
            x = F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)
        y = self.conv2(F.leaky_relu(self.conv1(F.leaky_relu(x, 0.2)), 0.2))
        return (self.skip(x) + y) * 0.5**0.5


class VAE(nn.Module):
    def __init__(self, config: VAEConfig) -> None:
        super().__init__()
        self.config = config
        self.encoder = Analysis(FaceGANConfig(channels=config.channels), 2 * config.latent)
        self.entry = nn.Linear(config.latent, config.channels[0] * 16)
        widths = (config.channels[0], *config.channels)
        self.blocks = nn.Sequential(
            *(DecoderBlock(a, b, upsample=i > 0) for i, (a, b) in enumerate(zip(widths, config.channels, strict=False)))
        )
        self.head = convolution(config.channels[-1], 12)

    def encode(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Pictures [B, 3, S, S] in [-1, 1] -> mean and log variance of their latents, [B, latent] each."""
        mean, log_variance = self.encoder(x).float().chunk(2, 1)
        return mean, log_variance.clamp(*LOG_VARIANCES)

    def decode(self, z: Tensor) -> Tensor:
        """Latents [B, latent] -> [B, 3, S, S], about [-1, 1]."""
        x = self.blocks(self.entry(z).unflatten(1, (-1, 4, 4)))
        return F.pixel_shuffle(self.head(F.leaky_relu(x, 0.2)), 2)

    def forward(self, noise: Tensor) -> Tensor:
        """Normal noise [B, latent] -> pictures."""
        return self.decode(noise)


def divergence(mean: Tensor, log_variance: Tensor) -> Tensor:
    """KL(N(mean, variance) || N(0, 1)) in nats, [B] (their Equation 10 without the sign)."""
    return 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance).sum(1)
