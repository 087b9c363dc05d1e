"""A texture from an example: every patch of it is one of the example's, in another order, and it has no border.

Coarse to fine each patch looks for its nearest one in the example, and each pixel becomes the mean of what its patches
say (Kwatra et al., "Texture Optimization", 2005). Small levels are searched in full with a completeness term (Granot et
al., GPNN, 2022), so that all of the example is used; larger ones by propagation and at random (PatchMatch, 2009).
Indices wrap in searching and in voting, so what is made is a torus and tiles.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from studio.engine import patches
from studio.engine.patches import EXACT, RADIUS, SIDE, chunks, nearest, principal

SMALLEST = 24  # px of the short side of the coarsest level, of example and texture
ROUNDS = (12, 6, 3, 2)  # of searching and voting, from the coarsest level on; the last goes for all that follow
SEARCHED = 1_500_000  # px of the largest level that is searched; above that, what was found is only enlarged
SHARP = 1  # power of a patch's distance by which it counts less: less than in repair, as everything may move
SAMPLED = 4000  # patches that tell the principal components
LEAST = 64  # patches below which there is nothing to learn from

Tell = Callable[[int, int, Tensor], None]
"""Hears how many rounds are done, of how many, and the texture as it is now, [3, h, w] in [-1, 1]."""


@dataclass(frozen=True, eq=False)
class Example:
    """Colours [3, h, w] in [-1, 1], and the corners of patches that may be copied, bool [h - 6, w - 6]."""

    image: Tensor
    allowed: Tensor

    @classmethod
    def of(cls, image: Tensor, visible: Tensor) -> "Example":
        """`visible`: bool [h, w]."""
        return cls(image, ~(F.max_pool2d((~visible)[None].float(), SIDE, 1)[0] > 0))

    @property
    def places(self) -> Tensor:
        return self.allowed.flatten().nonzero()[:, 0]


def synthesise(
    image: Tensor, visible: Tensor, size: tuple[int, int], *, variety: float, seed: int, tell: Tell
) -> Tensor:
    """Example [3, h, w] in [-1, 1], what of it may be copied, bool [h, w] -> a texture [3, H, W] of `size` (H, W).

    `variety` 0 starts from the example side by side, 1 from noise.
    """
    draw = torch.Generator(image.device).manual_seed(seed)
    top, left = (int(torch.randint(side, (), generator=draw, device=draw.device)) for side in image.shape[1:])
    rows, columns = (
        (torch.arange(length, device=draw.device) + start) % side
        for length, start, side in zip(size, (top, left), image.shape[1:], strict=True)
    )
    beside = image[:, rows[:, None], columns]
    return optimised(image, visible, beside, variety=variety, draw=draw, tell=tell)


def optimised(
    image: Tensor, visible: Tensor, canvas: Tensor, *, variety: float, draw: torch.Generator, tell: Tell
) -> Tensor:
    """The canvas [3, H, W] made of the example's patches, coarse to fine."""
    examples, canvases = [Example.of(image, visible)], [canvas]
    while min(*image.shape[1:], *canvases[-1].shape[1:]) >= 2 * SMALLEST:
        image, visible = halved(image), halved(visible[None].float())[0] > 0.999
        example = Example.of(image, visible)
        if len(example.places) < LEAST:
            break
        examples.append(example)
        canvases.append(halved(canvases[-1]))
    searched = [canvas[0].numel() <= SEARCHED for canvas in reversed(canvases)]
    counts = [ROUNDS[min(index, len(ROUNDS) - 1)] if found else 0 for index, found in enumerate(searched)]
    search = Search(examples[-1], canvases[-1], draw)
    search.scatter(variety)
    done = 0
    for index, count in enumerate(counts):
        if index:
            search = search.finer(examples[-1 - index], canvases[-1 - index])
        for _ in range(count):
            search.improve()
            search.vote()
            done += 1
            tell(done, sum(counts), search.image)
    return search.image


def halved(image: Tensor) -> Tensor:
    return F.avg_pool2d(image[None], 2, ceil_mode=True, count_include_pad=False)[0]


