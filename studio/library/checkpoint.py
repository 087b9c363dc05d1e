"""A model as one safetensors file: fp16 weights, and family, config and card in the header."""

import dataclasses
import json
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load, save
from torch import nn
from torch.overrides import TorchFunctionMode

from studio.core.atomic import write_atomic
from studio.core.errors import ModelCorrupt
from studio.models.families import FAMILIES

FORMAT = 1
_HEADER_LIMIT = 10_000_000
_REMEDY = "import it again from its source"
_PICKLES = (b"PK", b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05")  # zip (torch.save) and pickle protocols 2 to 5


@dataclass(frozen=True, kw_only=True)
class Header:
    """What a model file says of itself."""

    family: str
    config: dict[str, Any]
    card: dict[str, Any] = field(default_factory=dict)


def encode_checkpoint(module: nn.Module, *, family: str, config: Any, card: dict[str, Any]) -> bytes:
    """`module` as a model file's bytes, fp16; `config` is the dataclass that builds it.

    Raises ModelCorrupt when a weight is not a finite number in fp16, as after a training that diverged.
    """
    header = {"format": FORMAT, "family": family, "config": dataclasses.asdict(config), "card": card}
    tensors = {
        key: (value.half() if value.is_floating_point() else value).contiguous().cpu()
        for key, value in module.state_dict().items()
    }
    if not all(bool(torch.isfinite(value).all()) for value in tensors.values()):
        raise ModelCorrupt(
            "The weights are not finite numbers, so the training diverged; train with a lower rate (lr)."
        )
    return save(tensors, metadata={"easel": json.dumps(header)})


def save_checkpoint(path: Path, module: nn.Module, *, family: str, config: Any, card: dict[str, Any]) -> None:
    """Write `module` as a model file to `path`, atomically; see `encode_checkpoint`."""
    data = encode_checkpoint(module, family=family, config=config, card=card)
    with write_atomic(path) as file:
        file.write(data)


def read_header(path: Path) -> Header:
    """The header alone; ModelCorrupt when the file is not an Easel model."""
    with path.open("rb") as file:
        return parse_header(file.read(8), file.read, path.name)


def parse_header(prefix: bytes, read: Callable[[int], bytes], name: str) -> Header:
    """The header from a file's first eight bytes and a `read(n)` for what follows them."""
    length = int.from_bytes(prefix, "little")  # which can begin like a pickle too; as a pickle's it would be huge
    if prefix.startswith(_PICKLES) and (len(prefix) < 8 or length > _HEADER_LIMIT):
        raise ModelCorrupt(f"{name} is a pickle, which can run code when opened; use a .safetensors file instead.")
    try:
        if not 0 < length <= _HEADER_LIMIT:
            raise ValueError("header too long")
        found = json.loads(json.loads(read(length))["__metadata__"]["easel"])
        version, header = found["format"], Header(family=found["family"], config=found["config"], card=found["card"])
        if not (isinstance(header.family, str) and isinstance(header.config, dict) and isinstance(header.card, dict)):
            raise TypeError("header of other types")
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ModelCorrupt(
            f"{name} is not a model made by Easel; choose a .safetensors file that Easel exported."
        ) from error
    if version != FORMAT:
        raise ModelCorrupt(f"{name} has format {version}, which this Easel cannot read; update Easel.")
    if header.family not in FAMILIES:
        raise ModelCorrupt(f"{name} is of the unknown family '{header.family}'; update Easel.")
    return header


def replace_card(data: bytes, card: dict[str, Any], name: str) -> bytes:
    """The same model file with another card in its header; the weights' bytes are kept."""
    parse_header(data[:8], lambda count: data[8 : 8 + count], name)
    (length,) = struct.unpack("<Q", data[:8])
    outer = json.loads(data[8 : 8 + length])
    outer["__metadata__"]["easel"] = json.dumps(json.loads(outer["__metadata__"]["easel"]) | {"card": card})
    header = json.dumps(outer, separators=(",", ":")).encode()
    header += b" " * (-len(header) % 8)  # tensors start at a multiple of eight
    return struct.pack("<Q", len(header)) + header + data[8 + length :]


def check_checkpoint(data: bytes, name: str) -> None:
    """ModelCorrupt unless a network of finite weights can be built from a file's bytes, whoever wrote them."""
    if not _finite(load_checkpoint(data, name).state_dict()):
        raise ModelCorrupt(f"{name} holds weights that are not finite numbers; {_REMEDY}.")


def load_checkpoint(data: bytes, name: str, device: torch.device | str = "cpu") -> nn.Module:
    """The network in eval mode and fp32 from a file's bytes, already verified; ModelCorrupt when they do not fit it."""
    header = parse_header(data[:8], lambda count: data[8 : 8 + count], name)
    try:
        with torch.device("meta"), _Undrawn():  # without memory: a stranger's config may ask for any size
            network = FAMILIES[header.family].build(header.config)
        tensors = {key: value.float() if value.is_floating_point() else value for key, value in load(data).items()}
        network.load_state_dict(tensors, assign=True)
    except Exception as error:  # nor is it known how a stranger's config breaks a constructor
        raise ModelCorrupt(f"{name} does not hold the weights its header promises; {_REMEDY}.") from error
    return network.to(device).eval()


class _Undrawn(TorchFunctionMode):
    """No initial values that PyTorch loads its compiler for, as it does for these without memory: 3 seconds."""

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if func in (torch.Tensor.normal_, nn.init.normal_):
            return None
        if func is torch.eye:
            return torch.empty(args[0], args[0])
        return func(*args, **(kwargs or {}))


def _finite(tensors: Mapping[str, torch.Tensor]) -> bool:
    return all(bool(torch.isfinite(value).all()) for value in tensors.values())
