"""Landmark net: distances of points in units of the eye distance, on turned, scaled and worsened portraits.

The loss is the wing loss of Feng et al. (2018): small errors, which squares would ignore, count most.
"""

from pathlib import Path
from zipfile import BadZipFile

import cv2
import numpy as np
import torch
from torch import Tensor

from studio.core.errors import BadInput
from studio.jobs.spec import LandmarksSpec
from studio.library.store import Library
from studio.models.landmarks import GROUPS, LandmarkConfig, LandmarkNet
from training.augment import toned
from training.data import Pictures, grid, order, to_pixels, to_tensor
from training.ema import EMA
from training.metrics import jpeg
from training.trainer import Product, Trainer, cosine, descend

TURN, SCALE, SHIFT = 25.0, (0.75, 1.2), 0.1  # degrees; of the crop's own scale; shares of the side
SHEET = 16


class LandmarksTrainer(Trainer[LandmarksSpec]):
    family = "landmarks"

    def __init__(self, spec: LandmarksSpec, library: Library, device: torch.device) -> None:
        super().__init__(spec, library, device)
        net = self.start_from(spec.base) if spec.base else LandmarkNet(LandmarkConfig())
        assert isinstance(net, LandmarkNet)
        self.net, self.config = net.to(device).to(memory_format=torch.channels_last), net.config
        self.arrays, self.points = read_landmarks(spec.data, spec.landmarks, self.config.points)
        self.mirror = mirrored(self.points)
        self.net.mean_shape.copy_(torch.from_numpy(np.mean(self.points, axis=0)))
        self.ema = EMA(self.net, 10_000)
        self.optimiser = torch.optim.Adam(self.net.parameters(), lr=spec.lr)
        self.optimisers = {"net": self.optimiser}
        self.modules = {"net": self.net, "ema": self.ema.module}

    def draw(self, indices: list[int], rng: np.random.Generator) -> tuple[Tensor, Tensor]:
        """Faces [B, 3, S, S] and their points [B, P, 2] as shares of the side, varied at random."""
        pairs = [vary(self.arrays[i], self.points[i], self.mirror, self.config.size, rng) for i in indices]
        points = torch.from_numpy(np.stack([points for _, points in pairs])).float()
        return to_tensor([face for face, _ in pairs], self.device), points.to(self.device)

    def step(self) -> dict[str, float]:
        spec = self.spec
        x, wanted = self.draw(order(len(self.arrays), self.seen, spec.batch, spec.seed), self.rng)
        self.set_lr(self.optimiser, spec.lr * cosine(self.progress) * min(1.0, (self.seen + 1) / 2000))
        error = (self.net(x) - wanted) / eye_distance(wanted, self.config.points)[:, None, None]
        result = descend(self.optimiser, {"wing": wing(error).mean()})
        self.ema.update(self.net, spec.batch, self.seen)
        return result | {"error": error.detach().norm(dim=2).mean().item()}

    @torch.no_grad()
    def sheet(self) -> np.ndarray:
        """Faces with what the net finds in them."""
        rng = np.random.default_rng(0)
        x, _ = self.draw(rng.permutation(len(self.arrays))[:SHEET].tolist(), rng)
        found = self.ema.module(x).cpu().numpy()
        cells = [marked(face, points) for face, points in zip(to_pixels(x), found, strict=True)]
        return grid([cells[k : k + 8] for k in range(0, len(cells), 8)])

    def product(self) -> Product:
        return Product(self.ema.module, self.config)


