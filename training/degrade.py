"""What pictures suffer in being taken, kept and sent: blur, noise, resizing, JPEG; and the levels of each.

After Wan et al., "Bringing Old Photos Back to Life" (2020): some of them, in random order. Fading and toning are not
undone by a net (studio.engine.tasks.enhance does that by rule), so they come without a level.
"""

from dataclasses import dataclass, replace

import cv2
import numpy as np

from studio.models.restore import SPANS
from training.metrics import jpeg


@dataclass(frozen=True, kw_only=True)
class Wear:
    """`noise` is a deviation in levels of 255, `quality` that of JPEG, `blur` a deviation in px; 0, 100 and 0: none."""

    noise: float = 0.0
    quality: int = 100
    blur: float = 0.0

    @property
    def levels(self) -> tuple[float, float, float]:
        """As a RestoreNet takes them."""
        return self.noise / SPANS[0], (100 - self.quality) / SPANS[1], self.blur / SPANS[2]


def degraded(rgb: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, Wear]:
    """uint8 [H, W, 3] made worse, and by how much: noise alone half the time, for that is what is asked for most."""
    kind = rng.random()
    noise, quality, blur = rng.uniform(0, 55), int(rng.integers(8, 96)), rng.uniform(0.3, 3)
    if kind < 0.05:
        return rgb, Wear()
    if kind < 0.5:
        wear, order = Wear(noise=noise), ["noise"]
    elif kind < 0.62:
        wear, order = Wear(quality=quality), ["jpeg"]
    elif kind < 0.75:  # without any noise deconvolution would be an exercise of its own
        wear, order = Wear(blur=blur, noise=rng.uniform(0, 4)), ["blur", "noise"]
    else:
        wear = Wear(noise=0.6 * noise, quality=quality, blur=0.7 * blur)
        dropped = rng.integers(4)
        steps = ["noise", "jpeg", "blur"]
        if dropped < 3:
            wear = replace(wear, **{("noise", "quality", "blur")[dropped]: (0.0, 100, 0.0)[dropped]})
            steps.pop(dropped)
        order = [steps[i] for i in rng.permutation(len(steps))]
    for step in order:
        rgb = _STEPS[step](rgb, wear, rng)
    return rgb, wear


def noisy(rgb: np.ndarray, wear: Wear, rng: np.random.Generator) -> np.ndarray:
    """Gaussian noise; at times as film and sensors have it: stronger in the light, or one for all channels."""
    shape = rgb.shape if rng.random() < 0.85 else (*rgb.shape[:2], 1)
    made = wear.noise * rng.standard_normal(shape, np.float32)
    if rng.random() < 0.15:  # Poisson: the deviation is as given at middle grey
        made = made * np.sqrt(rgb / np.float32(127.5))
    return (rgb + made).clip(0, 255).round().astype(np.uint8)


def blurred(rgb: np.ndarray, wear: Wear, rng: np.random.Generator) -> np.ndarray:
    """Gaussian most of the time, else a disc (out of focus) or a smaller copy enlarged, of about the same deviation."""
    kind = rng.random()
    if kind < 0.6:
        return cv2.GaussianBlur(rgb, (0, 0), wear.blur)
    if kind < 0.8:
        radius = 2 * wear.blur  # the deviation of a disc along an axis is half its radius
        reach = int(np.ceil(radius))
        y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1]
        disc = np.clip(radius + 0.5 - np.hypot(x, y), 0, 1)
        return cv2.filter2D(rgb, -1, disc / disc.sum(), borderType=cv2.BORDER_REFLECT_101)
    height, width = rgb.shape[:2]
    factor = 1 + 1.6 * wear.blur
    size = max(4, round(width / factor)), max(4, round(height / factor))
    return cv2.resize(
        cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), (width, height), interpolation=cv2.INTER_CUBIC
    )


_STEPS = {"noise": noisy, "blur": blurred, "jpeg": lambda rgb, wear, rng: jpeg(rgb, wear.quality)}
