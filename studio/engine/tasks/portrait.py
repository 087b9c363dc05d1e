"""A face in a photo, changed as faces are steered, and put back.

The face is found, cut upright, and a code for it is searched. What goes back into the photo is the difference between
the steered and the found face, so that all the generator cannot draw stays as it was in the photo.
"""

from dataclasses import dataclass, replace
from typing import Any, ClassVar, cast

import cv2
import numpy as np
import torch
from torch import nn

from studio.core.errors import BadInput
from studio.core.image import Picture
from studio.core.portrait import FaceFinder, cut, locate_square, paste
from studio.core.progress import TaskControl
from studio.core.provenance import DigitalSource
from studio.engine.pixels import to_tensor
from studio.engine.steering.codes import RANGES, to_text
from studio.engine.steering.invert import invert, tuned
from studio.engine.tasks import faces
from studio.engine.tasks.base import Models, Request, Task, setting
from studio.engine.tasks.faces import LANDMARKS, Face, FacesRequest
from studio.models.face_gan import FaceGAN
from studio.models.landmarks import LandmarkNet
from studio.models.refiner import Refiner

REFINER = "refiner"
LEAST = 48  # px a side of a face that is worth the work


@dataclass(frozen=True, kw_only=True)
class PortraitResult:
    """The photo with the steered face, that face, and the photo's own face as the model draws it.

    `square` [2, 3] takes px of the photo to shares of the face's square; `psnr` (dB) is how well the face was found;
    `network` is the model that draws it: the request's, or a copy tuned to the face.
    """

    picture: Picture
    face: Face
    found: Face
    square: np.ndarray
    psnr: float
    network: FaceGAN


@dataclass(frozen=True)
class Tuned:
    """The engine's models, but for one face model that was tuned."""

    models: Models
    tuned: str
    network: FaceGAN

    @property
    def device(self) -> torch.device:
        return self.models.device

    def model(self, name: str, family: str = "") -> nn.Module:
        return self.network if name == self.tuned else self.models.model(name, family)

    def names(self, family: str) -> tuple[str, ...]:
        return self.models.names(family)

    def figures(self, name: str) -> dict[str, Any]:
        return self.models.figures(name)


@dataclass(frozen=True, kw_only=True, eq=False)
class PortraitRequest(Request[PortraitResult]):
    """A photo, which of its faces (1 is the largest), and how it is steered: as in FacesRequest."""

    task: ClassVar[str] = "portrait"
    picture: Picture
    which: int = setting(0, "which face, 1 the largest; 0: the only one", low=0, high=99)
    steps: int = setting(120, "steps of the search for the face; more is closer and slower", low=0, high=1000)
    tune: int = setting(0, "steps in which a copy of the model learns the face, such as 100; 0: none", low=0, high=500)
    other: str = setting("", "seed or code of a second face to mix in")
    share: float = setting(0.5, "how much of the second face: 0 none, 1 all", low=0.0, high=1.0)
    mix: str = setting("all", "what of the second face: coarse, middle or fine", choices=tuple(RANGES))
    prompt: str = setting("", "words, such as 'smiling'")
    sliders: str = setting("", "moves along directions, such as 'smile=1.5 form-1=2'")
    landmarks: str = setting("", "such as 'nose=30 mouth=40x12 size=128', px of the cut face")
    drag: str = setting("", "points to pull, such as '40,60>48,60', in px of the cut face")
    movable: str = setting("", "circles that may change when points are pulled, such as '64,80,20'; none: all")
    model: str = setting("faces", "model of the library")


STEERED = ("other", "share", "mix", "prompt", "sliders", "landmarks", "drag", "movable", "model")


def run(request: PortraitRequest, models: Models, control: TaskControl) -> PortraitResult:
    """Find, search, steer, put back."""
    network = cast(FaceGAN, models.model(request.model, "faces"))
    size, photo = network.config.size, request.picture.rgb
    square = find_square(request, models)
    crop = cut(photo, square, size)
    target = to_tensor(crop, models.device)
    refiner = cast(Refiner, models.model(REFINER, "refiner"))
    code = invert(network, refiner, target, request.steps, control)
    if request.tune:
        network = tuned(network, code, target, request.tune, control)
        models = Tuned(models, request.model, network)
    plain = faces.face_of(network.generator, code, FacesRequest(count=1, code=to_text(code), model=request.model))
    error = np.square(plain.picture.rgb.astype(float) - crop).mean()
    steering = {key: getattr(request, key) for key in STEERED}
    (face,) = faces.run(FacesRequest(count=1, code=to_text(code), **steering), models, control).faces
    settings = request.settings() | {"code": face.code}
    picture = replace(request.picture, settings=settings)
    if any(getattr(request, key) for key in ("other", "prompt", "sliders", "landmarks", "drag")):
        rgb = put_back(photo, plain.picture.rgb, face.picture.rgb, square)
        picture = replace(picture, rgb=rgb, source=picture.source or DigitalSource.COMPOSITE)
    psnr = float(10 * np.log10(255**2 / max(error, 1e-9)))
    return PortraitResult(picture=picture, face=face, found=plain, square=square, psnr=psnr, network=network)


def find_square(request: PortraitRequest, models: Models) -> np.ndarray:
    """The square of the face that is asked for; BadInput without one, and when it is not clear which."""
    photo, name = request.picture.rgb, request.picture.name or "The picture"
    boxes = FaceFinder().find(photo)
    if not boxes:
        raise BadInput(f"No face was found in {name}; choose a photo in which one looks towards the camera.")
    if request.which > len(boxes) or (request.which == 0 and len(boxes) > 1):
        raise BadInput(f"There are {len(boxes)} faces in {name}; say which, 1 being the largest (which).")
    box = boxes[max(request.which, 1) - 1]
    if box.width < LEAST:
        raise BadInput(f"The face in {name} is only {round(box.width)} px wide; choose a larger picture of it.")
    net = cast(LandmarkNet, models.model(LANDMARKS, "landmarks"))
    return locate_square(photo, box, net.locate, net.config.points, net.config.size)


def put_back(photo: np.ndarray, before: np.ndarray, after: np.ndarray, square: np.ndarray) -> np.ndarray:
    """A copy of the photo changed in its `square` as `after` differs from `before`, both uint8 [S, S, 3]."""
    side = max(len(after), round(1 / float(np.hypot(*square[0, :2]))))  # the square's own size in the photo
    shift = after.astype(np.float32) - before
    shift = cv2.resize(shift, (side, side), interpolation=cv2.INTER_CUBIC)
    face = np.clip(np.round(cut(photo, square, side) + shift), 0, 255).astype(np.uint8)
    return paste(photo, face, square)


TASK = Task(PortraitRequest, run)
