"""Films without flicker: what was painted moves along with what is seen, until that is covered or the scene changes.

After Ruder et al., "Artistic style transfer for videos" (2016), with their occlusion test (Sundaram et al., 2010), but
as a filter on what a feed-forward painter gives: every frame is anchored anew in its own painting.
"""

from dataclasses import dataclass, field

import cv2
import numpy as np

from studio.engine.painters import Facts, Painter
from studio.engine.pixels import copy_within

FLOW_SIDE = 512  # px of the copies whose motion is found
HOLD = 0.9  # share of the moved last frame where it is trusted
GLIDE = 0.08  # of the way to the newest facts, a frame
MEASURE_EVERY = 24  # frames
CUT = 0.4  # share of trusted pixels under which, with other tones, a new scene begins
STILL = 0.6  # px of motion up to which patterns that hang on the page are held
UNLIKE = 0.09  # difference of lightness, 0..1, at which a moved pixel is not trusted


@dataclass
class Motion:
    """Where each pixel was in the last frame, px [H, W, 2], and how far that is trusted, 0..1 [H, W]."""

    flow: np.ndarray
    trust: np.ndarray


@dataclass
class Steadier:
    """Paints one frame after another. `anchored`: the painter's patterns hang on the page and do not move along."""

    painter: Painter
    anchored: bool = False
    cuts: list[int] = field(default_factory=list)
    _number: int = 0
    _facts: Facts = None
    _aim: Facts = None
    _seen: np.ndarray | None = None  # the last frame's lightness, small
    _made: np.ndarray | None = None

    def paint(self, frame: np.ndarray) -> np.ndarray:
        """uint8 [H, W, 3] -> the same, fitting to the frames before."""
        seen = cv2.cvtColor(copy_within(frame, FLOW_SIDE), cv2.COLOR_RGB2GRAY)
        motion = None if self._seen is None else motion_between(self._seen, seen)
        if motion is None or is_cut(self._seen, seen, motion):
            self.cuts.append(self._number)
            self._facts = self._aim = self.painter.measure(frame)
            motion = None
        elif self._number % MEASURE_EVERY == 0:
            self._aim = self.painter.measure(frame)
        self._facts = self.painter.glide(self._facts, self._aim, GLIDE)
        made = self.painter.paint(frame, slice(0, frame.shape[0]), slice(0, frame.shape[1]), self._facts)
        if motion is not None and self._made is not None:
            made = self._held(made, motion)
        self._seen, self._made, self._number = seen, made, self._number + 1
        return made

    def go_on(self, before: np.ndarray, made: np.ndarray, number: int) -> None:
        """Take up after frame `number` - 1, which was `before` and became `made`."""
        self._seen = cv2.cvtColor(copy_within(before, FLOW_SIDE), cv2.COLOR_RGB2GRAY)
        self._made, self._number = made, number
        self._facts = self._aim = self.painter.measure(before)

    def _held(self, made: np.ndarray, motion: Motion) -> np.ndarray:
        height, width = made.shape[:2]
        assert self._made is not None
        moved = warp(self._made, enlarged(motion.flow, (width, height)), cv2.INTER_CUBIC)
        trust = motion.trust
        if self.anchored:
            trust = trust * (np.hypot(*cv2.split(motion.flow)) < STILL)
        share = HOLD * cv2.resize(trust.astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR)[..., None]
        return np.rint(made + share * (moved.astype(np.float32) - made)).clip(0, 255).astype(np.uint8)


def motion_between(before: np.ndarray, now: np.ndarray) -> Motion:
    """The motion from one frame to the next, by lightness, uint8 [H, W]."""
    finder = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    finder.setFinestScale(0)  # a tenth of a pixel is seen in painted edges
    if min(now.shape) < 16:  # too small to look for anything
        return Motion(np.zeros((*now.shape, 2), np.float32), np.zeros(now.shape, np.float32))
    empty = np.zeros((*now.shape, 2), np.float32)
    back = finder.calc(now, before, empty.copy())
    forth = finder.calc(before, now, empty)
    there = warp(forth, back, cv2.INTER_LINEAR)
    error = np.square(back + there).sum(-1)
    agree = error < 0.01 * (np.square(back).sum(-1) + np.square(there).sum(-1)) + 1.5
    soft = cv2.GaussianBlur(now, (0, 0), 1).astype(np.float32)
    unlike = np.abs(soft - warp(cv2.GaussianBlur(before, (0, 0), 1), back))
    around = np.ones((3, 3), np.uint8)
    room = 255 * UNLIKE + 0.5 * (cv2.dilate(soft, around) - cv2.erode(soft, around))  # an edge may be a little off
    y, x = np.mgrid[: now.shape[0], : now.shape[1]].astype(np.float32)
    x, y = x + back[..., 0], y + back[..., 1]
    inside = (x >= 0) & (y >= 0) & (x <= now.shape[1] - 1) & (y <= now.shape[0] - 1)
    trust = (agree & inside & (unlike < room)).astype(np.uint8)
    trust = cv2.morphologyEx(trust, cv2.MORPH_CLOSE, around)  # lone pixels that disagree with all around them
    return Motion(back, cv2.GaussianBlur(trust.astype(np.float32), (0, 0), 1.0))


def is_cut(before: np.ndarray | None, now: np.ndarray, motion: Motion) -> bool:
    """Whether a new scene begins: little can be followed, and where it should be there is something else."""
    if before is None:
        return True
    moved = warp(before, motion.flow).astype(np.float32)
    unlike = float(np.abs(cv2.GaussianBlur(moved, (0, 0), 3) - cv2.GaussianBlur(now, (0, 0), 3)).mean() / 255)
    return float(motion.trust.mean()) < CUT and unlike > 0.04


def warp(image: np.ndarray, flow: np.ndarray, way: int = cv2.INTER_LINEAR) -> np.ndarray:
    """The image fetched from where the flow points, px [H, W, 2]."""
    height, width = flow.shape[:2]
    x = np.arange(width, dtype=np.float32)[None] + flow[..., 0]
    y = np.arange(height, dtype=np.float32)[:, None] + flow[..., 1]
    return cv2.remap(image, x, y, way, borderMode=cv2.BORDER_REPLICATE)


def enlarged(flow: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """A small copy's flow for a frame of `size` (width, height)."""
    scale = np.float32(size[0] / flow.shape[1]), np.float32(size[1] / flow.shape[0])
    return cv2.resize(flow, size, interpolation=cv2.INTER_LINEAR) * np.array(scale)
