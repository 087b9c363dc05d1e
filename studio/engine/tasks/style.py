"""A picture in one of a model's painting styles, at the picture's own size.

Large pictures go through the network in tiles that show no seams, for two reasons. The norms' statistics, the only
thing that looks at the whole picture, are taken once on a copy of at most STATISTICS_SIDE px and then frozen. And each
tile is read with a rim as wide as the network can see, which is cut off again: every pixel that is kept has seen
exactly what it would see in one pass over the whole picture, so there is nothing left to blend.
"""

from dataclasses import dataclass, replace
from typing import Any, ClassVar, cast

import cv2
import numpy as np
import torch
from torch import Tensor

from studio.core.errors import BadInput
from studio.core.image import Picture
from studio.core.progress import TaskControl
from studio.core.provenance import DigitalSource
from studio.engine.tasks.base import REQUIRED, Models, Request, Task, setting
from studio.engine.tasks.pixels import pad_to_multiple, preview, tiles, to_rgb, to_tensor, visible_colours
from studio.models.style import Statistics, StyleNet

STATISTICS_SIDE = 1024
TILE = 640  # px kept of a tile


@dataclass(frozen=True, kw_only=True, eq=False)
class StyleResult:
    picture: Picture
    settings: dict[str, Any]


@dataclass(frozen=True, kw_only=True, eq=False)
class StyleRequest(Request[StyleResult]):
    """A picture, the name of a preset of the model, and how far to go towards it."""

    task: ClassVar[str] = "style"
    picture: Picture
    preset: str = setting(REQUIRED, "style to paint in")
    strength: float = setting(1.0, "0: the picture itself; 1: the full style", low=0.0, high=1.0)
    keep_colours: bool = setting(False, "keep the picture's colours; take only light and brushwork from the style")
    model: str = setting("art", "model of the library")


def presets(models: Models, name: str) -> tuple[str, ...]:
    """The styles that the model `name` knows."""
    return cast(StyleNet, models.model(name, "art")).config.presets


def check_preset(models: Models, name: str, preset: str) -> None:
    """BadInput when the model `name` does not know the style."""
    known = presets(models, name)
    if preset not in known:
        raise BadInput(f"The model '{name}' has no style '{preset}'; choose one of: {', '.join(known)}.")


def run(request: StyleRequest, models: Models, control: TaskControl) -> StyleResult:
    """Alpha, colour profile and size stay; strength 0 gives the very same pixels."""
    check_preset(models, request.model, request.preset)
    network = cast(StyleNet, models.model(request.model, "art"))
    settings = request.settings()
    if request.strength == 0:
        return StyleResult(picture=replace(request.picture, settings=settings), settings=settings)
    rgb = visible_colours(request.picture)
    painter = Painter(network, models.device, request.preset, request.strength)
    statistics = painter.measure(rgb)
    height, width = rgb.shape[:2]
    windows = list(tiles(width, height, TILE if statistics else max(width, height)))
    result = rgb.copy()
    for index, (rows, columns) in enumerate(windows):
        tile = painter.paint(rgb, rows, columns, statistics)
        result[rows, columns] = lightness_only(tile, rgb[rows, columns]) if request.keep_colours else tile
        control.report(index + 1, len(windows), preview(result) if control.listener else None)
    source = request.picture.source or DigitalSource.COMPOSITE
    painted = replace(request.picture, rgb=result, settings=settings, source=source)
    return StyleResult(picture=painted, settings=settings)


@dataclass
class Painter:
    """A network held at one preset and strength."""

    network: StyleNet
    device: torch.device
    preset: str
    strength: float

    @property
    def rim(self) -> int:
        """How far an output pixel sees, px, rounded up to the network's stride: 16 px outside the blocks, 8 a block."""
        return 16 + 8 * self.network.config.blocks

    def forward(self, x: Tensor, statistics: Statistics | None) -> Tensor:
        """[1, 3, H, W] -> [1, 3, H, W]; below full strength, what the identity gets wrong is put right."""
        mixture = self.network.mixture(self.preset, self.strength)
        if self.strength == 1:
            return self.network(x, mixture, statistics)
        both = torch.cat([mixture, self.network.mixture(self.preset, 0.0)])  # [2, presets + 1]
        styled, identity = self.network(x.expand(2, -1, -1, -1), both, statistics).split(1)
        return styled + (1 - self.strength) * (x - identity)

    def measure(self, rgb: np.ndarray) -> Statistics | None:
        """The norms' statistics on a small copy of a large picture; None when the picture is small itself."""
        height, width = rgb.shape[:2]
        scale = STATISTICS_SIDE / max(height, width)
        if scale >= 1:
            return None
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        statistics = Statistics()
        self.forward(self._padded(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)), statistics)
        return statistics.freeze()

    def paint(self, rgb: np.ndarray, rows: slice, columns: slice, statistics: Statistics | None) -> np.ndarray:
        """The window of `rgb`, uint8 [h, w, 3], as one pass over the whole picture would give it."""
        top, left = max(0, rows.start - self.rim), max(0, columns.start - self.rim)
        seen = rgb[top : rows.stop + self.rim, left : columns.stop + self.rim]
        painted = to_rgb(self.forward(self._padded(seen), statistics))
        return painted[rows.start - top : rows.stop - top, columns.start - left : columns.stop - left]

    def _padded(self, rgb: np.ndarray) -> Tensor:
        return to_tensor(pad_to_multiple(rgb, self.network.multiple, least=16), self.device)


def lightness_only(painted: np.ndarray, original: np.ndarray) -> np.ndarray:
    """The lightness of `painted` with the colours of `original` (both uint8 [H, W, 3]), in CIE Lab."""
    lab = cv2.cvtColor(original.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    lab[..., 0] = cv2.cvtColor(painted.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)[..., 0]
    return (cv2.cvtColor(lab, cv2.COLOR_LAB2RGB).clip(0, 1) * 255).round().astype(np.uint8)


TASK = Task(StyleRequest, run)
