"""Patches of a picture fill its hole: texture goes on, nothing else changes, little memory of what cannot be copied."""

from collections.abc import Callable

import numpy as np
import pytest
import torch

from studio.engine import patches, patchmatch
from studio.engine.patchmatch import patch_fill
from tests.pictures import noise

CPU = torch.device("cpu")


def striped(height: int = 96, width: int = 128) -> np.ndarray:
    """Diagonal stripes 12 px apart, which a mean would grey out."""
    y, x = np.mgrid[:height, :width]
    bright = ((x + y) % 12 < 6)[..., None]
    return np.where(bright, (230, 200, 60), (40, 60, 120)).astype(np.uint8)


def guessed(rgb: np.ndarray, hole: np.ndarray) -> np.ndarray:
    return np.where(hole[..., None], rgb.mean((0, 1)).astype(np.uint8), rgb)


def filled(rgb: np.ndarray, hole: np.ndarray, **more: object) -> np.ndarray:
    heard: list[float] = []
    hidden = more.get("hidden", np.zeros_like(hole))
    assert isinstance(hidden, np.ndarray)

    def tell(share: float, now: Callable[[], np.ndarray]) -> None:
        assert now().shape[2] == 3
        heard.append(share)

    made = patch_fill(guessed(rgb, hole), hole, hidden, CPU, tell, seed=int(str(more.get("seed", 0))))
    assert heard == sorted(heard) and (not heard or heard[-1] == 1)
    return made


def hole_of(rgb: np.ndarray) -> np.ndarray:
    hole = np.zeros(rgb.shape[:2], bool)
    hole[30:62, 40:84] = True
    return hole


def test_stripes_go_on_through_the_hole_and_the_rest_keeps_its_bytes() -> None:
    rgb = striped()
    hole = hole_of(rgb)
    made = filled(rgb, hole)
    assert np.array_equal(made[~hole], rgb[~hole])
    wrong = np.abs(made.astype(int) - rgb)[hole].mean()
    assert wrong < 0.2 * np.abs(guessed(rgb, hole).astype(int) - rgb)[hole].mean()


def test_propagation_finds_them_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patches, "EXACT", 4_000_000)
    rgb = striped()
    hole = hole_of(rgb)
    made = filled(rgb, hole)
    assert np.abs(made.astype(int) - rgb)[hole].mean() < 40


def test_another_seed_gives_another_result_and_the_same_the_same() -> None:
    rgb = noise(128, 96, seed=3)
    hole = hole_of(rgb)
    made = filled(rgb, hole, seed=1)
    assert np.array_equal(made, filled(rgb, hole, seed=1)) and not np.array_equal(made, filled(rgb, hole, seed=2))


def test_a_level_too_large_to_search_copies_what_the_one_below_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patchmatch, "SEARCHED", 96 * 128 - 1)
    rgb = striped()
    hole = hole_of(rgb)
    made = filled(rgb, hole)
    known = {tuple(colour) for colour in rgb.reshape(-1, 3).tolist()}
    assert {tuple(colour) for colour in made[hole].tolist()} <= known, "pixels are copied, not mixed"


def test_what_is_hidden_is_not_copied() -> None:
    rgb = np.full((64, 96, 3), 90, np.uint8)
    rgb[:, :30] = (255, 0, 255)
    hole, hidden = np.zeros((64, 96), bool), np.zeros((64, 96), bool)
    hole[20:40, 45:65] = True
    hidden[:, :30] = True
    assert np.abs(filled(rgb, hole, hidden=hidden)[hole].astype(int) - 90).max() <= 1


@pytest.mark.parametrize("size", [(8, 8), (1, 40), (20, 300)])
def test_pictures_with_little_to_copy_keep_the_guess_or_fill(size: tuple[int, int]) -> None:
    rgb = striped(*size)
    hole = np.zeros(size, bool)
    hole[:, : size[1] // 2] = True
    made = filled(rgb, hole)
    assert made.shape == rgb.shape and np.array_equal(made[~hole], rgb[~hole])
