"""The perceptual encoder against the same net with random weights: retrieval and ranking of distortions."""

from argparse import Namespace
from typing import Any

import cv2
import numpy as np
import torch

from studio.library.store import Library
from studio.models.perceptual import PerceptualEncoder
from training.data import Pictures, random_crop, to_tensor
from training.metrics import jpeg, retrieval
from training.trainers.perceptual import held_out

SIZE = 128
PER_CLASS = 20


def distort(rgb: np.ndarray, kind: str, level: float, rng: np.random.Generator) -> np.ndarray:
    """A copy worsened by `level` in 0..1: blur, noise, jpeg, or blocks swapped about (warp)."""
    if kind == "blur":
        return cv2.GaussianBlur(rgb, (0, 0), 0.3 + 4 * level)
    if kind == "noise":
        return np.clip(rgb + rng.normal(0, 2 + 60 * level, rgb.shape), 0, 255).astype(np.uint8)
    if kind == "jpeg":
        return jpeg(rgb, int(92 - 87 * level))
    offsets = cv2.GaussianBlur(rng.normal(0, 1, (*rgb.shape[:2], 2)).astype(np.float32), (0, 0), 6) * (40 + 400 * level)
    y, x = np.mgrid[: rgb.shape[0], : rgb.shape[1]].astype(np.float32)
    return cv2.remap(rgb, x + offsets[..., 0], y + offsets[..., 1], cv2.INTER_LINEAR, None, cv2.BORDER_REFLECT_101)


@torch.no_grad()
def ranking(net: PerceptualEncoder, crops: list[np.ndarray]) -> float:
    """Share of pairs, across kinds of distortion, in which the clearly worse copy (level +0.3) is judged farther."""
    rng = np.random.default_rng(0)
    kinds, right, total = ("blur", "noise", "jpeg", "warp"), 0, 0
    for crop in crops:
        reference = net(to_tensor([crop]))
        for _ in range(8):
            low = rng.uniform(0.0, 0.65)
            first, second = rng.choice(kinds, 2, replace=False)
            scored = []
            for kind, level in ((first, low), (second, low + 0.3)):
                maps = net(to_tensor([distort(crop, str(kind), level, rng)]))
                scored.append(sum(float((a - b).square().mean()) for a, b in zip(maps, reference, strict=True)))
            right, total = right + (scored[0] < scored[1]), total + 1
    return right / total


@torch.no_grad()
def class_retrieval(net: PerceptualEncoder, crops: list[np.ndarray], labels: np.ndarray) -> float:
    vectors = torch.cat([net.embed(to_tensor(crops[i : i + 32])) for i in range(0, len(crops), 32)])
    return retrieval(vectors.numpy(), labels)


def evaluate_perceptual(library: Library, values: Namespace) -> dict[str, Any]:
    """Retrieval over classes never trained on (30 at most), and ranking over 40 pictures."""
    net = library.load(values.name)
    assert isinstance(net, PerceptualEncoder)
    pictures = Pictures.read(values.data, smallest=64, side=SIZE)
    names = [path.parent.name for path in pictures.paths]
    hidden = sorted(held_out(names))[:30]
    chosen = [i for name in hidden for i in [j for j, n in enumerate(names) if n == name][:PER_CLASS]]
    rng = np.random.default_rng(0)
    crops = [centre_crop(pictures.arrays[i]) for i in chosen]
    labels = np.array([hidden.index(names[i]) for i in chosen])
    torch.manual_seed(0)
    blank = PerceptualEncoder(net.config).eval()
    with torch.no_grad():
        x = to_tensor(crops[:64])
        for index, m in enumerate(blank.raw(x)):
            getattr(blank, f"scale{index}").copy_(m.square().mean((0, 2, 3)).sqrt() + 1e-3)
    some = [random_crop(pictures.arrays[i], SIZE, rng) for i in rng.permutation(chosen)[:40]]
    return {
        "classes": len(hidden),
        "pictures": len(crops),
        "retrieval": round(class_retrieval(net, crops, labels), 4),
        "retrieval_random_weights": round(class_retrieval(blank, crops, labels), 4),
        "ranking": round(ranking(net, some), 4),
        "ranking_random_weights": round(ranking(blank, some), 4),
    }


def centre_crop(rgb: np.ndarray) -> np.ndarray:
    side = min(rgb.shape[:2])
    top, left = (rgb.shape[0] - side) // 2, (rgb.shape[1] - side) // 2
    return cv2.resize(rgb[top : top + side, left : left + side], (SIZE, SIZE), interpolation=cv2.INTER_AREA)
