"""Patches of a picture with a hole: finding for each that touches the hole its nearest known one, and voting.

Small levels are searched in full, with the completeness term of Granot et al. ("Drop the GAN", GPNN, Equation 2, 2022),
which keeps a few smooth patches from being used everywhere; larger ones start from what is known of them and search by
propagation and at random (Barnes et al., "PatchMatch", 2009), here for all pixels at once. Deviations: patches are
compared by their principal components, and by how far apart they lie: what belongs in a hole is mostly near it. Work
goes in chunks that fit a processor's cache.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

RADIUS = 3  # of a patch, px
SIDE = 2 * RADIUS + 1
COMPONENTS = 24
SAMPLED = 4000  # patches that tell the principal components
EXACT = 120_000_000  # pairs of patches up to which all are compared
PAIRS = 2_000_000  # compared at a time
CHUNK = 32_768  # patches looked at at a time
NEARBY = 0.3  # of the variance of all patches: what a patch from far off costs more
FAR = 8  # depths of the hole
LEAST_FAR = 128  # px
ALPHA = 1.0  # of the mean distance: the less, the more complete, and the less fitting
SHARP = 4  # power of a patch's distance by which it counts less


@dataclass
class Level:
    """One size of the picture: colours [3, H, W] in [-1, 1], the hole and what may be copied, bool [H, W]."""

    image: Tensor
    hole: Tensor
    known: Tensor

    @cached_property
    def targets(self) -> Tensor:
        """Flat places [N] of the patches that touch the hole."""
        return spread(self.hole).flatten().nonzero()[:, 0]

    @cached_property
    def sources(self) -> Tensor:
        """bool [H, W]: the middles of patches that are wholly known."""
        inside = torch.zeros_like(self.known)
        inside[RADIUS : -RADIUS or None, RADIUS : -RADIUS or None] = True
        return inside & ~spread(~self.known)


def spread(mask: Tensor) -> Tensor:
    """A mask [H, W] grown by a patch's radius."""
    rows = F.max_pool2d(mask[None, None].float(), (1, SIDE), 1, (0, RADIUS))
    return F.max_pool2d(rows, (SIDE, 1), 1, (RADIUS, 0))[0, 0] > 0


def chunks(count: int) -> Iterator[slice]:
    return (slice(start, start + CHUNK) for start in range(0, count, CHUNK))


