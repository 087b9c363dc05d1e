"""Where the features of an aligned face are: what a request for other landmarks starts from."""

from dataclasses import dataclass
from typing import ClassVar, cast

import numpy as np

from studio.core.image import Picture
from studio.core.progress import TaskControl
from studio.engine.pixels import to_tensor
from studio.engine.steering.landmarks import locate, measure
from studio.engine.tasks.base import Models, Request, Task, setting
from studio.models.landmarks import LandmarkNet


@dataclass(frozen=True, kw_only=True)
class LandmarksResult:
    """`points` [P, 2] of the mesh's indices `mesh`, and what is made of them: places and lengths; all in px."""

    points: np.ndarray
    mesh: tuple[int, ...]
    features: dict[str, float | tuple[float, float]]


@dataclass(frozen=True, kw_only=True, eq=False)
class LandmarksRequest(Request[LandmarksResult]):
    """A square picture of one face, cut as the face models make them."""

    task: ClassVar[str] = "landmarks"
    picture: Picture
    model: str = setting("landmarks", "model of the library")


def run(request: LandmarksRequest, models: Models, control: TaskControl) -> LandmarksResult:
    """One pass of the net."""
    net = cast(LandmarkNet, models.model(request.model, "landmarks"))
    points = locate(net, to_tensor(request.picture.rgb, models.device))
    side = request.picture.width
    found = {key: value[0].cpu() * side for key, value in measure(points, net.config.points).items()}
    control.report(1, 1)
    return LandmarksResult(
        points=points[0].cpu().numpy() * side,
        mesh=net.config.points,
        features={
            key: value.item() if value.ndim == 0 else (value[0].item(), value[1].item()) for key, value in found.items()
        },
    )


TASK = Task(LandmarksRequest, run, save=None)
