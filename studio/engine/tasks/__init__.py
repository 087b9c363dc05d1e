"""Every capability of the engine by its name: a Request class and the function that carries it out."""

from typing import Any

from studio.engine.tasks import (
    compose,
    compress,
    curate,
    damage,
    enhance,
    expand,
    explain,
    faces,
    landmarks,
    oldphoto,
    outpaint,
    portrait,
    prepare,
    repair,
    slider,
    style,
    texture,
    upscale,
    walk,
)
from studio.engine.tasks.base import Task

TASKS: dict[str, Task[Any]] = {
    "compose": compose.TASK,
    "compress": compress.TASK,
    "curate": curate.TASK,
    "damage": damage.TASK,
    "enhance": enhance.TASK,
    "expand": expand.TASK,
    "explain": explain.TASK,
    "faces": faces.TASK,
    "landmarks": landmarks.TASK,
    "oldphoto": oldphoto.TASK,
    "outpaint": outpaint.TASK,
    "portrait": portrait.TASK,
    "prepare": prepare.TASK,
    "repair": repair.TASK,
    "slider": slider.TASK,
    "style": style.TASK,
    "texture": texture.TASK,
    "upscale": upscale.TASK,
    "walk": walk.TASK,
}
