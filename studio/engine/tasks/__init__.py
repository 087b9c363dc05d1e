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
    texture_example,
    texture_maps,
    texture_seamless,
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
    "texture_example": texture_example.TASK,
    "texture_maps": texture_maps.TASK,
    "texture_seamless": texture_seamless.TASK,
    "upscale": upscale.TASK,
    "walk": walk.TASK,
}
