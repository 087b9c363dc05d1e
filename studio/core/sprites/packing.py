"""Rectangles packed into one: the skyline bottom-left rule (Jylänki, "A Thousand Ways to Pack the Bin", 2010)."""

from collections.abc import Sequence
from dataclasses import dataclass

Size = tuple[int, int]  # width, height
TRIES = 12  # widths of a sheet that are tried
WIDEST = 1.6  # times the side of a square of the same area


@dataclass(frozen=True)
class Packing:
    """Where each rectangle lies (left, top), in the order given, and the size of the whole."""

    places: tuple[tuple[int, int], ...]
    size: Size


def pack(
    sizes: Sequence[Size], *, padding: int = 0, power_of_two: bool = False, largest: int = 1 << 30
) -> Packing | None:
    """Rectangles of these sizes without overlap, `padding` px between them and at the border, on a small area.

    The sides of the whole are at most `largest`, and powers of two if asked for; None when that is not enough room.
    """
    grown = [(width + padding, height + padding) for width, height in sizes]
    found: Packing | None = None
    for width in _widths(grown, padding, power_of_two):
        if width > largest:
            continue
        places, height = skyline(grown, width - padding)
        used = max(x + w for (x, _), (w, _) in zip(places, grown, strict=True)) + padding
        whole = (width, next_power(height + padding)) if power_of_two else (used, height + padding)
        if whole[1] <= largest and (found is None or _cost(whole) < _cost(found.size)):
            found = Packing(tuple((x + padding, y + padding) for x, y in places), whole)
    return found


def skyline(sizes: Sequence[Size], width: int) -> tuple[list[tuple[int, int]], int]:
    """Places of rectangles in a strip of this width, each as low as it can lie, and the height of all.

    The tallest come first; of the same height the widest. No rectangle may be wider than the strip.
    """
    places, line = [(0, 0)] * len(sizes), [(0, 0, width)]  # the line's pieces: left, height, width
    for index in sorted(range(len(sizes)), key=lambda i: (-sizes[i][1], -sizes[i][0])):
        wide, high = sizes[index]
        _, x, y = min((y + high, x, y) for x, y in _rests(line, wide, width))
        places[index] = (x, y)
        line = _raised(line, x, wide, y + high)
    return places, max(y for _, y, _ in line)


def next_power(length: int) -> int:
    """The smallest power of two that is not below `length` >= 1."""
    return 1 << (length - 1).bit_length()


def _rests(line: list[tuple[int, int, int]], wide: int, width: int) -> list[tuple[int, int]]:
    """Where a rectangle of this width can rest on the line: at the left end of each piece with room to its right."""
    found = []
    for index, (x, _, _) in enumerate(line):
        if x + wide > width:
            break
        top, covered = 0, 0
        for _, height, span in line[index:]:
            top, covered = max(top, height), covered + span
            if covered >= wide:
                break
        found.append((x, top))
    return found


def _raised(line: list[tuple[int, int, int]], left: int, wide: int, height: int) -> list[tuple[int, int, int]]:
    """The line with what lies between `left` and `left + wide` at a new height."""
    right, found = left + wide, list[tuple[int, int, int]]()
    for x, y, span in line:
        if x < left:
            found.append((x, y, min(span, left - x)))
        elif x == left:
            found.append((left, height, wide))
        if x + span > right:
            start = max(x, right)
            found.append((start, y, x + span - start))
    return found


def _widths(sizes: Sequence[Size], padding: int, power_of_two: bool) -> list[int]:
    """Widths of a sheet that are worth a try."""
    widest, area = max(width for width, _ in sizes) + padding, sum(width * height for width, height in sizes)
    if power_of_two:
        first, last = next_power(widest), next_power(2 * int(area**0.5) + widest)
        return [1 << power for power in range(first.bit_length() - 1, last.bit_length())]
    steps = (1 + (WIDEST - 1) * step / (TRIES - 1) for step in range(TRIES))
    return sorted({max(widest, round(area**0.5 * step) + padding) for step in steps})


def _cost(size: Size) -> tuple[int, int]:
    """The smaller area first, of two the same the squarer one."""
    return size[0] * size[1], max(size)
