"""Height and normal map of any picture, for games: heights are guessed from its lightness."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from studio.core.image import Picture, write_heights, write_picture
from studio.core.progress import TaskControl
from studio.engine.pixels import visible_colours
from studio.engine.tasks.base import Models, Request, Task, setting
from studio.engine.textures.relief import heights_of, normal_map

GREENS = ("up", "down")


@dataclass(frozen=True, kw_only=True, eq=False)
class TextureMapsResult:
    """Heights, float32 [H, W] of 0 to 1, and the normal map; both wrap."""

    heights: np.ndarray
    normals: Picture
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, eq=False)
class TextureMapsRequest(Request[TextureMapsResult]):
    """A picture, and how its relief is read."""

    task: ClassVar[str] = "texture_maps"
    picture: Picture
    detail: float = setting(0.5, "fine detail that is taken for relief; 0: coarse forms alone", low=0.0, high=1.0)
    depth: float = setting(1.0, "depth of the normals", low=0.1, high=4.0)
    green: str = setting("up", "way that green grows: up (OpenGL) or down (DirectX)", choices=GREENS)
    invert: bool = setting(False, "take what is light to lie deep")


def run(request: TextureMapsRequest, models: Models, control: TaskControl) -> TextureMapsResult:
    heights = heights_of(visible_colours(request.picture), detail=request.detail)
    heights = 1 - heights if request.invert else heights
    normals = normal_map(heights, request.depth, y_up=request.green == GREENS[0])
    settings = request.settings()
    picture = Picture(rgb=normals, name="normal.png", settings=settings)
    return TextureMapsResult(heights=heights, normals=picture, settings=settings)


def save(done: TextureMapsResult, path: Path) -> list[Path]:
    """NAME-height.png in 16 bits and NAME-normal.png."""
    return [
        write_heights(path.with_name(f"{path.stem}-height.png"), done.heights, settings=done.settings),
        write_picture(path.with_name(f"{path.stem}-normal.png"), done.normals, source=None),
    ]


TASK = Task(TextureMapsRequest, run, save)
