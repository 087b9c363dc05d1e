"""A hole filled with patches of the picture itself, from a first guess, coarse to fine.

Every patch that touches the hole looks for its nearest patch among the known ones, and each hole pixel becomes the mean
of what those patches say (Wexler et al., "Space-Time Completion of Video", 2007). Small levels are searched in full,
with the completeness term of Granot et al. ("Drop the GAN", GPNN, Equation 2, 2022), which keeps a few smooth patches
from being used everywhere; larger ones start from there and search by propagation and at random (Barnes et al.,
"PatchMatch", 2009), here for all pixels at once. Deviation: patches are compared by their principal components.
"""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from studio.engine.tasks.pixels import to_rgb

RADIUS = 3  # of a patch, px
COMPONENTS = 24
SAMPLED = 4000  # patches that tell the principal components
SMALLEST = 32  # px of the short side of a level
SMALL_HOLE = 24  # px of the hole's width at which the coarsest level begins
SEARCHED = 1_500_000  # px of the largest level that is searched; above that, what was found is only enlarged
EXACT = 250_000_000  # pairs of patches up to which all are compared
CHUNK = 16_000_000  # pairs compared at a time
ROUNDS = (8, 5, 3)  # of searching and voting, from the coarsest level on; the last goes for all that follow
ALPHA = 1.0  # of the mean distance: the less, the more complete, and the less fitting
NOISE = 0.4  # of a guess with a seed other than 0, in colours of [-1, 1]
SHARP = 4  # power of a patch's distance by which it counts less
LEAST = 64  # known patches below which there is nothing to copy


@dataclass
class Level:
    """One size of the picture: colours [3, H, W] in [-1, 1], the hole and what may be copied, bool [H, W]."""

    image: Tensor
    hole: Tensor
    known: Tensor

    @property
    def targets(self) -> Tensor:
        """Flat places of the patches that touch the hole."""
        return spread(self.hole).flatten().nonzero()[:, 0]

    @property
    def sources(self) -> Tensor:
        """bool [H, W]: the middles of patches that are wholly known."""
        inside = torch.zeros_like(self.known)
        inside[RADIUS : -RADIUS or None, RADIUS : -RADIUS or None] = True
        return inside & ~spread(~self.known)


def spread(mask: Tensor) -> Tensor:
    """A mask [H, W] grown by a patch's radius."""
    return F.max_pool2d(mask[None, None].float(), 2 * RADIUS + 1, 1, RADIUS)[0, 0] > 0


def smaller(level: Level) -> Level:
    """Half the size: a pixel is of the hole if any of its four is, and known if all are."""
    image, hole, known = level.image[None], level.hole[None, None].float(), level.known[None, None].float()
    shrunk = F.avg_pool2d(image, 2, ceil_mode=True, count_include_pad=False)[0]
    return Level(
        shrunk,
        F.max_pool2d(hole, 2, ceil_mode=True)[0, 0] > 0,
        -F.max_pool2d(-known, 2, ceil_mode=True)[0, 0] > 0,
    )


