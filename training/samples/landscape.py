"""A mountain lake in the morning: ridged terrain seen in perspective, its mirror image in the water, clouds and pines.

The terrain is a height map, drawn column by column from near to far ("voxel space"): a pixel shows the first point of
its column that rises above all before it. Lengths are in map cells; x right, y up, z away from the viewer.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from training.samples.noise import fractal, look_up, smoothstep, tone_mapped

CELLS = 2048  # of the map's side
EYE_HEIGHT, FIELD = 9.0, 0.95  # FIELD: width of the view at distance 1
SHORE = 400.0  # where the far shore begins
SUN_DIRECTION = np.array([-0.78, 0.46, -0.30]) / np.linalg.norm([-0.78, 0.46, -0.30])
SUN = np.array([2.9, 2.25, 1.6], np.float32)
SHADE = np.array([0.16, 0.23, 0.38], np.float32)  # light of the sky
ZENITH = np.array([0.055, 0.155, 0.42], np.float32)
HORIZON = np.array([0.72, 0.66, 0.58], np.float32)
HAZE = np.array([0.36, 0.44, 0.56], np.float32)


@dataclass(frozen=True, eq=False)
class View:
    """A picture of `wide` x `tall` pixels whose horizon lies at the row `horizon`."""

    wide: int
    tall: int
    horizon: int

    @property
    def focal(self) -> float:
        """Pixels to a slope of 1."""
        return self.wide / FIELD

    def slopes(self) -> tuple[np.ndarray, np.ndarray]:
        """How far each column leans to the right [1, W] and each row upwards [H, 1]."""
        across = (np.arange(self.wide, dtype=np.float32) + 0.5 - self.wide / 2) / self.focal
        up = (self.horizon - np.arange(self.tall, dtype=np.float32) - 0.5) / self.focal
        return across[None], up[:, None]


@dataclass(frozen=True, eq=False)
class Terrain:
    """Maps from x = -CELLS / 2 and z = 0 on: height, 0 at the lake [CELLS, CELLS], and light given off [..., 3]."""

    height: np.ndarray
    light: np.ndarray


def landscape(size: tuple[int, int], seed: int) -> np.ndarray:
    """The picture, uint8 [H, W, 3]."""
    rng = np.random.default_rng(seed)
    view = View(2 * size[0], 2 * size[1], round(2 * size[1] * 0.55))  # twice the size, for smooth edges
    terrain = make_terrain(rng)
    clouds = fractal((1024, 1024), 1.55, rng)
    mirrored = sky(view, clouds)
    draw(mirrored, view, terrain, -EYE_HEIGHT)
    picture = water(mirrored, view, rng)
    picture[: view.horizon] = sky(view, clouds)[: view.horizon]
    draw(picture, view, terrain, EYE_HEIGHT)
    bank(picture, view, rng)
    glow = cv2.GaussianBlur(np.maximum(picture - 0.8, 0), (0, 0), view.wide / 60)
    return tone_mapped(1.12 * cv2.resize(picture + 0.3 * glow, size, interpolation=cv2.INTER_AREA))


def ridges(slope: float, rng: np.random.Generator) -> np.ndarray:
    """Sharp crests and round valleys, float32 [CELLS, CELLS] about 0 to 1."""
    found = np.zeros((CELLS, CELLS), np.float32)
    weight = 1.0
    for octave in range(5):
        smooth = fractal((256, 256), slope, rng)
        part = np.tile(
            cv2.resize(smooth, (CELLS >> octave, CELLS >> octave), interpolation=cv2.INTER_CUBIC), (1 << octave,) * 2
        )
        crest = np.maximum(1 - np.abs(part) * 0.9, 0) ** 2
        found += crest * 0.5**octave * weight
        weight = 0.35 + 0.65 * np.minimum(found, 1)  # crests are rough, valleys smooth
    return found / 1.6


def make_terrain(rng: np.random.Generator) -> Terrain:
    """A lake before wooded hills, with a snowy range behind them."""
    z, x = np.mgrid[:CELLS, :CELLS].astype(np.float32)
    x -= CELLS / 2
    rough = ridges(2.6, rng)
    rolling = fractal((CELLS, CELLS), 2.4, rng)
    shore = SHORE + 50 * rolling + 40 * np.sin(x / 95 + 1) - 0.35 * np.abs(x)
    inland = np.maximum(z - shore, 0)
    valley = smoothstep(0, 420, np.abs(x - 40 - 0.06 * z))
    hills = smoothstep(0, 500, inland) * (18 + 150 * valley * (0.45 + 0.55 * rough)) * smoothstep(1500, 700, z)
    range_ = smoothstep(650, 1350, z) * (60 + 240 * (0.35 + 0.65 * valley) * rough)
    peak = np.maximum(1 - np.hypot(x - 150, (z - 1500) * 0.9) / 520, 0) ** 1.1 * 420 * (0.6 + 0.55 * rough)
    ground = np.maximum.reduce([hills + 0.35 * range_, range_, peak + 0.3 * range_])
    ground += np.minimum(inland, 60) / 60 * (3 * rolling + 2) + np.minimum(inland * 0.05, 1.5)
    ground = np.where(inland > 0, np.maximum(ground, 0.2), -1).astype(np.float32)

    steep = np.hypot(*np.gradient(cv2.GaussianBlur(ground, (0, 0), 2)))
    patches = fractal((CELLS, CELLS), 1.5, rng)
    fine = fractal((CELLS, CELLS), 0.9, rng)
    treeline = 105 + 16 * patches
    wooded = smoothstep(8, -8, ground - treeline) * smoothstep(1.3, 0.8, steep) * (inland > 3)
    wooded *= smoothstep(-1.1, -0.6, patches + np.minimum(inland, 30) / 30 * 0.6)
    points = np.ones((CELLS, CELLS), np.uint8)
    spots = rng.integers(0, CELLS, (2, CELLS * CELLS // 14))
    points[spots[0], spots[1]] = 0
    nearest = cv2.distanceTransform(points, cv2.DIST_L2, 5)
    crowns = np.maximum(1 - nearest / 2.2, 0) * (1.0 + 0.25 * fine) * smoothstep(0.35, 0.7, wooded)
    height = ground + crowns * 7.5

    sunlit = shading(height, ground)
    rock = np.array([0.23, 0.20, 0.18], np.float32) * (1 + 0.16 * fine + 0.1 * patches)[..., None]
    meadow = np.array([0.17, 0.19, 0.055], np.float32) * (1 + 0.15 * fine)[..., None]
    needles = np.array([0.040, 0.072, 0.034], np.float32) * (0.55 + 0.9 * crowns + 0.3 * patches)[..., None].clip(0.3)
    snow = np.array([0.86, 0.88, 0.92], np.float32)
    colour = (
        rock + (meadow - rock) * (smoothstep(0.75, 0.45, steep) * smoothstep(40, -10, ground - treeline))[..., None]
    )
    colour += (needles - colour) * smoothstep(0.05, 0.3, wooded)[..., None]
    white = smoothstep(-25, 35, ground - 150 - 22 * patches - 8 * fine) * smoothstep(1.35, 0.75, steep + 0.12 * fine)
    colour += (snow - colour) * white[..., None]
    stones = smoothstep(4, 1.5, inland) * smoothstep(0.1, 0.0, crowns)
    colour += (np.array([0.24, 0.22, 0.19], np.float32) * (1 + 0.25 * fine[..., None]) - colour) * stones[..., None]
    return Terrain(height, colour * (SUN * sunlit[..., None] + SHADE))


def shading(height: np.ndarray, ground: np.ndarray) -> np.ndarray:
    """Share of the sun [CELLS, CELLS] on each cell: its lean towards it, and the shadows of the ground."""
    along, across = np.gradient(cv2.GaussianBlur(height, (0, 0), 0.8))
    normal = np.stack([-across, np.ones_like(across), -along], -1)
    lit = np.maximum(normal @ SUN_DIRECTION.astype(np.float32), 0) / np.linalg.norm(normal, axis=-1)
    small = cv2.resize(ground, (CELLS // 2, CELLS // 2), interpolation=cv2.INTER_AREA)
    blocked = np.zeros_like(small)
    for step in np.geomspace(3, 700, 56):
        toward = SUN_DIRECTION / np.hypot(SUN_DIRECTION[0], SUN_DIRECTION[2]) * step
        shift = np.array([[1, 0, toward[0] / 2], [0, 1, toward[2] / 2]])
        there = cv2.warpAffine(
            small, shift, small.shape[::-1], flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderValue=(0,)
        )
        blocked = np.maximum(blocked, smoothstep(0, 0.04 * step + 3, there - toward[1] - small))
    return lit * (1 - cv2.resize(blocked, height.shape[::-1]))


def draw(picture: np.ndarray, view: View, terrain: Terrain, eye: float) -> None:
    """Draw the land over `picture`, as seen from the height `eye` (below 0: the lake's mirror image)."""
    across, _ = view.slopes()
    depth = np.geomspace(SHORE * 0.4, CELLS - 8, 1800).astype(np.float32)[:, None]
    x, z = across * depth + CELLS / 2, np.broadcast_to(depth, (len(depth), view.wide))
    height = look_up(terrain.height, x, z)
    seen = (height > 0) | (eye > 0)  # from below, the water hides nothing
    rise = np.where(seen, (np.maximum(height, 0) - eye) / depth * view.focal, -np.inf)
    crest = np.maximum.accumulate(rise, axis=0)  # [D, W]
    wanted = view.horizon - np.arange(view.tall, dtype=np.float32)
    found = np.stack([np.searchsorted(crest[:, c], wanted) for c in range(view.wide)], 1)  # [H, W]
    hit = np.minimum(found, len(depth) - 1)
    rows, columns = np.nonzero((found < len(depth)) & (height[hit, np.arange(view.wide)] > 0))
    cell = found[rows, columns]
    light = np.stack([look_up(terrain.light[..., c], x, z)[cell, columns] for c in range(3)], -1)
    z, y = depth[cell], height[cell, columns][:, None]
    haze = 1 - np.exp(-((z / 3600) ** 1.5)) * (1 - 0.35 * np.exp(-y / 22) * smoothstep(350, 1100, z))
    picture[rows, columns] = light + (HAZE - light) * haze


def sky(view: View, clouds: np.ndarray) -> np.ndarray:
    """Sky [tall, wide, 3] down to the horizon."""
    across, up = view.slopes()
    up = np.maximum(up, 0.0)
    warm = np.exp(-((across + 0.5) ** 2) * 3)[..., None] * np.array([0.10, 0.05, 0.0], np.float32)
    light = ZENITH + (HORIZON + warm - ZENITH) * np.exp(-up * 5.5)[..., None]
    far = 1 / (up + 0.09)
    u, v = across * far * 130 + 300, far * 130 + 0 * across
    here, towards = (look_up(clouds, u - shift, v + 0.4 * shift, wrap=True) for shift in (0, 9))
    cover = smoothstep(-0.25, 1.1, here) * smoothstep(0.0, 0.10, up)
    lit = np.clip(0.72 + 0.55 * (here - towards), 0.35, 1.2)[..., None]
    return light + (np.array([1.12, 1.06, 1.0], np.float32) * lit - light) * 0.9 * cover[..., None]


def water(mirrored: np.ndarray, view: View, rng: np.random.Generator) -> np.ndarray:
    """The picture [tall, wide, 3] with the lake below the horizon: `mirrored` upside down, moved by ripples."""
    across, up = view.slopes()
    down = np.maximum(-up, 0.5 / view.focal)
    far = EYE_HEIGHT / down
    swell = fractal((1024, 1024), 1.3, rng)
    ripple = look_up(swell, across * far * 1.6, far * 9 + 0 * across, wrap=True) * smoothstep(700, 60, far)
    ripple += 0.5 * look_up(swell, across * far * 6 + 77, far * 30 + 0 * across, wrap=True) * smoothstep(160, 25, far)
    breeze = look_up(swell, across * far * 0.35 + 500, far * 1.3 + 0 * across, wrap=True)
    calm = smoothstep(1.6, 0.2, breeze)
    push = ripple * (1.0 + 0.040 * down * view.focal) * (1.6 - 0.8 * calm)
    rows = np.clip(view.horizon - 1 - down * view.focal + push, 0, view.horizon - 1)
    columns = np.arange(view.wide, dtype=np.float32)[None] + 0.35 * push
    soft = cv2.GaussianBlur(mirrored, (0, 0), sigmaX=0.8, sigmaY=3)
    picture = cv2.remap(
        soft, columns.astype(np.float32), rows.astype(np.float32), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    share = np.clip(0.92 - 2.1 * down + 0.05 * ripple, 0.12, 1)[..., None]
    deep = np.array([0.012, 0.050, 0.060], np.float32)
    picture = deep + (picture - deep) * share
    return picture + (1 - calm)[..., None] * 0.10 * HAZE


def bank(picture: np.ndarray, view: View, rng: np.random.Generator) -> None:
    """Draw the near bank with its grass, and pines that frame the view."""
    scale = view.wide / 2560
    x = np.arange(view.wide)
    edge = (
        0.955
        + 0.045 * np.cos(x / view.wide * 5.6 - 2.9)
        + 0.012 * np.sin(x / (60 * scale)) * np.sin(x / (23 * scale) + 1)
    )
    top = (edge * view.tall).astype(np.int32)
    outline = np.stack([np.r_[x, view.wide, 0], np.r_[top, view.tall, view.tall]], 1).astype(np.int32)
    cv2.fillPoly(picture, [outline], (0.030, 0.036, 0.014))
    pines = [(0.055, 0.98, 0.90), (0.155, 0.99, 0.66), (-0.01, 1.0, 0.74), (0.955, 0.99, 0.58), (1.01, 1.0, 0.78)]
    for across, foot, tall in pines:
        pine(picture, across * view.wide, foot * view.tall, tall * view.tall, rng)
    for _ in range(9000):
        at = int(rng.integers(0, view.wide))
        foot = top[at] + rng.random() ** 1.5 * (view.tall - top[at])
        length = (14 + 40 * rng.random()) * scale
        lean = rng.normal(0.15, 0.3) * length
        tone = 0.35 + 0.9 * rng.random() ** 2
        colour = tuple(float(c) * tone for c in (0.105, 0.108, 0.030))
        cv2.line(picture, (at, int(foot)), (int(at + lean), int(foot - length)), colour, 2)


def pine(picture: np.ndarray, x: float, foot: float, tall: float, rng: np.random.Generator) -> None:
    """One conifer from its foot up, branch by branch, darker on the right and within."""
    for half, low, colour in ((0.075, 0.05, (0.012, 0.018, 0.009)), (0.006, 0.0, (0.040, 0.028, 0.018))):
        core = np.array([[x - half * tall, foot - low * tall], [x + half * tall, foot - low * tall], [x, foot - tall]])
        cv2.fillPoly(picture, [core.astype(np.int32)], colour)
    for share in np.linspace(0.06, 0.995, 170):
        reach = tall * (0.17 * (1 - share) ** 0.8 + 0.004)
        for side in (-1, 1, -1, 1):
            length = reach * rng.uniform(0.45, 1.1)
            drop = length * rng.uniform(0.15, 0.5)
            level = foot - tall * share
            tone = rng.uniform(0.5, 1.2) * (1.5 if side < 0 else 0.7)
            colour = tuple(float(c) * tone for c in (0.022, 0.036, 0.016))
            for t in np.linspace(0.08, 1, max(6, int(length / 4))):
                at = (x + side * length * t, level + drop * t**1.4)
                needle = (1 - 0.6 * t) * tall * 0.011 + 3
                tip = (at[0] + side * needle * rng.uniform(0.2, 1), at[1] + needle * rng.uniform(0.1, 1.3))
                cv2.line(picture, (int(at[0]), int(at[1])), (int(tip[0]), int(tip[1])), colour, 2)
