"""A picture that repeats without a seam: its border is replaced, all else stays as it was."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

import cv2
import numpy as np

from studio.core.errors import BadInput
from studio.core.image import Picture
from studio.core.progress import TaskControl
from studio.engine.tasks.base import Models, Request, Task, setting
from studio.engine.tasks.enhance import on_lightness
from studio.engine.tasks.texture import TextureResult, save
from studio.engine.tasks.texture_example import ROUGH
from studio.engine.textures.relief import heights_of
from studio.engine.textures.seams import sewn

SMALLEST = 64  # px
SLOW = 0.25  # of the short side: light that changes more slowly is evened


@dataclass(frozen=True, kw_only=True, eq=False)
class TextureSeamlessRequest(Request[TextureResult]):
    """A picture, and how wide a band along its border may change."""

    task: ClassVar[str] = "texture_seamless"
    picture: Picture
    band: float = setting(0.3, "width of the band across a seam that may change, share of the side", low=0.02, high=0.6)
    even: float = setting(0.0, "slow changes of light that are evened out; 0: none, 1: all", low=0.0, high=1.0)


def run(request: TextureSeamlessRequest, models: Models, control: TaskControl) -> TextureResult:
    """The border is replaced by the picture moved by half, where the two differ least. Farther in every pixel keeps its
    bytes, unless light is evened; size and profile stay.
    """
    picture = request.picture
    if min(picture.size) < SMALLEST:
        raise BadInput(
            f"{picture.name or 'The picture'} has only {picture.width} x {picture.height} px; "
            f"choose one of at least {SMALLEST} px a side."
        )
    rgb = evened(picture.rgb, request.even) if request.even else picture.rgb
    control.check()
    layers = rgb if picture.alpha is None else np.dstack([rgb, picture.alpha])
    made = sewn(layers, request.band)
    rgb, alpha = np.ascontiguousarray(made[..., :3]), None if picture.alpha is None else made[..., 3]
    settings = request.settings()
    name = f"{Path(picture.name).stem or 'picture'}-seamless.png"
    seamless = replace(picture, rgb=rgb, alpha=alpha, name=name, settings=settings)
    return TextureResult(picture=seamless, heights=heights_of(rgb, detail=ROUGH), settings=settings)


def evened(rgb: np.ndarray, amount: float) -> np.ndarray:
    """Lightness without its slow changes, which would show as blotches where the picture repeats; uint8 [H, W, 3]."""
    sigma = SLOW * min(rgb.shape[:2])

    def change(light: np.ndarray) -> np.ndarray:
        slow = cv2.GaussianBlur(light, (0, 0), sigma, borderType=cv2.BORDER_REFLECT)
        return (light - amount * (slow - slow.mean())).clip(0, 100)

    return on_lightness(rgb, change)


TASK = Task(TextureSeamlessRequest, run, save)
