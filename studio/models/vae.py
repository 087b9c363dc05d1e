"""Variational autoencoder: the generator that learns without an adversary.

Kingma & Welling, "Auto-Encoding Variational Bayes" (2014). Its trunk is that of the face GAN's discriminator, its
decoder the mirror of that. A picture's latent is normal; those of all pictures together are not N(0, 1), so random ones
are drawn from a Gaussian fitted to them after training (Ghosh et al., "From Variational to Deterministic Autoencoders",
2020).
"""

from dataclasses import dataclass

import torch
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
    z_mean: Tensor
    z_spread: Tensor

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
        self.register_buffer("z_mean", torch.zeros(config.latent))
        self.register_buffer("z_spread", torch.eye(config.latent))

    def encode(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Pictures [B, 3, S, S] in [-1, 1] -> mean and log variance of their latents, [B, latent] each."""
        mean, log_variance = self.encoder(x).float().chunk(2, 1)
        return mean, log_variance.clamp(*LOG_VARIANCES)

    def decode(self, z: Tensor) -> Tensor:
        """Latents [B, latent] -> [B, 3, S, S], about [-1, 1]."""
        x = self.blocks(self.entry(z).unflatten(1, (-1, 4, 4)))
        return F.pixel_shuffle(self.head(F.leaky_relu(x, 0.2)), 2)

    def drawn(self, noise: Tensor) -> Tensor:
        """Normal noise [B, latent] -> latents distributed as those of the data."""
        return self.z_mean + noise @ self.z_spread.T

    def forward(self, noise: Tensor, variety: float = 1.0) -> Tensor:
        """Normal noise [B, latent] -> pictures; `variety` < 1 keeps them closer to the mean."""
        return self.decode(self.drawn(variety * noise))

    @torch.no_grad()
    def fit_latents(self, z: Tensor) -> None:
        """Set what `drawn` gives to the distribution of latents [N, latent]; of few, N(0, 1) keeps a share."""
        trust = min(1.0, len(z) / (4 * z.shape[1]))
        covariance = torch.lerp(torch.eye(z.shape[1], device=z.device), torch.cov(z.T.float()), trust)
        self.z_mean.copy_(trust * z.float().mean(0))
        self.z_spread.copy_(torch.linalg.cholesky(covariance + 1e-4 * torch.eye(z.shape[1], device=z.device)))


def divergence(mean: Tensor, log_variance: Tensor) -> Tensor:
    """KL(N(mean, variance) || N(0, 1)) in nats, [B] (their Equation 10 without the sign)."""
    return 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance).sum(1)
