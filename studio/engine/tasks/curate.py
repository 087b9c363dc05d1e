"""Pictures for a training: looked through one by one, sorted out with reasons, and put together as a clean set.

What is left out by itself can be put back by name, and what is kept left out: the set holds what the person decided.
"""

import hashlib
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar, cast

import cv2
import numpy as np

from studio.core.curation import copies, fingerprint, grey_of, light, sharpness
from studio.core.errors import BadInput, StudioError
from studio.core.image import read_picture
from studio.core.portrait import FaceFinder, align
from studio.core.progress import TaskControl
from studio.engine.tasks.base import Models, Request, Task, setting
from studio.models.landmarks import LandmarkNet

SUBJECTS = ("auto", "faces", "any")
REASONS = ("unreadable", "small", "dark", "blurred", "faceless", "copy")
THUMB = 160  # px
LANDMARKS = "landmarks"
SHARE = 0.5  # of pictures with a face from which on a set is taken for one of faces


@dataclass(frozen=True, kw_only=True, eq=False)
class Checked:
    """One picture: what was measured, and why it is left out ("" when it is not; else one of REASONS).

    `thumb` is a small JPEG of what the training would see, b"" for an unreadable file; `copy_of` the path of the
    picture that it repeats; `made` tells that the file itself says a model made it.
    """

    path: Path
    sha256: str = ""
    size: tuple[int, int] = (0, 0)
    face: bool = False
    light: float = 0.0
    sharpness: float = 0.0
    made: bool = False
    reason: str = ""
    copy_of: Path | None = None
    thumb: bytes = b""


@dataclass(frozen=True, kw_only=True, eq=False)
class CurateResult:
    """Every picture in the order given; `subject` is "faces" or "any", also where it was to be found out."""

    pictures: tuple[Checked, ...]
    subject: str
    settings: dict[str, Any]

    @property
    def usable(self) -> tuple[Checked, ...]:
        return tuple(one for one in self.pictures if not one.reason)

    def taken_as(self, subject: str) -> "CurateResult":
        """The same pictures, each with a face wanted ("faces") or not ("any")."""
        wanted = subject == "faces"
        pictures = tuple(
            replace(one, reason="faceless" if wanted else "")
            if (one.reason == "" and not one.face and wanted) or (one.reason == "faceless" and not wanted)
            else one
            for one in self.pictures
        )
        return replace(self, pictures=pictures, subject=subject)

    @property
    def counts(self) -> dict[str, int]:
        """Reason -> how many pictures were left out for it."""
        found = Counter(one.reason for one in self.pictures if one.reason)
        return {reason: found[reason] for reason in REASONS if found[reason]}


@dataclass(frozen=True, kw_only=True, eq=False)
class CurateRequest(Request[CurateResult]):
    """Picture files, and what is asked of them."""

    task: ClassVar[str] = "curate"
    paths: tuple[Path, ...]
    subject: str = setting(
        "auto", "faces: one is needed in each picture; any: none is; auto: faces if half have one", choices=SUBJECTS
    )
    smallest: int = setting(64, "short side below which a picture is too small, px", low=16, high=2048)
    dark: float = setting(0.2, "light of the brighter parts below which it is too dark", low=0.0, high=1.0)
    blurred: float = setting(0.02, "sharpness below which it is blurred; 0: never", low=0.0, high=1.0)
    alike: int = setting(30, "of 256 bits of a fingerprint, so many may differ between copies", low=0, high=128)


def run(request: CurateRequest, models: Models, control: TaskControl) -> CurateResult:
    """One pass over the files; pictures themselves are not kept in memory."""
    finder = FaceFinder()
    points = None if request.subject == "any" else cast(LandmarkNet, models.model(LANDMARKS, "landmarks"))
    found: list[Checked] = []
    prints = np.zeros((len(request.paths), 4), np.uint64)
    for index, path in enumerate(request.paths):
        control.check()
        one, prints[index] = looked_at(path, request, finder, points)
        found.append(one)
        control.report(index + 1, len(request.paths))
    subject = request.subject
    if subject == "auto":
        readable = [one for one in found if one.reason != "unreadable"]
        subject = "faces" if sum(one.face for one in readable) >= SHARE * max(len(readable), 1) else "any"
    pictures = tuple(without_copies(found, prints, request.alike))
    return CurateResult(pictures=pictures, subject=subject, settings=request.settings()).taken_as(subject)


def looked_at(
    path: Path, request: CurateRequest, finder: FaceFinder, points: LandmarkNet | None
) -> tuple[Checked, np.ndarray]:
    """What is measured of one file, and its fingerprint."""
    one = Checked(path=path)
    try:
        data = path.read_bytes()
        picture = read_picture(data, name=path.name)
    except (StudioError, OSError):
        return replace(one, reason="unreadable"), np.zeros(4, np.uint64)
    face = align(picture.rgb, THUMB, finder, points, loose=False) if points else None
    grey = grey_of(picture.rgb if face is None else face)
    one = replace(
        one,
        sha256=hashlib.sha256(data).hexdigest(),
        size=picture.size,
        face=face is not None,
        light=light(grey),
        sharpness=sharpness(grey),
        made=picture.source is not None,
        thumb=_thumb(middle(picture.rgb, THUMB) if face is None else face),
    )
    tests = {
        "small": min(picture.size) < request.smallest,
        "dark": one.light < request.dark,
        "blurred": one.sharpness < request.blurred,
    }
    reason = next((name for name, failed in tests.items() if failed), "")
    return replace(one, reason=reason), fingerprint(picture.rgb)


def without_copies(found: list[Checked], prints: np.ndarray, alike: int) -> list[Checked]:
    """The same, but of pictures that repeat each other only the largest, then the sharpest, stays."""
    usable = [index for index, one in enumerate(found) if not one.reason]
    rank = sorted(range(len(usable)), key=lambda i: (-min(found[usable[i]].size), -found[usable[i]].sharpness))
    for index, original in zip(usable, copies(prints[usable], np.array(rank, int), alike), strict=True):
        if original >= 0:
            found[index] = replace(found[index], reason="copy", copy_of=found[usable[original]].path)
    return found


def middle(rgb: np.ndarray, size: int) -> np.ndarray:
    """The middle square of uint8 [H, W, 3], at most `size` px a side."""
    side = min(rgb.shape[:2])
    top, left = (rgb.shape[0] - side) // 2, (rgb.shape[1] - side) // 2
    square = np.ascontiguousarray(rgb[top : top + side, left : left + side])
    return cv2.resize(square, (size, size), interpolation=cv2.INTER_AREA) if side > size else square


def _thumb(rgb: np.ndarray) -> bytes:
    return cv2.imencode(".jpg", cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 85])[1].tobytes()


def told(done: CurateResult) -> dict[str, Any]:
    """The result as JSON can hold it, without the pictures."""
    left_out = [
        {"file": str(one.path), "reason": one.reason} | ({"copy_of": str(one.copy_of)} if one.copy_of else {})
        for one in done.pictures
        if one.reason
    ]
    return {
        "subject": done.subject,
        "pictures": len(done.pictures),
        "usable": len(done.usable),
        "left_out": left_out,
        "counts": done.counts,
    }


def need_some(done: CurateResult) -> None:
    """BadInput when no picture can be used."""
    if not done.usable:
        raise BadInput("None of the pictures can be used; add readable ones that are large enough, sharp and light.")


TASK = Task(CurateRequest, run, save=None)
