"""Pictures for training: read once into memory, sampled in an order set by the seed and the count seen alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import Tensor

from studio.core.errors import BadInput, StudioError
from studio.core.image import list_pictures, read_picture, resize
from training.distributed import share


@dataclass(frozen=True, eq=False)
class Pictures:
    """Decoded pictures, uint8 [H, W, 3] each, with the paths they came from."""

    arrays: list[np.ndarray]
    paths: list[Path]

    @classmethod
    def read(cls, sources: Sequence[str | Path], *, smallest: int, side: int) -> "Pictures":
        """Every readable picture of `sources`, its short side at most `side` px; those under `smallest` are left out.

        Raises BadInput when nothing usable is found.
        """
        arrays, kept = [], []
        for path in list_pictures(sources):
            try:
                rgb = read_picture(path).rgb
            except StudioError:
                continue
            short = min(rgb.shape[:2])
            if short < smallest:
                continue
            if short > side:
                ratio = side / short
                rgb = resize(rgb, (round(rgb.shape[1] * ratio), round(rgb.shape[0] * ratio)))
            arrays.append(np.ascontiguousarray(rgb))
            kept.append(path)
        if not arrays:
            where = ", ".join(map(str, sources))
            raise BadInput(f"No picture of at least {smallest} px could be read in {where}; add larger pictures.")
        return cls(arrays, kept)

    def __len__(self) -> int:
        return len(self.arrays)


def order(count: int, start: int, batch: int, seed: int) -> list[int]:
    """Indices of pictures `start` to `start + batch` in endless shuffled epochs: resumable from the count alone.

    Where several processes train together, each gets its share of them.
    """
    indices, permutations = [], {}
    for position in range(start, start + batch):
        epoch, offset = divmod(position, count)
        if epoch not in permutations:
            permutations[epoch] = np.random.default_rng((seed, epoch)).permutation(count)
        indices.append(int(permutations[epoch][offset]))
    return share(indices)


def random_crop(
    rgb: np.ndarray, size: int, rng: np.random.Generator, *, zoom: tuple[float, float] = (1.0, 1.0)
) -> np.ndarray:
    """A crop of `size` px, mirrored half the time; `zoom` draws how many source px a side makes up, times `size`."""
    short = min(rgb.shape[:2])
    side = int(min(short, size * rng.uniform(*zoom))) if short > size else short
    top = int(rng.integers(rgb.shape[0] - side + 1))
    left = int(rng.integers(rgb.shape[1] - side + 1))
    crop = rgb[top : top + side, left : left + side]
    if side != size:
        crop = cv2.resize(crop, (size, size), interpolation=cv2.INTER_AREA if side > size else cv2.INTER_CUBIC)
    return crop[:, ::-1] if rng.random() < 0.5 else crop


def to_tensor(crops: Sequence[np.ndarray], device: torch.device | str = "cpu") -> Tensor:
    """uint8 [H, W, C] crops of one size -> [B, C, H, W] in [-1, 1]."""
    stacked = torch.from_numpy(np.ascontiguousarray(np.stack(crops))).to(device)
    return stacked.permute(0, 3, 1, 2).float().div(127.5).sub(1)  # channels_last, as convolutions like it


def to_pixels(x: Tensor) -> np.ndarray:
    """[B, 3, H, W] in [-1, 1] -> uint8 [B, H, W, 3]."""
    return x.detach().clamp(-1, 1).add(1).mul(127.5).round().byte().permute(0, 2, 3, 1).cpu().numpy()


def opaque(x: Tensor) -> Tensor:
    """[B, 3, H, W] as it is, and of [B, 4, H, W] the colours, which lie on grey (studio.core.sprites.square)."""
    return x[:, :3]


def grid(rows: Sequence[Sequence[np.ndarray]], gap: int = 2) -> np.ndarray:
    """Rows of equally large uint8 pictures -> one sheet on white."""
    height, width = rows[0][0].shape[:2]
    columns = max(len(row) for row in rows)
    sheet = np.full((len(rows) * (height + gap) - gap, columns * (width + gap) - gap, 3), 255, np.uint8)
    for i, row in enumerate(rows):
        for j, picture in enumerate(row):
            sheet[i * (height + gap) : i * (height + gap) + height, j * (width + gap) : j * (width + gap) + width] = (
                picture
            )
    return sheet