def snapped(places: np.ndarray, allowed: np.ndarray) -> np.ndarray:
    """Flat places, each moved to the nearest one that is `allowed`, bool [H, W]."""
    _, labels = cv2.distanceTransformWithLabels(
        (~allowed).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    labels = labels.astype(np.int32, copy=False)
    table = np.zeros(int(labels.max()) + 1, np.int64)
    table[labels[allowed]] = np.flatnonzero(allowed)
    return table[labels.reshape(-1)[places]]


class Patches:
    """The patches of a picture [3, H, W], flattened; beyond the border its edge goes on."""

    def __init__(self, image: Tensor) -> None:
        self.width = image.shape[2]
        self.padded = F.pad(image[None], (RADIUS,) * 4, mode="replicate")  # [1, 3, H + 2 R, W + 2 R]
        span = torch.arange(SIDE, device=image.device)
        self.within = (span[:, None] * self.padded.shape[3] + span).flatten()

    def at(self, places: Tensor) -> Tensor:
        """Flat places [N] -> [N, 3 * SIDE * SIDE]."""
        corners = places // self.width * self.padded.shape[3] + places % self.width
        return self.padded.flatten(2)[0][:, corners[:, None] + self.within].transpose(0, 1).flatten(1)

    def everywhere(self, vectors: Tensor) -> Tensor:
        """[H * W, C]: all patches times `vectors` [3 * SIDE * SIDE, C]."""
        kernel = vectors.T.reshape(-1, 3, SIDE, SIDE)
        height, step = self.padded.shape[2] - 2 * RADIUS, max(1, CHUNK // self.width)
        found = torch.empty(height, self.width, len(kernel), device=vectors.device)
        for top in range(0, height, step):
            band = self.padded[:, :, top : top + step + 2 * RADIUS]
            found[top : top + step] = F.conv2d(band, kernel)[0].permute(1, 2, 0)
        return found.flatten(0, 1)


class Search:
    """For each patch of a level that touches the hole: the nearest known one so far, and how far off it is."""

    def __init__(self, level: Level, draw: torch.Generator, start: Tensor | None = None) -> None:
        """`start` [N]: places for the level's targets to begin with; without them each begins beside itself."""
        start = level.targets if start is None else start
        self.level, self.draw = level, draw
        self.allowed = level.sources.flatten()
        self.sources = self.allowed.nonzero()[:, 0]
        self.place = torch.from_numpy(snapped(start.cpu().numpy(), level.sources.cpu().numpy())).to(start.device)
        self.off = torch.zeros(start.shape, device=start.device)
        patches = Patches(level.image)
        self.vectors = principal(patches.at(self.sources[:: max(1, len(self.sources) // SAMPLED)]))
        self.features = patches.everywhere(self.vectors)  # of which only those of known patches are used
        self.features = torch.cat([self.features, self._positions()], 1)
        self.wanted = self.features[level.targets]

    def _positions(self) -> Tensor:
        """[H * W, 2]: row and column, so scaled that a patch from further away is a little further off."""
        height, width = self.level.hole.shape
        depth = cv2.distanceTransform(self.level.hole.cpu().numpy().astype(np.uint8), cv2.DIST_L2, 5).max()
        spread = self.features[self.sources].var(0).sum()
        scale = (NEARBY * spread).sqrt() / max(FAR * float(depth), LEAST_FAR)
        places = torch.arange(height * width, device=scale.device)
        return torch.stack([places // width, places % width], 1) * scale

    @property
    def found(self) -> Tensor:
        """Flat places [H * W] of what was found; a patch that does not touch the hole is its own."""
        found = torch.arange(self.allowed.numel(), device=self.place.device)
        found[self.level.targets] = self.place
        return found

    def improve(self) -> None:
        """Search once more, for the picture as it is now."""
        patches = Patches(self.level.image)
        for some in chunks(len(self.place)):
            self.wanted[some, :COMPONENTS] = patches.at(self.level.targets[some]) @ self.vectors
        exact = len(self.place) * len(self.sources) <= EXACT
        if exact:
            self.place = self.sources[nearest(self.wanted, self.features[self.sources])]
        for some in chunks(len(self.place)):
            self.off[some] = (self.features[self.place[some]] - self.wanted[some]).square_().sum(1)
        if not exact:
            self._propagate()
            self._explore()

    def _propagate(self) -> None:
        """Neighbours tell each other what they found."""
        height, width = self.level.hole.shape
        rows, columns = self.level.targets // width, self.level.targets % width
        for jump in (4, 2, 1):
            for down, across in ((jump, 0), (-jump, 0), (0, jump), (0, -jump)):
                near = (rows - down).clamp_(0, height - 1) * width + (columns - across).clamp_(0, width - 1)
                there = self.found[near]
                self._offer(there // width + down, there % width + across)

    def _explore(self) -> None:
        """Each looks around what it found, ever nearer."""
        width = self.level.hole.shape[1]
        reach = max(self.level.hole.shape) // 2
        while reach >= 1:
            size = (2, len(self.place))
            down, across = torch.randint(-reach, reach + 1, size, generator=self.draw, device=self.place.device)
            self._offer(self.place // width + down, self.place % width + across)
            reach //= 2

    def _offer(self, rows: Tensor, columns: Tensor) -> None:
        """Take these places [N] where they are nearer than what was found."""
        height, width = self.level.hole.shape
        offered = rows.clamp_(0, height - 1) * width + columns.clamp_(0, width - 1)
        for some in chunks(len(offered)):
            place, best = offered[some], self.off[some]
            off = (self.features[place] - self.wanted[some]).square_().sum(1)
            better = (off < best) & self.allowed[place]
            self.place[some] = torch.where(better, place, self.place[some])
            self.off[some] = torch.where(better, off, best)


def principal(patches: Tensor) -> Tensor:
    """Patches [N, D] -> [D, C], the directions in which they differ most."""
    patches = patches - patches.mean(0)
    return torch.linalg.eigh(patches.T @ patches).eigenvectors[:, -COMPONENTS:].contiguous()


def nearest(queries: Tensor, keys: Tensor) -> Tensor:
    """Queries [N, C], keys [M, C] -> the index [N] of each one's key, keys that suit others well being dearer."""
    squares, ones = queries.square().sum(1, keepdim=True), torch.ones_like(keys[:, :1])
    left = torch.cat([queries, squares, torch.ones_like(squares)], 1)
    right = torch.cat([-2 * keys, ones, keys.square().sum(1, keepdim=True)], 1).T.contiguous()
    step = max(1, PAIRS // len(keys))
    memory = torch.empty(min(step, len(queries)), len(keys), device=keys.device)

    def compared(keys: Tensor) -> Iterator[Tensor]:
        for start in range(0, len(left), step):
            some = left[start : start + step]
            yield torch.matmul(some, keys, out=memory[: len(some)])  # |q - k|^2

    least, total = torch.full_like(right[0], torch.inf), torch.zeros((), device=keys.device)
    for off in compared(right):
        torch.minimum(least, off.amin(0), out=least)
        total += off.amin(1).clamp_(0).sum()
    dearer = right / (ALPHA * (total / len(queries)).clamp_min_(1e-6) + least.clamp_(0))
    return torch.cat([smallest(off) for off in compared(dearer)])


def smallest(rows: Tensor) -> Tensor:
    """Index [N] of the least of each row [N, M]. On a CPU numpy is several times faster at it."""
    if rows.device.type != "cpu":
        return rows.argmin(1)
    return torch.from_numpy(rows.numpy().argmin(1))


def vote(search: Search) -> Tensor:
    """The level's colours with each pixel of the hole as the patches around it say, the nearer the more.

    A plain mean would be soft.
    """
    level = search.level
    height, width = level.hole.shape
    found, trust = search.found, torch.zeros(level.hole.numel(), device=level.image.device)
    trust[level.targets] = (search.off / search.off.mean().clamp_min(1e-6) + 1e-2).pow_(-SHARP)
    colours = level.image.flatten(1)
    pixels = level.hole.flatten().nonzero()[:, 0]
    made = torch.empty(3, len(pixels), device=pixels.device)
    for some in chunks(len(pixels)):
        rows, columns = pixels[some] // width, pixels[some] % width
        total = torch.zeros(4, len(rows), device=pixels.device)
        for down in range(-RADIUS, RADIUS + 1):
            for across in range(-RADIUS, RADIUS + 1):
                row, column = rows - down, columns - across
                inside = (row >= 0) & (row < height) & (column >= 0) & (column < width)
                middle = torch.where(inside, row * width + column, pixels[some])
                weight = trust[middle] * inside
                source = (found[middle] + down * width + across).clamp_(0, height * width - 1)
                total[:3] += colours[:, source] * weight
                total[3] += weight
        made[:, some] = total[:3] / total[3]
    image = colours.clone()
    image[:, pixels] = made
    return image.view_as(level.image)
