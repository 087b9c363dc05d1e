"""Selecting a thing in a picture by a box around it."""

import cv2
import numpy as np

from studio.core.errors import BadInput
from studio.core.guided import guided
from studio.core.mask import Box

WORKED = 320  # px of the longer side at which the thing is told from what is around it
AROUND = 0.25  # of the box's sides, by which is looked beyond it
ROUNDS = 5
EDGE = 4  # px at the working size, within which the outline follows the picture's own edges
LEAST = 4  # px of a box's side


def grab(rgb: np.ndarray, box: Box, sure: np.ndarray | None = None) -> np.ndarray:
    """The thing in `box` of uint8 [H, W, 3], bool [H, W]; `sure` (bool [H, W]) is known to be part of it.

    GrabCut (Rother et al., 2004) at a working size, then a guided filter (He et al., 2013) at the picture's own brings
    the outline to the edges. BadInput when nothing in the box stands out.
    """
    height, width = rgb.shape[:2]
    box = Box(max(box.left, 0), max(box.top, 0), min(box.right, width), min(box.bottom, height))
    if min(box.width, box.height) < LEAST:
        raise BadInput("The box is too small to tell a thing in it; draw it around the whole thing.")
    window = box.padded(max(LEAST, round(AROUND * max(box.width, box.height))), (width, height))
    crop = np.ascontiguousarray(rgb[window.slices])
    scale = min(1.0, WORKED / max(crop.shape[:2]))
    size = max(1, round(window.width * scale)), max(1, round(window.height * scale))
    labels = np.full(crop.shape[:2], cv2.GC_BGD, np.uint8)
    inner = box.within(window).slices
    labels[inner] = cv2.GC_PR_FGD
    if sure is not None:
        labels[inner][sure[box.slices]] = cv2.GC_FGD
    labels = cv2.resize(labels, size, interpolation=cv2.INTER_NEAREST)
    small = cv2.cvtColor(cv2.resize(crop, size, interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2BGR)
    if not (labels == cv2.GC_BGD).any() or not (labels != cv2.GC_BGD).any():
        raise BadInput("The box covers the whole picture; draw it around the thing alone.")
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.setRNGSeed(0)  # the same box, the same thing
    cv2.grabCut(small, labels, (0, 0, 0, 0), *models, ROUNDS, cv2.GC_INIT_WITH_MASK)
    found = (labels == cv2.GC_FGD) | (labels == cv2.GC_PR_FGD)
    if not found.any():
        raise BadInput("Nothing in the box stands out from what is around it; paint it with the brush instead.")
    soft = cv2.resize(found.astype(np.float32), (window.width, window.height), interpolation=cv2.INTER_LINEAR)
    result = np.zeros((height, width), bool)
    result[box.slices] = (guided(soft, crop, max(1, round(EDGE / scale))) > 0.5)[inner]
    if sure is not None:
        result[box.slices] |= sure[box.slices]
    return result
