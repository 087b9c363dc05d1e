"""A picture enlarged by a network, in tiles that show no seams, at any size up to what Easel can save.

Faces have a network of their own, which draws what is lost; photos have one for each factor, which invents nothing.
"""

import math
from dataclasses import dataclass, replace
from typing import ClassVar, cast

import numpy as np
import torch

from studio.core.errors import BadInput
from studio.core.image import Picture, resize
from studio.core.portrait import FaceFinder
from studio.core.progress import TaskControl
from studio.core.provenance import DigitalSource
from studio.core.settings import MAX_PIXELS
from studio.engine.pixels import preview, tiles, to_rgb, to_tensor, visible_colours
from studio.engine.tasks.base import Models, Request, Task, setting
from studio.models.upscale import UpscaleGAN, UpscaleNet

TILE = 320  # px kept of a tile, before it is enlarged
FACES = "upscale-faces"
PHOTOS = {2: "upscale-x2", 4: "upscale-x4"}
SUBJECTS = ("auto", "photo", "face")
PORTRAIT = 512  # px of the short side up to which a picture can be a face for the network for faces
FILLING = 0.4  # of the short side, how wide a face is that fills a picture


@dataclass(frozen=True, kw_only=True, eq=False)
class UpscaleResult:
    picture: Picture


@dataclass(frozen=True, kw_only=True, eq=False)
class UpscaleRequest(Request[UpscaleResult]):
    """A picture and how many times longer its sides become."""

    task: ClassVar[str] = "upscale"
    picture: Picture
    factor: int = setting(2, "times the picture's width and height", low=2, high=4)
    subject: str = setting("auto", "what is enlarged; auto: face where one fills a small picture", choices=SUBJECTS)
    model: str = setting("", "model of the library; empty: the one for the subject and factor")


def run(request: UpscaleRequest, models: Models, control: TaskControl) -> UpscaleResult:
    """Alpha is enlarged without the network; profile and name stay."""
    picture, factor = request.picture, request.factor
    if picture.width * picture.height * factor**2 > MAX_PIXELS:
        most = math.isqrt(MAX_PIXELS // factor**2)
        raise BadInput(
            f"{picture.name or 'The picture'} is too large to be enlarged {factor} times; "
            f"choose one of at most {most} x {most} px, or a smaller factor."
        )
    name = request.model or model_for(request, models)
    network = cast(UpscaleGAN, models.model(name, "upscale"))
    rgb = enlarge(network.net, models.device, visible_colours(picture), factor, control)
    size = (picture.width * factor, picture.height * factor)
    alpha = None if picture.alpha is None else resize(picture.alpha, size)
    source, settings = picture.source or DigitalSource.COMPOSITE, request.settings() | {"model": name}
    return UpscaleResult(picture=replace(picture, rgb=rgb, alpha=alpha, settings=settings, source=source))


def model_for(request: UpscaleRequest, models: Models) -> str:
    """The best of the models there are: of photos 4 times at once, else twice 2 times; without any, that of the other
    subject, and for want of all the one that is missing."""
    photos = [PHOTOS[2], PHOTOS[4]] if request.factor == 2 else [PHOTOS[4], PHOTOS[2]]
    face = request.subject == "face" or (request.subject == "auto" and shows_face(request.picture.rgb))
    wanted, there = [FACES, *photos] if face else [*photos, FACES], models.names("upscale")
    return next((name for name in wanted if name in there), wanted[0])


def shows_face(rgb: np.ndarray) -> bool:
    """Whether a small picture is filled by a face, as those are that Easel makes."""
    short = min(rgb.shape[:2])
    if not 32 <= short <= PORTRAIT:
        return False
    return any(box.width > FILLING * short for box in FaceFinder().find(rgb)[:1])


def enlarge(
    network: UpscaleNet, device: torch.device, rgb: np.ndarray, factor: int, control: TaskControl | None = None
) -> np.ndarray:
    """uint8 [H, W, 3] -> [factor * H, factor * W, 3]: through the network until it is large enough, then resized."""
    made, scale = rgb, network.config.scale
    rounds = max(1, math.ceil(math.log(factor, scale)))
    for index in range(rounds):
        made = _once(network, device, made, control if index == rounds - 1 else None)
    size = (rgb.shape[1] * factor, rgb.shape[0] * factor)
    return made if made.shape[1::-1] == size else resize(made, size)


def _once(network: UpscaleNet, device: torch.device, rgb: np.ndarray, control: TaskControl | None) -> np.ndarray:
    """Each tile is read with a rim as wide as the network sees, so its kept pixels are those of one whole pass."""
    scale, rim = network.config.scale, network.rim
    height, width = rgb.shape[:2]
    result = np.empty((height * scale, width * scale, 3), np.uint8)
    windows = list(tiles(width, height, TILE))
    for index, (rows, columns) in enumerate(windows):
        top, left = max(0, rows.start - rim), max(0, columns.start - rim)
        seen = to_tensor(rgb[top : rows.stop + rim, left : columns.stop + rim], device)
        large = to_rgb(network(seen.contiguous(memory_format=torch.channels_last)))
        inner = large[(rows.start - top) * scale :, (columns.start - left) * scale :]
        place = result[rows.start * scale : rows.stop * scale, columns.start * scale : columns.stop * scale]
        place[:] = inner[: place.shape[0], : place.shape[1]]
        if control:
            control.report(index + 1, len(windows), preview(result) if control.listener else None)
    return result


TASK = Task(UpscaleRequest, run)
