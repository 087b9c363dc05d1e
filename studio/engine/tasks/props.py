"""Props with alpha out of nothing, or variations of one; each from a seed, and all on a sheet."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar, cast

import numpy as np
import torch
from torch import Tensor

from studio.core.image import Picture, write_picture
from studio.core.progress import TaskControl
from studio.core.provenance import DigitalSource
from studio.core.sprites.atlas import write_sheet
from studio.core.sprites.files import Place
from studio.core.sprites.sheet import Sheet
from studio.core.sprites.square import squared, unsquared
from studio.engine.sprites import PackSettings, flowed
from studio.engine.tasks.base import Models, Request, Task, setting
from studio.models.face_gan import FaceGAN, project

SEEDS = 2**32  # seeds wrap here


@dataclass(frozen=True, kw_only=True, eq=False)
class PropsResult:
    """Each prop by itself, with what makes it again in its settings, and all of them on a sheet."""

    props: tuple[Picture, ...]
    sheet: Sheet
    form: str
    settings: dict[str, Any]


@dataclass(frozen=True, kw_only=True, eq=False)
class PropsRequest(PackSettings, Request[PropsResult]):
    """How many, from which seed on; with a picture they are variations of the prop that it shows."""

    task: ClassVar[str] = "props"
    picture: Picture | None = None
    count: int = setting(12, "how many props", low=1, high=256)
    seed: int = setting(0, "seed of the first prop; each next one adds one", low=0, high=SEEDS - 1)
    variety: float = setting(0.8, "0: the average prop; 1: as varied as the data", low=0.0, high=1.5)
    change: float = setting(
        0.4, "of a given prop: 0 leaves it as the model sees it, 1 makes any other", low=0.0, high=1.0
    )
    model: str = setting("props", "model of the library")


def run(request: PropsRequest, models: Models, control: TaskControl) -> PropsResult:
    """One a pass: a batch would round otherwise, and the same seed must give the same bytes."""
    network = cast(FaceGAN, models.model(request.model, "props"))
    known = None
    if request.picture is not None:
        known = network.encoder(to_planes(squared(request.picture, network.config.size), models.device))
    props = []
    for index in range(request.count):
        seed = (request.seed + index) % SEEDS
        draw = torch.Generator("cpu").manual_seed(seed)
        noise = torch.randn(1, network.config.latent, generator=draw).to(models.device)
        z, variety = network.generator.drawn(noise), request.variety
        if known is not None:
            z, variety = project(torch.lerp(known, z, request.change)), 1.0  # nearer to the mean it would be less alike
        made = network.generator(z, variety)[0].permute(1, 2, 0).float().cpu().numpy()
        settings = replace(request, seed=seed, count=1).settings()
        props.append(finished(unsquared(made), f"{request.model}-{seed}.png", settings))
        control.report(index + 1, request.count, props[-1].rgb)
    return PropsResult(props=tuple(props), sheet=request.pack(props), form=request.form, settings=request.settings())


def finished(prop: Picture, name: str, settings: dict[str, Any]) -> Picture:
    """The prop with the colours of what can be seen beneath what cannot."""
    return replace(prop, rgb=flowed(prop), name=name, settings=settings, source=DigitalSource.GENERATED)


def to_planes(pixels: np.ndarray, device: torch.device) -> Tensor:
    """uint8 [S, S, 4] -> [1, 4, S, S] in [-1, 1]."""
    return torch.from_numpy(pixels).to(device).permute(2, 0, 1)[None].float().div(127.5).sub(1)


def save(done: PropsResult, path: Path, place: Place = lambda path: path) -> list[Path]:
    """The sheet at `path` as PNG with its JSON, and each prop beside it under its own name; `place` may change them."""
    source, path = DigitalSource.GENERATED, path.with_suffix(".png")
    files = write_sheet(place(path), done.sheet, form=done.form, settings=done.settings, source=source)
    return files + [write_picture(place(path.with_name(prop.name)), prop, source=source) for prop in done.props]


TASK = Task(PropsRequest, run, save)
