"""Best quality of a style: the picture itself is optimised, over a pyramid whose sides grow by the square root of two.

After Gatys et al. (2016) for the idea and Heitz et al., "A Sliced Wasserstein Loss for Neural Texture Synthesis"
(2021), for the style. Deviations: the content is compared without its own contrast; 3 x 3 neighbourhoods of the
features keep the direction of strokes; the last steps bring 7 x 7 patches of pixels near the style's (Elnekave & Weiss,
2022).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from studio.core.atomic import write_atomic
from studio.core.progress import TaskControl
from studio.engine.pixels import preview, to_rgb
from studio.models.likeness import content_distance, painting_distance, sliced_wasserstein
from studio.models.perceptual import PerceptualEncoder

FIRST_SIDE = 128  # px of the long side of the coarsest level
STEPS = (200, 150, 120, 90, 70)  # of the levels from the coarsest on; further ones take the last
PATCH_STEPS = 15  # of the last level, with pixel patches too
RATE = 0.03  # learning rate of Adam on pixels in [-1, 1]
CONTENT, STYLE, TEXTURE, PATCHES = 1.0, 12.0, 8.0, 20.0
SHOWN_EVERY = 10  # steps
STATE = "best.npz"  # in the job's folder: the finished level to go on from


@dataclass
class Optimiser:
    """Photo and style picture [1, 3, H, W] in [-1, 1]; `strength` 0 to 1 weighs the style against the photo."""

    encoder: PerceptualEncoder
    photo: Tensor
    style: Tensor
    strength: float = 1.0

    def run(self, start: Tensor, control: TaskControl) -> Tensor:
        """The picture that begins as `start`, [1, 3, H, W], after all levels. Cancelled when `control` was."""
        sides = list(levels(max(self.photo.shape[2:])))
        plan = [steps_of(level) for level in range(len(sides))]
        plan[-1] += PATCH_STEPS
        made, first = start, 0
        if (kept := _kept(control.folder, sides)) is not None:
            first, made = kept[0] + 1, kept[1].to(start.device)
        for level in range(first, len(sides)):
            patches = PATCH_STEPS if level == len(sides) - 1 else 0
            counter = _Counter(control, sum(plan[:level]), sum(plan))
            made = self._level(made, self._size(sides[level]), plan[level], patches, counter)
            _keep(control.folder, sides, level, made)
        return made

    def _size(self, side: int) -> tuple[int, int]:
        """Rows and columns of the photo when its long side has `side` px."""
        height, width = self.photo.shape[2:]
        scale = side / max(height, width)
        return max(16, round(height * scale)), max(16, round(width * scale))

    def _level(self, made: Tensor, size: tuple[int, int], steps: int, patches: int, counter: "_Counter") -> Tensor:
        """`steps` steps at one size, the last `patches` of them with pixel patches too."""
        photo, style = resized(self.photo, size), resized(self.style, fitting(self.style, size))
        with torch.no_grad():
            wanted, content = self.encoder(style), self.encoder(photo)
        x = resized(made, size).clone().requires_grad_(True)
        adam = torch.optim.Adam([x], lr=RATE, betas=(0.9, 0.98))
        for step in range(steps):
            counter.control.check()
            adam.param_groups[0]["lr"] = RATE * (1 - 0.8 * step / steps)
            loss = self._loss(x, wanted, content)
            if step >= steps - patches:
                loss = loss + PATCHES * patch_distance(x, style)
            adam.zero_grad(set_to_none=True)
            loss.backward()
            adam.step()
            with torch.no_grad():
                x.clamp_(-1, 1)
            counter.report(step, x)
        return x.detach()

    def _loss(self, x: Tensor, wanted: list[Tensor], content: list[Tensor]) -> Tensor:
        maps = self.encoder(x)
        style, texture = painting_distance(maps, wanted)
        kept = torch.stack([content_distance(a, b) for a, b in list(zip(maps, content, strict=True))[2:]]).mean()
        return CONTENT / self.strength * kept + STYLE * style + TEXTURE * texture


@dataclass(frozen=True)
class _Counter:
    """Counts the steps of all levels together."""

    control: TaskControl
    before: int
    total: int

    def report(self, step: int, x: Tensor) -> None:
        shown = self.control.listener is not None and step % SHOWN_EVERY == SHOWN_EVERY - 1
        self.control.report(self.before + step + 1, self.total, preview(to_rgb(x.detach())) if shown else None)


def levels(side: int) -> Iterator[int]:
    """Long sides from about FIRST_SIDE to `side`, each the square root of two times the one before."""
    count = max(0, round(2 * np.log2(side / FIRST_SIDE)))
    for level in range(count, -1, -1):
        yield max(16, round(side / 2 ** (level / 2)))


def steps_of(level: int) -> int:
    return STEPS[min(level, len(STEPS) - 1)]


def fitting(style: Tensor, size: tuple[int, int]) -> tuple[int, int]:
    """The style picture's size at a level: as many pixels as the photo has there, in its own shape."""
    scale = min(1.0, (size[0] * size[1] / (style.shape[2] * style.shape[3])) ** 0.5)
    return max(32, round(style.shape[2] * scale)), max(32, round(style.shape[3] * scale))


def resized(x: Tensor, size: tuple[int, int]) -> Tensor:
    found = F.interpolate(x, size, mode="bicubic", antialias=True, align_corners=False).clamp(-1, 1)
    return found.contiguous(memory_format=torch.channels_last)


def patch_distance(x: Tensor, style: Tensor, *, side: int = 7, points: int = 4096) -> Tensor:
    """Sliced Wasserstein distance of `points` random pixel patches of either picture."""
    sets = []
    for picture in (x, style):
        offset = int(torch.randint(side, ()))
        patches = F.unfold(picture[:, :, offset:, offset:], side, stride=3)[0].T  # [N, 3 * side * side]
        sets.append(patches[torch.randint(len(patches), (points,))])
    return sliced_wasserstein(sets[0], sets[1])


def _keep(folder: Path | None, sides: list[int], level: int, made: Tensor) -> None:
    if folder is not None:
        with write_atomic(folder / STATE) as file:
            np.savez(file, sides=sides, level=level, made=made.cpu().numpy())


def _kept(folder: Path | None, sides: list[int]) -> tuple[int, Tensor] | None:
    """The last finished level and its picture, when an interrupted job of the same levels left them."""
    if folder is None or not (folder / STATE).is_file():
        return None
    try:
        with np.load(folder / STATE) as kept:
            if kept["sides"].tolist() == sides:
                return int(kept["level"]), torch.from_numpy(kept["made"])
    except (OSError, ValueError, KeyError):
        return None
    return None
