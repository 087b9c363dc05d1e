"""A texture like an example: patches of the picture in another order, in any size, without a seam where it repeats."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

import numpy as np
import torch

from studio.core.errors import BadInput
from studio.core.image import Picture, resize
from studio.core.progress import TaskControl
from studio.engine.pixels import preview, to_rgb, to_tensor, visible_colours
from studio.engine.tasks.base import Models, Request, Task, setting
from studio.engine.tasks.texture import TextureResult, save
from studio.engine.textures.relief import heights_of
from studio.engine.textures.seams import calmest
from studio.engine.textures.synthesis import LEAST, Example, synthesise

LARGEST = 512  # px of the example's short side, at scale 1
SMALLEST = 24  # px
LONGEST = 2048  # px of a side of the texture
ROUGH = 0.5  # share of an example's fine detail that is taken for relief


@dataclass(frozen=True, kw_only=True, eq=False)
class TextureExampleRequest(Request[TextureResult]):
    """The example, of which what alpha hides is not used, and what to make of it."""

    task: ClassVar[str] = "texture_example"
    picture: Picture
    width: int = setting(512, "width, px", low=64, high=LONGEST)
    height: int = setting(512, "height, px", low=64, high=LONGEST)
    seed: int = setting(0, "another seed gives another texture", low=0, high=2**32 - 1)
    scale: float = setting(
        1.0, "size of its features; 1: as in the example, if that is at most 512 px", low=0.1, high=2.0
    )
    variety: float = setting(0.5, "0: much like the example side by side, 1: all in another order", low=0.0, high=1.0)


def run(request: TextureExampleRequest, models: Models, control: TaskControl) -> TextureResult:
    """The profile stays, and so does the mark of a generated example."""
    picture = request.picture
    if min(picture.size) < SMALLEST:
        raise BadInput(
            f"{picture.name or 'The picture'} has only {picture.width} x {picture.height} px; "
            f"an example needs at least {SMALLEST} px a side."
        )
    rgb, visible = scaled(picture, request.scale)
    image, shown = to_tensor(rgb, models.device)[0], torch.from_numpy(visible).to(models.device)
    if len(Example.of(image, shown).places) < LEAST:
        raise BadInput("Too little of the example can be seen; choose a picture with less that is transparent.")

    def tell(done: int, rounds: int, texture: torch.Tensor) -> None:
        control.report(done, rounds, preview(to_rgb(texture[None])) if control.listener else None)

    size = (request.height, request.width)
    made = to_rgb(synthesise(image, shown, size, variety=request.variety, seed=request.seed, tell=tell)[None])
    down, across = calmest(made)
    made = np.roll(made, (-down, -across), (0, 1))
    settings = request.settings()
    name = f"{Path(picture.name).stem or 'picture'}-texture.png"
    texture = replace(picture, rgb=made, alpha=None, name=name, settings=settings)
    return TextureResult(picture=texture, heights=heights_of(made, detail=ROUGH), settings=settings)


def scaled(picture: Picture, scale: float) -> tuple[np.ndarray, np.ndarray]:
    """The example's colours, uint8 [h, w, 3], and what of it can be seen, bool [h, w], at the size it is copied at."""
    short = min(picture.size)
    factor = max(scale * min(1.0, LARGEST / short), SMALLEST / short)
    rgb, alpha = visible_colours(picture), picture.alpha
    size = round(picture.width * factor), round(picture.height * factor)
    if size != picture.size:
        rgb, alpha = resize(rgb, size), None if alpha is None else resize(alpha, size)
    return rgb, np.ones(rgb.shape[:2], bool) if alpha is None else alpha > 127


TASK = Task(TextureExampleRequest, run, save)
