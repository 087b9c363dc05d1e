"""Pictures to coded latents and back, tile by tile, so that any size fits in memory and no tile can be seen.

Order of the numbers: all side latents; the latents on the checkerboard's first squares, tile after tile; the others.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from studio.core.progress import TaskControl
from studio.engine.codec.entropy import LIMIT, SymbolReader, SymbolWriter
from studio.engine.codec.exact import exact
from studio.engine.codec.fit import STEPS, fitted
from studio.engine.pixels import tiles, to_rgb, to_tensor
from studio.models.codec import HYPER, STRIDE, Codec, checkerboard

TILE = 32  # latents a side
FRACTION = 256.0  # predicted means are whole multiples of 1 / FRACTION
SIDE_RIM = 2  # side latents around a tile that its probabilities depend on


@dataclass(frozen=True)
class Grid:
    """Latents of a picture of `width` x `height` px."""

    width: int
    height: int

    @property
    def columns(self) -> int:
        return math.ceil(self.width / STRIDE)

    @property
    def rows(self) -> int:
        return math.ceil(self.height / STRIDE)

    @property
    def side(self) -> tuple[int, int]:
        """Rows and columns of side latents."""
        return math.ceil(self.rows / HYPER), math.ceil(self.columns / HYPER)

    def tiles(self) -> Iterator[tuple[slice, slice]]:
        return tiles(self.columns, self.rows, TILE)


class Prior:
    """The probabilities of a picture's latents, the same on every machine."""

    def __init__(self, net: Codec, grid: Grid, level: Tensor) -> None:
        """`net` is exact."""
        self.net, self.grid = net, grid
        mean, index = net.side_prior(level)
        self.side_mean = _fixed(mean)
        self.side_index = _whole(index).expand(-1, -1, *grid.side)[0].flatten().numpy()
        self.features: dict[tuple[int, int], Tensor] = {}

    def learn(self, z: Tensor) -> None:
        """Take note of the quantised side latents [1, S, *, *]."""
        for rows, columns in self.grid.tiles():
            top, left = (max(0, s.start // HYPER - SIDE_RIM) for s in (rows, columns))
            bottom, right = (math.ceil(s.stop / HYPER) + SIDE_RIM for s in (rows, columns))
            window = z[:, :, top:bottom, left:right].double()
            seen = self.net.features(window, HYPER * window.shape[2], HYPER * window.shape[3])
            inner = seen[:, :, rows.start - HYPER * top :, columns.start - HYPER * left :]
            shape = rows.stop - rows.start, columns.stop - columns.start
            self.features[rows.start, columns.start] = inner[:, :, : shape[0], : shape[1]].clone()

    def of(self, rows: slice, columns: slice, known: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Means and whole scale indices [1, L, h, w] in a tile; `known` [1, L, *, *]: all latents, 0 where unknown."""
        features = self.features[rows.start, columns.start]
        if known is None:
            mean, index = self.net.prior(features)
            return _fixed(mean), _whole(index)
        top, left = min(1, rows.start), min(1, columns.start)  # a rim of one, where there is one
        window = known[:, :, rows.start - top : rows.stop + 1, columns.start - left : columns.stop + 1].double()
        padded = F.pad(
            features, (left, window.shape[3] - left - features.shape[3], top, window.shape[2] - top - features.shape[2])
        )
        mean, index = self.net.prior(padded, window)
        inner = slice(top, top + features.shape[2]), slice(left, left + features.shape[3])
        return _fixed(mean[:, :, *inner]), _whole(index[:, :, *inner])


def _fixed(mean: Tensor) -> Tensor:
    return (mean * FRACTION).round() / FRACTION


def _whole(index: Tensor) -> Tensor:
    return index.round().to(torch.uint8)


def _turn(rows: slice, columns: slice, *, second: bool) -> Tensor:
    """bool [h, w]: the squares of a tile whose turn it is; tiles start on a first square."""
    tile = torch.zeros(1, 1, rows.stop - rows.start, columns.stop - columns.start)
    return (checkerboard(tile)[0, 0] == 0) == second


def encode(net: Codec, rgb: np.ndarray, level: int, control: TaskControl, steps: int = STEPS) -> bytes:
    """uint8 [H, W, 3] -> the latents' stream, fitted in `steps`. `net` on the CPU, in single precision."""
    grid, at = Grid(rgb.shape[1], rgb.shape[0]), torch.tensor([float(level)])
    y = _analysed(net, rgb, at, steps, control)
    prior, writer = Prior(exact(net), grid, at.double()), SymbolWriter()
    symbols = _symbols(net.summarise(y), prior.side_mean)
    writer.put(symbols.flatten().numpy(), prior.side_index)
    prior.learn(symbols + prior.side_mean)
    known = torch.zeros_like(y)
    for second in (False, True):
        for rows, columns in grid.tiles():
            control.check()
            turn = _turn(rows, columns, second=second)
            mean, index = prior.of(rows, columns, known if second else None)
            symbols = _symbols(y[:, :, rows, columns], mean)
            writer.put(symbols[0, :, turn].flatten().numpy(), index[0, :, turn].flatten().numpy())
            if not second:
                known[:, :, rows, columns] = ((symbols + mean) * turn).float()
    return writer.bytes()


def decode(net: Codec, stream: bytes, width: int, height: int, level: int, control: TaskControl) -> np.ndarray:
    """The latents' stream -> uint8 [H, W, 3], the same on every machine; ValueError when it cannot be one."""
    grid, at, sure = Grid(width, height), torch.tensor([level], dtype=torch.float64), exact(net)
    prior, reader = Prior(sure, grid, at), SymbolReader(stream)
    symbols = torch.from_numpy(reader.get(prior.side_index)).view(1, -1, *grid.side)
    prior.learn(symbols + prior.side_mean)
    y = torch.zeros(1, net.config.latent, grid.rows, grid.columns)
    for second in (False, True):
        known = y.clone() if second else None
        for rows, columns in grid.tiles():
            control.check()
            turn = _turn(rows, columns, second=second)
            mean, index = prior.of(rows, columns, known)
            numbers = torch.from_numpy(reader.get(index[0, :, turn].flatten().numpy()))
            y[0, :, rows, columns][:, turn] = (numbers.view(len(y[0]), -1) + mean[0, :, turn]).float()
    return _synthesised(sure, y, at, control)[:height, :width]


def _symbols(x: Tensor, mean: Tensor) -> Tensor:
    """Whole steps from the means, int32."""
    return (x.double() - mean).round().clamp(-LIMIT, LIMIT).to(torch.int32)


def _analysed(net: Codec, rgb: np.ndarray, level: Tensor, steps: int, control: TaskControl) -> Tensor:
    """The latents [1, L, *, *] fitted to a picture, its last rows and columns repeated to whole latents."""
    height, width = (-n % STRIDE for n in rgb.shape[:2])
    padded = np.pad(rgb, ((0, height), (0, width), (0, 0)), mode="edge")
    y = torch.empty(1, net.config.latent, padded.shape[0] // STRIDE, padded.shape[1] // STRIDE)
    for rows, columns, seen, inner in _windows(net, y, control):
        pixels = padded[tuple(slice(STRIDE * s.start, STRIDE * s.stop) for s in seen)]
        x = to_tensor(pixels, y.device)
        y[:, :, rows, columns] = fitted(net, net.analyse(x, level), x, level, steps)[:, :, *inner]
    return y


def _synthesised(net: Codec, y: Tensor, level: Tensor, control: TaskControl) -> np.ndarray:
    """The picture of latents [1, L, *, *], uint8; `net` is exact."""
    result = np.empty((STRIDE * y.shape[2], STRIDE * y.shape[3], 3), np.uint8)
    for rows, columns, seen, inner in _windows(net, y, control):
        made = to_rgb(net.synthesise(y[:, :, *seen].double(), level))
        place, cut = (
            tuple(slice(STRIDE * s.start, STRIDE * s.stop) for s in pair) for pair in ((rows, columns), inner)
        )
        result[place] = made[cut]
    return result


def _windows(
    net: Codec, y: Tensor, control: TaskControl
) -> Iterator[tuple[slice, slice, tuple[slice, slice], tuple[slice, slice]]]:
    """Tiles of latents: rows, columns, what a transform must see to be as good as whole, and the tile within that."""
    rim, windows = net.rim, list(tiles(y.shape[3], y.shape[2], TILE))
    for index, (rows, columns) in enumerate(windows):
        control.check()
        seen = _with_rim(rows, rim, y.shape[2]), _with_rim(columns, rim, y.shape[3])
        inner = _within(rows, seen[0]), _within(columns, seen[1])
        yield rows, columns, seen, inner
        control.report(index + 1, len(windows))


def _with_rim(tile: slice, rim: int, length: int) -> slice:
    return slice(max(0, tile.start - rim), min(length, tile.stop + rim))


def _within(tile: slice, window: slice) -> slice:
    return slice(tile.start - window.start, tile.stop - window.start)
