from dataclasses import replace
from typing import Any, cast

import cv2
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from studio.core.errors import BadInput, Cancelled
from studio.core.image import Picture
from studio.core.progress import Progress, TaskControl
from studio.core.provenance import DigitalSource
from studio.engine import painters
from studio.engine.engine import Engine
from studio.engine.looks import LOOKS
from studio.engine.painters import STATISTICS_SIDE, NetPainter
from studio.engine.pixels import tiles
from studio.engine.tasks.style import StyleRequest, presets
from studio.models.style import Statistics, StyleNet
from tests.pictures import noise, scene


def paint(engine: Engine, picture: Picture, **settings: Any) -> Picture:
    chosen: dict[str, Any] = {"preset": "reeds"} | settings
    return engine.run(StyleRequest(picture=picture, **chosen)).picture


@torch.inference_mode()
def painted_in_tiles(engine: Engine, side: int, strength: float, rim: int | None = None) -> np.ndarray:
    """A 203 x 150 px scene painted in tiles of `side` px with statistics that were frozen before."""
    rgb = scene(203, 150)
    painter = NetPainter(cast(StyleNet, engine.model("art")), torch.device("cpu"), {"reeds": 1.0}, strength)
    if rim is not None:
        painter = type("Narrow", (NetPainter,), {"rim": rim})(**vars(painter))
    recorded = Statistics()
    painter.forward(torch.from_numpy(rgb).permute(2, 0, 1)[None, :, :148, :200].float() / 127.5 - 1, recorded)
    frozen, result = recorded.freeze(), np.zeros_like(rgb)
    for rows, columns in tiles(203, 150, side):
        result[rows, columns] = painter.paint(rgb, rows, columns, frozen)
    return result


@pytest.mark.parametrize("strength", [1.0, 0.4])
def test_tiles_and_whole_agree(engine: Engine, strength: float) -> None:
    whole, tiled = (painted_in_tiles(engine, side, strength).astype(int) for side in (1000, 48))
    assert np.abs(whole - tiled).max() <= 1
    seams = painted_in_tiles(engine, 48, strength, rim=0).astype(int)
    assert np.abs(whole - seams).max() > 1  # the rim is what makes them agree


@given(st.integers(1, 300), st.integers(1, 300), st.integers(1, 10).map(lambda n: 32 * n))
def test_tiles_cover_the_picture_once(width: int, height: int, side: int) -> None:
    count = np.zeros((height, width), int)
    for rows, columns in tiles(width, height, side):
        count[rows, columns] += 1
    assert (count == 1).all()


def test_size_alpha_and_profile_stay(engine: Engine) -> None:
    alpha = noise(61, 43, 1)[..., 0]
    picture = Picture(rgb=scene(61, 43), alpha=alpha, icc=b"profile", name="a.png")
    result = engine.run(StyleRequest(picture=picture, preset="embers"))
    assert result.picture.size == (61, 43)
    assert np.array_equal(result.picture.alpha, alpha)  # pyright: ignore[reportArgumentType]
    assert (result.picture.icc, result.picture.name) == (b"profile", "a.png")
    assert result.picture.source is DigitalSource.COMPOSITE
    assert result.picture.settings == result.settings
    assert result.settings["preset"] == "embers"


def test_strength_runs_from_the_picture_itself_to_the_style(engine: Engine) -> None:
    picture = Picture(rgb=noise(64, 64))
    full = paint(engine, picture).rgb.astype(int)
    assert np.array_equal(paint(engine, picture, strength=0.0).rgb, picture.rgb)
    nearly = paint(engine, picture, strength=1e-4).rgb.astype(int)
    assert np.abs(nearly - picture.rgb).max() <= 1
    almost = paint(engine, picture, strength=1 - 1e-4).rgb.astype(int)
    assert np.abs(almost - full).max() <= 2
    assert np.abs(full - picture.rgb).mean() > 5


def test_presets_differ_and_are_listed(engine: Engine) -> None:
    assert presets(engine, "art") == (*LOOKS, "reeds", "embers")
    picture = Picture(rgb=scene(64, 64))
    assert not np.array_equal(paint(engine, picture).rgb, paint(engine, picture, preset="embers").rgb)
    with pytest.raises(BadInput, match=r"no style 'fog'; choose one of: oil, .*, reeds, embers"):
        paint(engine, picture, preset="fog")


