"""BD-rates of curves whose answer is known, and the figures of an untrained codec."""

from argparse import Namespace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.core.likeness import psnr, ssim
from studio.engine.codec.rivals import at_most, coded
from studio.library.store import Library
from studio.models.codec import Codec, CodecConfig
from tests.pictures import noise, scene
from training.evaluate.codec import at_size, bd_rate, evaluate_codec

CURVE = [(rate, 30 + 6 * float(np.log2(rate))) for rate in (0.05, 0.1, 0.2, 0.4, 0.8, 1.6)]


def test_half_the_rate_at_every_psnr_is_minus_fifty_percent() -> None:
    half = [(rate / 2, value) for rate, value in CURVE]
    assert bd_rate(half, CURVE) == pytest.approx(-50, abs=0.1)
    assert bd_rate(CURVE, half) == pytest.approx(100, abs=0.2)
    assert bd_rate(CURVE, CURVE) == 0


def test_rates_outside_the_range_do_not_count() -> None:
    spoiled = [(rate, value - 20 * (rate > 1.1)) for rate, value in CURVE if rate < 1.1] + [(1.0, 30.0)]
    assert abs(bd_rate(spoiled, [*CURVE, (1.0, 30.0)])) < 0.5
    far = [(rate, value + 100) for rate, value in CURVE]
    assert np.isnan(bd_rate(far, CURVE))


def test_an_untrained_codec_has_figures(library: Library, tmp_path: Path) -> None:
    Image.fromarray(scene(200, 120)).save(tmp_path / "a.png")
    config = CodecConfig(width=8, blocks=1, latent=6, hyper=4, side=4, context=8)
    library.publish("plain", Codec(config), "codec", config, {})
    figures = evaluate_codec(library, Namespace(name="plain", data=[str(tmp_path)]))
    assert {
        "pictures",
        "bd_rate_jpeg",
        "bd_rate_webp",
        "bd_rate_unfitted",
        "encode_s",
        "decode_s",
        "bpp_psnr",
    } == figures.keys()
    assert figures["pictures"] == 1 and len(figures["bpp_psnr"]) == 8
    assert figures["bpp_psnr"][0][0] < figures["bpp_psnr"][-1][0]


def test_rivals_keep_within_the_bytes_they_are_given() -> None:
    rgb = scene(160, 120, seed=2)
    for kind in ("JPEG", "WEBP"):
        best, worst = at_most(rgb, kind, 3000), at_most(rgb, kind, 10)
        assert best.size <= 3000 and psnr(rgb, best.rgb) > psnr(rgb, worst.rgb)
        assert worst.size == coded(rgb, kind, 1).size > 10
        assert best.rgb.shape == rgb.shape


def test_ssim_is_one_for_the_same_and_falls_with_noise() -> None:
    rgb = scene(80, 60, seed=3)
    assert ssim(rgb, rgb) == pytest.approx(1)
    slight = np.clip(rgb.astype(int) + noise(80, 60, seed=4) // 32, 0, 255).astype(np.uint8)
    assert 0 < ssim(rgb, noise(80, 60)) < 0.2 < ssim(rgb, slight) < 1
    assert at_size(rgb, 40).shape == (30, 40, 3) and at_size(rgb, 100) is rgb