def patch_fill(
    rgb: np.ndarray,
    hole: np.ndarray,
    hidden: np.ndarray,
    device: torch.device,
    tell: Callable[[float], None],
    seed: int = 0,
) -> np.ndarray:
    """uint8 [H, W, 3] with a guess in its `hole` -> the same with the hole filled from the rest that is not `hidden`.

    Both masks are bool [H, W]. Where too little is known, the guess stays. `tell` hears which share is done.
    """
    image = torch.from_numpy(rgb.copy()).to(device).permute(2, 0, 1).float().div(127.5).sub(1)
    levels = [Level(image, *(torch.from_numpy(mask).to(device) for mask in (hole, ~(hole | hidden))))]
    width = 2 * cv2.distanceTransform(np.pad(hole, 1).astype(np.uint8), cv2.DIST_L2, 5).max()
    while width > SMALL_HOLE and min(levels[-1].hole.shape) >= 2 * SMALLEST:
        levels.append(smaller(levels[-1]))
        width /= 2
    while len(levels) > 1 and int(levels[-1].sources.sum()) < LEAST:
        levels.pop()
    if int(levels[-1].sources.sum()) < LEAST:
        return rgb
    draw = torch.Generator(device).manual_seed(seed)
    searched = [level.hole.numel() <= SEARCHED for level in reversed(levels)]
    rounds = [ROUNDS[min(index, len(ROUNDS) - 1)] if here else 1 for index, here in enumerate(searched)]
    if seed:  # another guess, another filling
        noise = torch.randn(levels[-1].image.shape, generator=draw, device=device)
        levels[-1].image = torch.where(levels[-1].hole, levels[-1].image + NOISE * noise, levels[-1].image)
    found = torch.zeros(0)
    for index, level in enumerate(reversed(levels)):
        if index:
            coarser = levels[-index]
            level.image = torch.where(level.hole, enlarged(coarser.image, level.hole.shape), level.image)
            found = finer(found, coarser.hole.shape, level)
        for round in range(rounds[index]):
            if searched[index]:
                found = search(level, found if index or round else None, draw)
            vote(level, found, searched=searched[index])
            tell((sum(rounds[:index]) + round + 1) / sum(rounds))
    return np.where(hole[..., None], to_rgb(levels[0].image[None]), rgb)


def enlarged(image: Tensor, size: tuple[int, ...]) -> Tensor:
    """[3, h, w] -> [3, H, W]."""
    return F.interpolate(image[None], size, mode="bilinear", align_corners=False)[0]


