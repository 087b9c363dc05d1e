"""What few labels are worth: how well attributes of held-out faces are told with none, and with a few."""

from argparse import Namespace
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from studio.core.errors import BadInput
from studio.library.store import Library
from studio.models.landmarks import LandmarkNet
from studio.models.perceptual import PerceptualEncoder
from studio.models.sliders import Sliders
from training.attributes import FaceFeatures, auc, learn_judge, read_labels, sides, sized, values_of
from training.data import Pictures, to_tensor

FEW = 40  # labels
DRAWS = 3  # of which pictures are labelled
SIDE = 128  # px


def evaluate_sliders(library: Library, values: Namespace) -> dict[str, Any]:
    """The mean AUC of the sliders' attributes on `--val`, with FEW labels of `--data` and with none."""
    if not values.val or not values.labels:
        raise BadInput("Labels are judged on faces never trained on; give --val and --labels.")
    sliders, points, encoder = (library.load(name) for name in (values.name, "landmarks", "perceptual"))
    assert isinstance(sliders, Sliders) and isinstance(points, LandmarkNet) and isinstance(encoder, PerceptualEncoder)
    features, found = FaceFeatures(points, encoder), []
    for folder, count in ((values.data, values.samples), (values.val, values.samples)):
        pictures = Pictures.read(folder, smallest=32, side=SIDE)
        chosen = np.random.default_rng(0).permutation(len(pictures))[:count]
        faces = sized([pictures.arrays[i] for i in chosen], SIDE)
        with torch.no_grad():
            rows = [features(to_tensor(faces[i : i + 32])).cpu() for i in range(0, len(faces), 32)]
        labels = values_of(read_labels(values.labels, sliders.config.names), [pictures.paths[i].name for i in chosen])
        found.append((torch.cat(rows).numpy(), labels))
    (seen, known), (held, truth) = found
    return label_gain(seen, known, held, truth, features.parts)


def label_gain(
    seen: np.ndarray, known: np.ndarray, held: np.ndarray, truth: np.ndarray, parts: Sequence[slice]
) -> dict[str, Any]:
    """Features and values of faces to learn from, [N, D] and [N, K], and of held-out ones -> figures.

    Without labels the best that can be had is the direction along which faces differ most, its sign given for free.
    BadInput when no attribute has FEW labels on either side.
    """
    usable = [k for k in range(known.shape[1]) if (~np.isnan(known[:, k])).sum() >= FEW and _split(truth[:, k])]
    if not usable:
        raise BadInput(f"No attribute has {FEW} labels of pictures to learn from, and as many of held-out ones.")
    without = _strongest(seen, held)
    rows: dict[str, list[float]] = {"none": [], "few_alone": [], "few": []}
    for draw in range(DRAWS):
        for k in usable:
            there = ~np.isnan(truth[:, k])
            goal = sides(truth[there, k])
            chosen = np.random.default_rng((draw, k)).permutation(np.flatnonzero(~np.isnan(known[:, k])))[:FEW]
            labels = np.full((len(seen), 1), np.nan)
            labels[chosen, 0] = known[chosen, k]
            if np.ptp(labels[chosen, 0]) == 0:
                continue
            rows["none"].append(max(auc(without[there], goal), auc(-without[there], goal)))
            for name, which in (("few_alone", chosen), ("few", np.arange(len(seen)))):
                judge = learn_judge(seen[which], labels[which], parts)
                scores = judge(torch.from_numpy(held[there]).float())[:, 0].numpy()
                rows[name].append(auc(scores, goal))
    figures = {f"label_auc_{name}": round(float(np.mean(values)), 4) for name, values in rows.items()}
    gain = round(figures["label_auc_few"] - figures["label_auc_none"], 4)
    return {"labels": FEW, "attributes": len(usable), **figures, "label_gain_auc": gain}


def _split(values: np.ndarray) -> bool:
    there = values[~np.isnan(values)]
    return len(there) >= FEW and np.ptp(there) > 0


def _strongest(seen: np.ndarray, held: np.ndarray) -> np.ndarray:
    """Scores [M] of held-out faces along the first principal component of the others."""
    mean, scale = seen.mean(0), seen.std(0) + 1e-6
    whitened = (seen - mean) / scale
    _, vectors = np.linalg.eigh(whitened @ whitened.T)
    return ((held - mean) / scale) @ (whitened.T @ vectors[:, -1])
