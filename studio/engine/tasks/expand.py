"""The picture of a file that Easel compressed: the same pixels on every computer."""

import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from PIL import Image

from studio.core.errors import BadInput, ModelMissing
from studio.core.image import Picture
from studio.core.progress import TaskControl
from studio.core.provenance import DigitalSource
from studio.engine.codec import coder
from studio.engine.codec.container import QUALITIES, SUFFIX, Container, damaged, identity, inflate, unpack
from studio.engine.tasks.base import Models, Request, Task
from studio.engine.tasks.compress import on_cpu
from studio.models.codec import Codec

LARGEST = 256_000_000  # bytes of a file


@dataclass(frozen=True, kw_only=True, eq=False)
class ExpandResult:
    picture: Picture


@dataclass(frozen=True, kw_only=True, eq=False)
class ExpandRequest(Request[ExpandResult]):
    """A file that Easel compressed."""

    task: ClassVar[str] = "expand"
    file: Path


def run(request: ExpandRequest, models: Models, control: TaskControl) -> ExpandResult:
    """BadInput for a foreign or damaged file, ModelMissing when the model that compressed it is not there."""
    name = request.file.name
    container = unpack(_bytes(request.file), name)
    net = _model_of(container, models, name)
    level = container.quality - QUALITIES[0]
    try:
        rgb = coder.decode(net, container.chunks[b"LATS"], container.width, container.height, level, control)
        picture = _picture(container, rgb, name)
    except ValueError as error:
        raise damaged(name) from error
    return ExpandResult(picture=picture)


def _bytes(file: Path) -> bytes:
    try:
        if file.stat().st_size > LARGEST:
            raise BadInput(f"{file.name} is too large for a compressed picture; choose one that ends in {SUFFIX}.")
        return file.read_bytes()
    except OSError as error:
        raise BadInput(f"The file {file} cannot be read; check the path.") from error


def _model_of(container: Container, models: Models, name: str) -> Codec:
    for model in models.names("codec"):
        net = on_cpu(models, model)
        if identity(net) == container.model:
            return net
    raise ModelMissing(
        f"{name} was compressed with the codec model {container.model.hex()[:8]}, which is not here; import that model."
    )


def _picture(container: Container, rgb: np.ndarray, name: str) -> Picture:
    """The decoded colours with what else the file holds; ValueError when a chunk of it is damaged."""
    chunks = container.chunks
    facts = json.loads(inflate(chunks[b"META"])) if b"META" in chunks else {}
    if not isinstance(facts, dict) or not isinstance(facts.get("settings", {}), dict):
        raise ValueError("no facts")
    marks: dict[Any, DigitalSource] = {str(mark): mark for mark in DigitalSource}
    return Picture(
        rgb=rgb,
        alpha=_alpha(chunks[b"ALPH"], (container.width, container.height)) if b"ALPH" in chunks else None,
        icc=inflate(chunks[b"ICCP"]) if b"ICCP" in chunks else None,
        name=Path(name).with_suffix(".png").name,
        settings=facts.get("settings", {}),
        source=marks.get(facts.get("source")),
    )


def _alpha(data: bytes, size: tuple[int, int]) -> np.ndarray:
    """uint8 [H, W] of a PNG of this size; ValueError for anything else."""
    try:
        with Image.open(io.BytesIO(data), formats=["PNG"]) as image:
            if image.size != size or image.mode != "L":
                raise ValueError("another size")
            return np.array(image)
    except Exception as error:  # a broken file can make a decoder raise anything
        raise ValueError("no alpha") from error


TASK = Task(ExpandRequest, run)
