"""A film that walks from face to face through the generator's styles."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, cast

import cv2
import numpy as np
import torch

from studio.core.errors import BadInput
from studio.core.progress import TaskControl
from studio.core.provenance import DigitalSource
from studio.core.video import WRITTEN_VIDEO, write_video
from studio.engine.pixels import to_rgb
from studio.engine.tasks.base import Models, Request, Task, setting
from studio.engine.tasks.faces import source
from studio.models.face_gan import FaceGAN

MOST = 64  # faces
PREVIEW_EVERY = 6  # frames
EASINGS = ("smooth", "even")


@dataclass(frozen=True, kw_only=True)
class WalkResult:
    """Frames, uint8 [H, W, 3], to be shown `fps` a second."""

    frames: list[np.ndarray]
    fps: int
    settings: dict[str, Any]


@dataclass(frozen=True, kw_only=True, eq=False)
class WalkRequest(Request[WalkResult]):
    """The faces on the way, how long it takes, and how it moves. It ends where it began, unless `one_way`."""

    task: ClassVar[str] = "walk"
    faces: str = setting("0 1 2 3", "seeds or codes of the faces on the way, two or more, with spaces between")
    seconds: float = setting(6.0, "length of the film", low=0.5, high=60.0)
    fps: int = setting(24, "frames a second", low=5, high=60)
    easing: str = setting("smooth", "smooth: rest at each face; even: never rest", choices=EASINGS)
    one_way: bool = setting(False, "end at the last face instead of at the first again")
    variety: float = setting(0.7, "of faces given as seeds; 0: average, 1: as varied as the data", low=0.0, high=1.5)
    enlarge: int = setting(4, "times the size of the network's pictures", low=1, high=8)
    model: str = setting("faces", "model of the library")


def run(request: WalkRequest, models: Models, control: TaskControl) -> WalkResult:
    """Styles between two faces are on the straight line between theirs. A film that loops shows no frame twice."""
    generator = cast(FaceGAN, models.model(request.model, "faces")).generator
    names = request.faces.replace(",", " ").split()
    if not 2 <= len(names) <= MOST:
        raise BadInput(f"A walk goes through 2 to {MOST} faces, here are {len(names)}; give their seeds or codes.")
    stops = torch.stack([source(name, generator, request.variety) for name in names])  # [N, layers, style]
    if not request.one_way:
        stops = torch.cat([stops, stops[:1]])
    count = max(2, round(request.seconds * request.fps))
    places = np.linspace(0, len(stops) - 1, count, endpoint=request.one_way)
    side = generator.config.size * request.enlarge
    frames = []
    for index, place in enumerate(places):
        start = min(int(place), len(stops) - 2)
        share = float(place - start)
        if request.easing == "smooth":
            share = share * share * (3 - 2 * share)
        rgb = to_rgb(generator.synthesize(torch.lerp(stops[start], stops[start + 1], share)[None]))
        frames.append(cv2.resize(rgb, (side, side), interpolation=cv2.INTER_LANCZOS4) if request.enlarge > 1 else rgb)
        shown = rgb if control.listener and index % PREVIEW_EVERY == 0 else None
        control.report(index + 1, count, shown)
    return WalkResult(frames=frames, fps=request.fps, settings=request.settings())


def save(done: WalkResult, path: Path) -> list[Path]:
    """The film as MP4, or GIF if `path` says so."""
    path = path if path.suffix.lower() in WRITTEN_VIDEO else path.with_suffix(".mp4")
    return [write_video(path, done.frames, done.fps, settings=done.settings, source=DigitalSource.GENERATED)]


TASK = Task(WalkRequest, run, save)
