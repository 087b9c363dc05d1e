"""Enhancement: each step does what its name says to what it is for, and nothing else."""

import cv2
import numpy as np
import pytest

from studio.core.errors import BadInput
from studio.core.image import Picture
from studio.engine.engine import Engine
from studio.engine.tasks.enhance import CONTRASTS, EnhanceRequest
from tests.pictures import scene


def enhanced(engine: Engine, rgb: np.ndarray, alpha: np.ndarray | None = None, **settings: object) -> Picture:
    return engine.run(EnhanceRequest(picture=Picture(rgb=rgb, alpha=alpha, icc=None), **settings)).picture  # type: ignore[arg-type]


def error(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.square(a.astype(float) - b).mean())


def lightness(rgb: np.ndarray) -> np.ndarray:
    return cv2.cvtColor(rgb.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)[..., 0]


def test_a_colour_cast_is_taken_out(engine: Engine) -> None:
    grey = np.repeat(np.linspace(20, 220, 64).astype(np.uint8)[None, :, None], 3, 2).repeat(40, 0)
    cast = (grey * np.array([1.0, 0.85, 0.65])).astype(np.uint8)
    full, half = (enhanced(engine, cast, balance=amount).rgb for amount in (1.0, 0.5))

    def spread(rgb: np.ndarray) -> float:
        return float(np.ptp(rgb.reshape(-1, 3).mean(0)))

    assert spread(full) < 2 < spread(half) < spread(cast)


def test_noise_goes_and_blur_is_undone(engine: Engine) -> None:
    clean = cv2.GaussianBlur(scene(120, 90, seed=4), (0, 0), 1.0)
    noisy = np.clip(clean + np.random.default_rng(0).normal(0, 15, clean.shape), 0, 255).astype(np.uint8)
    assert error(enhanced(engine, noisy, denoise=15.0).rgb, clean) < 0.6 * error(noisy, clean)
    blurred = cv2.GaussianBlur(clean, (0, 0), 1.5)
    before, after = (
        error(lightness(rgb), lightness(clean)) for rgb in (blurred, enhanced(engine, blurred, deblur=1.5).rgb)
    )
    assert after < 0.8 * before


@pytest.mark.parametrize("kind", CONTRASTS[1:])
def test_contrast_grows_and_colours_stay(engine: Engine, kind: str) -> None:
    dull = (scene(96, 64, seed=1) * 0.3 + 90).astype(np.uint8)
    strong, weak = (enhanced(engine, dull, contrast=kind, amount=amount).rgb for amount in (1.0, 0.3))
    assert lightness(dull).std() < lightness(weak).std() < lightness(strong).std() + 1e-3
    colour = [cv2.cvtColor(rgb.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)[..., 1:] for rgb in (dull, weak)]
    assert np.abs(colour[0] - colour[1]).mean() < 1.0


@pytest.mark.parametrize("size", [(1, 1), (3, 200), (33, 17)])
def test_any_size_and_alpha(engine: Engine, size: tuple[int, int]) -> None:
    width, height = size
    alpha = np.full((height, width), 200, np.uint8)
    for settings in ({"balance": 1.0}, {"denoise": 10.0}, {"deblur": 2.0}, *({"contrast": k} for k in CONTRASTS[1:])):
        made = enhanced(engine, scene(width, height), alpha, **settings)
        assert made.size == size and made.alpha is not None and (made.alpha == 200).all()
        assert made.source is None, "no model took part"


def test_nothing_to_do_is_said(engine: Engine) -> None:
    for settings in ({}, {"contrast": "clahe", "amount": 0.0}):
        with pytest.raises(BadInput, match="Nothing is to be enhanced"):
            enhanced(engine, scene(20, 20), **settings)
