"""The seam of a picture that repeats: how rough it is beside the inside, where to cut so that it is calm, and how to
sew it up."""

import numpy as np

NEAR = 0.1  # of the side: how far from the middle the new border may come from
FEATHER = 3.0  # px over which both sides of a cut are mixed


def steps(rgb: np.ndarray, axis: int) -> np.ndarray:
    """The mean step from each row (axis 0) or column (1) to the one before, [H or W]; the first is the seam's."""
    levels = rgb.astype(np.int16)
    return np.abs(levels - np.roll(levels, 1, axis)).mean(axis=(1 - axis, 2))


def seam_ratio(rgb: np.ndarray) -> float:
    """The mean step across the seam by the mean step inside, uint8 [H, W, 3]; the worse of both ways."""
    ratios = []
    for axis in (0, 1):
        found = steps(rgb, axis)
        ratios.append(float(found[0] / max(float(found[1:].mean()), 1e-6)) if len(found) > 1 else 1.0)
    return max(ratios)


def calmest(rgb: np.ndarray) -> tuple[int, int]:
    """The row and the column before which a picture without seams is best cut: where it changes least.

    A cut along the edge of a brick or a thread would be no seam, but as steep as one.
    """
    return int(steps(rgb, 0).argmin()), int(steps(rgb, 1).argmin())


def sewn(pixels: np.ndarray, band: float) -> np.ndarray:
    """A picture of any channels, uint8 [H, W, C], whose border is replaced so that it repeats without a seam.

    What comes in is the picture itself moved by about half, which has no seam at the border; within `band`, a share of
    the side, the two meet where they differ least (Efros and Freeman, "Image Quilting", 2001, Section 2.1). First the
    left and right side, then the top and bottom. Farther in every pixel keeps its bytes.
    """
    across = _sewn_across(pixels, band, closed=False)
    return _sewn_across(across.swapaxes(0, 1), band, closed=True).swapaxes(0, 1)


def _sewn_across(pixels: np.ndarray, band: float, *, closed: bool) -> np.ndarray:
    """The same with its left and right side sewn together; `closed` cuts end where they began, so that they wrap."""
    height, width = pixels.shape[:2]
    rim = max(2, round(band * width / 2))
    low, high = round((0.5 - NEAR) * width), round((0.5 + NEAR) * width) + 1
    middle = low + int(steps(pixels, 1)[low:high].argmin())  # what will be the border had better be calm
    moved = np.roll(pixels, -middle, 1)
    differ = np.abs(pixels.astype(np.float32) - moved).sum(2)
    share = np.zeros((height, width), np.float32)  # of the moved picture
    places = np.arange(width)
    reach = min(FEATHER, rim / 2)
    for mirrored in (False, True):
        strip = (differ[:, ::-1] if mirrored else differ)[:, :rim]
        cut = cheapest(strip, closed=closed)[:, None]
        inner = (places[::-1] if mirrored else places)[None]
        soft = ((cut - inner) / (2 * reach) + 0.5).clip(0, 1) * (inner < rim)
        share = np.maximum(share, soft)
    share = np.where((places == 0) | (places == width - 1), 1.0, share)[..., None]
    return (share * moved + (1 - share) * pixels).round().astype(np.uint8)


def cheapest(cost: np.ndarray, *, closed: bool) -> np.ndarray:
    """The column of each row, [H], by which a path from the top to the bottom of `cost` [H, W] costs least.

    `closed` paths end within a step of where they began.
    """
    height, width = cost.shape
    free = _path(cost)
    if not closed or abs(int(free[0]) - int(free[-1])) <= 1:
        return free
    # twice around: the path has settled in its second half, and is bent to meet itself
    twice = _path(np.concatenate([cost, cost, cost]))[height : 2 * height].astype(np.float64)
    bend = np.linspace(0.5, -0.5, height) * (twice[-1] - twice[0])
    near = np.abs(np.linspace(-1, 1, height)) ** 8
    return (twice + bend * near).round().clip(0, width - 1).astype(np.int64)


def _path(cost: np.ndarray) -> np.ndarray:
    total = cost.astype(np.float64).copy()
    width = cost.shape[1]
    for row in range(1, len(cost)):
        padded = np.pad(total[row - 1], 1, constant_values=np.inf)
        total[row] += np.minimum(np.minimum(padded[:-2], padded[1:-1]), padded[2:])
    path = np.empty(len(cost), np.int64)
    path[-1] = total[-1].argmin()
    for row in range(len(cost) - 2, -1, -1):
        low = max(path[row + 1] - 1, 0)
        path[row] = low + total[row, low : min(path[row + 1] + 2, width)].argmin()
    return path
