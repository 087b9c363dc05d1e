"""A random texture: wood, stone, cloth, noise; from a seed, in any size, and without a seam where it repeats."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from studio.core.image import Picture, write_heights, write_picture
from studio.core.progress import TaskControl
from studio.engine.tasks.base import Models, Request, Task, save_picture, setting
from studio.engine.textures.colours import NATURAL, PALETTES, painted, stops_of
from studio.engine.textures.noise import Plane
from studio.engine.textures.patterns import PATTERNS
from studio.engine.textures.relief import lit, normal_map
from studio.engine.textures.seams import calmest

LONGEST = 4096  # px of a side


@dataclass(frozen=True, kw_only=True, eq=False)
class TextureResult:
    """The texture, and its heights, float32 [H, W] of 0 to 1."""

    picture: Picture
    heights: np.ndarray
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, eq=False)
class TextureRequest(Request[TextureResult]):
    """What to draw. The same seed in a larger size of the same shape is the same texture, finer and moved along."""

    task: ClassVar[str] = "texture"
    pattern: str = setting("wood", "what it shows", choices=tuple(PATTERNS))
    width: int = setting(512, "width, px", low=16, high=LONGEST)
    height: int = setting(512, "height, px", low=16, high=LONGEST)
    seed: int = setting(0, "another seed gives another texture", low=0, high=2**32 - 1)
    scale: float = setting(1.0, "size of its features; 2: twice as large", low=0.2, high=4.0)
    palette: str = setting(NATURAL, "colours; natural: the pattern's own", choices=(NATURAL, *PALETTES))
    colours: str = setting("", "colours of your own instead: two or more as #rrggbb, from dark to light")
    light: float = setting(1.0, "light on its relief, times the pattern's own; 0: none", low=0.0, high=3.0)


def run(request: TextureRequest, models: Models, control: TaskControl) -> TextureResult:
    """Colours of tones on wrapped noise, lit by its heights; cut where the picture is calmest."""
    pattern = PATTERNS[request.pattern]
    stops = stops_of(request.palette, request.colours, pattern.colours)
    made = pattern.make(Plane.of(request.width, request.height, request.seed), request.scale)
    control.check()
    heights = made.height.clip(0, 1)
    rgb = (lit(painted(made.tone, stops), heights, pattern.light * request.light) * 255).round().astype(np.uint8)
    down, across = calmest(rgb)
    settings = request.settings()
    name = f"{request.pattern}-{request.seed}.png"
    picture = Picture(rgb=np.roll(rgb, (-down, -across), (0, 1)), name=name, settings=settings)
    return TextureResult(picture=picture, heights=np.roll(heights, (-down, -across), (0, 1)), settings=settings)


def write_maps(heights: np.ndarray, folder: Path, stem: str, *, depth: float = 1.0) -> list[Path]:
    """STEM-height.png in 16 bits and STEM-normal.png of heights of 0 to 1, float [H, W]."""
    normals = Picture(rgb=normal_map(heights, depth))
    return [
        write_heights(folder / f"{stem}-height.png", heights),
        write_picture(folder / f"{stem}-normal.png", normals, source=None),
    ]


def save(done: TextureResult, path: Path) -> list[Path]:
    """The texture, its heights and its normals."""
    (file,) = save_picture(done, path)
    return [file, *write_maps(done.heights, file.parent, file.stem)]


TASK = Task(TextureRequest, run, save)
