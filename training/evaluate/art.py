"""Style presets, judged without the encoder that trained them: pixel patches at two scales, and edges kept."""

from argparse import Namespace
from typing import Any

import cv2
import numpy as np

from studio.core.errors import BadInput
from studio.core.image import Picture
from studio.engine.engine import Engine
from studio.engine.tasks.style import StyleRequest
from studio.library.store import Library
from studio.models.style import StyleNet
from training.data import Pictures, random_crop
from training.evaluate.art_engine import engine_figures
from training.metrics import patches, sliced_wasserstein
from training.trainers.art import unique_names

SIZE = 512
PATCHES = 4000


def patch_distance(made: np.ndarray, painting: np.ndarray) -> float:
    """Sliced Wasserstein distance of 7x7 patches at full and at quarter size."""
    total = 0.0
    for scale in (1.0, 0.25):
        sets = []
        for picture in (made, painting):
            small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
            rng = np.random.default_rng(0)
            centres = np.stack([rng.integers(0, side, PATCHES) for side in small.shape[:2]], 1)
            sets.append(patches(small, centres))
        total += sliced_wasserstein(*sets) / 2
    return total


def edge_agreement(x: np.ndarray, y: np.ndarray) -> float:
    """Correlation of gradient magnitudes after a light blur: 1 keeps what is drawn, 0 loses it."""
    edges = []
    for picture in (x, y):
        grey = cv2.GaussianBlur(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32), (0, 0), 2)
        edges.append(np.hypot(cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)).ravel())
    return float(np.corrcoef(edges[0], edges[1])[0, 1])


def evaluate_art(library: Library, values: Namespace) -> dict[str, Any]:
    """Every preset on every picture, beside the photo left as it is."""
    if not values.styles:
        raise BadInput("Presets are measured against their own pictures; give them with --styles.")
    engine = Engine(library, device="cpu")
    net = engine.model(values.name)
    assert isinstance(net, StyleNet)
    styles = Pictures.read(values.styles, smallest=64, side=SIZE)
    paintings = dict(zip(unique_names(styles.paths), styles.arrays, strict=True))
    rng = np.random.default_rng(0)
    crops = [
        np.ascontiguousarray(random_crop(a, SIZE, rng))
        for a in Pictures.read(values.data, smallest=64, side=SIZE).arrays
    ]
    figures: dict[str, Any] = {"pictures": len(crops), "presets": {}}
    for preset in net.config.presets:
        if preset not in paintings:
            continue
        made = [
            engine.run(StyleRequest(picture=Picture(rgb=c), preset=preset, model=values.name)).picture.rgb
            for c in crops
        ]
        figures["presets"][preset] = {
            "patch_distance": round(float(np.mean([patch_distance(m, paintings[preset]) for m in made])), 4),
            "patch_distance_photo": round(float(np.mean([patch_distance(c, paintings[preset]) for c in crops])), 4),
            "edges_kept": round(float(np.mean([edge_agreement(m, c) for m, c in zip(made, crops, strict=True)])), 4),
        }
    for key in ("patch_distance", "patch_distance_photo", "edges_kept"):
        figures[key] = round(float(np.mean([row[key] for row in figures["presets"].values()])), 4)
    return figures | engine_figures(engine, crops, values.name)
