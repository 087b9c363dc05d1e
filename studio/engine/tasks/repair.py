"""Fill the holes of a picture; outside the mask every pixel keeps its bytes.

A hole under THIN px wide (scratches, lettering) is closed from its rim by Telea's method, which is sharp and fast
there. Any other hole goes through the network in pieces. Each piece is cut out with its surroundings, at a scale that
makes the hole at most WIDEST px wide, and only the piece itself is brought back: a long stroke is repaired at full
resolution, a large blot at the scale at which the network can see past its rim. A piece sees those before it as part of
the picture, so they join. Memory depends on the pieces, apart from one copy of the picture. High quality takes what the
network made as a guess and fills the hole with patches of the picture.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, ClassVar, cast

import cv2
import numpy as np
import torch

from studio.core.errors import BadInput
from studio.core.image import Picture
from studio.core.mask import Box, components, composite, grow
from studio.core.progress import TaskControl
from studio.core.provenance import DigitalSource
from studio.engine.patchmatch import patch_fill
from studio.engine.tasks.base import Models, Request, Task, setting
from studio.engine.tasks.pixels import bleed, pad_to_multiple, preview, to_rgb, to_tensor
from studio.models.inpaint import InpaintGAN

THIN = 4  # px
TELEA_RADIUS = 3  # px
TELEA_MARGIN = 16  # px
WIDEST = 128  # px, at the network's scale, as are the next two
PIECE = 256
MARGIN = 128
NEAR = 8  # px between holes that are filled together
ROUNDS = 10  # steps of progress that high quality tells of a hole
REACH = 192  # px around a hole from which high quality copies, at least
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
        "net; hq: net, then patches of the picture, slower; telea; auto: telea for scratches, net for the rest",
        choices=METHODS,
    )
    grow: int = setting(0, "widen the mask by so many px first", low=0, high=256)
    feather: int = setting(0, "blend over so many px inside the mask's edge", low=0, high=256)
    seed: int = setting(0, "of hq: another seed, another result", low=0, high=2**31 - 1)
    model: str = setting("repair", "model of the library")

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
    pieces = [piece for box in components(mask, NEAR) for piece in split(mask, box, request.method)]
    broad = [
        box for box in components(mask, NEAR) if request.method == "hq" and not split(mask, box, "auto")[0].scratch
    ]
    steps = len(pieces) + ROUNDS * len(broad)
    canvas = Canvas(rgb=picture.rgb.copy(), hole=mask.copy(), hidden=hidden)
    for index, piece in enumerate(pieces):
        control.check()
        if piece.scratch:
            canvas.fill(piece, telea)
        else:
            network = cast(InpaintGAN, models.model(request.model, "repair"))
            canvas.fill(piece, lambda rgb, hole, net=network: through_net(net, models.device, rgb, hole))
        control.report(index + 1, steps, preview(canvas.rgb) if control.listener else None)
    for index, box in enumerate(broad):
        first = len(pieces) + ROUNDS * index

        def tell(share: float, first: int = first) -> None:
            shown = preview(canvas.rgb) if control.listener and share == 1 else None
            control.report(first + round(ROUNDS * share), steps, shown)

        canvas.refine(box, mask, models.device, tell, request.seed)
    rgb = composite(picture.rgb, canvas.rgb, mask, request.feather)
    by_model = None if all(piece.scratch for piece in pieces) else DigitalSource.COMPOSITE
    settings = request.settings()
    filled = replace(picture, rgb=rgb, settings=settings, source=picture.source or by_model)
    return RepairResult(picture=filled, mask=mask, settings=settings)


@dataclass(frozen=True)
class Piece:
    """A part of a hole that is filled at one go: by Telea's method, or by the network at `scale`."""

    box: Box
    scale: float
    scratch: bool


