"""An old photo made whole in one go: damage filled, noise and blur taken away, fading undone, contrast, faces.

After Wan et al., "Bringing Old Photos Back to Life" (2020), in the same order, with a small net for each step. Every
step can be left out, and what the picture was after each is kept, to be compared.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import ClassVar, cast

import numpy as np

from studio.core.errors import BadInput
from studio.core.image import Picture
from studio.core.progress import TaskControl
from studio.core.provenance import DigitalSource
from studio.engine.fading import unfaded
from studio.engine.pixels import preview, visible_colours
from studio.engine.tasks import damage, repair, upscale
from studio.engine.tasks.base import Models, Request, Task, setting
from studio.engine.tasks.damage import DamageRequest
from studio.engine.tasks.enhance import contrasted, on_lightness
from studio.engine.tasks.repair import RepairRequest
from studio.engine.tasks.restoration import judged, restored
from studio.engine.tasks.touch_up import touched_up
from studio.engine.tasks.upscale import UpscaleRequest
from studio.models.restore import RestoreNet

FILLS = ("none", "auto", "net", "hq", "telea")
GROW = 2  # px by which damage is widened before it is filled: its soft edge goes too


@dataclass(frozen=True, kw_only=True, eq=False)
class OldPhotoResult:
    """`steps` are (name, picture) after each step that was done; `mask` is the damage that was filled, bool [H, W]."""

    picture: Picture
    steps: tuple[tuple[str, Picture], ...]
    mask: np.ndarray


@dataclass(frozen=True, kw_only=True, eq=False)
class OldPhotoRequest(Request[OldPhotoResult]):
    """A scan of an old print, and how much of each step; 0 or none leaves a step out."""

    task: ClassVar[str] = "oldphoto"
    picture: Picture
    fill: str = setting("auto", "how damage is filled, as in repair; none: it stays", choices=FILLS)
    threshold: float = setting(0.5, "of damage: lower finds more, and more that is none", low=0.05, high=0.95)
    restore: float = setting(1.0, "how much of the noise, blur and JPEG found is taken away", low=0.0, high=1.0)
    fade: float = setting(0.9, "how much fading and yellowing is undone; a print of one tone gets grey", low=0, high=1)
    contrast: float = setting(0.2, "local contrast (CLAHE)", low=0.0, high=1.0)
    faces: float = setting(0.0, "how much faces are redrawn by the upscaler for faces", low=0.0, high=1.0)
    factor: int = setting(1, "times the picture's width and height in the end", low=1, high=4)
    seed: int = setting(0, "of the filling hq", low=0, high=2**31 - 1)


Stage = Callable[[Picture], Picture]


def run(request: OldPhotoRequest, models: Models, control: TaskControl) -> OldPhotoResult:
    """Alpha and profile stay; a step that finds nothing to do changes nothing."""
    stages = chosen(request, models, TaskControl(listener=lambda now: control.check()))
    if not stages:
        raise BadInput("Every step is left out; choose at least one.")
    picture = replace(request.picture, rgb=visible_colours(request.picture))
    mask, steps = np.zeros((picture.height, picture.width), bool), []
    for index, (name, stage) in enumerate(stages):
        control.check()
        before, picture = picture, stage(picture)
        if name == "fill":
            mask = (before.rgb != picture.rgb).any(-1)
        steps.append((name, picture))
        control.report(index + 1, len(stages), preview(picture.rgb) if control.listener else None)
    source = request.picture.source or DigitalSource.COMPOSITE
    picture = replace(picture, settings=request.settings(), source=source)
    return OldPhotoResult(picture=picture, steps=tuple(steps), mask=mask)


def chosen(request: OldPhotoRequest, models: Models, quiet: TaskControl) -> list[tuple[str, Stage]]:
    """The steps that are wanted, in their order."""

    def fill(picture: Picture) -> Picture:
        found = damage.run(DamageRequest(picture=picture, threshold=request.threshold, grow=GROW), models, quiet).mask
        if not found.any() or found.all():
            return picture
        asked = RepairRequest(picture=picture, mask=found, method=request.fill, seed=request.seed)
        return repair.run(asked, models, quiet).picture

    def restore(picture: Picture) -> Picture:
        network = cast(RestoreNet, models.model("restore", "restore"))
        if min(picture.size) < network.multiple:
            return picture
        levels = judged(network, models.device, picture.rgb).times(request.restore)
        rgb = restored(network, models.device, picture.rgb, levels, lambda *_: quiet.check())
        return replace(picture, rgb=rgb)

    def fade(picture: Picture) -> Picture:
        return replace(picture, rgb=unfaded(picture.rgb, request.fade))

    def contrast(picture: Picture) -> Picture:
        rgb = on_lightness(picture.rgb, lambda light: contrasted(light, "clahe", request.contrast))
        return replace(picture, rgb=rgb)

    def faces(picture: Picture) -> Picture:
        return replace(picture, rgb=touched_up(picture.rgb, models, request.faces))

    def enlarge(picture: Picture) -> Picture:
        return upscale.run(UpscaleRequest(picture=picture, factor=request.factor), models, quiet).picture

    stages = {
        "fill": (request.fill != "none", fill),
        "restore": (request.restore > 0, restore),
        "fade": (request.fade > 0, fade),
        "contrast": (request.contrast > 0, contrast),
        "faces": (request.faces > 0, faces),
        "enlarge": (request.factor > 1, enlarge),
    }
    return [(name, stage) for name, (wanted, stage) in stages.items() if wanted]


TASK = Task(OldPhotoRequest, run)
