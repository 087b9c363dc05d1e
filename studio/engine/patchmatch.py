"""A hole filled with patches of the picture itself, from a first guess, coarse to fine.

Every patch that touches the hole looks for its nearest patch among the known ones, and each hole pixel becomes the mean
of what those patches say (Wexler et al., "Space-Time Completion of Video", 2007); `studio.engine.patches` has both. A
coarse level fills only what is wide there: of what is narrow the guess is good enough, and hides less of the picture.
"""

from collections.abc import Callable

import cv2
import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from studio.core.mask import wide_part
from studio.engine.patches import Level, Search, snapped, vote
from studio.engine.pixels import to_rgb

SMALLEST = 32  # px of the short side of a level
SMALL_HOLE = 48  # px of a hole's width up to which no coarser level is needed
SEARCHED = 3_000_000  # px of the largest level that is searched; above that, what was found is only enlarged
ROUNDS = (8, 5, 3)  # of searching and voting, from the coarsest level on; the last goes for all that follow
NOISE = 0.4  # of a guess with a seed other than 0, in colours of [-1, 1]
LEAST = 64  # known patches below which there is nothing to copy

Tell = Callable[[float, Callable[[], np.ndarray]], None]
"""Hears which share is done, and can ask for the picture as it is now, uint8 [h, w, 3] of any size."""


def patch_fill(
    rgb: np.ndarray, hole: np.ndarray, hidden: np.ndarray, device: torch.device, tell: Tell, seed: int = 0
) -> np.ndarray:
    """uint8 [H, W, 3] with a guess in its `hole` -> the same with the hole filled from the rest that is not `hidden`.

    Both masks are bool [H, W]. Where too little is known, the guess stays.
    """
    factor = 1
    while hole.size > SEARCHED * factor**2:
        factor *= 2
    levels = pyramid(reduced(rgb, hole, hidden, factor, device))
    if int(levels[0].sources.sum()) < LEAST:
        return rgb
    draw = torch.Generator(device).manual_seed(seed)
    coarsest = levels.pop()
    if seed:  # another guess, another filling
        noise = torch.randn(coarsest.image.shape, generator=draw, device=device)
        coarsest.image = torch.where(coarsest.hole, coarsest.image + NOISE * noise, coarsest.image)
    search, done = Search(coarsest, draw), 0
    counts = [ROUNDS[min(index, len(ROUNDS) - 1)] for index in range(len(levels) + 1)]
    for count in counts:
        if done:
            search = finer(search, levels.pop(), draw)
        for _ in range(count):
            search.improve()
            search.level.image = vote(search)
            done += 1
            tell(done / sum(counts), lambda image=search.level.image: to_rgb(image[None]))
    if factor == 1:
        return np.where(hole[..., None], to_rgb(search.level.image[None]), rgb)
    return copied(rgb, hole, hidden, search, factor)


def reduced(rgb: np.ndarray, hole: np.ndarray, hidden: np.ndarray, factor: int, device: torch.device) -> Level:
    """The picture at 1 / `factor` of its size: the finest level that is searched."""
    height, width = (-(-length // factor) for length in hole.shape)
    sides = [(0, -length % factor) for length in hole.shape]

    def pooled(mask: np.ndarray) -> Tensor:
        blocks = np.pad(mask, sides).reshape(height, factor, width, factor)
        return torch.from_numpy(blocks.any((1, 3))).to(device)

    small = rgb
    if factor > 1:
        small = cv2.resize(np.pad(rgb, [*sides, (0, 0)], mode="edge"), (width, height), interpolation=cv2.INTER_AREA)
    image = torch.from_numpy(small.copy()).to(device).permute(2, 0, 1).float().div_(127.5).sub_(1)
    return Level(image, pooled(hole), ~pooled(hole | hidden))


def pyramid(level: Level) -> list[Level]:
    """The level and ever smaller ones, as long as a part of the hole is wide and there is something to copy."""
    levels = [level]
    while min(level.hole.shape) >= 2 * SMALLEST:
        wide = torch.from_numpy(wide_part(level.hole.cpu().numpy(), SMALL_HOLE)).to(level.hole.device)
        level = smaller(level, wide)
        if not wide.any() or int(level.sources.sum()) < LEAST:
            break
        levels.append(level)
    return levels


def smaller(level: Level, hole: Tensor) -> Level:
    """Half the size, with only `hole` to fill: a pixel is of it if any of its four is, and known if all are."""
    known = (level.known | (level.hole & ~hole))[None, None].float()
    return Level(
        F.avg_pool2d(level.image[None], 2, ceil_mode=True, count_include_pad=False)[0],
        F.max_pool2d(hole[None, None].float(), 2, ceil_mode=True)[0, 0] > 0,
        -F.max_pool2d(-known, 2, ceil_mode=True)[0, 0] > 0,
    )


def finer(search: Search, level: Level, draw: torch.Generator) -> Search:
    """The search on a level of twice the size: the same moves, twice as long, and the hole as they fill it.

    Not as the coarser level filled it: enlarged, that would be soft, and find soft patches.
    """
    height, width = level.hole.shape
    finer = Search(level, draw, moved(search, level.targets, (height, width), 2))
    filled = F.interpolate(search.level.hole[None, None].float(), scale_factor=2)[0, 0, :height, :width] > 0
    level.image = torch.where(filled, vote(finer), level.image)
    return finer


def moved(search: Search, places: Tensor, size: tuple[int, ...], factor: int) -> Tensor:
    """Where flat places [N] of a picture [H, W], `factor` times the search's size, find their patches."""
    narrow = search.level.hole.shape[1]
    rows, columns = places // size[1], places % size[1]
    found = search.found[rows // factor * narrow + columns // factor]
    down = (factor * (found // narrow) + rows % factor).clamp_(max=size[0] - 1)
    across = (factor * (found % narrow) + columns % factor).clamp_(max=size[1] - 1)
    return down * size[1] + across


def copied(rgb: np.ndarray, hole: np.ndarray, hidden: np.ndarray, search: Search, factor: int) -> np.ndarray:
    """`rgb` with each pixel of the hole copied from where its patch was found on the level that was searched."""
    places = np.flatnonzero(hole)
    found = moved(search, torch.from_numpy(places).to(search.place.device), hole.shape, factor).cpu().numpy()
    result = rgb.copy()
    result.reshape(-1, 3)[places] = rgb.reshape(-1, 3)[snapped(found, ~(hole | hidden))]
    return result
