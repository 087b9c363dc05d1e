"""The perceptual encoder against the same net with random weights: retrieval and ranking of distortions."""

from argparse import Namespace
from collections.abc import Callable
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


def shift(rgb: np.ndarray, pixels: int) -> np.ndarray:
    padded = cv2.copyMakeBorder(rgb, pixels, 0, pixels, 0, cv2.BORDER_REFLECT_101)
    return padded[: rgb.shape[0], : rgb.shape[1]]


def warp(rgb: np.ndarray, rng: np.random.Generator, strength: float) -> np.ndarray:
    noise = rng.normal(0, 1, (*rgb.shape[:2], 2)).astype(np.float32)
    offsets = cv2.GaussianBlur(noise, (0, 0), 6) * strength
    y, x = np.mgrid[: rgb.shape[0], : rgb.shape[1]].astype(np.float32)
    return cv2.remap(rgb, x + offsets[..., 0], y + offsets[..., 1], cv2.INTER_LINEAR, None, cv2.BORDER_REFLECT_101)


def pixelate(rgb: np.ndarray, block: int) -> np.ndarray:
    small = cv2.resize(rgb, None, fx=1 / block, fy=1 / block, interpolation=cv2.INTER_AREA)
    return cv2.resize(small, rgb.shape[1::-1], interpolation=cv2.INTER_NEAREST)


def grain(rgb: np.ndarray, rng: np.random.Generator, sigma: float) -> np.ndarray:
    return np.clip(rgb + rng.normal(0, sigma, rgb.shape), 0, 255).astype(np.uint8)


# What hardly shows, and what everybody sees: whoever compares pixels mistakes one for the other.
Distortion = Callable[[np.ndarray, np.random.Generator], np.ndarray]
MILD: dict[str, Distortion] = {
    "shift": lambda x, rng: shift(x, 2),
    "brighter": lambda x, rng: np.clip(x.astype(np.float32) * 1.12, 0, 255).astype(np.uint8),
    "grain": lambda x, rng: grain(x, rng, 8),
    "bend": lambda x, rng: warp(x, rng, 20),
}
STRONG: dict[str, Distortion] = {
    "blur": lambda x, rng: cv2.GaussianBlur(x, (0, 0), 2.5),
    "jpeg": lambda x, rng: jpeg(x, 6),
    "blocks": lambda x, rng: pixelate(x, 6),
    "melt": lambda x, rng: warp(x, rng, 160),
}


@torch.no_grad()
def ranking(net: PerceptualEncoder, crops: list[np.ndarray]) -> float:
    """Share of all pairs in which the strongly distorted copy is judged farther than the mildly distorted one."""
    rng = np.random.default_rng(0)
    right = []
    for crop in crops:
        reference, distances = net(to_tensor([crop])), []
        for kinds in (MILD, STRONG):
            maps = net(to_tensor([distort(crop, rng) for distort in kinds.values()]))
            distances.append(sum((a - b).square().mean((1, 2, 3)) for a, b in zip(maps, reference, strict=True)))
        right.append((distances[0][:, None] < distances[1][None]).float().mean().item())
    return float(np.mean(right))


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
