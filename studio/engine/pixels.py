"""Pictures to tensors and back, colours for hidden pixels, tiles, small copies."""

from collections.abc import Callable, Iterator

import cv2
import numpy as np
import torch
from torch import Tensor

from studio.core.image import Picture

PREVIEW_SIDE = 768


def to_tensor(rgb: np.ndarray, device: torch.device) -> Tensor:
    """uint8 [H, W, 3] -> float [1, 3, H, W] in [-1, 1]."""
    planes = torch.from_numpy(np.array(rgb)).to(device).permute(2, 0, 1)[None]
    return planes.float().div_(127.5).sub_(1)


def to_rgb(x: Tensor) -> np.ndarray:
    """float [1, 3, H, W], clipped to [-1, 1] -> uint8 [H, W, 3]."""
    levels = x[0].permute(1, 2, 0).clamp(-1, 1).add(1).mul(127.5).round()
    return np.ascontiguousarray(levels.to("cpu", torch.uint8).numpy())


def pad_to_multiple(array: np.ndarray, multiple: int, least: int = 0) -> np.ndarray:
    """[H, W, ...] reflected at the right and the bottom to multiples of `multiple`, at least `least`."""
    sides = [(0, max(length + -length % multiple, least) - length) for length in array.shape[:2]]
    return np.pad(array, sides + [(0, 0)] * (array.ndim - 2), mode="reflect")


def bleed(rgb: np.ndarray, hidden: np.ndarray, known: np.ndarray) -> np.ndarray:
    """A copy of `rgb` whose `hidden` pixels take the colour of the nearest `known` one; all masks bool [H, W].

    What lies beneath alpha 0 is arbitrary, and must reach neither a network nor a visible pixel.
    """
    _, nearest = cv2.distanceTransformWithLabels(
        (~known).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    labels = nearest.astype(np.int32, copy=False)
    colours = np.zeros((int(labels.max()) + 1, 3), np.uint8)
    colours[labels[known]] = rgb[known]
    result = rgb.copy()
    result[hidden] = colours[labels[hidden]]
    return result


def visible_colours(picture: Picture) -> np.ndarray:
    """The picture's colours, those beneath alpha 0 taken from the nearest pixel that can be seen."""
    if picture.alpha is None or picture.alpha.all() or not picture.alpha.any():
        return picture.rgb
    return bleed(picture.rgb, picture.alpha == 0, picture.alpha > 0)


def tiles(width: int, height: int, side: int) -> Iterator[tuple[slice, slice]]:
    """Windows (rows, columns) of at most `side` px that cover the picture once."""
    for top in range(0, height, side):
        for left in range(0, width, side):
            yield slice(top, min(top + side, height)), slice(left, min(left + side, width))


def through_tiles(
    rgb: np.ndarray,
    work: Callable[[np.ndarray], np.ndarray],
    *,
    side: int,
    rim: int,
    tell: Callable[[int, int], None] = lambda done, all: None,
) -> np.ndarray:
    """What `work` makes of uint8 [H, W, 3], in tiles of at most `side` px: uint8 of the same height and width.

    Each tile is read with `rim` px around it; where `work` sees no further, no seam is left.
    """
    height, width = rgb.shape[:2]
    windows = list(tiles(width, height, side))
    result: np.ndarray | None = None
    for index, (rows, columns) in enumerate(windows):
        top, left = max(0, rows.start - rim), max(0, columns.start - rim)
        made = work(rgb[top : rows.stop + rim, left : columns.stop + rim])[rows.start - top :, columns.start - left :]
        if result is None:
            result = np.empty((height, width, *made.shape[2:]), np.uint8)
        place = result[rows, columns]
        place[:] = made[: place.shape[0], : place.shape[1]]
        tell(index + 1, len(windows))
    assert result is not None
    return result


def copy_within(rgb: np.ndarray, side: int) -> np.ndarray:
    """The picture itself, or a copy of at most `side` px."""
    height, width = rgb.shape[:2]
    scale = side / max(height, width)
    if scale >= 1:
        return rgb
    return cv2.resize(rgb, (max(1, round(width * scale)), max(1, round(height * scale))), interpolation=cv2.INTER_AREA)


def preview(rgb: np.ndarray) -> np.ndarray:
    """At most PREVIEW_SIDE px a side, so that showing progress costs little; no view of the picture itself."""
    small = copy_within(rgb, PREVIEW_SIDE)
    return rgb.copy() if small is rgb else small
