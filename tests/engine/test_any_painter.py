"""Any picture as a style: what of it counts, which pictures are none, and that tiles show no seam."""

from typing import Any, cast

import numpy as np
import pytest
import torch

from studio.core.errors import BadInput, ModelMissing
from studio.core.image import Picture
from studio.core.progress import Progress, TaskControl
from studio.core.provenance import DigitalSource
from studio.engine import best_style, painters
from studio.engine.any_painter import LEAST_SIDE, STYLE_SIDE, AnyPainter, style_pixels
from studio.engine.engine import Engine
from studio.engine.pixels import tiles
from studio.engine.tasks import style as task
from studio.engine.tasks.style import StyleRequest
from studio.models.any_style import AnyStyleNet
from studio.models.perceptual import PerceptualEncoder
from tests.engine.conftest import Library
from tests.pictures import noise, scene

PAINTING = Picture(rgb=scene(120, 90, seed=8), name="painting.png")


def paint(engine: Engine, picture: Picture, **settings: Any) -> Picture:
    chosen: dict[str, Any] = {"style_picture": PAINTING} | settings
    return engine.run(StyleRequest(picture=picture, **chosen)).picture


def painter_at(engine: Engine, strength: float) -> AnyPainter:
    network = cast(AnyStyleNet, engine.model("anystyle"))
    encoder = cast(PerceptualEncoder, engine.model("perceptual"))
    return AnyPainter(network, encoder, torch.device("cpu"), style_pixels(PAINTING), strength)


def test_another_style_picture_paints_another_picture(engine: Engine) -> None:
    photo = Picture(rgb=scene(64, 48), icc=b"profile", name="a.png")
    first, second = paint(engine, photo), paint(engine, photo, style_picture=Picture(rgb=noise(90, 90)))
    assert first.size == (64, 48) and (first.icc, first.name) == (b"profile", "a.png")
    assert first.source is DigitalSource.COMPOSITE
    assert np.abs(first.rgb.astype(int) - second.rgb).mean() > 5


def test_strength_runs_from_the_picture_itself_to_the_style(engine: Engine) -> None:
    photo = Picture(rgb=scene(64, 64))
    full = paint(engine, photo).rgb.astype(int)
    assert np.array_equal(paint(engine, photo, strength=0.0).rgb, photo.rgb)
    assert np.abs(paint(engine, photo, strength=1e-4).rgb.astype(int) - photo.rgb).max() <= 1
    assert np.abs(paint(engine, photo, strength=1 - 1e-4).rgb.astype(int) - full).max() <= 2


@pytest.mark.parametrize("strength", [1.0, 0.4])
@torch.inference_mode()
def test_tiles_and_whole_agree(engine: Engine, strength: float) -> None:
    rgb, painter = scene(203, 150), painter_at(engine, strength)
    facts = painter.measure(rgb)
    made = []
    for side in (1000, 64):
        made.append(np.zeros_like(rgb))
        for rows, columns in tiles(203, 150, side):
            made[-1][rows, columns] = painter.paint(rgb, rows, columns, facts)
    assert np.abs(made[0].astype(int) - made[1]).max() <= 1


@torch.inference_mode()
def test_facts_of_one_frame_glide_into_anothers(engine: Engine) -> None:
    painter = painter_at(engine, 0.5)
    old, new = (painter.measure(scene(64, 64, seed=seed)) for seed in (1, 2))
    for share, wanted in ((0.0, old), (1.0, new)):
        torch.testing.assert_close(painter.glide(old, new, share).mapped, wanted.mapped)


def test_a_large_picture_is_painted_tile_by_tile(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("studio.engine.any_painter.TILE", 512)
    seen: list[Progress] = []
    photo = Picture(rgb=scene(painters.STATISTICS_SIDE + 6, 30))
    request = StyleRequest(picture=photo, style_picture=PAINTING)
    made = engine.run(request, TaskControl(listener=seen.append)).picture
    assert made.size == photo.size and [now.total for now in seen] == [3, 3, 3]


def test_of_a_cut_out_only_what_is_seen_counts() -> None:
    rgb, alpha = scene(200, 160, seed=3), np.zeros((160, 200), np.uint8)
    alpha[20:120, 30:150] = 255
    alpha[20:40, 30:60] = 0
    rgb[alpha == 0] = (255, 0, 255)
    found = style_pixels(Picture(rgb=rgb, alpha=alpha))
    assert found.shape == (100, 120, 3)
    assert not (found == (255, 0, 255)).all(-1).any()


@pytest.mark.parametrize(
    ("size", "shape"), [((1600, 1200), (STYLE_SIDE, 683)), ((70, 4000), None), ((4000, 3990), None)]
)
def test_large_style_pictures_are_looked_at_small(size: tuple[int, int], shape: tuple[int, int] | None) -> None:
    found = style_pixels(Picture(rgb=scene(*size)))
    assert max(found.shape) <= 2 * STYLE_SIDE
    assert shape is None or found.shape[:2] == shape


@pytest.mark.parametrize(
    ("picture", "words"),
    [
        (Picture(rgb=scene(20, 20)), "20 x 20 pixels"),
        (Picture(rgb=np.full((90, 90, 3), 80, np.uint8)), "one colour"),
        (Picture(rgb=scene(90, 90), alpha=np.zeros((90, 90), np.uint8)), "transparent"),
    ],
)
def test_pictures_that_are_no_style_are_refused(engine: Engine, picture: Picture, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        paint(engine, Picture(rgb=scene(64, 64)), style_picture=picture)
    assert LEAST_SIDE > 20


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"style_picture": None}, "There is no style"),
        ({"preset": "reeds"}, "a style and a style picture"),
        ({"style_picture": None, "preset": "reeds", "method": "best"}, "needs a style picture"),
        (
            {"method": "best", "regions": (np.ones((64, 64), bool),), "region_presets": "photo"},
            "paints the whole picture",
        ),
    ],
)
def test_what_does_not_fit_together_is_refused(engine: Engine, settings: dict[str, Any], words: str) -> None:
    with pytest.raises(BadInput, match=words):
        paint(engine, Picture(rgb=scene(64, 64)), **settings)


@pytest.mark.parametrize("colours", ["style", "places", "palette"])
@pytest.mark.parametrize("preset", ["", "reeds"])
def test_best_quality_starts_from_the_fast_result(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, colours: str, preset: str
) -> None:
    monkeypatch.setattr(best_style, "STEPS", (3,))
    monkeypatch.setattr(best_style, "PATCH_STEPS", 1)
    monkeypatch.setattr(task, "BEST_SIDE", 64)
    photo = Picture(rgb=scene(100, 80))
    made = paint(engine, photo, method="best", preset=preset, colours=colours)
    assert made.size == photo.size
    assert np.abs(made.rgb.astype(int) - photo.rgb).mean() > 2


def test_without_the_net_best_quality_starts_from_the_colours(
    engine: Engine, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(best_style, "STEPS", (3,))
    monkeypatch.setattr(best_style, "PATCH_STEPS", 1)
    library.delete("anystyle")
    photo = Picture(rgb=scene(64, 64))
    with pytest.raises(ModelMissing, match="anystyle"):
        paint(engine, photo)
    assert paint(engine, photo, method="best").size == photo.size
