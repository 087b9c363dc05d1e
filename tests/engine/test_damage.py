"""Damage as a mask: sizes, thresholds, seams, long and small parts, and dates printed into corners."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from studio.core.errors import Cancelled, ModelMissing
from studio.core.image import Picture
from studio.core.progress import TaskControl
from studio.engine.engine import Engine
from studio.engine.spots import date_stamp, long_parts, small_parts
from studio.engine.tasks import damage
from studio.engine.tasks.damage import DamageRequest
from tests.pictures import scene


@pytest.mark.parametrize("size", [(1, 1), (3, 200), (130, 90)])
def test_the_mask_has_the_size_of_the_picture_and_grows_with_a_lower_threshold(
    engine: Engine, size: tuple[int, int]
) -> None:
    request = DamageRequest(picture=Picture(rgb=scene(*size)), grow=0)
    chance = engine.run(request).chance
    middle = float(np.clip(np.median(chance) / 255, 0.1, 0.9))
    found = [engine.run(replace(request, threshold=t)) for t in (0.05, middle, 0.95)]
    masks = [done.mask for done in found]
    assert all(mask.shape == size[::-1] and mask.dtype == np.bool_ for mask in masks)
    assert masks[0].sum() >= masks[1].sum() >= masks[2].sum()
    assert (masks[2] <= masks[1]).all() and (masks[1] <= masks[0]).all()
    assert np.array_equal(found[1].picture.rgb[..., 0] == 255, masks[1]), "the picture shows the mask"
    assert found[0].share == masks[0].mean()


def test_a_large_scan_is_looked_at_small_and_from_afar_too(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(damage, "NEAR", 64)
    monkeypatch.setattr(damage, "FAR", 32)
    monkeypatch.setattr(damage, "leaning", lambda odds: 0.0)

    def seen(network: object, device: object, view: np.ndarray) -> np.ndarray:
        """Near by all is likely sound, from afar all is surely damaged."""
        assert view.shape in ((32, 64, 3), (16, 32, 3))
        return np.full(view.shape[:2], -1 if len(view) == 32 else 4, np.float32)

    monkeypatch.setattr(damage, "log_odds", seen)
    chance = engine.run(DamageRequest(picture=Picture(rgb=scene(201, 100)))).chance
    assert chance.shape == (100, 201)
    assert np.abs(chance / 255 - 1 / (1 + np.exp(0.7 * 1 - 0.3 * 4))).max() < 0.01


def test_what_is_said_of_the_mirror_image_counts_in_place(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    rgb = scene(80, 60)

    def seen(network: object, device: object, view: np.ndarray) -> np.ndarray:
        """The left third of the picture is surely damaged, in its mirror image the middle too; the rest surely not."""
        odds = np.full(view.shape[:2], -5.5, np.float32)
        if np.array_equal(view, rgb):
            odds[:, :26] = 5.5
        else:
            odds[:, 26:] = 5.5
        return odds

    monkeypatch.setattr(damage, "log_odds", seen)
    monkeypatch.setattr(damage, "leaning", lambda odds: 0.0)
    monkeypatch.setattr(damage, "GUIDED", 0)
    chance = engine.run(DamageRequest(picture=Picture(rgb=rgb))).chance
    both, one, none = chance[:, 5], chance[:, 40], chance[:, 75]
    assert (none < 10).all() and (one > 100).all() and (one < 200).all() and (both > 250).all()


def test_damage_ends_where_its_colour_does(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    rgb = np.full((256, 256, 3), (40, 90, 160), np.uint8)
    rgb[116:140, 116:140] = 200, 190, 170

    def seen(network: object, device: object, view: np.ndarray) -> np.ndarray:
        """Damage that is a little narrower than the patch."""
        odds = np.full(view.shape[:2], -1, np.float32)
        odds[117:139, 117:139] = 2.5
        return odds

    monkeypatch.setattr(damage, "log_odds", seen)
    monkeypatch.setattr(damage, "leaning", lambda odds: 0.0)
    mask = engine.run(DamageRequest(picture=Picture(rgb=rgb), grow=0)).mask
    assert np.array_equal(mask, rgb[..., 0] == 200)


def test_what_may_be_damage_is_believed_in_a_damaged_picture_alone(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def found(surely: float) -> float:
        """The share found of the upper quarter, which is likely sound, with so much of the picture surely damaged."""

        def seen(network: object, device: object, view: np.ndarray) -> np.ndarray:
            odds = np.full(view.shape[:2], -4, np.float32)
            odds[: len(odds) // 4] = -0.1
            odds[len(odds) - round(len(odds) * surely) :] = 4
            return odds

        monkeypatch.setattr(damage, "log_odds", seen)
        return float(engine.run(DamageRequest(picture=Picture(rgb=scene(400, 400)), grow=0)).mask[:90].mean())

    assert found(0) == 0 and found(0.1) == 1


def test_progress_only_grows_and_the_search_can_be_stopped(engine: Engine) -> None:
    told: list[float] = []
    control = TaskControl(listener=lambda progress: told.append(progress.step / progress.total))
    request = DamageRequest(picture=Picture(rgb=scene(90, 70)))
    engine.run(request, control)
    assert told == [0.5, 1]
    stopped = TaskControl(listener=lambda progress: stopped.cancel())
    with pytest.raises(Cancelled):
        engine.run(request, stopped)


def test_a_missing_network_is_named_and_a_date_needs_none(engine: Engine) -> None:
    with pytest.raises(ModelMissing, match="elsewhere"):
        engine.run(DamageRequest(picture=Picture(rgb=scene(40, 40)), model="elsewhere"))
    done = engine.run(DamageRequest(picture=Picture(rgb=scene(40, 40)), find="stamp", model="elsewhere"))
    assert not done.mask.any()


def test_long_parts_and_small_ones_are_told_apart() -> None:
    mask = np.zeros((300, 300), np.uint8)
    cv2.line(mask, (20, 20), (250, 200), 1, 2)
    cv2.ellipse(mask, (150, 150), (90, 40), 0, 0, 200, 1, 2)  # long, though not straight
    scratches = mask.copy()
    cv2.circle(mask, (60, 220), 3, 1, -1)
    mask[280, 280] = 1
    dust = mask - scratches
    cv2.circle(mask, (230, 60), 30, 1, -1)  # a stain is neither
    assert np.array_equal(long_parts(mask > 0), scratches > 0)
    assert np.array_equal(small_parts(mask > 0), dust > 0)
    assert not long_parts(np.zeros((9, 9), bool)).any() and not small_parts(np.zeros((9, 9), bool)).any()


@pytest.mark.parametrize("corner", [(0.7, 0.93), (0.05, 0.12)])
def test_a_date_stamp_is_found_and_little_else(corner: tuple[float, float]) -> None:
    rgb = scene(480, 320, seed=1) // 2
    plain = rgb.copy()
    cv2.putText(rgb, "98 7 24", (int(corner[0] * 480), int(corner[1] * 320)), 2, 0.6, (255, 120, 30), 1, cv2.LINE_AA)
    changed = np.abs(rgb.astype(int) - plain).max(2) > 60
    found = date_stamp(rgb)
    assert (found & changed).sum() > 0.9 * changed.sum()
    assert found.sum() < 6 * changed.sum()
    assert not date_stamp(plain).any()


def test_warm_things_of_a_picture_are_no_date() -> None:
    rgb = np.full((320, 480, 3), 60, np.uint8)
    rgb[200:] = (230, 120, 40)  # a warm ground
    cv2.circle(rgb, (430, 30), 25, (250, 140, 40), -1)  # a sun
    assert not date_stamp(rgb).any()
