"""Fill the holes of a picture; outside the mask every pixel keeps its bytes.

A hole goes through a network in pieces. Each piece is cut out with its surroundings, and only the piece itself is
brought back. Narrow ones (scratches, hairs, lettering) have a network of their own, trained for the likeliest filling;
the other one invents. It gets its pieces at a scale that makes the hole at most WIDEST px wide: a long stroke is
repaired at full resolution, a large blot at the scale at which the network can see past its rim. A piece sees those
before it as part of the picture, so they join. Memory depends on the pieces, apart from one copy of the picture. High
quality takes what the networks made as a guess and fills all but narrow pieces with patches of the picture.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, ClassVar, cast

import cv2
import numpy as np
import torch

from studio.core.errors import BadInput
from studio.core.image import Picture
from studio.core.mask import Box, composite, grow
from studio.core.progress import TaskControl
from studio.core.provenance import DigitalSource
from studio.engine.holes import PIECE, VIEW, Piece, Window, joined, split, wide_rest
from studio.engine.patchmatch import Tell, patch_fill
from studio.engine.pixels import bleed, copy_within, pad_to_multiple, preview, to_rgb, to_tensor
from studio.engine.tasks.base import Models, Request, Task, setting
from studio.models.inpaint import InpaintGAN
from studio.models.scratches import ScratchNet

TELEA_RADIUS = 3  # px
NARROW_MARGIN = 48  # px
MARGIN = 128  # px, at the network's scale
ROUNDS = 10  # steps of progress that high quality tells of a window
LOOK = 0.3  # s between previews
METHODS = ("auto", "net", "hq", "telea")


@dataclass(frozen=True, kw_only=True, eq=False)
class RepairResult:
    """The filled picture and the mask that was filled, bool [H, W], after growing."""

    picture: Picture
    mask: np.ndarray
    settings: dict[str, Any]


@dataclass(frozen=True, kw_only=True, eq=False)
class RepairRequest(Request[RepairResult]):
    """A picture and a mask of its size, bool [H, W], True where it is to be filled."""

    task: ClassVar[str] = "repair"
    picture: Picture
    mask: np.ndarray
    method: str = setting(
        "auto",
        "auto: scratches' own net, net for the rest; net alone; hq: auto, then patches of the picture, slower; telea",
        choices=METHODS,
    )
    grow: int = setting(0, "widen the mask by so many px first", low=0, high=256)
    feather: int = setting(0, "blend over so many px inside the mask's edge", low=0, high=256)
    seed: int = setting(0, "of hq: another seed, another result", low=0, high=2**31 - 1)
    model: str = setting("repair", "model of the library")
    scratch_model: str = setting("scratches", "model of the library for what is narrow")

    def __post_init__(self) -> None:
        super().__post_init__()
        size = (self.picture.height, self.picture.width)
        if self.mask.shape != size:
            found = " x ".join(str(length) for length in self.mask.shape[::-1])
            raise BadInput(
                f"The mask is {found} px and the picture {size[1]} x {size[0]} px; draw a mask of the picture's size."
            )
        if self.mask.dtype != np.bool_:
            raise BadInput(f"The mask holds {self.mask.dtype} values; give True where the picture is to be filled.")
        if not self.mask.any():
            raise BadInput("The mask is empty; paint over what is to be filled.")


def run(request: RepairRequest, models: Models, control: TaskControl) -> RepairResult:
    """Fill piece by piece. Alpha and colour profile stay; what lies beneath alpha 0 is not used."""
    picture, mask = request.picture, grow(request.mask, request.grow)
    hidden = np.zeros_like(mask) if picture.alpha is None else (picture.alpha == 0) & ~mask
    if (mask | hidden).all():
        raise BadInput("The mask covers all that can be seen; leave some of the picture for the repair to learn from.")
    pieces = split(mask, request.method)
    canvas = Canvas(rgb=picture.rgb.copy(), hole=mask.copy(), hidden=hidden)
    windows = joined(pieces, picture.size) if request.method == "hq" else []
    steps = len(pieces) + ROUNDS * len(windows)
    for index, piece in enumerate(pieces):
        control.check()
        canvas.fill(piece, filler(piece, request, models))
        control.report(index + 1, steps, canvas.preview() if control.listener else None)
    rough, wide = np.zeros_like(mask), wide_rest(mask, pieces)
    for window in windows:
        rough[window.box.slices] |= window.hole(wide)
    for index, window in enumerate(windows):

        def tell(share: float, now: Callable[[], np.ndarray], window: Window = window, index: int = index) -> None:
            shown = canvas.preview(window.box, now) if control.listener else None
            control.report(len(pieces) + round(ROUNDS * (index + share)), steps, shown)

        canvas.refine(window, rough, models.device, tell, request.seed)
    rgb = composite(picture.rgb, canvas.rgb, mask, request.feather)
    by_model = None if request.method == "telea" else DigitalSource.COMPOSITE
    settings = request.settings()
    filled = replace(picture, rgb=rgb, settings=settings, source=picture.source or by_model)
    return RepairResult(picture=filled, mask=mask, settings=settings)


Fill = Callable[[np.ndarray, np.ndarray], np.ndarray]  # uint8 [h, w, 3] and its hole, bool [h, w] -> uint8 [h, w, 3]


@dataclass
class Canvas:
    """The picture as it fills up: `hole` is what is still to be filled, `hidden` lies beneath alpha 0."""

    rgb: np.ndarray
    hole: np.ndarray
    hidden: np.ndarray
    looked: float = 0.0  # when the last preview was made, time.monotonic

    def fill(self, piece: Piece, fill: Fill) -> None:
        """Fill the piece from its surroundings; from the whole picture if nothing near it can be seen."""
        height, width = self.hole.shape
        margin = NARROW_MARGIN if piece.narrow else round(MARGIN / piece.scale)
        window = piece.box.padded(margin, (width, height))
        if (self.hole[window.slices] | self.hidden[window.slices]).all():
            window = Box(0, 0, width, height)
        rgb, hole, hidden = (layer[window.slices] for layer in (self.rgb, self.hole, self.hidden))
        if hidden.any():
            rgb = bleed(rgb, hidden, ~(hole | hidden))
        inner = piece.box.within(window).slices
        todo = self.hole[piece.box.slices]
        self.rgb[piece.box.slices][todo] = fill(rgb, hole)[inner][todo]
        todo[:] = False

    def refine(self, window: Window, rough: np.ndarray, device: torch.device, tell: Tell, seed: int) -> None:
        """Fill the window's hole anew, with patches from around it; what it holds now is the guess.

        `rough` are all guesses, bool [H, W]: none of another hole is copied. What is done here is no longer rough.
        """
        mine = window.hole(rough)
        rgb, guess, hidden = (layer[window.box.slices] for layer in (self.rgb, rough, self.hidden))
        rgb[:] = patch_fill(rgb, mine, hidden | (guess & ~mine), device, tell, seed)
        guess[mine] = False

    def preview(self, box: Box | None = None, now: Callable[[], np.ndarray] | None = None) -> np.ndarray | None:
        """The picture so far, small; what is in `box` as `now` gives it. None when the last look was a moment ago."""
        if time.monotonic() - self.looked < LOOK:
            return None
        small = preview(self.rgb)
        if box is not None and now is not None:
            across, down = small.shape[1] / self.hole.shape[1], small.shape[0] / self.hole.shape[0]
            left, right = round(box.left * across), max(round(box.right * across), round(box.left * across) + 1)
            top, bottom = round(box.top * down), max(round(box.bottom * down), round(box.top * down) + 1)
            part = small[top:bottom, left:right]
            part[:] = cv2.resize(now(), part.shape[1::-1], interpolation=cv2.INTER_AREA)
        self.looked = time.monotonic()
        return small


def filler(piece: Piece, request: RepairRequest, models: Models) -> Fill:
    """What fills the piece."""
    if request.method == "telea":
        return telea
    if piece.narrow:
        network, most = models.model(request.scratch_model, "scratches"), VIEW + 2 * NARROW_MARGIN
    else:
        network, most = models.model(request.model, "repair"), PIECE + 2 * MARGIN
    return partial(through_net, cast(ScratchNet | InpaintGAN, network), models.device, most)


def telea(rgb: np.ndarray, hole: np.ndarray) -> np.ndarray:
    return cv2.inpaint(np.ascontiguousarray(rgb), hole.astype(np.uint8), TELEA_RADIUS, cv2.INPAINT_TELEA)


def through_net(
    network: ScratchNet | InpaintGAN, device: torch.device, most: int, rgb: np.ndarray, hole: np.ndarray
) -> np.ndarray:
    """The filling of `hole` at the size of `rgb`; only inside the hole is it meant to be used.

    The network sees it at full scale if no side is longer than `most` px.
    """
    small, gap = copy_within(rgb, most), hole
    if small is not rgb:  # no colour of the hole stays
        gap = cv2.resize(hole.astype(np.float32), small.shape[1::-1], interpolation=cv2.INTER_AREA) > 0
    multiple = network.multiple
    mask = torch.from_numpy(pad_to_multiple(gap, multiple)).to(device)[None, None].float()
    filled = to_rgb(network(to_tensor(pad_to_multiple(small, multiple), device), mask))[: gap.shape[0], : gap.shape[1]]
    return filled if small is rgb else cv2.resize(filled, rgb.shape[1::-1], interpolation=cv2.INTER_CUBIC)


TASK = Task(RepairRequest, run)