def test_keeping_colours_changes_lightness_alone(engine: Engine) -> None:
    soft = cv2.GaussianBlur(scene(64, 64), (0, 0), 8) // 4 + 96  # far from the edge of the colours a screen can show
    before, after = (
        cv2.cvtColor(rgb.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
        for rgb in (soft, paint(engine, Picture(rgb=soft), colours="places", strength=0.2).rgb)
    )
    difference = np.abs(after - before).reshape(-1, 3)
    assert np.median(difference[:, 1:]) < 1.5
    assert difference[:, 0].mean() > 2


def test_colours_beneath_alpha_0_are_not_looked_at(engine: Engine) -> None:
    alpha = np.full((40, 60), 255, np.uint8)
    alpha[:, 30:] = 0
    results = []
    for hidden in (0, 255):
        rgb = scene(60, 40)
        rgb[alpha == 0] = hidden
        results.append(paint(engine, Picture(rgb=rgb, alpha=alpha)).rgb[:, :30])
    assert np.array_equal(*results)


def test_a_picture_that_cannot_be_seen_at_all_is_painted_all_the_same(engine: Engine) -> None:
    picture = Picture(rgb=scene(40, 30), alpha=np.zeros((30, 40), np.uint8))
    assert paint(engine, picture).size == (40, 30)


@pytest.mark.parametrize("size", [(1, 1), (2, 7), (17, 3), (16, 16)])
@pytest.mark.parametrize("strength", [0.5, 1.0])
def test_pictures_of_a_few_pixels(engine: Engine, size: tuple[int, int], strength: float) -> None:
    assert paint(engine, Picture(rgb=noise(*size)), strength=strength).size == size


def test_a_large_picture_is_painted_tile_by_tile_with_progress(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(painters, "TILE", 512)
    picture = Picture(rgb=scene(STATISTICS_SIDE + 6, 30))
    seen: list[Progress] = []
    result = engine.run(StyleRequest(picture=picture, preset="reeds"), TaskControl(listener=seen.append)).picture
    assert [(now.step, now.total) for now in seen] == [(1, 3), (2, 3), (3, 3)]
    assert seen[0].preview is not None and max(seen[0].preview.shape) == 768
    assert result.size == picture.size
    small = paint(engine, replace(picture, rgb=picture.rgb[:, :STATISTICS_SIDE])).rgb.astype(int)
    assert np.abs(result.rgb[:, :900].astype(int) - small[:, :900]).mean() < 10  # one look at either side of the limit


def test_cancelling_works_between_tiles(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(painters, "TILE", 256)
    control = TaskControl(listener=lambda now: control.cancel())
    with pytest.raises(Cancelled):
        engine.run(StyleRequest(picture=Picture(rgb=scene(STATISTICS_SIDE + 6, 30)), preset="reeds"), control)


def test_two_styles_mix_in_the_network(engine: Engine) -> None:
    picture = Picture(rgb=scene(64, 64))
    reeds, embers = (paint(engine, picture, preset=name).rgb for name in ("reeds", "embers"))
    assert np.array_equal(paint(engine, picture, other="embers", share=1.0).rgb, embers)
    assert np.array_equal(paint(engine, picture, other="embers", share=0.0).rgb, reeds)
    half = paint(engine, picture, other="embers").rgb.astype(float)
    assert 0 < np.abs(half - reeds).mean() < np.abs(reeds.astype(float) - embers).mean()
    assert np.abs(half - (reeds.astype(float) + embers) / 2).mean() > 0.5  # features are mixed, not pixels
    with pytest.raises(BadInput, match="no style 'fog'"):
        paint(engine, picture, other="fog")


def test_a_look_mixes_with_a_painted_style(engine: Engine) -> None:
    picture = Picture(rgb=scene(64, 48))
    parts = [paint(engine, picture, preset=name).rgb.astype(float) for name in ("reeds", "comic")]
    mixed = paint(engine, picture, other="comic", share=0.25).rgb
    assert np.abs(mixed - (0.75 * parts[0] + 0.25 * parts[1])).max() <= 1
    assert paint(engine, picture, preset="comic").source is None  # no network had a part in it
    assert paint(engine, picture, preset="comic", other="reeds").source is DigitalSource.COMPOSITE


def test_the_palette_of_the_picture_is_kept_under_the_styles_pattern(engine: Engine) -> None:
    picture = Picture(rgb=cv2.GaussianBlur(scene(80, 80), (0, 0), 4) // 2 + 64)
    matched, plain = (paint(engine, picture, colours=kind).rgb.reshape(-1, 3) for kind in ("palette", "style"))
    wanted = picture.rgb.reshape(-1, 3)
    assert np.abs(matched.mean(0) - wanted.mean(0)).max() < 3 < np.abs(plain.mean(0) - wanted.mean(0)).max()
    assert np.abs(np.cov(matched.T) - np.cov(wanted.T)).max() < 0.25 * np.abs(np.cov(wanted.T)).max()


def halves(width: int, height: int) -> tuple[np.ndarray, np.ndarray]:
    left = np.zeros((height, width), bool)
    left[:, : width // 2] = True
    return left, ~left


def test_regions_have_styles_of_their_own_and_a_protected_one_keeps_its_pixels(engine: Engine) -> None:
    picture, (left, right) = Picture(rgb=noise(96, 64)), halves(96, 64)
    made = paint(engine, picture, regions=(left, right), region_presets="photo, embers", feather=0).rgb
    assert np.array_equal(made[left], picture.rgb[left])
    assert np.array_equal(made[right], paint(engine, picture, preset="embers").rgb[right])
    soft = paint(engine, picture, regions=(left,), region_presets="photo", feather=8).rgb
    assert np.array_equal(soft[:, :39], picture.rgb[:, :39])
    assert np.array_equal(soft[right], paint(engine, picture).rgb[right])


def test_regions_that_cannot_be_are_told_of(engine: Engine) -> None:
    picture, (left, right) = Picture(rgb=scene(64, 64)), halves(64, 64)
    with pytest.raises(BadInput, match="2 masks and 1 styles"):
        paint(engine, picture, regions=(left, right), region_presets="photo")
    with pytest.raises(BadInput, match="64 x 64 pixels but the picture is 32 x 64"):
        paint(engine, Picture(rgb=scene(32, 64)), regions=(left,), region_presets="photo")
    with pytest.raises(BadInput, match="no style 'fog'"):
        paint(engine, picture, regions=(left,), region_presets="fog")


@pytest.mark.parametrize("settings", [{"colours": "palette"}, {"preset": "oil", "other": "embers"}])
def test_every_kind_of_painter_takes_large_pictures(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, settings: dict[str, Any]
) -> None:
    monkeypatch.setattr(painters, "TILE", 256)
    picture = Picture(rgb=scene(STATISTICS_SIDE + 200, 90))
    seen: list[Progress] = []
    request = StyleRequest(picture=picture, **{"preset": "reeds"} | settings)
    made = engine.run(request, TaskControl(listener=seen.append)).picture
    assert made.size == picture.size and len(seen) > 1
