"""The .easel file: what is needed to decode a picture's latents, and what the picture carries besides.

All numbers little-endian: the magic b"EASL", version u8, quality u8 (1 to 8), width u32, height u32, the first 16 bytes
of the SHA-256 of the model's weights; then chunks, each a tag of 4 bytes, its length u32 and its bytes; at the end the
CRC-32 of all before. Chunks: LATS the latents' stream, ALPH the alpha as PNG, ICCP the profile and META settings and AI
mark as JSON, both deflated.
"""

import dataclasses
import hashlib
import json
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from studio.core.errors import BadInput
from studio.core.settings import MAX_PIXELS
from studio.models.codec import Codec

MAGIC = b"EASL"
VERSION = 1
QUALITIES = (1, 8)
SUFFIX = ".easel"
IDENTITY = 16  # bytes
TAGS = (b"LATS", b"ALPH", b"ICCP", b"META")
INFLATED = 16_000_000  # bytes that a deflated chunk may have
_HEAD = struct.Struct(f"<4sBBII{IDENTITY}s")
_CHUNK = struct.Struct("<4sI")


@dataclass(frozen=True, kw_only=True)
class Container:
    """The contents of a .easel file."""

    quality: int
    width: int
    height: int
    model: bytes  # IDENTITY bytes
    chunks: Mapping[bytes, bytes] = field(default_factory=dict)

    def pack(self) -> bytes:
        head = _HEAD.pack(MAGIC, VERSION, self.quality, self.width, self.height, self.model)
        body = b"".join(_CHUNK.pack(tag, len(data)) + data for tag, data in self.chunks.items())
        return head + body + zlib.crc32(head + body).to_bytes(4, "little")


def unpack(data: bytes, name: str) -> Container:
    """The contents of a file's bytes; BadInput, naming it, for a foreign, newer, damaged or too large one."""
    if not data.startswith(MAGIC) or len(data) < _HEAD.size + 4:
        raise BadInput(f"{name} is not a file that Easel compressed; choose one that ends in {SUFFIX}.")
    if data[4] > VERSION:
        raise BadInput(f"{name} was compressed by a newer Easel; update Easel to open it.")
    if zlib.crc32(data[:-4]) != int.from_bytes(data[-4:], "little"):
        raise damaged(name)
    _, _, quality, width, height, model = _HEAD.unpack_from(data)
    if not QUALITIES[0] <= quality <= QUALITIES[1] or min(width, height) < 1 or width * height > MAX_PIXELS:
        raise damaged(name)
    chunks, place, end = {}, _HEAD.size, len(data) - 4
    while place < end:
        if place + _CHUNK.size > end:
            raise damaged(name)
        tag, length = _CHUNK.unpack_from(data, place)
        place += _CHUNK.size
        if tag not in TAGS or tag in chunks or place + length > end:
            raise damaged(name)
        chunks[tag] = data[place : place + length]
        place += length
    if b"LATS" not in chunks:
        raise damaged(name)
    return Container(quality=quality, width=width, height=height, model=model, chunks=chunks)


def damaged(name: str) -> BadInput:
    return BadInput(f"{name} is damaged or cut short; fetch or compress it again.")


def inflate(data: bytes) -> bytes:
    """What was deflated, ValueError when it is damaged or of over INFLATED bytes."""
    machine = zlib.decompressobj()
    try:
        found = machine.decompress(data, INFLATED)
    except zlib.error as error:
        raise ValueError("damaged") from error
    if not machine.eof:
        raise ValueError("cut short or too large")
    return found


def identity(net: Codec) -> bytes:
    """The first IDENTITY bytes of the SHA-256 of a network's config and weights, whatever its card says."""
    found = hashlib.sha256(json.dumps(dataclasses.asdict(net.config), sort_keys=True).encode())
    for name, weights in sorted(net.state_dict().items()):
        found.update(name.encode() + weights.detach().float().cpu().contiguous().numpy().tobytes())
    return found.digest()[:IDENTITY]
