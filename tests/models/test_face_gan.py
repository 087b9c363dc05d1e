"""What random latents are drawn from: the sphere at first, then what the data's latents are like."""

import torch

from studio.models.face_gan import FaceGANConfig, Generator, project

CONFIG = FaceGANConfig(latent=16, style=8, channels=(8, 8))


def latents(count: int) -> torch.Tensor:
    """Latents of four dimensions only, about a mean."""
    z = torch.randn(count, 16) * torch.tensor([3.0, 2.0, 1.0, 1.0] + [0.0] * 12)
    return project(z + torch.tensor([2.0] + [0.0] * 15))


def test_unfitted_noise_is_only_projected() -> None:
    noise = torch.randn(5, 16)
    assert torch.allclose(Generator(CONFIG).drawn(noise), project(noise))


def test_a_fitted_generator_draws_latents_like_the_datas() -> None:
    torch.manual_seed(0)
    generator, data = Generator(CONFIG), latents(2000)
    generator.fit_latents(data)
    made = generator.drawn(torch.randn(2000, 16))
    assert torch.allclose(made.norm(dim=1), torch.full((2000,), 4.0), atol=1e-4)
    assert made[:, 4:].abs().max() < 0.2, "dimensions that the data do not use stay unused"
    assert torch.allclose(made.mean(0), data.mean(0), atol=0.4)
    assert torch.allclose(made.std(0)[:4], data.std(0)[:4], rtol=0.35)


def test_few_latents_change_little() -> None:
    torch.manual_seed(0)
    generator = Generator(CONFIG)
    generator.fit_latents(latents(4))
    spread = generator.z_spread @ generator.z_spread.T
    assert (spread - torch.eye(16)).diagonal().abs()[4:].max() < 0.1
    assert generator.z_mean.norm() < 0.5


def test_the_mean_style_is_that_of_drawn_latents() -> None:
    torch.manual_seed(0)
    generator = Generator(CONFIG)
    generator.fit_latents(latents(500))
    generator.measure_mean()
    styles = generator.style(generator.drawn(torch.randn(4000, 16)))
    assert torch.allclose(generator.w_mean, styles.mean(0), atol=0.1)
    assert torch.allclose(generator.style(torch.randn(3, 16), variety=0.0), generator.w_mean.expand(3, -1))
