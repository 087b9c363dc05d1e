"""Faces on disk: the file to download with what made it, and an enlarged copy to look at."""

import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image

from studio.core.image import Picture, write_picture
from studio.core.provenance import DigitalSource
from studio.engine.tasks.faces import Face

SHOWN_SIDE = 512  # px a side on screen; the file keeps its own size


@dataclass(frozen=True)
class Made:
    """A face on disk: the file to download, the copy to look at, the network's picture, and what made it."""

    file: Path
    shown: Path
    picture: Picture
    settings: dict[str, Any]
    score: dict[str, float] = field(default_factory=dict)

    @property
    def seed(self) -> int:
        return self.settings["seed"]


def write_face(face: Face, folder: Path, *, strip: bool = False) -> Made:
    """The face as a PNG with its settings, enlarged if that was asked for, and its copy to look at."""
    file = write_picture(
        folder / face.saved.name, face.saved, settings=face.settings, source=DigitalSource.GENERATED, strip=strip
    )
    return Made(
        file, enlarge(file, folder / f"shown-{face.seed}.png", SHOWN_SIDE), face.picture, face.settings, face.score
    )


def pack(faces: list[Made], folder: Path) -> Path:
    """The files of all faces as one zip; PNGs are stored as they are."""
    path = folder / "faces.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for face in faces:
            archive.write(face.file, face.file.name)
    return path


def enlarge(file: Path, path: Path, side: int) -> Path:
    """A copy of at least `side` px, by Lanczos: the browser would show a small face small, or blur it."""
    with Image.open(file) as image:
        image.resize((side, side), Image.Resampling.LANCZOS).save(path, compress_level=1)
    return path
