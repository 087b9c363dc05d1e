"""Where a made face comes from: the training pictures nearest to it, what it shows, and what its edits changed.

The model remembers its training pictures as latents only; a neighbour is shown as the generator draws its latent.
"""

from dataclasses import dataclass
from typing import Any, ClassVar, cast

import numpy as np
import torch
from torch import Tensor

from studio.core.errors import BadInput
from studio.core.progress import TaskControl
from studio.engine.pixels import to_rgb
from studio.engine.steering.codes import layers_of
from studio.engine.tasks.base import REQUIRED, Models, Request, Task, setting
from studio.engine.tasks.faces import named_sliders, source
from studio.models.face_gan import FaceGAN

STAGES = ("coarse", "middle", "fine")


@dataclass(frozen=True, kw_only=True, eq=False)
class Neighbour:
    """A training picture, number `index` of the model's, as the generator draws it.

    `distance` is the angle between the latents in degrees; `closer` the share of training pictures whose own nearest
    other one is nearer than that: near 0 would be a copy.
    """

    index: int
    distance: float
    closer: float
    rgb: np.ndarray


@dataclass(frozen=True, kw_only=True, eq=False)
class ExplainResult:
    """`attributes` are in deviations among made faces; `changed` is the mean change of the picture, in levels of
    0 to 255, when the styles of one range of stages alone are exchanged for those before the edits."""

    neighbours: tuple[Neighbour, ...]
    attributes: dict[str, float]
    changed: dict[str, float]


@dataclass(frozen=True, kw_only=True, eq=False)
class ExplainRequest(Request[ExplainResult]):
    """A face by its seed or code and, to see what edits changed, what it was before them."""

    task: ClassVar[str] = "explain"
    face: str = setting(REQUIRED, "seed or code of a face")
    before: str = setting("", "seed or code of the face before it was edited")
    variety: float = setting(0.7, "of faces given as seeds; 0: average, 1: as varied as the data", low=0.0, high=1.5)
    count: int = setting(3, "how many neighbours", low=1, high=20)
    model: str = setting("faces", "model of the library")


def run(request: ExplainRequest, models: Models, control: TaskControl) -> ExplainResult:
    network = cast(FaceGAN, models.model(request.model, "faces"))
    generator = network.generator
    code = source(request.face, generator, request.variety)
    picture = generator.synthesize(code[None]).clamp(-1, 1)
    sliders = named_sliders(models, generator)
    attributes = sliders.attributes(code.mean(0, keepdim=True))[0].tolist() if sliders else []
    changed = {}
    if request.before:
        before = source(request.before, generator, request.variety)
        for name in STAGES:
            mixed = code.clone()
            layers = layers_of(name, generator)
            mixed[layers] = before[layers]
            levels = to_rgb(generator.synthesize(mixed[None])).astype(float) - to_rgb(picture)
            changed[name] = float(np.abs(levels).mean())
    return ExplainResult(
        neighbours=neighbours(network, picture, request.count, request.model),
        attributes=dict(zip(sliders.config.names, attributes, strict=True)) if sliders else {},
        changed=changed,
    )


def told(found: ExplainResult) -> dict[str, Any]:
    """The result as JSON can hold it, without the pictures."""
    rows = [
        {"picture": one.index, "degrees": round(one.distance, 1), "closer": round(one.closer, 3)}
        for one in found.neighbours
    ]
    parts = {"attributes": found.attributes, "changed": found.changed}
    return {"neighbours": rows} | {
        key: {name: round(value, 2) for name, value in part.items()} for key, part in parts.items()
    }


def neighbours(network: FaceGAN, picture: Tensor, count: int, name: str) -> tuple[Neighbour, ...]:
    """The nearest training pictures of `picture` [1, 3, S, S]; BadInput when the model remembers none."""
    known = network.references
    if len(known) < 2:
        raise BadInput(f"The face model '{name}' remembers no training pictures; train it anew to have them.")
    angles = between(network.encoder(picture), known)[0]
    own = between(known, known).fill_diagonal_(180).min(1).values
    nearest = angles.topk(min(count, len(known)), largest=False)
    return tuple(
        Neighbour(
            index=index,
            distance=angle,
            closer=float((own < angle).float().mean()),
            rgb=to_rgb(network.generator(known[index : index + 1])),
        )
        for angle, index in zip(nearest.values.tolist(), nearest.indices.tolist(), strict=True)
    )


def between(a: Tensor, b: Tensor) -> Tensor:
    """Latents [N, D] and [M, D] on a sphere -> the angles [N, M] between them, degrees."""
    a, b = torch.nn.functional.normalize(a.float()), torch.nn.functional.normalize(b.float())
    return (a @ b.T).clamp(-1, 1).acos().rad2deg()


TASK = Task(ExplainRequest, run, save=None)
