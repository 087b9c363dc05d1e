"""Random textures: they tile, they come back from their seed, and their colours and heights are what was asked for."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.core.errors import BadInput
from studio.engine.engine import Engine
from studio.engine.tasks.texture import TextureRequest, TextureResult
from studio.engine.textures.colours import PALETTES, painted, stops_of
from studio.engine.textures.noise import Plane, fbm, perlin, value, worley
from studio.engine.textures.patterns import PATTERNS
from studio.engine.textures.relief import heights_of, normal_map, normals, wrapped_blur
from studio.engine.textures.seams import calmest, seam_ratio


def made(engine: Engine, **settings: object) -> TextureResult:
    return engine.run(TextureRequest(**settings))  # type: ignore[arg-type]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_every_pattern_tiles_and_shows_something(engine: Engine, pattern: str) -> None:
    done = made(engine, pattern=pattern, width=160, height=128, seed=3)
    rgb = done.picture.rgb
    assert rgb.shape == (128, 160, 3) and done.heights.shape == (128, 160)
    assert seam_ratio(rgb) <= 1.05
    assert rgb.std() > 6 and len(np.unique(rgb.reshape(-1, 3), axis=0)) > 100
    assert 0 <= done.heights.min() < done.heights.max() <= 1
    again, other = (made(engine, pattern=pattern, width=160, height=128, seed=seed).picture.rgb for seed in (3, 4))
    assert np.array_equal(rgb, again) and not np.array_equal(rgb, other)
    assert done.picture.settings["pattern"] == pattern and done.picture.source is None, "no model made it"


@settings(max_examples=20, deadline=None)
@given(width=st.integers(16, 90), height=st.integers(16, 90), seed=st.integers(0, 2**32 - 1), scale=st.floats(0.2, 4))
def test_noise_is_the_same_once_around(width: int, height: int, seed: int, scale: float) -> None:
    """In any size and shape, and wherever one starts."""
    plane = Plane.of(width, height, seed)
    cells = plane.cells(6 / scale)
    around = plane.moved(1.0, 1.0)
    for noise in (perlin, value, fbm):
        one = noise(plane, cells, 1)
        assert one.shape == (height, width) and one.dtype == np.float32
        assert np.abs(one).max() < 1.6
        assert np.abs(one - noise(around, cells, 1)).max() < 2e-2
    found, same = worley(plane, cells, 1), worley(around, cells, 1)
    assert np.abs(found.near - same.near).max() < 2e-2
    assert (found.near <= found.second).all() and found.border.min() >= -1e-3


def test_a_larger_picture_is_the_same_one_finer() -> None:
    """So that a texture can be tried small and made large."""
    small, large = (PATTERNS["stone"].make(Plane.of(side, side, 5), 1.0).tone for side in (64, 256))
    averaged = large.reshape(64, 4, 64, 4).mean((1, 3))
    assert np.corrcoef(small.ravel(), averaged.ravel())[0, 1] > 0.9


def test_features_grow_with_the_scale(engine: Engine) -> None:
    def busy(scale: float) -> float:
        rgb = made(engine, pattern="worley", width=128, height=128, scale=scale).picture.rgb.astype(float)
        return float(np.abs(np.diff(rgb, axis=0)).mean())

    assert busy(0.5) > 1.5 * busy(1.0) > 2 * busy(2.5)


def test_colours_are_those_asked_for(engine: Engine) -> None:
    plain = {"pattern": "fbm", "width": 64, "height": 64, "light": 0.0}
    red = made(engine, colours="#200000 #ff0000", **plain).picture.rgb
    assert (red[..., 0] > red[..., 1] + 10).all()
    ice, fire = (made(engine, palette=name, **plain).picture.rgb.reshape(-1, 3).mean(0) for name in ("ice", "fire"))
    assert ice[2] > ice[0] and fire[0] > fire[2]
    tones = np.linspace(0, 1, 50, dtype=np.float32)[None]
    for stops in PALETTES.values():
        ramp = painted(tones, stops)[0]
        ends = [[int(stop[i : i + 2], 16) / 255 for i in (1, 3, 5)] for stop in (stops[0], stops[-1])]
        assert np.abs(ramp[[0, -1]] - ends).max() < 0.01
    for wrong in ("#12", "red blue", "#ff0000"):
        with pytest.raises(BadInput, match="row of colours"):
            stops_of("natural", wrong, ("#000000", "#ffffff"))


def test_normals_lean_away_from_what_is_high() -> None:
    height = np.tile((1 - np.cos(np.linspace(0, 2 * np.pi, 64, endpoint=False))).astype(np.float32) / 2, (64, 1))
    found = normals(height, 1.0)
    assert np.allclose(np.linalg.norm(found, axis=-1), 1, atol=1e-5)
    assert (found[:, 5:28, 0] < 0).all() and (found[:, 36:60, 0] > 0).all()
    flat = normal_map(np.full((8, 8), 0.5, np.float32), 1.0)
    assert np.abs(flat.astype(int) - [128, 128, 255]).max() <= 1
    up, down = (normal_map(height.T, 2.0, y_up=way).astype(int) for way in (True, False))
    assert np.array_equal(up[..., [0, 2]], down[..., [0, 2]]) and np.abs(up[..., 1] + down[..., 1] - 255).max() <= 1
    assert up[5:28, :, 1].min() > 128, "a slope that rises downwards faces up"


def test_guessed_heights_follow_lightness_and_tile() -> None:
    rng = np.random.default_rng(0)
    light = wrapped_blur(rng.normal(size=(96, 64)).astype(np.float32), 4)
    light = (light - light.min()) / (light.max() - light.min())
    rgb = np.repeat((light * 255).astype(np.uint8)[..., None], 3, 2)
    found = heights_of(rgb, detail=1.0)
    assert found.min() >= 0 and found.max() <= 1
    assert np.corrcoef(found.ravel(), light.ravel())[0, 1] > 0.8
    moved = heights_of(np.roll(rgb, (20, 9), (0, 1)), detail=1.0)
    assert np.abs(np.roll(found, (20, 9), (0, 1)) - moved).max() < 1e-3


def test_a_seam_is_seen_and_the_calmest_cut_found() -> None:
    ramp = np.tile(np.arange(128, dtype=np.uint8)[None, :, None], (128, 1, 3))
    assert seam_ratio(ramp) > 50
    assert seam_ratio(np.zeros((9, 9, 3), np.uint8)) <= 1.05
    assert calmest(np.roll(ramp, 1, 1))[1] != 1
