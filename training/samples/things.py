"""The things on the table of the still life: their profiles, their colours and where they stand.

Profiles are (radius, height) in decimetres; colours are albedos [N, 3] at points [N, 3] in a thing's own frame.
"""

import numpy as np

from training.samples.noise import fractal, look_up, smoothstep
from training.samples.solid import Solid, ball, curve

APPLE = curve((0, 0.14), (0.3, 0.03), (0.55, 0.14), (0.76, 0.55), (0.74, 0.98), (0.45, 1.3), (0.16, 1.24), (0, 1.02))
VASE = curve((0.0, 0.02), (0.62, 0.0), (0.72, 0.2), (1.05, 0.9), (1.16, 1.6), (0.98, 2.3), (0.52, 2.85), (0.42, 3.2))
VASE_RIM = curve((0.44, 3.4), (0.62, 3.72), (0.55, 3.74), (0.38, 3.4), (0.36, 3.2), (0.0, 2.9))
PEAR = curve(
    (0, 0.05), (0.4, 0.02), (0.75, 0.35), (0.82, 0.72), (0.6, 1.2), (0.38, 1.6), (0.3, 1.95), (0.14, 2.1), (0, 2.02)
)
LEMON = curve(
    (0, -0.92),
    (0.12, -0.86),
    (0.3, -0.7),
    (0.6, -0.35),
    (0.66, 0),
    (0.58, 0.38),
    (0.28, 0.72),
    (0.14, 0.9),
    (0, 0.97),
)
TWIG = [(0.0, 0.0), (0.04, 0.0), (0.035, 0.3), (0.055, 0.42), (0.0, 0.44)]


class Skins:
    """What the things are coloured with; one noise serves them all."""

    def __init__(self, seed: int) -> None:
        self.mottle = fractal((256, 256), 1.4, np.random.default_rng(seed))

    def skin(self, p: np.ndarray, across: int, along: float) -> np.ndarray:
        """Noise [N] on a solid's skin, drawn out along its height where `along` is small."""
        angle = np.arctan2(p[:, 2], p[:, 0]) / (2 * np.pi)
        return look_up(self.mottle, angle * 256 * across, p[:, 1] * 60 * along, wrap=True)

    def red_apple(self, p: np.ndarray) -> np.ndarray:
        streaks = 0.5 + 0.22 * self.skin(p, 3, 0.25) + 0.10 * self.skin(p, 1, 1)
        low = smoothstep(0.55, 0.1, p[:, 1]) + smoothstep(1.0, 1.32, p[:, 1]) * 0.6
        return mix((0.50, 0.022, 0.02), (0.66, 0.36, 0.06), streaks * 0.35 + low * 0.55)

    def green_apple(self, p: np.ndarray) -> np.ndarray:
        blush = smoothstep(0.1, 1.0, p[:, 0] * 0.8 + 0.25 * self.skin(p, 1, 0.5) + 0.2)
        freckles = smoothstep(1.6, 2.2, self.skin(p, 3, 3.0)) * 0.35
        return mix((0.36, 0.44, 0.06), (0.62, 0.30, 0.07), blush * 0.8 + freckles)

    def pear(self, p: np.ndarray) -> np.ndarray:
        russet = smoothstep(0.3, 1.8, self.skin(p, 2, 1.5)) * 0.5 + smoothstep(1.75, 2.15, p[:, 1]) * 0.5
        return mix((0.62, 0.47, 0.07), (0.42, 0.24, 0.06), russet + smoothstep(0.2, -0.5, p[:, 0]) * 0.2)

    def lemon(self, p: np.ndarray) -> np.ndarray:
        return np.array([0.80, 0.60, 0.03], np.float32) * (1 + 0.05 * self.skin(p, 3, 3.0))[:, None]

    def plum(self, p: np.ndarray) -> np.ndarray:
        return mix((0.075, 0.018, 0.06), (0.20, 0.13, 0.26), 0.35 + 0.25 * self.skin(p, 1, 1))

    def stem(self, p: np.ndarray) -> np.ndarray:
        return np.broadcast_to(np.array([0.14, 0.08, 0.035], np.float32), p.shape)

    def glaze(self, p: np.ndarray) -> np.ndarray:
        """White porcelain with cobalt bands and a garland."""
        angle, y = np.arctan2(p[:, 2], p[:, 0]), p[:, 1]
        ink = np.zeros(len(p), np.float32)
        for low, high in ((0.22, 0.30), (0.36, 0.40), (2.62, 2.66), (2.74, 2.84), (3.62, 3.70)):
            ink += smoothstep(low - 0.012, low, y) * smoothstep(high + 0.012, high, y)
        vine = np.abs(y - 1.55 - 0.22 * np.sin(angle * 5))
        ink += smoothstep(0.035, 0.02, vine)
        petals = np.hypot((angle * 5 / (2 * np.pi) + 0.25) % 1 - 0.5, (y - 1.33) * 0.9)
        turn = np.arctan2(y - 1.33, ((angle * 5 / (2 * np.pi) + 0.25) % 1 - 0.5))
        flower = petals - 0.17 - 0.06 * np.cos(turn * 6)
        ink += smoothstep(0.012, -0.012, flower) * (1 - smoothstep(0.06, 0.045, petals))
        dots = np.hypot(((angle * 28 / (2 * np.pi)) % 1 - 0.5) * 0.22, y - 2.42)
        ink += smoothstep(0.05, 0.035, dots)
        wash = 0.86 + 0.06 * self.skin(p, 1, 1)
        return mix((0.70, 0.69, 0.65), (0.035, 0.075, 0.30), ink * wash)


def mix(a: tuple[float, ...], b: tuple[float, ...], t: np.ndarray) -> np.ndarray:
    """From colour `a` at 0 to `b` at 1, [N, 3]."""
    return np.array(a, np.float32) + (np.array(b, np.float32) - np.array(a, np.float32)) * np.clip(t, 0, 1)[:, None]


def things(seed: int) -> list[Solid]:
    """All of them, as they stand."""
    skins = Skins(seed + 1)
    return [
        Solid(VASE + VASE_RIM, (-1.25, 0, -1.0), skins.glaze, gloss=0.06),
        Solid(PEAR, (0.55, 0, -0.75), skins.pear, gloss=0.025, tilt=(-0.06, 0.4)),
        Solid(TWIG, (0.69, 1.98, -0.72), skins.stem, gloss=0.01, tilt=(-0.35, 0.2)),
        Solid(APPLE, (1.95, 0, 0.2), skins.red_apple, gloss=0.04, tilt=(0.12, 1.9)),
        Solid(TWIG, (1.88, 1.02, 0.24), skins.stem, gloss=0.01, tilt=(-0.3, 0.3)),
        Solid(APPLE, (-0.35, 0, 1.15), skins.green_apple, gloss=0.04, tilt=(-0.1, 0.6)),
        Solid(TWIG, (-0.28, 1.02, 1.18), skins.stem, gloss=0.01, tilt=(0.25, 0.2)),
        Solid(LEMON, (1.05, 0.62, 1.75), skins.lemon, gloss=0.03, tilt=(np.pi / 2 - 0.06, 0.55)),
        Solid(ball(0.52), (-2.55, 0, 0.9), lambda p: np.full_like(p, 0.5), gloss=0.04, glass=True),
        Solid(ball(0.42), (2.95, 0, 1.2), skins.plum, gloss=0.04),
        Solid(ball(0.4), (2.45, 0, 1.85), skins.plum, gloss=0.04),
    ]
