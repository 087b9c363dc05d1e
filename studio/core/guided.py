"""The guided filter: a map made to follow the edges of the picture that it is about."""

import cv2
import numpy as np

COARSE = 8  # px, about, of the radius at the size at which the filter's coefficients are found


def guided(plane: np.ndarray, rgb: np.ndarray, radius: int, softness: float = 1e-3) -> np.ndarray:
    """float32 [H, W], around each pixel made a linear function of the colours of uint8 [H, W, 3] within `radius` px.

    So it is smoothed, but not across the picture's edges; colours whose variance, in 0..1, is below `softness` count as
    one. He et al., "Guided Image Filtering" (2013), with the coefficients found in a small copy, as in their "Fast
    Guided Filter" (2015).
    """
    factor = max(1, round(radius / COARSE))
    size = tuple(max(1, round(length / factor)) for length in plane.shape[::-1])
    side = 2 * max(1, round(radius / factor)) + 1

    def mean(values: np.ndarray) -> np.ndarray:
        return cv2.blur(values, (side, side))

    small, level = (cv2.resize(array, size, interpolation=cv2.INTER_AREA) for array in (rgb, plane))
    guide = small.astype(np.float32) / 255 - 0.5  # around 0, where differences of squares are exact
    colour, share = mean(guide), mean(level)
    products = mean((guide[..., :, None] * guide[..., None, :]).reshape(*level.shape, 9)).reshape(*level.shape, 3, 3)
    spread = products - colour[..., :, None] * colour[..., None, :] + np.float32(softness) * np.eye(3, dtype=np.float32)
    joint = mean(guide * level[..., None]) - colour * share[..., None]
    slope = np.linalg.solve(spread, joint[..., None])[..., 0]
    slope, offset = mean(slope), mean(share - (slope * colour).sum(-1))
    result = cv2.resize(offset, plane.shape[::-1], interpolation=cv2.INTER_LINEAR)
    for channel in range(3):  # one by one: of a large picture each takes much memory
        large = cv2.resize(slope[..., channel], plane.shape[::-1], interpolation=cv2.INTER_LINEAR)
        result += large * (rgb[..., channel] / np.float32(255) - np.float32(0.5))
    return result
