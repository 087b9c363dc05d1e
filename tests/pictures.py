"""Pictures for tests, made on the spot from a seed."""

import io
import struct
from typing import Any

import cv2
import numpy as np
from PIL import Image


def noise(width: int, height: int, channels: int = 3, seed: int = 0) -> np.ndarray:
    """uint8 [height, width, channels] of noise, where no two pixels agree by chance; for tests of exactness."""
    return np.random.default_rng(seed).integers(0, 256, (height, width, channels), dtype=np.uint8)


def scene(width: int, height: int, seed: int = 0) -> np.ndarray:
    """uint8 [height, width, 3] with soft colours and a few hard-edged shapes: what models and lossy formats expect."""
    random = np.random.default_rng(seed)
    soft = random.integers(40, 216, (4, 4, 3), dtype=np.uint8)
    picture = cv2.resize(soft, (width, height), interpolation=cv2.INTER_CUBIC)
    for _ in range(4):
        centre = int(random.integers(width)), int(random.integers(height))
        colour = [int(value) for value in random.integers(0, 256, 3)]
        cv2.circle(picture, centre, max(2, min(width, height) // 6), colour, -1, cv2.LINE_AA)
    return picture


def encoded(pixels: np.ndarray | Image.Image, kind: str, **options: Any) -> bytes:
    """A file's bytes as Pillow writes them; `kind` and options are those of `Image.save`."""
    image = Image.fromarray(pixels) if isinstance(pixels, np.ndarray) else pixels
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def grey_profile(gamma: float) -> bytes:
    """An ICC profile of grey with this gamma."""
    curve = b"curv" + struct.pack(">IIHxx", 0, 1, round(gamma * 256))
    return _profile(b"mntr", b"GRAY", b"XYZ ", {b"kTRC": curve})


def black_ink_profile() -> bytes:
    """An ICC profile of CMYK where only the black ink prints: unlike any formula for CMYK, so its use can be seen."""
    ramp = bytes(range(256))
    lightness = [255 * (1 - k) for _ in range(8) for k in (0, 1)]  # the last channel, K, varies fastest
    table = b"".join(bytes([value, 128, 128]) for value in lightness)  # Lab, 8 bits a channel
    matrix = struct.pack(">9i", *(65536 * (i % 4 == 0) for i in range(9)))
    lut = b"mft1" + struct.pack(">I4B", 0, 4, 3, 2, 0) + matrix + ramp * 4 + table + ramp * 3
    return _profile(b"prtr", b"CMYK", b"Lab ", {b"A2B0": lut})


def _profile(kind: bytes, space: bytes, connection: bytes, tags: dict[bytes, bytes]) -> bytes:
    """An ICC version 2 profile with a D50 white point and these tags, each of a length divisible by four."""
    white = struct.pack(">3i", 63190, 65536, 54061)
    tags = {b"wtpt": b"XYZ \0\0\0\0" + white, **tags}
    start = 128 + 4 + 12 * len(tags)
    table, body = struct.pack(">I", len(tags)), b""
    for name, data in tags.items():
        table += name + struct.pack(">II", start + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    header = struct.pack(">I4sI4s4s4s12s4s", start + len(body), b"", 0x02100000, kind, space, connection, b"", b"acsp")
    return (header.ljust(68, b"\0") + white).ljust(128, b"\0") + table + body
