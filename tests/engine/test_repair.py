import json
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest

from studio.core.errors import BadInput, Cancelled, ModelMissing
from studio.core.image import Picture
from studio.core.mask import grow
from studio.core.progress import Progress, TaskControl
from studio.core.provenance import DigitalSource
from studio.engine.engine import Engine
from studio.engine.tasks import repair
from studio.engine.tasks.repair import RepairRequest
from studio.library.store import Library
from tests.engine.conftest import publish
from tests.pictures import noise, scene


def blot(width: int, height: int, left: int, top: int, right: int, bottom: int) -> np.ndarray:
    mask = np.zeros((height, width), bool)
    mask[top:bottom, left:right] = True
    return mask


SCRATCH = blot(120, 90, 20, 40, 100, 43)
HOLE = blot(120, 90, 30, 20, 70, 60)


@pytest.mark.parametrize("method", ["auto", "net", "hq", "telea"])
@pytest.mark.parametrize("mask", [SCRATCH, HOLE, SCRATCH | HOLE], ids=["scratch", "hole", "both"])
@pytest.mark.parametrize("feather", [0, 3])
def test_pixels_outside_the_mask_keep_their_bytes(engine: Engine, method: str, mask: np.ndarray, feather: int) -> None:
    picture = Picture(rgb=noise(120, 90), alpha=noise(120, 90, 1)[..., 0] | 1, icc=b"profile", name="a.png")
    result = engine.run(RepairRequest(picture=picture, mask=mask, method=method, feather=feather))
    assert np.array_equal(result.picture.rgb[~mask], picture.rgb[~mask])
    assert not np.array_equal(result.picture.rgb[mask], picture.rgb[mask])
    assert np.array_equal(result.mask, mask)
    assert result.picture.alpha is not None and picture.alpha is not None
    assert np.array_equal(result.picture.alpha, picture.alpha)
    assert (result.picture.icc, result.picture.name) == (b"profile", "a.png")
    assert json.loads(json.dumps(result.settings))["method"] == method
    assert result.picture.settings == result.settings