def split(mask: np.ndarray, box: Box, method: str) -> list[Piece]:
    """The pieces of the hole in `box`, top to bottom; they cover it once."""
    around = mask[box.padded(1, (mask.shape[1], mask.shape[0])).slices]
    depth = cv2.distanceTransform(around.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE).max()
    width = min(2 * float(depth) - 1, max(box.width, box.height))
    if method == "telea" or (method in ("auto", "hq") and width <= THIN):
        return [Piece(box, 1.0, True)]
    scale = min(1.0, WIDEST / width)
    side = round(PIECE / scale)
    pieces = []
    for top in range(box.top, box.bottom, side):
        for left in range(box.left, box.right, side):
            part = Box(left, top, min(left + side, box.right), min(top + side, box.bottom))
            rows, columns = (np.flatnonzero(mask[part.slices].any(axis)) for axis in (1, 0))
            if rows.size:
                tight = Box(left + columns[0], top + rows[0], left + columns[-1] + 1, top + rows[-1] + 1)
                pieces.append(Piece(Box(*map(int, tight)), scale, False))
    return pieces


Tell = Callable[[float], None]  # hears which share is done
Fill = Callable[[np.ndarray, np.ndarray], np.ndarray]  # uint8 [h, w, 3] and its hole, bool [h, w] -> uint8 [h, w, 3]


@dataclass
class Canvas:
    """The picture as it fills up: `hole` is what is still to be filled, `hidden` lies beneath alpha 0."""

    rgb: np.ndarray
    hole: np.ndarray
    hidden: np.ndarray

    def fill(self, piece: Piece, fill: Fill) -> None:
        """Fill the piece from its surroundings; from the whole picture if nothing near it can be seen."""
        height, width = self.hole.shape
        margin = TELEA_MARGIN if piece.scratch else round(MARGIN / piece.scale)
        window = piece.box.padded(margin, (width, height))
        if (self.hole[window.slices] | self.hidden[window.slices]).all():
            window = Box(0, 0, width, height)
        rgb, hole, hidden = (layer[window.slices] for layer in (self.rgb, self.hole, self.hidden))
        if hidden.any():
            rgb = bleed(rgb, hidden, ~(hole | hidden))
        left, top = piece.box.left - window.left, piece.box.top - window.top
        inner = Box(left, top, left + piece.box.width, top + piece.box.height).slices
        todo = self.hole[piece.box.slices]
        self.rgb[piece.box.slices][todo] = fill(rgb, hole)[inner][todo]
        todo[:] = False

    def refine(self, box: Box, mask: np.ndarray, device: torch.device, tell: Tell, seed: int) -> None:
        """Fill the part of `mask` in the box anew, with patches from around it; what it holds now is the guess."""
        height, width = mask.shape
        window = box.padded(max(REACH, box.width, box.height), (width, height))
        rgb, hole, hidden = (layer[window.slices] for layer in (self.rgb, mask, self.hidden))
        rgb[:] = patch_fill(rgb, hole, hidden, device, tell, seed)


def telea(rgb: np.ndarray, hole: np.ndarray) -> np.ndarray:
    return cv2.inpaint(np.ascontiguousarray(rgb), hole.astype(np.uint8), TELEA_RADIUS, cv2.INPAINT_TELEA)


def through_net(network: InpaintGAN, device: torch.device, rgb: np.ndarray, hole: np.ndarray) -> np.ndarray:
    """The filling of `hole` at the size of `rgb`; only inside the hole is it meant to be used."""
    height, width = hole.shape
    scale = min(1.0, (PIECE + 2 * MARGIN) / max(height, width))
    small, gap = rgb, hole
    if scale < 1:
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        small = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)
        gap = cv2.resize(hole.astype(np.float32), size, interpolation=cv2.INTER_AREA) > 0  # no colour of the hole stays
    multiple = network.net.multiple
    mask = torch.from_numpy(pad_to_multiple(gap, multiple)).to(device)[None, None].float()
    filled = to_rgb(network(to_tensor(pad_to_multiple(small, multiple), device), mask))[: gap.shape[0], : gap.shape[1]]
    return cv2.resize(filled, (width, height), interpolation=cv2.INTER_CUBIC) if scale < 1 else filled


TASK = Task(RepairRequest, run)
