import json
import struct
import subprocess
import sys

import pytest
import torch

from studio.core.errors import ModelCorrupt
from studio.library.checkpoint import check_checkpoint, encode_checkpoint, load_checkpoint, replace_card
from studio.models.face_gan import FaceGAN, FaceGANConfig
from studio.models.families import FAMILIES
from tests.library.conftest import TINY


def header_of(data: bytes) -> dict:
    (length,) = struct.unpack("<Q", data[:8])
    return json.loads(data[8 : 8 + length])


def with_header(data: bytes, easel: dict) -> bytes:
    (length,) = struct.unpack("<Q", data[:8])
    outer = header_of(data)
    outer["__metadata__"] = {"easel": json.dumps(easel)}
    header = json.dumps(outer).encode()
    header += b" " * (-len(header) % 8)
    return struct.pack("<Q", len(header)) + header + data[8 + length :]


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_comes_back_as_it_was(family: str) -> None:
    filled = {"art": {"presets": ("a", "b")}, "words": {"vocabulary": ("old",), "names": ("age",)}}
    config = FAMILIES[family].config(**filled.get(family, {}))
    network = FAMILIES[family].network(config)
    before = torch.get_rng_state()
    again = load_checkpoint(encode_checkpoint(network, family=family, config=config, card={}), "x")
    assert torch.equal(before, torch.get_rng_state())
    assert again.config == config
    assert not again.training
    for (key, old), new in zip(network.state_dict().items(), again.state_dict().values(), strict=True):
        assert torch.equal(old.half().float(), new), key
    assert not any(tensor.is_meta for tensor in [*again.parameters(), *again.buffers()])


def test_weights_that_are_not_finite_are_neither_written_nor_accepted(network: FaceGAN) -> None:
    data = encode_checkpoint(network, family="faces", config=TINY, card={})
    with torch.no_grad():
        next(network.parameters()).fill_(1e6)  # infinite in fp16
    with pytest.raises(ModelCorrupt, match="not finite"):
        encode_checkpoint(network, family="faces", config=TINY, card={})
    spoilt = data[:-2] + b"\x00\x7e"  # NaN
    with pytest.raises(ModelCorrupt, match="not finite"):
        check_checkpoint(spoilt, "spoilt")


@pytest.mark.parametrize(
    "easel",
    [
        {"format": 1, "family": "faces", "config": {"channels": [10**9] * 5}, "card": {}},  # would need exabytes
        {"format": 1, "family": "faces", "config": {"channels": [-1, -1]}, "card": {}},
        {"format": 1, "family": "faces", "config": {"unknown": 1}, "card": {}},
        {"format": 1, "family": "faces", "config": {"latent": "eight"}, "card": {}},
        {"format": 1, "family": "faces", "config": {}, "card": {}},
        {"format": 1, "family": "repair", "config": {}, "card": {}},
        {"format": 1, "family": "dragons", "config": {}, "card": {}},
        {"format": 1, "family": ["faces"], "config": {}, "card": {}},
        {"format": 1, "family": "faces", "config": [], "card": {}},
        {"format": 2, "family": "faces", "config": {}, "card": {}},
        {},
        [],
    ],
)
def test_a_header_that_lies_is_refused(network: FaceGAN, easel: dict) -> None:
    data = encode_checkpoint(network, family="faces", config=TINY, card={})
    with pytest.raises(ModelCorrupt, match="stranger"):
        load_checkpoint(with_header(data, easel), "stranger")


@pytest.mark.parametrize("keep", [0, 1, 7, 8, 9, 100, -1])
def test_a_truncated_file_is_refused(network: FaceGAN, keep: int) -> None:
    data = encode_checkpoint(network, family="faces", config=TINY, card={})
    with pytest.raises(ModelCorrupt, match="short"):
        load_checkpoint(data[:keep], "short")


def test_replacing_the_card_keeps_the_weights(network: FaceGAN) -> None:
    data = encode_checkpoint(network, family="faces", config=TINY, card={"title": "old"})
    changed = replace_card(data, {"title": "neu — 新"}, "x")
    assert json.loads(header_of(changed)["__metadata__"]["easel"])["card"] == {"title": "neu — 新"}
    old, new = load_checkpoint(data, "x"), load_checkpoint(changed, "x")
    assert isinstance(new.config, FaceGANConfig)
    assert all(torch.equal(a, b) for a, b in zip(old.state_dict().values(), new.state_dict().values(), strict=True))


def test_loading_a_model_does_not_load_pytorchs_compiler(network: FaceGAN) -> None:
    """It takes 3 seconds of whoever makes the first face."""
    data = encode_checkpoint(network, family="faces", config=network.config, card={})
    code = "import sys; from studio.library.checkpoint import load_checkpoint; "
    code += "load_checkpoint(sys.stdin.buffer.read(), 'it'); print('torch._dynamo' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], input=data, capture_output=True, check=True, timeout=100)
    assert done.stdout.strip() == b"False"
