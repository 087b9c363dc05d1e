"""A picture as a small file: its latents in a learned autoencoder, coded with the probabilities that it predicts."""

import copy
import io
import json
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, cast

import numpy as np
import torch
from PIL import Image

from studio.core.atomic import write_atomic
from studio.core.image import Picture
from studio.core.progress import TaskControl
from studio.engine.codec import coder
from studio.engine.codec.container import QUALITIES, SUFFIX, Container, identity
from studio.engine.pixels import visible_colours
from studio.engine.tasks.base import Models, Request, Task, setting
from studio.models.codec import Codec


@dataclass(frozen=True, kw_only=True, eq=False)
class CompressResult:
    """The file's bytes."""

    data: bytes
    picture: Picture  # as it was

    @property
    def bits_per_pixel(self) -> float:
        return 8 * len(self.data) / (self.picture.width * self.picture.height)


@dataclass(frozen=True, kw_only=True, eq=False)
class CompressRequest(Request[CompressResult]):
    """A picture and how good it shall be."""

    task: ClassVar[str] = "compress"
    picture: Picture
    quality: int = setting(4, "1 is the smallest file, 8 the best picture", low=QUALITIES[0], high=QUALITIES[1])
    model: str = setting("codec", "model of the library")


def run(request: CompressRequest, models: Models, control: TaskControl) -> CompressResult:
    """Alpha, profile, settings and AI mark are kept as they are; colours beneath alpha 0 are not."""
    picture = request.picture
    net = on_cpu(models, request.model)
    chunks = {b"LATS": coder.encode(net, visible_colours(picture), request.quality - QUALITIES[0], control)}
    if picture.alpha is not None:
        chunks[b"ALPH"] = _png(picture.alpha)
    if picture.icc:
        chunks[b"ICCP"] = zlib.compress(picture.icc, 9)
    facts = {key: value for key, value in (("settings", dict(picture.settings)), ("source", picture.source)) if value}
    if facts:
        chunks[b"META"] = zlib.compress(json.dumps(facts).encode(), 9)
    width, height = picture.size
    container = Container(quality=request.quality, width=width, height=height, model=identity(net), chunks=chunks)
    return CompressResult(data=container.pack(), picture=picture)


def on_cpu(models: Models, name: str) -> Codec:
    """The codec `name`, where its probabilities can be computed exactly."""
    net = cast(Codec, models.model(name, "codec"))
    return net if models.device == torch.device("cpu") else copy.deepcopy(net).cpu()


def _png(alpha: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(alpha).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def save(done: CompressResult, path: Path) -> list[Path]:
    """The file, whatever the suffix of `path`."""
    path = path.with_suffix(SUFFIX)
    with write_atomic(path) as file:
        file.write(done.data)
    return [path]


TASK = Task(CompressRequest, run, save=save)
