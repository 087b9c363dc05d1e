"""Inpainting: a dense U-Net behind a pixel-unshuffle, dilated at the bottom so that a hole sees past its rim.

Masks and losses follow Suvorov et al., "Resolution-robust Large Mask Inpainting" (LaMa, 2022), with dilated instead of
Fourier convolutions; patch discriminator after Isola et al. (2017). The net adds to a smooth filling, so that colours
join from the first step. Texture is borrowed from the rest of the picture, as in Yu et al., "Generative Image
Inpainting with Contextual Attention" (2018) and Yi et al., "Contextual Residual Aggregation" (2020), at one scale.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from studio.models.patch_discriminator import PatchDiscriminator

CELL = 8  # px, of the smooth filling
SHEPARD = 8  # power of the distance by which a known cell counts
TEMPERATURE = 0.5  # of the draw: lower is nearer to taking one cell alone


@dataclass(frozen=True, kw_only=True)
class InpaintConfig:
    """`width` channels at 1/2 resolution, doubled at 1/4 and 1/8; one residual block a dilation at 1/8.

    `keys` are the dimensions in which a hole's cell looks for known ones to borrow from.
    """

    width: int = 32
    dilations: tuple[int, ...] = (1, 2, 4, 8, 1)
    keys: int = 32


class Residual(nn.Module):
    """x + two 3x3 convolutions, the first dilated; the second starts at zero."""

    def __init__(self, channels: int, dilation: int = 1) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=dilation, dilation=dilation, padding_mode="replicate")
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, padding_mode="replicate")
        nn.init.zeros_(self.conv2.weight)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.conv2(F.leaky_relu(self.conv1(F.leaky_relu(x, 0.2)), 0.2))


class Borrow(nn.Module):
    """Contextual attention: each cell of 8x8 px that touches the hole takes over a known cell like it.

    Which one is drawn by Gumbel noise (Jang et al., 2017), as the average of many is no texture. The noise belongs to
    the offset between the two, so that neighbours draw neighbours and whole stretches are taken over (He and Sun,
    "Statistics of Patch Offsets", 2012). A cell is taken with 16x16 px around its middle, and these overlap under a
    window, so that no seam stays.
    """

    def __init__(self, channels: int, keys: int) -> None:
        super().__init__()
        self.query, self.key = nn.Conv2d(channels, keys, 1), nn.Conv2d(channels, keys, 1)
        self.sharpness = nn.Parameter(torch.tensor(10.0))
        self.nearness = nn.Parameter(torch.tensor(0.05))  # how much a cell's distance counts against it

    def forward(self, x: Tensor, picture: Tensor, mask: Tensor) -> Tensor:
        """Features x [B, C, H/8, W/8], filled picture [B, 3, H, W], mask [B, 1, H, W] -> picture [B, 3, H, W]."""
        patches = F.unfold(picture, 16, padding=4, stride=8)  # [B, 768, N], N = H/8 * W/8
        hole = F.max_pool2d(mask, 8).flatten(1) > 0  # [B, N], whether a cell touches the hole
        surely = F.unfold(mask, 16, padding=4, stride=8).amax(1) == 0  # known with its surroundings
        queries, keys = (F.normalize(side(x).flatten(2).float(), dim=1) for side in (self.query, self.key))
        found = patches.clone()
        for i in range(len(x)):
            wanted, known = hole[i].nonzero()[:, 0], surely[i].nonzero()[:, 0]
            if len(wanted) and len(known):
                likeness = self.sharpness * queries[i][:, wanted].T @ keys[i][:, known]  # [wanted, known]
                drawn = (likeness.float() + self.chance(wanted, known, x.shape[2], x.shape[3])) / TEMPERATURE
                found[i, :, wanted] = (patches[i][:, known] @ drawn.softmax(1).to(patches.dtype).T).to(found.dtype)
        ramp = (torch.arange(16, device=x.device) + 0.5) / 8
        hat = torch.minimum(ramp, 2 - ramp)
        window = (hat[:, None] * hat).flatten().repeat(3)[None, :, None]
        weight = F.fold(window.expand(1, -1, found.shape[2]), picture.shape[2:], 16, padding=4, stride=8)
        return F.fold(found * window, picture.shape[2:], 16, padding=4, stride=8) / weight

    def chance(self, wanted: Tensor, known: Tensor, height: int, width: int) -> Tensor:
        """Gumbel noise less distance, by the offset of cells `wanted` and `known`; out of training always the same."""
        draw = None if self.training else torch.Generator().manual_seed(0)
        even = torch.rand(2 * height - 1, 2 * width - 1, generator=draw).clamp(1e-6, 1 - 1e-6)
        gumbel = -(-even.log()).log().to(wanted.device)
        distance = square_distances(height, width, wanted.device).sqrt()
        return by_offset(gumbel - self.nearness * distance, wanted, known, width)


class InpaintNet(nn.Module):
    """Fills the hole of a picture; sides must be multiples of `multiple`."""

    multiple = CELL

    def __init__(self, config: InpaintConfig) -> None:
        super().__init__()
        self.config = config
        c = config.width
        self.stem = nn.Conv2d(16, c, 3, padding=1, padding_mode="replicate")
        self.enter = Residual(c)
        self.down1, self.middle1 = nn.Conv2d(c, 2 * c, 2, stride=2), Residual(2 * c)
        self.down2 = nn.Conv2d(2 * c, 4 * c, 2, stride=2)
        self.bottom = nn.Sequential(*(Residual(4 * c, d) for d in config.dilations))
        self.borrow = Borrow(4 * c, config.keys)
        self.borrowed = nn.Conv2d(24, c, 3, padding=1, padding_mode="replicate")
        self.up2, self.middle2 = nn.Conv2d(4 * c, 2 * c, 1), Residual(2 * c)
        self.up1, self.leave = nn.Conv2d(2 * c, c, 1), Residual(c)
        self.head = nn.Conv2d(c, 20, 3, padding=1, padding_mode="replicate")  # colour, and how much to borrow
        nn.init.zeros_(self.head.weight)

    def forward(self, picture: Tensor, mask: Tensor) -> Tensor:
        """picture [B, 3, H, W] in [-1, 1], mask [B, 1, H, W] with 1 in the hole -> whole picture, known pixels kept."""
        start = smooth_filling(picture, mask)
        x = F.pixel_unshuffle(torch.cat([start, mask], 1), 2)  # [B, 16, H/2, W/2]
        a = self.enter(self.stem(x))
        b = self.middle1(self.down1(a))  # [B, 2c, H/4, W/4]
        y = self.bottom(self.down2(b))  # [B, 4c, H/8, W/8]
        found = self.borrow(y, start, mask)  # [B, 3, H, W]
        smooth = upsample(F.avg_pool2d(found, 8), 8)
        detail, tone = found - smooth, smooth - start
        y = self.middle2(self.up2(upsample(y)) + b)
        y = self.leave(self.up1(upsample(y)) + a + self.borrowed(F.pixel_unshuffle(torch.cat([detail, tone], 1), 2)))
        colour, fine, broad = F.pixel_shuffle(self.head(F.leaky_relu(y, 0.2)), 2).split([3, 1, 1], 1)
        return start + (colour + fine.sigmoid() * detail + broad.sigmoid() * tone) * mask


def smooth_filling(picture: Tensor, mask: Tensor) -> Tensor:
    """Fill the hole from what is known around it; the rest is kept. Sides must be multiples of CELL.

    Cells of CELL px take the mean of the known ones by their distance to the power -SHEPARD (Shepard, 1968), so near
    that colours keep their contrast; finer levels are pulled down from there (Gortler et al., "The Lumigraph", 1996).
    """
    weight = 1 - mask
    levels = [(picture * weight, weight)]
    while levels[-1][0].shape[2] > picture.shape[2] // CELL:
        levels.append((F.avg_pool2d(levels[-1][0], 2), F.avg_pool2d(levels[-1][1], 2)))
    filled = shepard(*levels.pop())
    for colours, weight in reversed(levels):
        filled = colours + (1 - weight) * upsample(filled)
    return filled


def shepard(colours: Tensor, weight: Tensor) -> Tensor:
    """Colours [B, C, h, w] times their known share weight [B, 1, h, w] -> colours [B, C, h, w] for every cell."""
    width = colours.shape[3]
    filled = colours.flatten(2).float()
    shares = weight.flatten(1).float()
    nearness = (square_distances(colours.shape[2], width, colours.device) + 0.25).pow(-SHEPARD / 2)
    result = filled.clone()
    for i, share in enumerate(shares):
        wanted, known = (share < 1).nonzero()[:, 0], (share > 0).nonzero()[:, 0]
        near = by_offset(nearness, wanted, known, width)
        total = (near @ share[known]).clamp_min(1e-30)
        result[i, :, wanted] += (1 - share[wanted]) * (filled[i][:, known] @ near.T) / total
    return result.view_as(colours)


def square_distances(height: int, width: int, device: torch.device) -> Tensor:
    """Of two cells of [height, width], by the offset between them: [2 * height - 1, 2 * width - 1]."""
    down, across = torch.arange(1 - height, height, device=device), torch.arange(1 - width, width, device=device)
    return (down[:, None].square() + across.square()).float()


def by_offset(table: Tensor, wanted: Tensor, known: Tensor, width: int) -> Tensor:
    """Entries of a table [2 * height - 1, 2 * width - 1] for the offsets of cells `wanted` to `known`, a row each."""
    stride, middle = table.shape[1], table.numel() // 2
    wanted, known = (cells // width * stride + cells % width for cells in (wanted, known))
    return table.flatten()[known[None] - wanted[:, None] + middle]


def upsample(x: Tensor, factor: int = 2) -> Tensor:
    return F.interpolate(x, scale_factor=factor, mode="bilinear", align_corners=False)


class InpaintGAN(nn.Module):
    """The net and its discriminator in one file, so that a fine-tune goes on where the training stopped."""

    def __init__(self, config: InpaintConfig) -> None:
        super().__init__()
        self.config = config
        self.net = InpaintNet(config)
        self.multiple = self.net.multiple
        self.discriminator = PatchDiscriminator(condition=1)

    def forward(self, picture: Tensor, mask: Tensor) -> Tensor:
        return self.net(picture, mask)
