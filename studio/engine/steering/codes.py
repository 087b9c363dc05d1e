"""A face as the generator's styles, one a FiLM layer, and as text that fits into a file's settings."""

import base64
import binascii
import zlib

import numpy as np
import torch
from torch import Tensor

from studio.core.errors import BadInput
from studio.models.face_gan import Generator

RANGES = {"coarse": (0, 2), "middle": (2, 3), "fine": (3, 99), "all": (0, 99)}  # stages; the first is that of 4 px


def code_of_seed(generator: Generator, seed: int, variety: float) -> Tensor:
    """The code [layers, style] of the face that `seed` makes."""
    draw = torch.Generator("cpu").manual_seed(seed)
    noise = torch.randn(1, generator.config.latent, generator=draw).to(generator.w_mean.device)
    return generator.style(generator.drawn(noise), variety).repeat(generator.layers, 1)


def to_text(code: Tensor) -> str:
    """[layers, style] -> text, rounded to 16 bits; one row when all layers share it."""
    rows = code[:1] if bool((code == code[:1]).all()) else code
    data = rows.to("cpu", torch.float16).numpy().tobytes()
    return base64.urlsafe_b64encode(zlib.compress(data, 9)).decode()


def from_text(text: str, generator: Generator) -> Tensor:
    """What `to_text` wrote, for a generator of the same shape; BadInput otherwise."""
    width = generator.w_mean.shape[0]
    try:
        packed = zlib.decompressobj()
        data = packed.decompress(base64.urlsafe_b64decode(text.encode()), 2 * width * generator.layers)
        rows = torch.from_numpy(np.frombuffer(data, np.float16).astype(np.float32).reshape(-1, width).copy())
        if not packed.eof or len(rows) not in (1, generator.layers) or not torch.isfinite(rows).all():
            raise ValueError
    except (ValueError, zlib.error, binascii.Error, UnicodeEncodeError) as error:
        raise BadInput(
            "The face's code does not belong to this model (code); use one that the same model wrote."
        ) from error
    return rows.expand(generator.layers, -1).clone().to(generator.w_mean.device)


def layers_of(range: str, generator: Generator) -> slice:
    """The FiLM layers of the stages that RANGES names."""
    first, last = RANGES[range]
    return slice(2 * first, min(2 * last, generator.layers))
