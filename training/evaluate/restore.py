"""Damage found, noise taken away and pictures enlarged, as users get it; null where the model is missing."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from studio.core.image import Picture, resize
from studio.engine.engine import Engine
from studio.engine.tasks.damage import DamageRequest
from studio.engine.tasks.enhance import EnhanceRequest
from studio.engine.tasks.upscale import PHOTOS, UpscaleRequest
from training.augment import toned
from training.damage import damaged, scanned
from training.data import Pictures
from training.evaluate.upscale import luma, shrunk
from training.metrics import psnr

SIZE = 512
SIGMA = 25
SEED = 2024  # no training's
PRINTS, WHOLE_PRINTS = 9, 3  # damaged copies a picture: F1 of three alone varies by .05 with what is drawn
TONED = 3  # every third of them in one tone

Figures = dict[str, float | None]


def measure_restoration(engine: Engine, arrays: Sequence[np.ndarray], small: Sequence[str]) -> dict[str, Any]:
    """On pictures never trained on, most figures on their middles, and the folders `small` (Set14) for enlarging."""
    middles = [middle(array) for array in arrays]
    parts: list[tuple[str, tuple[str, ...], Callable[[], Figures]]] = [
        ("damage", ("damage_f1", "clean_false_area"), lambda: measure_damage(engine, middles, PRINTS)),
        ("damage", ("damage_f1_whole", "clean_false_area_whole"), lambda: measure_whole(engine, arrays)),
        ("restore", ("denoise_gain_db", "denoise_psnr"), lambda: measure_noise(engine, middles)),
    ]
    figures: Figures = {}
    for family, keys, measure in parts:
        figures |= measure() if engine.names(family) else dict.fromkeys(keys)
    for scale in PHOTOS:
        figures |= measure_enlarging(engine, small, scale)
    return {key: value if value is None else round(value, 4) for key, value in figures.items()}


def middle(rgb: np.ndarray) -> np.ndarray:
    """The middle of a picture, at most SIZE px a side."""
    (top, height), (left, width) = ((max(0, length - SIZE) // 2, min(SIZE, length)) for length in rgb.shape[:2])
    return np.ascontiguousarray(rgb[top : top + height, left : left + width])


def measure_damage(engine: Engine, pictures: Sequence[np.ndarray], prints: int) -> Figures:
    """F1 of all pixels of damaged prints together, and the mean share that is found in clean ones."""
    rng, hits, found, there, false = np.random.default_rng(SEED), 0, 0, 0, []

    def mask_of(rgb: np.ndarray) -> np.ndarray:
        return engine.run(DamageRequest(picture=Picture(rgb=rgb), grow=0)).mask

    for rgb in pictures:
        false.append(mask_of(rgb).mean())
        for copy in range(prints):
            made, wanted = damaged(toned(rgb, rng) if copy % TONED == 0 else rgb, rng)
            mask = mask_of(scanned(made, rng))
            hits, found, there = hits + (mask & wanted).sum(), found + mask.sum(), there + wanted.sum()
    return {"damage_f1": float(2 * hits / max(found + there, 1)), "clean_false_area": float(np.mean(false))}


def measure_whole(engine: Engine, pictures: Sequence[np.ndarray]) -> Figures:
    """The same of whole pictures, in which large damage is larger than in their middles."""
    return {f"{key}_whole": value for key, value in measure_damage(engine, pictures, WHOLE_PRINTS).items()}


def measure_noise(engine: Engine, pictures: Sequence[np.ndarray]) -> Figures:
    """Mean PSNR in dB at Gaussian noise of SIGMA, and by how much it is above that of OpenCV's non-local means."""
    rng, rows = np.random.default_rng(SEED), []
    for rgb in pictures:
        noisy = (rgb + SIGMA * rng.standard_normal(rgb.shape)).clip(0, 255).round().astype(np.uint8)
        asked = [
            EnhanceRequest(picture=Picture(rgb=noisy), denoise=SIGMA, method=name) for name in ("net", "classical")
        ]
        rows.append([psnr(engine.run(request).picture.rgb, rgb) for request in asked])
    net, classical = np.mean(rows, axis=0)
    return {"denoise_gain_db": float(net - classical), "denoise_psnr": float(net)}


def measure_enlarging(engine: Engine, folders: Sequence[str], scale: int) -> Figures:
    """Mean PSNR of luma in dB as papers give it, and bicubic's; null without pictures or a model for photos."""
    keys = f"sr_x{scale}_psnr", f"sr_x{scale}_bicubic"
    if not folders or not set(PHOTOS.values()) & set(engine.names("upscale")):
        return dict.fromkeys(keys)
    rows = []
    for rgb in Pictures.read(folders, smallest=64, side=4096).arrays:
        height, width = (length - length % scale for length in rgb.shape[:2])
        real, inner = rgb[:height, :width], (slice(scale, -scale), slice(scale, -scale))
        small = shrunk(real, scale)
        request = UpscaleRequest(picture=Picture(rgb=small), factor=scale, subject="photo")
        made = engine.run(request).picture.rgb, resize(small, (width, height))
        rows.append([psnr(luma(picture)[inner], luma(real)[inner]) for picture in made])
    return dict(zip(keys, map(float, np.mean(rows, axis=0)), strict=True))
