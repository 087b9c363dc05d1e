"""How a hole is cut: pieces that are filled at one go, and windows in which neighbouring pieces share patches."""

import itertools
from dataclasses import dataclass

import numpy as np

from studio.core.mask import Box, components, depth, grow, wide_part

NARROW = 12  # px
VIEW = 512  # px, side of a narrow piece, and of a picture that a network sees whole, at most
CRUMB = 64  # px, side of one beside a wider hole, at least
NEAR = 8  # px between wider holes that are filled together
WIDEST = 128  # px, at the network's scale, as is the next
PIECE = 256
REACH = 160  # px around a piece that high quality copies from, at least
CELL = 768  # px; pieces whose middles share a cell share a window


@dataclass(frozen=True)
class Piece:
    """A part of a hole, `width` px at its widest; a `narrow` one is filled from its rim, as a scratch is."""

    box: Box
    width: float
    narrow: bool = False

    @property
    def scale(self) -> float:
        """At which the network sees it."""
        return min(1.0, WIDEST / self.width)


@dataclass(frozen=True)
class Window:
    """A part of the picture in which pieces are filled together."""

    box: Box
    pieces: tuple[Piece, ...]

    def hole(self, mask: np.ndarray) -> np.ndarray:
        """What of `mask` lies in the pieces, bool [h, w] of the window's size."""
        found = np.zeros((self.box.height, self.box.width), bool)
        for piece in self.pieces:
            found[piece.box.within(self.box).slices] = mask[piece.box.slices]
        return found


def split(mask: np.ndarray, method: str) -> list[Piece]:
    """The pieces of the hole, bool [H, W], narrow ones first. Telea's method takes holes whole.

    Each part of the hole lies in one of them; what is narrow may lie in the box of a wide one besides.
    """
    if method == "telea":
        return [Piece(box, 1.0, narrow=True) for box in components(mask, NEAR)]
    scratches = [] if method == "net" else narrow_pieces(mask)
    rest = wide_rest(mask, scratches)
    return scratches + [piece for box in components(rest, NEAR) for piece in wide_pieces(rest, box)]


def wide_rest(mask: np.ndarray, pieces: list[Piece]) -> np.ndarray:
    """What of the hole, bool [H, W], lies in none of its narrow pieces."""
    rest = mask.copy()
    for piece in pieces:
        if piece.narrow:
            rest[piece.box.slices] = False
    return rest


def narrow_pieces(mask: np.ndarray) -> list[Piece]:
    """What of the hole is nowhere wider than NARROW: squares of VIEW px, halved down to CRUMB where it is."""
    size = mask.shape[1], mask.shape[0]
    whole = tight(Box(0, 0, *size), mask)
    around = whole.padded(1, size)
    wide = grow(wide_part(mask[around.slices], NARROW), NARROW // 4)  # no disc covers the corners of a box

    def cut(part: Box, side: int) -> list[Piece]:
        inside = mask[part.slices]
        if not inside.any():
            return []
        if max(part.width, part.height) <= VIEW and not (wide[part.within(around).slices] & inside).any():
            return [Piece(tight(part, inside), NARROW, narrow=True)]
        if side < CRUMB:
            return []
        return [piece for smaller in tiles(part, side) for piece in cut(smaller, side // 2)]

    return cut(whole, VIEW)


def wide_pieces(mask: np.ndarray, box: Box) -> list[Piece]:
    """The pieces of the hole in `box`, top to bottom.

    Where it is narrower they are small and seen at full scale, however wide it is elsewhere.
    """
    around = box.padded(1, (mask.shape[1], mask.shape[0]))
    deep = depth(mask[around.slices])

    def cut(part: Box) -> list[Piece]:
        inside = deep[part.within(around).slices]
        width = min(2 * float(inside.max()) - 1, max(box.width, box.height))
        if width < 0:
            return []
        piece = Piece(tight(part, inside > 0), width)
        side = round(PIECE / piece.scale)
        small = piece.scale == 1 and max(mask.shape) <= VIEW
        if small or max(part.width, part.height) <= side:
            return [piece]
        return [piece for smaller in tiles(part, side) for piece in cut(smaller)]

    return cut(box)


def tiles(box: Box, side: int) -> list[Box]:
    """The box in parts of at most `side` px a side, row by row."""
    downs, acrosses = steps(box.top, box.bottom, side), steps(box.left, box.right, side)
    return [Box(left, top, right, bottom) for top, bottom in downs for left, right in acrosses]


def steps(first: int, last: int, side: int) -> list[tuple[int, int]]:
    """From `first` to `last` in as few equal steps of at most `side` as will do."""
    count = -(-(last - first) // side)
    stops = [first + (last - first) * index // count for index in range(count + 1)]
    return list(itertools.pairwise(stops))


def tight(box: Box, mask: np.ndarray) -> Box:
    """The smallest box around `mask`, bool [h, w] of the box's size."""
    rows, columns = (np.flatnonzero(mask.any(axis)) for axis in (1, 0))
    left, top = box.left + int(columns[0]), box.top + int(rows[0])
    return Box(left, top, box.left + int(columns[-1]) + 1, box.top + int(rows[-1]) + 1)


def joined(pieces: list[Piece], size: tuple[int, int]) -> list[Window]:
    """Windows of a picture of `size` (width, height) around the pieces that are not narrow."""
    cells: dict[tuple[int, int], list[Piece]] = {}
    for piece in pieces:
        if not piece.narrow:
            middle = (piece.box.top + piece.box.bottom) // 2, (piece.box.left + piece.box.right) // 2
            cells.setdefault((middle[0] // CELL, middle[1] // CELL), []).append(piece)
    windows = []
    for _, some in sorted(cells.items()):
        left, top, right, bottom = zip(*(piece.box.padded(reach(piece), size) for piece in some), strict=True)
        windows.append(Window(Box(min(left), min(top), max(right), max(bottom)), tuple(some)))
    return windows


def reach(piece: Piece) -> int:
    """How many px around the piece are worth copying from."""
    return max(REACH, round(piece.width))
