"""A film in a style, without flicker and with its sound: MP4, WebM or GIF in, MP4 or GIF out.

It is painted and kept in parts, so that a film that was stopped goes on, or is handed over as far as it came.
"""

import json
import shutil
import tempfile
import weakref
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import cv2
import numpy as np

from studio.core.errors import BadInput, Cancelled
from studio.core.film import Film, even, film_frames, join, open_film, write_part
from studio.core.image import Picture, read_picture, write_picture
from studio.core.progress import TaskControl
from studio.core.provenance import PNG_KEY, DigitalSource
from studio.core.video import WRITTEN_VIDEO, write_video
from studio.engine.motion import Steadier
from studio.engine.painters import LookPainter, Painter
from studio.engine.pixels import preview
from studio.engine.tasks.base import Models, Task, setting
from studio.engine.tasks.style import Styled, mark, painter_of

PART = 48  # frames kept at a time
MOST_GIF = 600  # frames of a GIF: it is made in memory
PREVIEW_EVERY = 4  # frames


@dataclass(frozen=True, kw_only=True, eq=False)
class FilmResult:
    """Painted parts in `folder`, to be joined by `save`; `whole` is False when it was stopped."""

    film: Film
    folder: Path
    frames: int
    whole: bool
    cuts: tuple[int, ...]
    settings: dict[str, Any]
    source: DigitalSource | None


@dataclass(frozen=True, kw_only=True, eq=False)
class FilmRequest(Styled[FilmResult]):
    """A film and its style."""

    task: ClassVar[str] = "film"
    video: Path
    longest: int = setting(1280, "longest side of the result, px; larger films are made smaller", low=64, high=4096)
    flicker: bool = setting(False, "paint every frame by itself: a little faster, but it flickers")


def run(request: FilmRequest, models: Models, control: TaskControl) -> FilmResult:
    """A stop keeps what is done: a job, which has a folder, goes on from there; else it is the result."""
    painter = painter_of(request, models)
    film = open_film(request.video)
    folder = control.folder or Path(tempfile.mkdtemp(prefix="easel-film-"))
    folder.mkdir(parents=True, exist_ok=True)
    done = sum(count for _, count in parts_of(folder))
    steadier = Steadier(painter, anchored=hangs_on_the_page(painter))
    try:
        whole = True
        for frames in _painted(request, film, steadier, folder, done, control):
            number = len(parts_of(folder))
            write_part(folder / f"{number:06d}-{len(frames)}.mp4", frames, film.fps)
            write_picture(folder / "last.png", Picture(rgb=frames[-1]), source=None)
            done += len(frames)
    except Cancelled:
        if control.folder or not done:
            raise
        whole = False
    if not done:
        raise BadInput(f"{film.path.name} holds no moving picture; choose a film.")
    result = FilmResult(
        film=film,
        folder=folder,
        frames=done,
        whole=whole,
        cuts=tuple(steadier.cuts),
        settings=request.settings(),
        source=mark(request, models),
    )
    if not control.folder:
        weakref.finalize(result, shutil.rmtree, folder, ignore_errors=True)  # it can be saved more than once until then
    return result


def hangs_on_the_page(painter: Painter) -> bool:
    """Whether a look has a part in it: its patterns do not move along with what is seen."""
    return isinstance(painter, LookPainter) or any(
        hangs_on_the_page(part) for part in vars(painter).values() if hasattr(part, "paint")
    )


def _painted(
    request: FilmRequest, film: Film, steadier: Steadier, folder: Path, done: int, control: TaskControl
) -> Iterator[list[np.ndarray]]:
    """Painted frames from number `done` on, in parts; a stop gives the last, shorter one before it is raised."""
    size, part = fitted(film.size, request.longest), []
    number = done
    for index, frame in enumerate(film_frames(film, max(0, done - 1))):
        if frame.shape[1::-1] != size:
            frame = cv2.resize(frame, size, interpolation=cv2.INTER_AREA)
        if done and index == 0:  # seen before: what comes next is to fit to it
            last = read_picture(folder / "last.png").rgb[: size[1], : size[0]]
            steadier.go_on(frame, last, done)
            continue
        made = _one(request, steadier, frame)
        part.append(even(made))
        number += 1
        try:
            shown = preview(made) if control.listener and number % PREVIEW_EVERY == 0 else None
            control.report(number, max(film.frames, number), shown)
        except Cancelled:
            yield part
            raise
        if len(part) == PART:
            yield part
            part = []
    if part:
        yield part


def _one(request: FilmRequest, steadier: Steadier, frame: np.ndarray) -> np.ndarray:
    if request.strength == 0:
        return frame
    if request.flicker:
        return steadier.painter.paint(frame, slice(0, frame.shape[0]), slice(0, frame.shape[1]), None)
    return steadier.paint(frame)


def fitted(size: tuple[int, int], longest: int) -> tuple[int, int]:
    """Width and height of at most `longest` px; even ones when the size changes."""
    scale = longest / max(size)
    if scale >= 1:
        return size
    width, height = (max(2, 2 * round(side * scale / 2)) for side in size)
    return width, height


def parts_of(folder: Path) -> list[tuple[Path, int]]:
    """The parts kept in a folder, in order, and their frames."""
    return [(path, int(path.stem.split("-")[1])) for path in sorted(folder.glob("[0-9]*-*.mp4"))]


def save(done: FilmResult, path: Path) -> list[Path]:
    """The film as MP4, or GIF if `path` says so; the parts stay as long as the result does, or the job's folder."""
    path = path if path.suffix.lower() in WRITTEN_VIDEO else path.with_suffix(".mp4")
    parts = parts_of(done.folder)
    if path.suffix.lower() == ".gif":
        if done.frames > MOST_GIF:
            raise BadInput(f"{done.frames} frames are too many for a GIF; save an MP4, or cut the film.")
        frames = [frame for part, _ in parts for frame in film_frames(open_film(part))]
        write_video(path, frames, round(float(done.film.fps)), settings=done.settings, source=done.source)
    else:
        facts: dict[str, Any] = {PNG_KEY: done.settings} if done.settings else {}
        facts |= {"digital_source_type": str(done.source)} if done.source else {}
        join(path, [part for part, _ in parts], done.film, [count for _, count in parts], json.dumps(facts))
    return [path]


TASK = Task(FilmRequest, run, save)
