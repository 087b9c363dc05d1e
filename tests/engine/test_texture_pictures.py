"""Textures of pictures: like the example, without seams, with maps; and what is not to change does not."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from studio.core.errors import BadInput
from studio.core.image import Picture, read_picture
from studio.engine.engine import Engine
from studio.engine.tasks import TASKS
from studio.engine.tasks.texture import TextureRequest, TextureResult
from studio.engine.tasks.texture_example import TextureExampleRequest
from studio.engine.tasks.texture_maps import TextureMapsRequest
from studio.engine.tasks.texture_seamless import TextureSeamlessRequest
from studio.engine.textures.noise import Plane
from studio.engine.textures.patterns import PATTERNS
from studio.engine.textures.seams import cheapest, seam_ratio, sewn
from training.metrics import patch_swd


@pytest.fixture(scope="module")
def stones() -> np.ndarray:
    """A cut-out of a texture, which does not tile."""
    tone = PATTERNS["stone"].make(Plane.of(128, 128, 2), 1.0).tone[:80, :96]
    return np.repeat((tone.clip(0, 1) * 255).astype(np.uint8)[..., None], 3, 2) // np.array([1, 1, 2], np.uint8)


def like(engine: Engine, rgb: np.ndarray, alpha: np.ndarray | None = None, **settings: object) -> TextureResult:
    return engine.run(TextureExampleRequest(picture=Picture(rgb=rgb, alpha=alpha), **settings))  # type: ignore[arg-type]


def test_a_texture_is_like_its_example_and_tiles(engine: Engine, stones: np.ndarray) -> None:
    done = like(engine, stones, width=112, height=96, seed=1)
    made = done.picture.rgb
    assert made.shape == (96, 112, 3) and seam_ratio(made) <= 1.05
    where = np.ones(stones.shape[:2], bool)
    noise = np.random.default_rng(0).permutation(stones.reshape(-1, 3)).reshape(stones.shape)
    part = np.ascontiguousarray(made[:80, :96])
    assert patch_swd(part, stones, where) < 0.25 * patch_swd(noise, stones, where)
    again, other = (like(engine, stones, width=112, height=96, seed=seed).picture.rgb for seed in (1, 2))
    assert np.array_equal(made, again) and not np.array_equal(made, other)
    assert (made[..., 2] <= made[..., 1] // 2 + 12).all(), "colours stay together"


def test_what_alpha_hides_of_an_example_is_not_used(engine: Engine, stones: np.ndarray) -> None:
    rgb, alpha = stones.copy(), np.full(stones.shape[:2], 255, np.uint8)
    rgb[:, 64:], alpha[:, 64:] = (255, 0, 255), 0
    made = like(engine, rgb, alpha, width=96, height=96).picture
    assert made.alpha is None and not (made.rgb[..., 2].astype(int) > made.rgb[..., 1].astype(int) + 30).any()
    alpha[:, 3:] = 0
    with pytest.raises(BadInput, match="Too little of the example"):
        like(engine, rgb, alpha)
    with pytest.raises(BadInput, match="at least 24 px"):
        like(engine, stones[:20])


def test_a_seamless_picture_keeps_its_middle(engine: Engine, stones: np.ndarray) -> None:
    ramp = (stones * np.linspace(0.3, 1, 96)[None, :, None]).astype(np.uint8)
    done = engine.run(TextureSeamlessRequest(picture=Picture(rgb=ramp), band=0.4))
    made = done.picture.rgb
    assert made.shape == ramp.shape and seam_ratio(ramp) > 1.5 and seam_ratio(made) <= 1.05
    inner = (slice(16, -16), slice(20, -20))
    assert np.array_equal(made[inner], ramp[inner])
    even = engine.run(TextureSeamlessRequest(picture=Picture(rgb=ramp), band=0.4, even=1.0)).picture.rgb
    left, right = even[:, 20:40].mean(), even[:, -40:-20].mean()
    assert abs(left - right) < 0.6 * abs(ramp[:, 20:40].mean() - ramp[:, -40:-20].mean())
    with pytest.raises(BadInput, match="at least 64 px"):
        engine.run(TextureSeamlessRequest(picture=Picture(rgb=stones[:40])))


@settings(max_examples=25, deadline=None)
@given(height=st.integers(64, 90), width=st.integers(64, 90), band=st.floats(0.02, 0.6), seed=st.integers(0, 99))
def test_sewing_makes_nothing_up(height: int, width: int, band: float, seed: int) -> None:
    """In any size: what lies farther in stays, and no colour leaves the picture's range; alpha goes along."""
    pixels = np.random.default_rng(seed).integers(40, 200, (height, width, 4)).astype(np.uint8)
    made = sewn(pixels, band)
    assert made.shape == pixels.shape and made.dtype == np.uint8
    assert made.min() >= pixels.min() and made.max() <= pixels.max()
    rims = [max(2, round(band * side / 2)) for side in (height, width)]
    inner = (slice(rims[0], height - rims[0]), slice(rims[1], width - rims[1]))
    assert np.array_equal(made[inner], pixels[inner])


def test_the_cheapest_path_is_found_and_closed_ones_meet() -> None:
    cost = np.full((40, 12), 9.0)
    way = (6 + 4 * np.sin(np.linspace(0, 3, 40))).round().astype(int)
    for row, column in enumerate(way):
        cost[row, max(column - 1, 0) : column + 1] = 0
    path = cheapest(cost, closed=False)
    assert cost[np.arange(40), path].sum() == 0
    closed = cheapest(np.random.default_rng(1).random((60, 12)), closed=True)
    assert abs(int(closed[0]) - int(closed[-1])) <= 1 and closed.min() >= 0 and closed.max() < 12


def test_maps_are_files_of_sixteen_bits_and_of_normals(engine: Engine, stones: np.ndarray, tmp_path: Path) -> None:
    done = engine.run(TextureMapsRequest(picture=Picture(rgb=stones), depth=2.0))
    heights, normals = TASKS["texture_maps"].save(done, tmp_path / "wall.png")  # type: ignore[misc]
    assert (heights.name, normals.name) == ("wall-height.png", "wall-normal.png")
    levels = np.asarray(Image.open(heights))
    assert levels.dtype == np.uint16 and np.abs(levels / 65535 - done.heights).max() < 1e-4
    assert read_picture(normals).settings["task"] == "texture_maps"
    inverted = engine.run(TextureMapsRequest(picture=Picture(rgb=stones), invert=True))
    assert np.allclose(inverted.heights, 1 - done.heights)
    wood = engine.run(TextureRequest(width=64, height=64))
    files = TASKS["texture"].save(wood, tmp_path / "wood.png")  # type: ignore[misc]
    assert [path.name for path in files] == ["wood.png", "wood-height.png", "wood-normal.png"]