@pytest.mark.parametrize("method", ["net", "telea"])
@pytest.mark.parametrize("size", [100, 700], ids=["full size", "reduced"])
def test_what_is_in_the_hole_is_not_looked_at(engine: Engine, method: str, size: int) -> None:
    mask = blot(size, size, size // 4, size // 4, size // 2, size // 2)
    before = scene(size, size)
    other = np.where(mask[..., None], 255 - before, before)
    first, second = (
        engine.run(RepairRequest(picture=Picture(rgb=p), mask=mask, method=method)) for p in (before, other)
    )
    assert np.array_equal(first.picture.rgb, second.picture.rgb)


@pytest.mark.parametrize("mask", [SCRATCH, HOLE], ids=["scratch", "hole"])
def test_colours_beneath_alpha_0_are_not_looked_at(engine: Engine, mask: np.ndarray) -> None:
    alpha = np.full((90, 120), 255, np.uint8)
    alpha[:, 60:] = 0
    results = []
    for hidden in (0, 255):
        rgb = scene(120, 90)
        rgb[alpha == 0] = hidden
        results.append(engine.run(RepairRequest(picture=Picture(rgb=rgb, alpha=alpha), mask=mask)).picture.rgb)
    assert np.array_equal(results[0][mask], results[1][mask])


def test_hole_in_a_wide_transparent_part_is_filled_from_what_can_be_seen(engine: Engine) -> None:
    alpha = np.zeros((300, 600), np.uint8)
    alpha[:, :20] = 255
    mask = blot(600, 300, 500, 100, 540, 140)
    result = engine.run(RepairRequest(picture=Picture(rgb=scene(600, 300), alpha=alpha), mask=mask))
    assert result.picture.size == (600, 300)


@pytest.mark.parametrize(
    ("method", "mask", "model"),
    [
        ("auto", SCRATCH, "scratches"),
        ("auto", HOLE, "repair"),
        ("hq", SCRATCH, "scratches"),
        ("net", SCRATCH, "repair"),
    ],
)
def test_scratches_have_a_network_of_their_own(tmp_path: Path, method: str, mask: np.ndarray, model: str) -> None:
    library = Library(tmp_path / "none", tmp_path / "user")
    request = RepairRequest(picture=Picture(rgb=scene(120, 90)), mask=mask, method=method)
    with pytest.raises(ModelMissing, match=f"'{model}'"):
        Engine(library, "cpu").run(request)
    publish(library, model)
    assert Engine(library, "cpu").run(request).picture.source is DigitalSource.COMPOSITE
    plain = replace(request, method="telea")
    assert Engine(Library(tmp_path, tmp_path), "cpu").run(plain).picture.source is None


def test_a_long_scratch_in_a_large_picture_is_filled_at_full_scale(engine: Engine) -> None:
    rgb = np.zeros((1400, 2000, 3), np.uint8)
    rgb[:, ::2] = 255
    mask = blot(2000, 1400, 10, 700, 1990, 703)
    sizes: list[tuple[int, ...]] = []
    network = engine.model("scratches", "scratches")
    network.register_forward_pre_hook(lambda module, args: sizes.append(tuple(args[0].shape[2:])))
    made = engine.run(RepairRequest(picture=Picture(rgb=rgb), mask=mask)).picture.rgb
    assert np.array_equal(made[~mask], rgb[~mask]) and len(sizes) == 4
    assert max(max(size) for size in sizes) <= 608


def test_the_mark_says_that_a_network_took_part(engine: Engine) -> None:
    picture = Picture(rgb=scene(120, 90))
    assert engine.run(RepairRequest(picture=picture, mask=HOLE)).picture.source is DigitalSource.COMPOSITE
    made = replace(picture, source=DigitalSource.GENERATED)
    assert engine.run(RepairRequest(picture=made, mask=HOLE)).picture.source is DigitalSource.GENERATED


def test_growing_widens_the_mask_that_is_filled_and_returned(engine: Engine) -> None:
    picture = Picture(rgb=noise(120, 90))
    result = engine.run(RepairRequest(picture=picture, mask=HOLE, grow=4))
    assert np.array_equal(result.mask, grow(HOLE, 4))
    assert np.array_equal(result.picture.rgb[~result.mask], picture.rgb[~result.mask])


def test_masks_that_cannot_be_used_are_refused() -> None:
    picture = Picture(rgb=scene(120, 90))
    with pytest.raises(BadInput, match="empty; paint over"):
        RepairRequest(picture=picture, mask=np.zeros((90, 120), bool))
    with pytest.raises(BadInput, match="The mask is 90 x 120 px and the picture 120 x 90 px"):
        RepairRequest(picture=picture, mask=np.ones((120, 90), bool))
    with pytest.raises(BadInput, match="uint8 values"):
        RepairRequest(picture=picture, mask=HOLE.astype(np.uint8))
    with pytest.raises(BadInput, match="'method' is 'magic'; it must be one of auto, net, hq, telea"):
        RepairRequest(picture=picture, mask=HOLE, method="magic")


def test_a_mask_must_leave_something_to_learn_from(engine: Engine) -> None:
    picture = Picture(rgb=scene(120, 90))
    with pytest.raises(BadInput, match="covers all that can be seen"):
        engine.run(RepairRequest(picture=picture, mask=np.ones((90, 120), bool)))
    with pytest.raises(BadInput, match="covers all that can be seen"):
        engine.run(RepairRequest(picture=picture, mask=HOLE, grow=200))
    seen = replace(picture, alpha=np.where(HOLE, 255, 0).astype(np.uint8))
    with pytest.raises(BadInput, match="covers all that can be seen"):
        engine.run(RepairRequest(picture=seen, mask=HOLE))


@pytest.mark.parametrize("size", [(1, 2), (3, 5), (9, 1), (17, 33)])
@pytest.mark.parametrize("method", ["auto", "net", "telea"])
def test_pictures_of_a_few_pixels(engine: Engine, size: tuple[int, int], method: str) -> None:
    picture = Picture(rgb=noise(*size))
    mask = np.zeros((size[1], size[0]), bool)
    mask[0, 0] = True
    result = engine.run(RepairRequest(picture=picture, mask=mask, method=method)).picture
    assert np.array_equal(result.rgb[~mask], picture.rgb[~mask])


def test_progress_tells_of_each_piece_and_a_cancelled_repair_ends(engine: Engine) -> None:
    picture, mask = Picture(rgb=scene(900, 100)), blot(900, 100, 10, 40, 880, 70)
    seen: list[Progress] = []
    engine.run(RepairRequest(picture=picture, mask=mask), TaskControl(listener=seen.append))
    assert [now.step for now in seen] == [1, 2, 3, 4]
    assert seen[0].preview is not None and max(seen[0].preview.shape) == 768
    control = TaskControl(listener=lambda now: control.cancel())
    with pytest.raises(Cancelled):
        engine.run(RepairRequest(picture=picture, mask=mask), control)


def test_high_quality_shows_itself_at_work_and_can_be_cancelled(engine: Engine) -> None:
    picture, mask = Picture(rgb=scene(240, 180)), blot(240, 180, 80, 60, 150, 120)
    before = engine.run(RepairRequest(picture=picture, mask=mask, method="net")).picture.rgb
    seen: list[Progress] = []
    control = TaskControl(listener=seen.append)
    with patch.object(repair, "LOOK", 0.0):
        after = engine.run(RepairRequest(picture=picture, mask=mask, method="hq"), control).picture.rgb
    assert seen[-1].step == seen[-1].total == 1 + repair.ROUNDS
    assert seen[0].preview is not None and np.array_equal(seen[0].preview, before)
    assert seen[-1].preview is not None and np.array_equal(seen[-1].preview, after)
    stopped = TaskControl()
    stopped.listener = lambda now: stopped.cancel() if now.step > 3 else None
    with pytest.raises(Cancelled):
        engine.run(RepairRequest(picture=picture, mask=mask, method="hq"), stopped)
