"""The upscaler on small copies of pictures, beside bicubic enlargement.

As papers do: the copy is made by antialiased bicubic interpolation and rounded, PSNR is of the luma (BT.601, 16-235)
without a border as wide as the scale.
"""

import time
from argparse import Namespace
from typing import Any

import numpy as np
import torch
from torch.nn import functional as F

from studio.core.image import resize
from studio.engine.tasks.upscale import enlarge
from studio.library.store import Library
from studio.models.upscale import UpscaleGAN
from training.data import Pictures, to_pixels, to_tensor
from training.metrics import detail_ratio, psnr

LUMA = np.array([65.481, 128.553, 24.966]) / 255


def luma(rgb: np.ndarray) -> np.ndarray:
    """uint8 [H, W, 3] -> float [H, W], 16 to 235."""
    return rgb @ LUMA + 16


def shrunk(rgb: np.ndarray, scale: int) -> np.ndarray:
    """uint8 [H, W, 3], sides multiples of `scale` -> [H / scale, W / scale, 3]."""
    x = F.interpolate(to_tensor([rgb]), scale_factor=1 / scale, mode="bicubic", antialias=True)
    return to_pixels(x)[0]


@torch.no_grad()
def evaluate_upscale(library: Library, values: Namespace) -> dict[str, Any]:
    """PSNR of luma (dB), detail kept (Laplacian energy, 1 is the original's) and encoder distance, with bicubic's."""
    network = library.load(values.name)
    assert isinstance(network, UpscaleGAN)
    encoder, scale = library.load("perceptual"), network.config.scale
    found: dict[str, list[float]] = {}
    seconds, pixels = 0.0, 0
    for rgb in Pictures.read(values.data, smallest=8 * scale, side=512).arrays:
        height, width = (side - side % scale for side in rgb.shape[:2])
        rgb = rgb[:height, :width]
        small = shrunk(rgb, scale)
        started = time.perf_counter()
        made = enlarge(network.net, torch.device("cpu"), small, scale)
        seconds, pixels = seconds + time.perf_counter() - started, pixels + small.shape[0] * small.shape[1]
        plain = resize(small, (width, height))
        inner = (slice(scale, -scale), slice(scale, -scale))
        whole = (slice(height - height % 16), slice(width - width % 16))  # the encoder halves four times
        wanted = encoder(to_tensor([rgb[whole]]))
        for name, picture in (("", made), ("_bicubic", plain)):
            maps = encoder(to_tensor([picture[whole]]))
            distance = sum(F.mse_loss(a, b).item() for a, b in zip(maps, wanted, strict=True))
            where = np.ones(rgb.shape[:2], bool)
            found.setdefault(f"psnr_y{name}", []).append(psnr(luma(picture)[inner], luma(rgb)[inner]))
            found.setdefault(f"detail{name}", []).append(detail_ratio(picture, rgb, where))
            found.setdefault(f"feature_distance{name}", []).append(distance)
    means = {key: round(float(np.mean(numbers)), 4) for key, numbers in found.items()}
    return {
        "pictures": len(found["psnr_y"]),
        "scale": scale,
        **means,
        "seconds_512": round(seconds / pixels * 512**2, 3),
    }
