"""VAE of faces: how its samples are distributed and how near its reconstructions come, beside the face GAN's."""

from argparse import Namespace
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from studio.core.errors import BadInput
from studio.core.image import resize
from studio.core.likeness import psnr, sharpness
from studio.library.store import Library
from studio.models.face_gan import FaceGAN
from studio.models.landmarks import LandmarkNet
from studio.models.vae import VAE
from training.data import to_pixels, to_tensor
from training.evaluate.distribution import Distribution, drawn
from training.evaluate.faces import aligned

GAN = "faces"  # the baseline


def evaluate_vae(library: Library, values: Namespace) -> dict[str, Any]:
    """Samples at full variety and one-pass reconstructions of `--val`; the GAN's own figures begin with gan_."""
    if not values.val:
        raise BadInput("A VAE is measured against faces it was never trained on; give their folder with --val.")
    vae, gan, points = (library.load(name) for name in (values.name, GAN, "landmarks"))
    assert isinstance(vae, VAE) and isinstance(gan, FaceGAN) and isinstance(points, LandmarkNet)
    size = vae.config.size
    train, val = (aligned(folders, size, points) for folders in (values.data, values.val))
    distribution = Distribution(library, train, val)
    figures: dict[str, Any] = {
        "images_seen": library.card(values.name).images_seen,
        "size": size,
        "kid_encoder": distribution.named,
        "gan": f"{GAN} {library.card(GAN).sha256[:12]}",
    }
    made = drawn(vae, vae.config.latent, values.samples)
    figures |= distribution.figures(made) | reconstruction(val, lambda x: vae.decode(vae.encode(x)[0]))
    made = at_size(drawn(gan, gan.config.latent, values.samples), size)
    own = distribution.figures(made) | reconstruction(
        val, lambda x: gan.generator.synthesize(gan.code(x)), gan.config.size
    )
    return figures | {f"gan_{key}": value for key, value in own.items()} | distribution.yardsticks(val)


@torch.no_grad()
def reconstruction(
    faces: Sequence[np.ndarray], autoencoder: Callable[[Tensor], Tensor], size: int | None = None
) -> dict[str, float]:
    """PSNR in dB, and sharpness (that of `faces` is 1), of what comes back in one pass at the network's own `size`."""
    given, back = at_size(faces, size or len(faces[0])), list[np.ndarray]()
    for start in range(0, len(given), 32):
        back += list(to_pixels(autoencoder(to_tensor(given[start : start + 32]))))
    back = at_size(back, len(faces[0]))
    return {
        "reconstruction_psnr": round(float(np.mean([psnr(a, b) for a, b in zip(faces, back, strict=True)])), 3),
        "reconstruction_sharpness": round(sharpness(back) / sharpness(faces), 4),
    }


def at_size(faces: Sequence[np.ndarray], size: int) -> list[np.ndarray]:
    """Square uint8 pictures at `size` px."""
    return [face if len(face) == size else resize(face, (size, size)) for face in faces]
