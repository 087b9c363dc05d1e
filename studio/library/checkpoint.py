"""A model as one safetensors file: fp16 weights, and family, config and card in the header."""

import dataclasses
import json
import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import nn

from studio.core.atomic import write_atomic
from studio.core.errors import ModelCorrupt
from studio.models.families import FAMILIES

FORMAT = 1
_HEADER_LIMIT = 10_000_000
_REMEDY = "import it again from its source"


@dataclass(frozen=True, kw_only=True)
class Header:
    """What a model file says of itself."""

    family: str
    config: dict[str, Any]
    card: dict[str, Any] = field(default_factory=dict)


def save_checkpoint(path: Path, module: nn.Module, *, family: str, config: Any, card: dict[str, Any]) -> None:
    """Write `module` as fp16 to `path`, atomically; `config` is the dataclass that builds it."""
    header = {"format": FORMAT, "family": family, "config": dataclasses.asdict(config), "card": card}
    tensors = {
        key: (value.half() if value.is_floating_point() else value).contiguous().cpu()
        for key, value in module.state_dict().items()
    }
    data = save(tensors, metadata={"easel": json.dumps(header)})
    with write_atomic(path) as file:
        file.write(data)


def read_header(path: Path) -> Header:
    """The header alone; ModelCorrupt when the file is not an Easel model."""
    with path.open("rb") as file:
        return parse_header(file.read(8), file.read, path.name)


def parse_header(prefix: bytes, read: Any, name: str) -> Header:
    """The header from a file's first eight bytes and a `read(n)` for what follows them."""
    if prefix[:2] in (b"PK", b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05"):
        raise ModelCorrupt(f"{name} is a pickle, which can run code when opened; use a .safetensors file instead.")
    try:
        (length,) = struct.unpack("<Q", prefix)
        if length > _HEADER_LIMIT:
            raise ValueError("header too long")
        found = json.loads(json.loads(read(length))["__metadata__"]["easel"])
        if found["format"] != FORMAT:
            raise ModelCorrupt(f"{name} has format {found['format']}, which this Easel cannot read; update Easel.")
        header = Header(family=found["family"], config=found["config"], card=found["card"])
    except (struct.error, ValueError, KeyError, TypeError) as error:
        raise ModelCorrupt(
            f"{name} is not a model made by Easel; choose a .safetensors file that Easel exported."
        ) from error
    if header.family not in FAMILIES:
        raise ModelCorrupt(f"{name} is of the unknown family '{header.family}'; update Easel.")
    return header


def load_checkpoint(data: bytes, name: str, device: torch.device | str = "cpu") -> nn.Module:
    """The network in eval mode and fp32 from a file's bytes, already verified; ModelCorrupt when they do not fit it."""
    position = 8

    def read(count: int) -> bytes:
        return data[position : position + count]

    header = parse_header(data[:8], read, name)
    try:
        with torch.random.fork_rng(devices=[]):  # initial weights are overwritten: leave the caller's RNG alone
            network = FAMILIES[header.family].build(header.config)
        network.load_state_dict(
            {key: value.float() if value.is_floating_point() else value for key, value in load(data).items()}
        )
    except (SafetensorError, RuntimeError, TypeError, ValueError) as error:
        raise ModelCorrupt(f"{name} does not hold the weights its header promises; {_REMEDY}.") from error
    return network.to(device).eval()