class Search:
    """A texture [3, H, W] in the making, which wraps; for each of its patches, known by its middle, the nearest one of
    the example so far, by its corner, flat in `allowed`."""

    def __init__(self, example: Example, image: Tensor, draw: torch.Generator, place: Tensor | None = None) -> None:
        """`place` [H * W] is where to begin; without it anywhere."""
        self.example, self.image, self.draw = example, image, draw
        self.size = (image.shape[1], image.shape[2])
        count, corners = image[0].numel(), example.places
        if place is None:
            place = corners[torch.randint(len(corners), (count,), generator=draw, device=corners.device)]
        self.place = snapped(place, example.allowed)
        self.off = torch.ones(count, device=corners.device)
        width = example.allowed.shape[1]
        some = corners[:: max(1, len(corners) // SAMPLED)]
        windows = example.image.unfold(1, SIDE, 1).unfold(2, SIDE, 1)  # [3, h - 6, w - 6, 7, 7]
        sampled = windows[:, some // width, some % width].transpose(0, 1).flatten(1)
        self.vectors = principal(sampled).T.reshape(-1, 3, SIDE, SIDE)
        self.features = self._described(example.image)

    def _described(self, image: Tensor) -> Tensor:
        """[(h - 6) * (w - 6), C]: the patches of a picture [3, h, w] in what tells the example's apart."""
        return F.conv2d(image[None], self.vectors)[0].flatten(1).T.contiguous()

    def scatter(self, variety: float) -> None:
        """Mix in noise of the example's own spread."""
        noise = torch.randn(self.image.shape, generator=self.draw, device=self.image.device)
        colours = self.example.image.flatten(1)
        noise = colours.mean(1)[:, None, None] + colours.std(1)[:, None, None] * noise
        self.image = torch.lerp(self.image, noise, variety)

    def improve(self) -> None:
        """Search once more, for the texture as it is now."""
        wanted = self._described(F.pad(self.image[None], (RADIUS,) * 4, mode="circular")[0])
        corners = self.example.places
        if len(wanted) * len(corners) <= EXACT:
            self.place = corners[nearest(wanted, self.features[corners])]
            self.off = (self.features[self.place] - wanted).square().sum(1)
            return
        self.off = (self.features[self.place] - wanted).square().sum(1)
        for jump in (4, 2, 1):
            for down, across in ((jump, 0), (-jump, 0), (0, jump), (0, -jump)):
                self._offer(wanted, self.place.view(self.size).roll((down, across), (0, 1)).flatten(), down, across)
        reach = max(self.example.allowed.shape) // 2
        while reach >= 1:
            shift = torch.randint(-reach, reach + 1, (2, len(wanted)), generator=self.draw, device=wanted.device)
            self._offer(wanted, self.place, *shift)
            reach //= 3

    def _offer(self, wanted: Tensor, place: Tensor, down: int | Tensor, across: int | Tensor) -> None:
        """Take the places [N] so far down and across of `place` where they are nearer than what was found."""
        height, width = self.example.allowed.shape
        offered = (place // width + down).clamp_(0, height - 1) * width + (place % width + across).clamp_(0, width - 1)
        allowed = self.example.allowed.flatten()
        for some in chunks(len(offered)):
            off = (self.features[offered[some]] - wanted[some]).square_().sum(1)
            better = (off < self.off[some]) & allowed[offered[some]]
            self.place[some] = torch.where(better, offered[some], self.place[some])
            self.off[some] = torch.where(better, off, self.off[some])

    def vote(self) -> None:
        """Set each pixel to what the patches around it say, the nearer the more: a plain mean would be soft."""
        wide, columns = self.example.image.shape[2], self.example.allowed.shape[1]
        trust = (self.off / self.off.mean().clamp_min(1e-6) + 1e-2).pow(-SHARP).view(self.size)
        middle = (self.place // columns + RADIUS) * wide + self.place % columns + RADIUS
        colours = self.example.image.flatten(1)
        total, weight = torch.zeros(3, *self.size, device=trust.device), torch.zeros_like(trust)
        for down in range(-RADIUS, RADIUS + 1):
            for across in range(-RADIUS, RADIUS + 1):
                said = colours[:, middle + (down * wide + across)].view(3, *self.size) * trust
                total += said.roll((down, across), (1, 2))
                weight += trust.roll((down, across), (0, 1))
        self.image = total / weight

    def finer(self, example: Example, image: Tensor) -> "Search":
        """The same on the next larger level, of the size of `image`: the same moves, twice as long."""
        width = self.example.allowed.shape[1]
        rows, columns = (torch.arange(length, device=self.place.device) for length in image.shape[1:])
        near = ((rows // 2)[:, None] * self.size[1] + columns // 2).flatten()
        place = self.place[near]
        down = 2 * (place // width) + (rows % 2).repeat_interleave(len(columns))
        across = 2 * (place % width) + (columns % 2).repeat(len(rows))
        height, wide = example.allowed.shape
        place = down.clamp(max=height - 1) * wide + across.clamp(max=wide - 1)
        finer = Search(example, image, self.draw, place)
        finer.off = self.off[near]
        finer.vote()
        return finer


def snapped(place: Tensor, allowed: Tensor) -> Tensor:
    """Flat places [N], each moved to the nearest that is allowed, bool [h, w]."""
    if bool(allowed.all()):
        return place
    return torch.from_numpy(patches.snapped(place.cpu().numpy(), allowed.cpu().numpy())).to(place.device)
