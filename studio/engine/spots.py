"""What a map of damage consists of: long parts and small ones; and a date that a camera printed into a corner."""

from collections.abc import Callable

import cv2
import numpy as np

from studio.core.mask import grow

LONG = 5.0  # how many times its own width a scratch is long
SMALL = 0.03  # of the short side: the largest extent of a speck of dust
CORNER = (0.45, 0.2)  # share of the width and height that a date stays within
DIGIT = (0.012, 0.09)  # its height, a share of the short side
DIGITS = 4  # of a date, at least
Fits = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]
GLOW = ((0, 24), 110, 120)  # hues of OpenCV's 0 to 179, least saturation and value: red to orange


def long_parts(mask: np.ndarray) -> np.ndarray:
    """The parts of bool [H, W] that are drawn out, straight or not: scratches, cracks, hairs, folds."""
    return _chosen(mask, lambda area, width, extent: (area / width**2 > LONG) & (extent > 2 * width))


def small_parts(mask: np.ndarray) -> np.ndarray:
    """The small and compact parts of bool [H, W]: dust."""
    most = max(4.0, SMALL * min(mask.shape))
    return _chosen(mask, lambda area, width, extent: (area / width**2 <= LONG) & (extent <= most))


def _chosen(mask: np.ndarray, fits: Fits) -> np.ndarray:
    """The parts of the mask for which `fits(area, width, extent)` holds; all in px, width across the thickest place."""
    count, found, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    labels: np.ndarray = found.astype(np.intp)
    depth = cv2.distanceTransform(np.pad(mask.astype(np.uint8), 1), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)[1:-1, 1:-1]
    width = np.zeros(count)
    np.maximum.at(width, labels.ravel(), depth.ravel())
    width = np.maximum(2 * width - 1, 1)
    extent = stats[:, 2:4].max(1)
    chosen = fits(stats[:, 4], width, extent)
    chosen[0] = False
    return chosen[labels]


def date_stamp(rgb: np.ndarray) -> np.ndarray:
    """Where a row of glowing digits stands in a corner of uint8 [H, W, 3], bool [H, W]; nowhere when there is none."""
    height, width = rgb.shape[:2]
    hsv = cv2.cvtColor(rgb, cv2.COLOR_RGB2HSV)
    (first, last), saturation, value = GLOW
    warm = ((hsv[..., 0] <= last) & (hsv[..., 0] >= first)) | (hsv[..., 0] >= 172)
    glowing = warm & (hsv[..., 1] >= saturation) & (hsv[..., 2] >= value)
    found = np.zeros((height, width), bool)
    deep, wide = max(8, round(CORNER[1] * height)), max(8, round(CORNER[0] * width))
    for rows in (slice(0, deep), slice(height - deep, height)):
        for columns in (slice(0, wide), slice(width - wide, width)):
            found[rows, columns] |= _row_of_digits(glowing[rows, columns], min(height, width))
    return grow(found, max(2, round(0.004 * min(height, width)))) if found.any() else found


def _row_of_digits(glowing: np.ndarray, short: int) -> np.ndarray:
    """The parts of a corner that stand in one row like digits, of about one height; none when they are too few."""
    count, _, stats, centres = cv2.connectedComponentsWithStats(glowing.astype(np.uint8), connectivity=8)
    tall = stats[:, 3]
    # a glowing thing of the picture fills a good part of the corner, or is a crumb
    fit = (tall >= max(4, DIGIT[0] * short)) & (tall <= max(6, DIGIT[1] * short)) & (stats[:, 2] <= 1.5 * tall)
    fit[0] = False
    best: np.ndarray = np.zeros(count, bool)
    for index in np.flatnonzero(fit):
        level = np.abs(centres[:, 1] - centres[index, 1]) < 0.35 * tall[index]
        alike = fit & level & (np.abs(tall - tall[index]) < 0.35 * tall[index])
        reach = np.abs(centres[:, 0] - centres[index, 0]) < 12 * tall[index]
        if (alike & reach).sum() > best.sum():
            best = alike & reach
    if best.sum() < DIGITS:
        return np.zeros(glowing.shape, bool)
    # dots, colons and apostrophes between the digits go along
    boxes = stats[best]
    top, bottom = boxes[:, 1].min(), (boxes[:, 1] + boxes[:, 3]).max()
    left, right = boxes[:, 0].min(), (boxes[:, 0] + boxes[:, 2]).max()
    row = np.zeros(glowing.shape, bool)
    row[top:bottom, left:right] = True
    return glowing & row
