"""Codes as text: what is written is read back, and nothing else is taken for a code."""

import base64
import zlib
from itertools import chain

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from studio.core.errors import BadInput
from studio.engine.steering.codes import RANGES, code_of_seed, from_text, layers_of, to_text
from studio.models.face_gan import FaceGANConfig, Generator

CONFIG = FaceGANConfig(latent=8, style=8, channels=(8, 8, 8))
torch.manual_seed(0)
GENERATOR = Generator(CONFIG).eval().requires_grad_(False)


@given(st.integers(0, 2**32 - 1), st.floats(0, 1.5), st.booleans())
def test_what_is_written_is_read_back(seed: int, variety: float, differing: bool) -> None:
    code = code_of_seed(GENERATOR, seed, variety)
    if differing:
        code = code + torch.randn_like(code)
    again = from_text(to_text(code), GENERATOR)
    assert again.shape == code.shape
    assert torch.allclose(again, code, atol=0.01, rtol=0.002)
    assert to_text(again) == to_text(code)


def test_one_style_for_all_layers_is_written_once() -> None:
    code = code_of_seed(GENERATOR, 3, 1.0)
    assert len(to_text(code)) * 2 < len(to_text(code + torch.randn_like(code)))


@given(st.text(max_size=40))
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(BadInput, match="does not belong to this model"):
        from_text(text, GENERATOR)


def test_codes_of_other_shapes_and_bombs_are_refused() -> None:
    other = Generator(FaceGANConfig(latent=8, style=12, channels=(8, 8))).requires_grad_(False)
    huge = base64.urlsafe_b64encode(zlib.compress(bytes(10**7))).decode()
    for text in (to_text(code_of_seed(other, 0, 1.0)), huge, to_text(torch.full((1, 8), float("nan")))):
        with pytest.raises(BadInput):
            from_text(text, GENERATOR)


def test_ranges_of_stages_cover_all_layers_once() -> None:
    every = list(range(GENERATOR.layers))
    assert [*chain.from_iterable(every[layers_of(name, GENERATOR)] for name in ("coarse", "middle", "fine"))] == every
    assert every[layers_of("all", GENERATOR)] == every
    assert set(RANGES) == {"coarse", "middle", "fine", "all"}
