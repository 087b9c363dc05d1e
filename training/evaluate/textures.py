"""Textures as users get them: their seams, how long one from an example takes, and how like the example it is.

Beside two baselines of the example's own size and speed: mirror tiling, which copies the example whole and shows its
mirror axes, and random square patches with feathered borders, which is what image quilting starts from.
"""

import time
from argparse import Namespace
from typing import Any

import numpy as np

from studio.core.image import Picture
from studio.engine.engine import Engine
from studio.engine.tasks.texture import TextureRequest
from studio.engine.tasks.texture_example import TextureExampleRequest
from studio.engine.tasks.texture_seamless import TextureSeamlessRequest
from studio.engine.textures.patterns import PATTERNS
from studio.engine.textures.seams import seam_ratio
from studio.library.store import Library
from training.data import Pictures
from training.metrics import detail_ratio, patch_swd

EXAMPLE, SIZE = 256, 512  # px
EXAMPLES = 6
BLOCK, OVERLAP = 48, 12  # px


def evenest(arrays: list[np.ndarray]) -> list[np.ndarray]:
    """The EXAMPLES crops of EXAMPLE px whose quarters are most alike beside their own spread: the texture-like ones."""
    scored = []
    for index, rgb in enumerate(arrays):
        top, left = ((side - EXAMPLE) // 2 for side in rgb.shape[:2])
        crop = np.ascontiguousarray(rgb[top : top + EXAMPLE, left : left + EXAMPLE])
        half = EXAMPLE // 2
        means = [crop[i : i + half, j : j + half].reshape(-1, 3).mean(0) for i in (0, half) for j in (0, half)]
        scored.append((float(np.std(means, axis=0).mean() / max(crop.std(), 4.0)), index, crop))
    return [crop for _, _, crop in sorted(scored, key=lambda one: one[:2])[:EXAMPLES]]


def mirrored(example: np.ndarray) -> np.ndarray:
    return np.pad(example, ((0, SIZE - EXAMPLE), (0, SIZE - EXAMPLE), (0, 0)), mode="symmetric")


def random_patches(example: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Random blocks side by side, their borders faded into each other; it wraps."""
    step = BLOCK - OVERLAP
    total, weight = np.zeros((SIZE, SIZE, 3)), np.zeros((SIZE, SIZE, 1))
    ramp = np.minimum(np.arange(BLOCK) + 1, np.arange(BLOCK)[::-1] + 1).clip(max=OVERLAP) / OVERLAP
    window = (ramp[:, None] * ramp)[..., None]
    for top in range(0, SIZE, step):
        for left in range(0, SIZE, step):
            y, x = rng.integers(0, EXAMPLE - BLOCK, 2)
            rows, columns = (np.arange(start, start + BLOCK) % SIZE for start in (top, left))
            total[np.ix_(rows, columns)] += example[y : y + BLOCK, x : x + BLOCK] * window
            weight[np.ix_(rows, columns)] += window
    return (total / weight).round().astype(np.uint8)


def likeness(made: np.ndarray, example: np.ndarray) -> float:
    """Patch-SWD to the example, the mean over the four parts of its size."""
    where = np.ones((EXAMPLE, EXAMPLE), bool)
    corners = [(i, j) for i in (0, EXAMPLE) for j in (0, EXAMPLE)]
    parts = [np.ascontiguousarray(made[i : i + EXAMPLE, j : j + EXAMPLE]) for i, j in corners]
    return float(np.mean([patch_swd(part, example, where) for part in parts]))


def evaluate_textures(library: Library, values: Namespace) -> dict[str, Any]:
    """The worst seam of all that is made, seconds and patch-SWD of 512 px textures from examples of 256 px."""
    engine = Engine(library, device="cpu")
    arrays = Pictures.read(values.data, smallest=EXAMPLE, side=512).arrays
    examples = evenest(arrays)
    rng = np.random.default_rng(0)
    found: dict[str, list[float]] = {}
    for pattern in PATTERNS:
        done = engine.run(TextureRequest(pattern=pattern, width=256, height=256))
        found.setdefault("seam_random", []).append(seam_ratio(done.picture.rgb))
    where = np.ones((EXAMPLE, EXAMPLE), bool)
    for example in examples:
        began = time.perf_counter()
        made = engine.run(TextureExampleRequest(picture=Picture(rgb=example), width=SIZE, height=SIZE)).picture.rgb
        seconds = time.perf_counter() - began
        sewn = engine.run(TextureSeamlessRequest(picture=Picture(rgb=example))).picture.rgb
        scores = {
            "seam_example": seam_ratio(made),
            "seam_seamless": seam_ratio(sewn),
            "seam_before": seam_ratio(example),
            "example_512_s": seconds,
            "patch_swd": likeness(made, example),
            "patch_swd_mirror": likeness(mirrored(example), example),
            "patch_swd_random_patches": likeness(random_patches(example, rng), example),
            "detail": detail_ratio(np.ascontiguousarray(made[:EXAMPLE, :EXAMPLE]), example, where),
        }
        for key, score in scores.items():
            found.setdefault(key, []).append(score)
    worst = max(max(found[f"seam_{kind}"]) for kind in ("random", "example", "seamless"))
    figures = {key: max(numbers) if key.endswith("_s") else float(np.mean(numbers)) for key, numbers in found.items()}
    return {"examples": len(examples), "size": SIZE, "seam_ratio": round(worst, 4)} | {
        key: round(value, 4) for key, value in figures.items()
    }