def read_landmarks(
    data: tuple[str, ...], file: str, chosen: tuple[int, ...]
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Pictures and the `chosen` points [P, 2] of each, as shares of its width and height.

    The file is a NumPy archive: `names` [N], matched by file name, and `points` [N, 478, 2] in px of the picture.
    Raises BadInput when it cannot be read or names none of the pictures.
    """
    try:
        with np.load(file) as archive:
            names, meshes = archive["names"], archive["points"].astype(np.float32)
        known = {Path(str(name)).name: mesh[list(chosen)] for name, mesh in zip(names, meshes, strict=True)}
    except (OSError, ValueError, KeyError, IndexError, AttributeError, TypeError, BadZipFile) as error:
        raise BadInput(f"The file '{file}' holds no landmarks; give a .npz of names and points.") from error
    pictures = Pictures.read(data, smallest=64, side=4096)
    pairs = [
        (array, known[path.name] / array.shape[1::-1])
        for array, path in zip(pictures.arrays, pictures.paths, strict=True)
        if path.name in known
    ]
    if not pairs:
        raise BadInput(
            f"The file '{file}' has landmarks of none of these pictures; give the file that belongs to them."
        )
    return [array for array, _ in pairs], [points.astype(np.float32) for _, points in pairs]


def mirrored(shapes: list[np.ndarray]) -> np.ndarray:
    """For every point the index of its mirror image, found in the mean shape; points on the middle are their own."""
    mean = np.mean(shapes, axis=0)
    middle = mean[:, 0].mean()
    flipped = np.stack([2 * middle - mean[:, 0], mean[:, 1]], 1)
    return np.linalg.norm(flipped[:, None] - mean[None], axis=2).argmin(1)


def vary(
    rgb: np.ndarray, points: np.ndarray, mirror: np.ndarray, size: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """A turned, scaled, shifted, perhaps mirrored and worsened copy of `size` px, and the points in it."""
    height, width = rgb.shape[:2]
    scale = size / max(height, width) * rng.uniform(*SCALE)
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), rng.uniform(-TURN, TURN), scale)
    matrix[:, 2] += size / 2 - np.array([width / 2, height / 2]) + rng.uniform(-SHIFT, SHIFT, 2) * size
    source = cv2.GaussianBlur(rgb, (0, 0), 0.4 / scale) if scale < 0.6 else rgb  # against aliasing
    face = cv2.warpAffine(source, matrix, (size, size), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    moved = (points * (width, height)) @ matrix[:, :2].T + matrix[:, 2]
    if rng.random() < 0.5:
        face, moved = np.ascontiguousarray(face[:, ::-1]), moved[mirror]
        moved[:, 0] = size - moved[:, 0]
    return worsened(face, rng), (moved / size).astype(np.float32)


def worsened(face: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """What photos suffer: light and contrast, old print, blur, noise, JPEG, something in front of the face."""
    made = toned(face, rng) if rng.random() < 0.15 else face
    made = np.clip((made.astype(np.float32) - 128) * rng.uniform(0.6, 1.3) + 128 + rng.uniform(-40, 40), 0, 255)
    if rng.random() < 0.3:
        made = cv2.GaussianBlur(made, (0, 0), rng.uniform(0.5, 2.0))
    if rng.random() < 0.3:
        made = np.clip(made + rng.normal(0, rng.uniform(2, 15), made.shape), 0, 255)
    made = made.astype(np.uint8)
    if rng.random() < 0.3:
        made = jpeg(made, int(rng.integers(15, 80)))
    if rng.random() < 0.2:
        side = len(made)
        (top, left), (height, width) = rng.integers(0, side * 3 // 4, 2), rng.integers(side // 10, side // 3, 2)
        made[top : top + height, left : left + width] = rng.integers(0, 256, 3)
    return made


def eye_distance(points: Tensor, chosen: tuple[int, ...]) -> Tensor:
    """Points [B, P, 2] -> the distance [B] between the middles of the eyes' corners."""
    left, right = (
        points[:, [chosen.index(GROUPS[eye][0]), chosen.index(GROUPS[eye][3])]].mean(1)
        for eye in ("left_eye", "right_eye")
    )
    return (left - right).norm(dim=1)


def wing(error: Tensor, width: float = 0.1, curve: float = 0.02) -> Tensor:
    """width * ln(1 + |e| / curve) up to `width`, straight beyond (Feng et al., Equation 5), `e` in eye distances."""
    size = error.abs()
    offset = width - width * float(np.log1p(width / curve))
    return torch.where(size < width, width * torch.log1p(size / curve), size - offset)


def marked(face: np.ndarray, points: np.ndarray) -> np.ndarray:
    """The face with a dot at each point [P, 2], shares of the side."""
    made = np.ascontiguousarray(face)
    for x, y in points * len(face):
        cv2.circle(made, (round(float(x)), round(float(y))), 1, (255, 64, 64), -1)
    return made
