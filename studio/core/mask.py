"""Masks, bool [H, W] with True in the hole: growing them, boxing their parts, and laying a filling into a picture."""

from typing import NamedTuple

import cv2
import numpy as np


class Box(NamedTuple):
    """A rectangle in pixels; right and bottom are exclusive."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top

    @property
    def slices(self) -> tuple[slice, slice]:
        """Rows and columns: `picture[box.slices]`."""
        return slice(self.top, self.bottom), slice(self.left, self.right)

    def padded(self, margin: int, size: tuple[int, int]) -> "Box":
        """The box with `margin` px on each side, cut to a picture of `size` (width, height)."""
        return Box(
            max(self.left - margin, 0),
            max(self.top - margin, 0),
            min(self.right + margin, size[0]),
            min(self.bottom + margin, size[1]),
        )

    def within(self, outer: "Box") -> "Box":
        """The same box, counted from the corner of `outer`."""
        left, top = outer.left, outer.top
        return Box(self.left - left, self.top - top, self.right - left, self.bottom - top)


def depth(mask: np.ndarray) -> np.ndarray:
    """Euclidean distance of each True pixel to the nearest False one, float32 [H, W]; inf where there is none."""
    if mask.all():
        return np.full(mask.shape, np.inf, np.float32)
    return cv2.distanceTransform(mask.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)


def grow(mask: np.ndarray, px: int) -> np.ndarray:
    """The mask and every pixel within `px` of it (a disc, not a square); a negative `px` shrinks."""
    if px < 0:
        return shrink(mask, -px)
    return ~shrink(~mask, px)


def shrink(mask: np.ndarray, px: int) -> np.ndarray:
    """The pixels of the mask that are more than `px` from its outside; the picture's border is no outside."""
    return depth(mask) > px


def wide_part(mask: np.ndarray, px: int) -> np.ndarray:
    """The part of the mask that is more than `px` wide: what a disc of that width covers, an opening."""
    core = depth(mask) > px / 2
    return grow(core, px // 2 + 1) & mask if core.any() else core


def composite(original: np.ndarray, filled: np.ndarray, mask: np.ndarray, feather: int = 0) -> np.ndarray:
    """Lay `filled` over `original` in the mask; uint8 [H, W, C] -> uint8 [H, W, C], a new array.

    Outside the mask every byte is the original's. With `feather` the filling fades in over that many pixels inside the
    mask: a pixel at distance d from the outside takes min(1, d / (feather + 1)) of the filling.
    """
    if original.shape != filled.shape or original.shape[:2] != mask.shape:
        raise ValueError(f"Shapes differ: original {original.shape}, filled {filled.shape}, mask {mask.shape}.")
    result = original.copy()
    if feather <= 0:
        result[mask] = filled[mask]
        return result
    weight = np.minimum(depth(mask)[mask] / (feather + 1), 1)
    below, above = original[mask].astype(np.float32), filled[mask].astype(np.float32)
    result[mask] = np.rint(below + (above - below) * weight.reshape(-1, *[1] * (original.ndim - 2)))
    return result


def components(mask: np.ndarray, margin: int = 0) -> list[Box]:
    """The tight boxes of the mask's connected parts, top to bottom.

    Boxes that touch or overlap once each has `margin` px around it become one.
    """
    height, width = mask.shape
    boxes = _connected(mask.astype(np.uint8))[1]
    while True:
        canvas = np.zeros((height, width), np.uint8)
        for box in boxes:
            canvas[Box(*box).padded(margin, (width, height)).slices] = 1
        labels = _connected(canvas)[0][boxes[:, 1], boxes[:, 0]] - 1
        merged = np.tile([width, height, 0, 0], (labels.max(initial=-1) + 1, 1))
        np.minimum.at(merged[:, :2], labels, boxes[:, :2])
        np.maximum.at(merged[:, 2:], labels, boxes[:, 2:])
        if len(merged) == len(boxes):
            return sorted((Box(*map(int, box)) for box in merged), key=lambda box: (box.top, box.left))
        boxes = merged


def _connected(mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Labels int32 [H, W] (0 is the ground) and the boxes of parts 1.. as int [N, 4] left, top, right, bottom."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    left, top, width, height = stats[1:, :4].T
    return labels, np.stack([left, top, left + width, top + height], axis=1)
