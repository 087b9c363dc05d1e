"""Faces out of noise: face i of a request uses the seed `seed + i` alone, so each can be made again by itself."""

from dataclasses import dataclass, replace
from typing import Any, ClassVar, cast

import torch

from studio.core.image import Picture
from studio.core.progress import TaskControl
from studio.core.provenance import DigitalSource
from studio.engine.tasks.base import Models, Request, Task, setting
from studio.engine.tasks.pixels import to_rgb
from studio.models.face_gan import FaceGAN

SEEDS = 2**32  # seeds wrap here, so that every face's own seed is a valid request


@dataclass(frozen=True, kw_only=True)
class Face:
    """One face at the network's own size and what makes it again."""

    picture: Picture
    seed: int
    settings: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class FacesResult:
    faces: tuple[Face, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class FacesRequest(Request[FacesResult]):
    """How many faces, from which seed on, and how far from the average face they may stray."""

    task: ClassVar[str] = "faces"
    count: int = setting(6, "how many faces", low=1, high=64)
    seed: int = setting(0, "seed of the first face; each next face adds one", low=0, high=SEEDS - 1)
    variety: float = setting(0.7, "0: the average face; 1: as varied as the data", low=0.0, high=1.5)
    model: str = setting("faces", "model of the library")

    @property
    def seeds(self) -> list[int]:
        return [(self.seed + index) % SEEDS for index in range(self.count)]


def run(request: FacesRequest, models: Models, control: TaskControl) -> FacesResult:
    """One face a pass: a batch would round otherwise, and the same seed must give the same bytes."""
    network = cast(FaceGAN, models.model(request.model, "faces"))
    faces = []
    for index, seed in enumerate(request.seeds):
        draw = torch.Generator("cpu").manual_seed(seed)
        z = torch.randn(1, network.config.latent, generator=draw).to(models.device)
        rgb = to_rgb(network(z, request.variety))
        settings = replace(request, seed=seed, count=1).settings()
        name = f"{request.model}-{seed}.png"
        picture = Picture(rgb=rgb, name=name, settings=settings, source=DigitalSource.GENERATED)
        faces.append(Face(picture=picture, seed=seed, settings=settings))
        control.report(index + 1, request.count, rgb)
    return FacesResult(faces=tuple(faces))


TASK = Task(FacesRequest, run)
