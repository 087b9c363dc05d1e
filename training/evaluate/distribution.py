"""How the pictures of a generator are distributed, beside those it was trained on and those it never saw.

Distances are taken in the shipped perceptual encoder, each feature in units of its deviation among the training
pictures.
"""

from collections.abc import Sequence

import cv2
import numpy as np
import torch
from torch import nn

from studio.core.likeness import sharpness
from studio.library.store import Library
from studio.models.perceptual import PerceptualEncoder
from training.data import to_pixels, to_tensor
from training.metrics import jpeg, kernel_distance, memorisation_ratio, precision_recall

ENCODER = "perceptual"
BATCH = 20  # samples


@torch.no_grad()
def features(net: PerceptualEncoder, faces: Sequence[np.ndarray]) -> np.ndarray:
    """uint8 faces -> [N, D]: means and deviations of the last two stages, over a 2x2 grid so that place counts."""
    found = []
    for start in range(0, len(faces), 32):
        maps = net(to_tensor(faces[start : start + 32]))[-2:]
        parts = []
        for m in maps:
            grid = m.unflatten(2, (2, -1)).unflatten(4, (2, -1))  # [B, C, 2, h, 2, w]
            parts += [grid.mean((3, 5)).flatten(1), grid.std((3, 5)).flatten(1)]
        found.append(torch.cat(parts, 1))
    return torch.cat(found).double().numpy()


@torch.no_grad()
def drawn(network: nn.Module, latent: int, count: int) -> list[np.ndarray]:
    """`count` uint8 pictures of a generator that makes them of normal noise [B, latent], always the same."""
    draw, made = torch.Generator().manual_seed(0), list[np.ndarray]()
    while len(made) < count:
        made += list(to_pixels(network(torch.randn(BATCH, latent, generator=draw))))
    return made[:count]


class Distribution:
    """`train` and `val`, uint8 faces of one size, as the encoder sees them."""

    def __init__(self, library: Library, train: Sequence[np.ndarray], val: Sequence[np.ndarray]) -> None:
        encoder = library.load(ENCODER)
        assert isinstance(encoder, PerceptualEncoder)
        self.encoder, self.sharpness = encoder, sharpness(val)
        of_train = features(encoder, train)
        self.deviation = of_train.std(0) + 1e-6
        self.train, self.val = of_train / self.deviation, self.seen(val)
        self.named = f"{ENCODER} {library.card(ENCODER).sha256[:12]}, last two stages on a 2x2 grid"

    def seen(self, faces: Sequence[np.ndarray]) -> np.ndarray:
        return features(self.encoder, faces) / self.deviation

    def figures(self, made: Sequence[np.ndarray]) -> dict[str, float]:
        """KID, precision and recall, memorisation, and sharpness (that of `val` is 1) of made faces."""
        of_made = self.seen(made)
        precision, recall = precision_recall(self.val, of_made[: len(self.val)])
        return {
            "samples": len(made),
            "kid_val": round(kernel_distance(of_made, self.val), 5),
            "kid_train": round(kernel_distance(of_made, self.train), 5),
            "precision": round(precision, 4),
            "recall": round(recall, 4),
            "memorisation_ratio": round(memorisation_ratio(of_made, self.train, self.val), 4),
            "sharpness": round(sharpness(made) / self.sharpness, 4),
        }

    def yardsticks(self, val: Sequence[np.ndarray]) -> dict[str, float]:
        """KID to `val` of training faces, and of `val` itself worsened."""
        some = np.random.default_rng(0).permutation(len(self.train))[: len(self.val)]
        worse = {"jpeg_q10": worsened(val, "jpeg"), "blurred": worsened(val, "blur")}
        return {
            "kid_train_to_val": round(kernel_distance(self.train[some], self.val), 5),
            **{f"kid_{name}_to_val": round(kernel_distance(self.seen(f), self.val), 5) for name, f in worse.items()},
        }


def worsened(faces: Sequence[np.ndarray], how: str) -> list[np.ndarray]:
    """Copies that any sound metric must rank behind the originals."""
    if how == "blur":
        return [cv2.GaussianBlur(face, (0, 0), 2.5) for face in faces]
    return [jpeg(face, 10) for face in faces]
