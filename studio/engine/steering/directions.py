"""Directions in the space of styles that no label taught: closed form and principal components.

Closed form after Shen and Zhou, "Closed-Form Factorization of Latent Semantics in GANs" (SeFa, 2021): the eigenvectors
of the stacked weights through which a style enters. Principal components after Härkönen et al., GANSpace (2020).
"""

import torch
from torch import Tensor

from studio.models.face_gan import FiLM, Generator

SAMPLES = 8192
COUNT = 12


def style_sample(generator: Generator, count: int = SAMPLES) -> Tensor:
    """`count` styles of random latents [count, style], always the same."""
    draw = torch.Generator().manual_seed(0)
    noise = torch.randn(count, generator.config.latent, generator=draw)
    return generator.style(generator.drawn(noise.to(generator.w_mean.device)))


def style_spread(generator: Generator) -> Tensor:
    """[style, style], the square root of the styles' covariance: a step through it goes where faces differ."""
    values, vectors = torch.linalg.eigh(style_sample(generator, 4096).T.cov())
    return (vectors * values.clamp_min(0).sqrt()) @ vectors.T


def closed_form(generator: Generator, count: int = COUNT) -> Tensor:
    """[count, style], strongest first, each as long as styles deviate along it."""
    weights = [generator.entry.weight]
    weights += [module.affine.weight for module in generator.modules() if isinstance(module, FiLM)]
    stacked = torch.cat([(w / w.norm(dim=1, keepdim=True).clamp_min(1e-8)).float() for w in weights])
    found = torch.linalg.eigh(stacked.T @ stacked).eigenvectors.flip(1).T[:count]  # ascending before
    return _scaled(found, generator)


def principal(generator: Generator, count: int = COUNT) -> Tensor:
    """[count, style], strongest first, each as long as styles deviate along it."""
    styles = style_sample(generator)
    centred = styles - styles.mean(0)
    found = torch.linalg.eigh(centred.T @ centred).eigenvectors.flip(1).T[:count]
    return _scaled(found, generator)


def _scaled(directions: Tensor, generator: Generator) -> Tensor:
    """Unit vectors times the deviation of styles along them, the largest entry positive, so that signs stay."""
    largest = directions.gather(1, directions.abs().argmax(1, keepdim=True))
    directions = directions * largest.sign()
    return directions * (style_sample(generator) @ directions.T).std(0)[:, None]
