"""Style presets, judged without the encoder that trained them: pixel patches at two scales, and edges kept."""

from argparse import Namespace
from typing import Any

import numpy as np

from studio.core.errors import BadInput
from studio.core.image import Picture
from studio.engine.engine import Engine
from studio.engine.tasks.style import StyleRequest
from studio.library.store import Library
from studio.models.style import StyleNet
from training.data import Pictures, random_crop
from training.evaluate.art_engine import engine_figures
from training.evaluate.style import edge_agreement, patch_distance, style_figures
from training.trainers.art import unique_names

SIZE = 512


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
    figures |= engine_figures(engine, crops, values.name)
    return figures | style_figures(engine, crops, paintings, values.name)
