"""Noise, JPEG's blocks and blur of a picture of any size, judged and taken away by a RestoreNet.

The blocks are judged by rule, as a mean over the whole picture tells them surer than the net does from parts of it.
"""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
import torch

from studio.core.errors import BadInput
from studio.engine.pixels import pad_to_multiple, through_tiles, to_rgb, to_tensor
from studio.models.restore import SPANS, RestoreNet

TILE = 768  # px kept of a tile
LOOK = 192  # px a side of the parts that are judged
LOOKS = 3  # of them along a side, at most
BLOCK = 8  # px a side of a block of JPEG
STEPS = (0.5, 0.7, 1.1, 1.6, 2.0, 2.5, 3.1, 4.2, 6.5)  # levels by which blocks' edges stand out, as a median ...
LOSSES = (0.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0, 90.0)  # ... over photos saved with 100 less these as quality
STRONGEST = (50.0, 92.0, 3.0)  # levels that the net was trained on


@dataclass(frozen=True, kw_only=True)
class Levels:
    """Noise in levels of 255, JPEG as 100 less its quality, blur in px: deviations of Gaussians."""

    noise: float = 0.0
    jpeg: float = 0.0
    blur: float = 0.0

    def values(self) -> tuple[float, float, float]:
        return self.noise, self.jpeg, self.blur

    def times(self, strength: float) -> "Levels":
        noise, jpeg, blur = (strength * value for value in self.values())
        return Levels(noise=noise, jpeg=jpeg, blur=blur)

    def rounded(self) -> tuple[float, ...]:
        return tuple(round(value, 2) for value in self.values())

    def __bool__(self) -> bool:
        return any(value > 0 for value in self.values())


def judged(network: RestoreNet, device: torch.device, rgb: np.ndarray) -> Levels:
    """What the net makes of the picture: the median over parts of it, so that one odd part decides nothing."""
    if min(rgb.shape[:2]) < network.multiple:
        raise BadInput(
            f"A picture under {network.multiple} px a side cannot be judged; set noise, JPEG and blur yourself."
        )
    parts = [rgb[rows, columns] for rows in _looks(rgb.shape[0]) for columns in _looks(rgb.shape[1])]
    batch = torch.cat([to_tensor(part, device) for part in parts])
    found = network.judge(batch).median(0).values.tolist()
    noise, _, blur = (min(level * span, most) for level, span, most in zip(found, SPANS, STRONGEST, strict=True))
    return Levels(noise=noise, jpeg=float(np.interp(blockiness(rgb), STEPS, LOSSES)), blur=blur)


def blockiness(rgb: np.ndarray) -> float:
    """By how many levels of 255 one in BLOCK steps between pixels stands out from the steps beside it, down and across.

    After Wang, Bovik and Evans, "Blind Measurement of Blocking Artifacts" (2000), in space; 0 for a
    picture too small to tell.
    """
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY).astype(np.float32)
    return min(_blockiness_down(grey), _blockiness_down(grey.T))


def _blockiness_down(grey: np.ndarray) -> float:
    steps = np.abs(np.diff(grey, axis=0)).mean(1)  # between each row and the next
    excess = steps[1:-1] - (steps[:-2] + steps[2:]) / 2
    count = len(excess) // BLOCK
    if count < 4:
        return 0.0
    rows = excess[: count * BLOCK].reshape(count, BLOCK).mean(0)  # by the place within a block
    return float(rows.max() - np.median(rows))


def _looks(length: int) -> list[slice]:
    """Up to LOOKS even stretches of LOOK px, or the whole length; even, as the net halves what it sees."""
    side = min(LOOK, length - length % 8)
    count = min(LOOKS, max(1, length // side))
    return [slice(start, start + side) for start in np.linspace(0, length - side, count).round().astype(int).tolist()]


def restored(
    network: RestoreNet,
    device: torch.device,
    rgb: np.ndarray,
    levels: Levels,
    tell: Callable[[int, int], None] = lambda done, all: None,
) -> np.ndarray:
    """uint8 [H, W, 3] without what `levels` say is wrong with it; levels beyond STRONGEST count as that."""
    shares = [min(value, most) / span for value, most, span in zip(levels.values(), STRONGEST, SPANS, strict=True)]
    asked = torch.tensor([shares], device=device)

    def work(tile: np.ndarray) -> np.ndarray:
        x = to_tensor(pad_to_multiple(tile, network.multiple), device).contiguous(memory_format=torch.channels_last)
        return to_rgb(network(x, asked))[: tile.shape[0], : tile.shape[1]]

    return through_tiles(rgb, work, side=TILE, rim=network.rim, tell=tell)
