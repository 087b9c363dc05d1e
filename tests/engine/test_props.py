"""Props by a small random model: from seeds, like a given one, with an alpha that can be used, on a sheet."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from studio.core.errors import BadInput, ModelMissing
from studio.core.image import Picture, read_picture
from studio.core.sprites.atlas import read_sheet
from studio.core.sprites.sheet import cut_sheet, rgba
from studio.core.sprites.square import squared, unsquared
from studio.engine.engine import Engine
from studio.engine.tasks.props import PropsRequest, PropsResult, save
from studio.library.store import Library
from studio.models.face_gan import FaceGAN, FaceGANConfig
from tests.core.sprites.test_sheet import seen, sprite
from tests.engine.test_sprites import figure


def publish_props(library: Library) -> None:
    """Put a small random model of props into the library."""
    torch.manual_seed(1)
    config = FaceGANConfig(latent=8, style=8, channels=(8, 8), image_channels=4)
    network = FaceGAN(config)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.add_(torch.randn_like(parameter) * 0.1)
    library.publish("props", network, "props", config, {"title": "Small props"})


@pytest.fixture
def props(engine: Engine) -> Engine:
    publish_props(engine.library)
    return engine


def made(engine: Engine, **settings: Any) -> PropsResult:
    return engine.run(PropsRequest(**{"count": 3, "seed": 5, **settings}))


def test_a_seed_makes_its_prop_again(props: Engine, tmp_path: Path) -> None:
    first, again = made(props), made(props, count=1, seed=6)
    assert np.array_equal(rgba(first.props[1]), rgba(again.props[0]))
    assert len({prop.rgb.tobytes() for prop in first.props}) == 3
    assert [prop.name for prop in first.props] == ["props-5.png", "props-6.png", "props-7.png"]
    png, data, *files = save(first, tmp_path / "sheet.png")
    assert [file.name for file in files] == [prop.name for prop in first.props]
    for file, prop, own in zip(files, first.props, cut_sheet(read_sheet(data)), strict=True):
        found = read_picture(file)
        assert np.array_equal(rgba(found), rgba(prop)) and np.array_equal(seen(own), seen(prop))
        assert found.settings["task"] == "props" and found.source is not None
    assert read_picture(png).source is not None
    assert list(json.loads(data.read_text())["frames"]) == [prop.name for prop in first.props]


def test_variations_stay_near_their_prop(props: Engine) -> None:
    """Without any change they are one and the same; the more change, the further they are from that."""
    like = figure(2)
    same = made(props, picture=like, change=0.0).props
    assert np.array_equal(rgba(same[0]), rgba(same[1]))

    def apart(change: float) -> float:
        varied = made(props, picture=like, change=change, count=8).props
        return float(np.mean([np.abs(rgba(prop).astype(int) - rgba(same[0])).mean() for prop in varied]))

    assert 0 < apart(0.2) < apart(0.8)
    other = made(props, picture=figure(1), change=0.0).props
    assert not np.array_equal(rgba(same[0]), rgba(other[0]))


@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 9))
def test_a_prop_goes_into_its_square_and_comes_out_again(width: int, height: int, seed: int) -> None:
    """Without a change of size what is opaque is as it was, and what is transparent is grey."""
    picture = sprite(width, height, seed)
    alpha = np.where(rgba(picture)[..., 3] > 127, 255, 0).astype(np.uint8)
    picture, side = replace(picture, alpha=alpha), max(width, height)
    pixels = squared(picture, side)
    assert pixels.shape == (side, side, 4) and set(pixels[pixels[..., 3] == 64].ravel().tolist()) <= {64, 128}
    again = unsquared(pixels.astype(np.float32) / 127.5 - 1)
    top, left = (side - height) // 2, (side - width) // 2
    found = rgba(again)[top : top + height, left : left + width] * (alpha[..., None] > 0)
    assert np.abs(found.astype(int) - seen(picture)).max() <= 1
    shown = rgba(again)[..., 3] > 0
    assert np.array_equal(shown, pixels[..., 3] > 128) and shown.sum() == (alpha > 0).sum()


def test_faint_alpha_is_cleared_and_firm_alpha_made_full() -> None:
    planes = np.zeros((1, 4, 4), np.float32)
    planes[0, :, 3] = np.array([0.05, 0.5, 0.95, 1.2]) - 0.5
    planes[0, :, :3] = np.array([0.03, 0.25, 0.475, 0.6])[:, None]
    found = unsquared(planes)
    assert found.alpha is not None
    assert found.alpha[0].tolist() == [0, 128, 255, 255]
    assert found.rgb[0, 1:3].tolist() == [[191] * 3] * 2, "colours no longer lie on grey"


def test_what_cannot_be_done_is_said(engine: Engine) -> None:
    with pytest.raises(ModelMissing, match="props"):
        made(engine)
    with pytest.raises(BadInput, match="for faces, not for props"):
        made(engine, model="faces")
    with pytest.raises(BadInput, match="count"):
        made(engine, count=0)
    assert squared(Picture(rgb=np.full((3, 5, 3), 9, np.uint8)), 16).shape == (16, 16, 4)
