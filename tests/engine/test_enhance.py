"""Enhancement: each step does what its name says to what it is for, and nothing else."""

import cv2
import numpy as np
import pytest

from studio.core.errors import BadInput, ModelMissing
from studio.core.image import Picture
from studio.core.provenance import DigitalSource
from studio.engine.engine import Engine
from studio.engine.tasks import restoration
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
    assert error(enhanced(engine, noisy, denoise=15.0, method="classical").rgb, clean) < 0.6 * error(noisy, clean)
    blurred = cv2.GaussianBlur(clean, (0, 0), 1.5)
    before, after = (
        error(lightness(rgb), lightness(clean))
        for rgb in (blurred, enhanced(engine, blurred, deblur=1.5, method="classical").rgb)
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
    by_rule = [{"balance": 1.0}, {"fade": 0.5}, *({"contrast": kind} for kind in CONTRASTS[1:])]
    for settings in (*by_rule, *({name: 2.0, "method": "classical"} for name in ("denoise", "deblur"))):
        made = enhanced(engine, scene(width, height), alpha, **settings)
        assert made.size == size and made.alpha is not None and (made.alpha == 200).all()
        assert made.source is None, "no model took part"


def test_nothing_to_do_is_said(engine: Engine) -> None:
    for settings in ({}, {"contrast": "clahe", "amount": 0.0}):
        with pytest.raises(BadInput, match="Nothing is to be enhanced"):
            enhanced(engine, scene(20, 20), **settings)


def test_the_network_is_told_the_levels_and_leaves_no_seam(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    rgb, alpha = scene(90, 70, seed=2), np.full((70, 90), 200, np.uint8)
    plain = enhanced(engine, rgb, alpha, denoise=20.0)
    assert plain.source is DigitalSource.COMPOSITE and plain.alpha is not None and plain.size == (90, 70)
    others = [enhanced(engine, rgb, denoise=40.0), enhanced(engine, rgb, jpeg=60.0), enhanced(engine, rgb, deblur=2.0)]
    assert len({picture.rgb.tobytes() for picture in (plain, *others)}) == 4, "each level counts"
    monkeypatch.setattr(restoration, "TILE", 32)
    assert np.abs(enhanced(engine, rgb, denoise=20.0).rgb.astype(int) - plain.rgb).max() <= 1  # of rounding


@pytest.mark.parametrize("size", [(1, 1), (3, 200), (33, 17)])
def test_the_network_takes_any_size(engine: Engine, size: tuple[int, int]) -> None:
    assert enhanced(engine, scene(*size), denoise=10.0).size == size


def test_the_network_judges_what_is_not_given(engine: Engine) -> None:
    request = EnhanceRequest(picture=Picture(rgb=scene(64, 48)), auto=True, denoise=7.0)
    done = engine.run(request)
    assert done.levels.noise == 7.0 and done.levels.jpeg == 0 and done.levels.blur > 0
    assert done.picture.settings["denoise"] == 7.0 and done.picture.settings["jpeg"] == round(done.levels.jpeg, 2)
    with pytest.raises(BadInput, match="cannot be judged"):
        enhanced(engine, scene(2, 90), auto=True)


def test_a_faded_sepia_print_gets_its_tones_back(engine: Engine) -> None:
    grey = cv2.cvtColor(scene(120, 90, seed=6), cv2.COLOR_RGB2GRAY)[..., None].astype(np.float32)
    print_ = (np.array([60, 45, 30]) + (np.array([225, 200, 160]) - np.array([60, 45, 30])) * grey / 255).astype(
        np.uint8
    )
    made = enhanced(engine, print_, fade=1.0).rgb
    assert np.ptp(made.astype(int), axis=2).max() <= 1, "grey"
    span = [np.ptp(np.quantile(picture.mean(2), (0.01, 0.99))) for picture in (print_, made)]
    assert span[1] > 1.4 * span[0] and made.min() < 10 and made.max() > 245
    colours = scene(120, 90, seed=6)
    assert np.ptp(enhanced(engine, colours, fade=1.0).rgb.astype(int), axis=2).mean() > 20, "colours stay colours"


def test_what_only_the_network_can_do_is_said(engine: Engine) -> None:
    with pytest.raises(BadInput, match="by the network alone"):
        enhanced(engine, scene(20, 20), jpeg=50.0, method="classical")


def test_a_missing_network_is_named(engine: Engine) -> None:
    with pytest.raises(ModelMissing, match="no model 'elsewhere'"):
        enhanced(engine, scene(20, 20), denoise=5.0, model="elsewhere")


def test_blocks_are_judged_by_how_far_they_stand_out() -> None:
    rng = np.random.default_rng(0)
    clean = np.clip(cv2.GaussianBlur(scene(256, 256, seed=3), (0, 0), 1.0) + rng.normal(0, 3, (256, 256, 3)), 0, 255)
    clean = clean.astype(np.uint8)
    found = []
    for quality in (90, 50, 10):
        data = cv2.imencode(".jpg", clean, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
        found.append(restoration.blockiness(cv2.imdecode(data, cv2.IMREAD_COLOR)[3:, 5:]))  # cut off its grid
    assert restoration.blockiness(clean) < found[1] < found[2] and found[0] < found[1]
    assert restoration.blockiness(clean) < restoration.STEPS[0] and restoration.blockiness(clean[:20, :20]) == 0