def finer(found: Tensor, shape: tuple[int, ...], level: Level) -> Tensor:
    """What was `found` [h * w] on a level of half the size, for this one: the same moves, twice as long."""
    height, width = level.hole.shape
    rows, columns = grid(level.hole)
    near = (rows // 2).clamp(max=shape[0] - 1) * shape[1] + (columns // 2).clamp(max=shape[1] - 1)
    source = found[near.flatten()].view(height, width)
    down = 2 * (source // shape[1]) + rows % 2
    across = 2 * (source % shape[1]) + columns % 2
    place = down.clamp(0, height - 1) * width + across.clamp(0, width - 1)
    return snapped(place.flatten(), level)


def snapped(place: Tensor, level: Level) -> Tensor:
    """Places [H * W], each moved to the nearest middle of a known patch."""
    sources = level.sources.cpu().numpy()
    _, labels = cv2.distanceTransformWithLabels(
        (~sources).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    labels = labels.astype(np.int64)
    table = np.zeros(int(labels.max()) + 1, np.int64)
    table[labels[sources]] = np.flatnonzero(sources)
    return torch.from_numpy(table[labels]).to(place.device).flatten()[place]


def grid(mask: Tensor) -> tuple[Tensor, Tensor]:
    """Rows and columns [H, W] of a mask's pixels."""
    height, width = mask.shape
    rows = torch.arange(height, device=mask.device)[:, None].expand(height, width)
    return rows, torch.arange(width, device=mask.device)[None].expand(height, width)


def describe(level: Level) -> Tensor:
    """[H * W, C]: each patch's principal components, those of the known patches."""
    side = 2 * RADIUS + 1
    padded = F.pad(level.image[None], (RADIUS,) * 4, mode="replicate")
    places = level.sources.flatten().nonzero()[:, 0]
    places = places[:: max(1, len(places) // SAMPLED)]
    rows, columns = places // level.hole.shape[1], places % level.hole.shape[1]
    span = torch.arange(side, device=padded.device)
    sampled = padded[0][:, rows[:, None, None] + span[:, None], columns[:, None, None] + span]  # [3, N, 7, 7]
    patches = sampled.transpose(0, 1).flatten(1)
    patches = patches - patches.mean(0)
    vectors = torch.linalg.eigh(patches.T @ patches).eigenvectors[:, -COMPONENTS:]
    return F.conv2d(padded, vectors.T.reshape(-1, 3, side, side)).flatten(2)[0].T.contiguous()


def search(level: Level, found: Tensor | None, draw: torch.Generator) -> Tensor:
    """For each patch [H * W] that touches the hole the place of its nearest known one; others keep what they had."""
    features, targets = describe(level), level.targets
    sources = level.sources.flatten().nonzero()[:, 0]
    if found is None:
        found = sources[torch.randint(len(sources), level.hole.flatten().shape, generator=draw, device=sources.device)]
    if len(targets) * len(sources) <= EXACT:
        found = found.clone()
        found[targets] = sources[nearest(features[targets], features[sources])]
        return found
    return refined(level, features, targets, found, draw)


def nearest(queries: Tensor, keys: Tensor) -> Tensor:
    """Queries [N, C], keys [M, C] -> the index [N] of each one's key, keys that suit others well being dearer."""
    squares, rows = keys.square().sum(1), max(1, CHUNK // len(keys))

    def compared(start: int) -> Tensor:
        some = queries[start : start + rows]
        return (some.square().sum(1)[:, None] + squares - 2 * some @ keys.T).clamp_min_(0)

    least = torch.full_like(squares, torch.inf)
    total = 0.0
    for start in range(0, len(queries), rows):
        found = compared(start)
        least = torch.minimum(least, found.amin(0))
        total += found.amin(1).sum().item()
    weight = 1 / (ALPHA * max(total / len(queries), 1e-6) + least)
    return torch.cat([(compared(start) * weight).argmin(1) for start in range(0, len(queries), rows)])


def refined(level: Level, features: Tensor, targets: Tensor, found: Tensor, draw: torch.Generator) -> Tensor:
    """`found` after neighbours have told each other what they found, and each has looked around it."""
    height, width = level.hole.shape
    allowed, found = level.sources.flatten(), found.clone()
    wanted, rows, columns = features[targets], targets // width, targets % width
    place = found[targets]
    best = (features[place] - wanted).square().sum(1)

    def offer(down: Tensor, across: Tensor) -> None:
        nonlocal place, best
        candidate = down.clamp(0, height - 1) * width + across.clamp(0, width - 1)
        distance = (features[candidate] - wanted).square().sum(1)
        better = (distance < best) & allowed[candidate]
        place, best = torch.where(better, candidate, place), torch.where(better, distance, best)

    for jump in (4, 2, 1):
        for down, across in ((jump, 0), (-jump, 0), (0, jump), (0, -jump)):
            near = (rows - down).clamp(0, height - 1) * width + (columns - across).clamp(0, width - 1)
            found[targets] = place
            there = found[near]
            offer(there // width + down, there % width + across)
    reach = max(height, width) // 2
    while reach >= 1:
        shift = torch.randint(-reach, reach + 1, (2, len(targets)), generator=draw, device=targets.device)
        offer(place // width + shift[0], place % width + shift[1])
        reach //= 2
    found[targets] = place
    return found


def vote(level: Level, found: Tensor, *, searched: bool = True) -> None:
    """Set each pixel of the hole to what the patches around it say, the nearer the more: a plain mean would be soft.

    On a level that was not searched the patch in the middle alone decides.
    """
    height, width = level.hole.shape
    pixels = level.hole.flatten().nonzero()[:, 0]
    rows, columns, colours = pixels // width, pixels % width, level.image.flatten(1)
    trust = trusted(level, found) if searched else None
    reach = range(-RADIUS, RADIUS + 1) if searched else range(1)
    total = torch.zeros(4, len(pixels), device=pixels.device)
    for down in reach:
        for across in reach:
            middle = (rows - down).clamp(0, height - 1) * width + (columns - across).clamp(0, width - 1)
            place = found[middle]
            source = (place // width + down).clamp(0, height - 1) * width + (place % width + across).clamp(0, width - 1)
            weight = 1.0 if trust is None else trust[middle]
            total[:3] += colours[:, source] * weight
            total[3] += weight
    image = colours.clone()
    image[:, pixels] = total[:3] / total[3]
    level.image = image.view_as(level.image)


def trusted(level: Level, found: Tensor) -> Tensor:
    """How much each patch [H * W] that touches the hole is to be trusted, by its distance from what it found."""
    features, targets = describe(level), level.targets
    off = (features[found[targets]] - features[targets]).square().sum(1)
    result = torch.zeros(level.hole.numel(), device=found.device)
    result[targets] = (off / off.mean().clamp_min(1e-6) + 1e-2).pow(-SHARP)
    return result
