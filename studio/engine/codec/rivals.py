"""What JPEG and WebP make of a picture in as many bytes, so that the codec can be judged beside them."""

import io
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image

RIVALS: dict[str, dict[str, Any]] = {"JPEG": {"optimize": True}, "WEBP": {"method": 4}}


@dataclass(frozen=True, eq=False)
class Coded:
    """A picture after a rival's coding, uint8 [H, W, 3], in `size` bytes."""

    rgb: np.ndarray
    size: int


def coded(rgb: np.ndarray, kind: str, quality: int) -> Coded:
    """At a quality of 1 to 100."""
    buffer = io.BytesIO()
    Image.fromarray(rgb).save(buffer, kind, quality=quality, **RIVALS[kind])
    with Image.open(buffer) as image:
        return Coded(np.array(image.convert("RGB")), buffer.tell())


def at_most(rgb: np.ndarray, kind: str, size: int) -> Coded:
    """The best that fits in `size` bytes; the smallest there is where none does."""
    best, low, high = coded(rgb, kind, 1), 2, 100
    while low <= high:
        quality = (low + high) // 2
        found = coded(rgb, kind, quality)
        if found.size <= size:
            best, low = found, quality + 1
        else:
            high = quality - 1
    return best
