"""A clean set of pictures in a folder of its own, as a training takes it, with a data card that tells all of it.

The folder holds the pictures (faces cut as the face models know them), data-card.json, and captions.csv and labels.csv
where there are any. It appears whole or not at all.
"""

import csv
import dataclasses
import io
import json
import os
import shutil
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, cast

import numpy as np
import torch

from studio.core.captions import TABLE
from studio.core.errors import BadInput, StorageFull, StudioError
from studio.core.image import SUFFIXES, Picture, read_picture, resize, write_picture
from studio.core.portrait import FaceFinder, align
from studio.core.progress import TaskControl
from studio.core.provenance import DigitalSource
from studio.engine.generators import face_generator
from studio.engine.tasks import enhance
from studio.engine.tasks.base import Models, Request, Task, setting
from studio.engine.tasks.curate import LANDMARKS, Checked, middle
from studio.models.landmarks import LandmarkNet

CARD = "data-card.json"
LABELS = "labels.csv"
FACE_SIDE = 256  # px of a cut face
LONGEST_SIDE = 1024  # px, short side, of any other picture


@dataclass(frozen=True, kw_only=True, eq=False)
class PrepareResult:
    """`files` are the names in `folder`, by the picture they come from; `card` is what data-card.json holds."""

    folder: Path
    files: dict[Path, str]
    supplements: tuple[str, ...]
    card: dict[str, Any]


@dataclass(frozen=True, kw_only=True, eq=False)
class PrepareRequest(Request[PrepareResult]):
    """Checked pictures, those of them that are wanted (by default those without a reason against them), and where to.

    `captions` and `labels` (word -> 1 or 0) are by picture; of the folder the parent exists, the folder not yet.
    """

    task: ClassVar[str] = "prepare"
    pictures: tuple[Checked, ...]
    folder: Path
    wanted: frozenset[Path] | None = None
    captions: Mapping[Path, str] = field(default_factory=dict)
    labels: Mapping[Path, Mapping[str, int]] = field(default_factory=dict)
    subject: str = setting("faces", "faces: cut around the face; any: as they are", choices=("faces", "any"))
    denoise: float = setting(0.0, "noise that is smoothed, in levels of 255; 0: none", low=0.0, high=50.0)
    equalise: float = setting(0.0, "how far light is made equal among the pictures; 0: not", low=0.0, high=1.0)
    supplements: int = setting(0, "faces that the model draws after the pictures, to widen a thin set", low=0, high=200)
    seed: int = setting(0, "of the supplements", low=0, high=2**32 - 1)
    model: str = setting("faces", "face model (GAN) or VAE that draws supplements")


def run(request: PrepareRequest, models: Models, control: TaskControl) -> PrepareResult:
    """Write the set; a picture that has gone since it was checked is left out and told of."""
    if request.supplements and request.subject != "faces":
        raise BadInput("Supplements are drawn after faces only; ask for none, or give portraits.")
    wanted = request.wanted
    chosen = [one for one in request.pictures if (not one.reason if wanted is None else one.path in wanted)]
    if not chosen:
        raise BadInput("No picture is left to train on; put some back, or add others.")
    part = request.folder.with_name(f".{request.folder.name}-{uuid.uuid4().hex[:8]}.part")
    try:
        part.mkdir(parents=True)
        result = _write(request, chosen, part, models, control)
        os.replace(part, request.folder)
    except OSError as error:
        raise StorageFull("The pictures could not be kept; free some disk space and try again.") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return result


def _write(
    request: PrepareRequest, chosen: list[Checked], folder: Path, models: Models, control: TaskControl
) -> PrepareResult:
    finder, files = FaceFinder(), dict[Path, str]()
    total = len(chosen) + request.supplements
    for one in chosen:
        name = f"{len(files):05d}-{_plain(one.path.stem)}"
        try:
            files[one.path] = _keep(request, one, folder, name, finder, models)
        except StudioError:
            if not one.sha256 or not one.path.exists():  # it could not be read, or is gone
                continue
            raise
        control.report(len(files), total)
    if not files:
        raise BadInput("None of the pictures is there any more; add them again.")
    made = supplements(request, [folder / name for name in files.values()], models, control) if total else []
    card = data_card(request, files, len(made))
    (folder / CARD).write_text(json.dumps(card, indent=1, ensure_ascii=False), encoding="utf-8")
    if captions := {files[path]: text for path, text in request.captions.items() if path in files}:
        rows = [{"file": name, "caption": text} for name, text in captions.items()]
        (folder / TABLE).write_text(_csv(["file", "caption"], rows), encoding="utf-8")
    if words := sorted({word for marks in request.labels.values() for word in marks}):
        rows = [{"file": files[path], **marks} for path, marks in request.labels.items() if path in files]
        (folder / LABELS).write_text(_csv(["file", *words], rows), encoding="utf-8")
    return PrepareResult(folder=request.folder, files=files, supplements=tuple(made), card=card)


def _keep(request: PrepareRequest, one: Checked, folder: Path, name: str, finder: FaceFinder, models: Models) -> str:
    """Write one picture; returns its file name. Its bytes stay as they are where nothing is to be changed."""
    picture = read_picture(one.path)
    rgb = picture.rgb
    if request.subject == "faces":
        points = cast(LandmarkNet, models.model(LANDMARKS, "landmarks"))
        face = align(rgb, FACE_SIDE, finder, points, loose=False)
        rgb = middle(rgb, FACE_SIDE) if face is None else face  # put back by the person, who sees a face in it
    elif min(picture.size) > LONGEST_SIDE:
        scale = LONGEST_SIDE / min(picture.size)
        rgb = resize(rgb, (round(picture.width * scale), round(picture.height * scale)))
    changed = dataclasses.replace(picture, rgb=rgb, alpha=None, icc=None) if rgb is not picture.rgb else picture
    if request.denoise or request.equalise:
        contrast = "equalise" if request.equalise else "none"
        asked = enhance.EnhanceRequest(
            picture=changed, denoise=request.denoise, contrast=contrast, amount=request.equalise
        )
        changed = enhance.run(asked, models, TaskControl()).picture
    suffix = one.path.suffix.lower()
    if changed is picture and suffix in SUFFIXES:
        shutil.copyfile(one.path, folder / (name + suffix))
        return name + suffix
    write_picture(folder / f"{name}.png", changed, source=None, strip=True)
    return f"{name}.png"


def supplements(request: PrepareRequest, faces: list[Path], models: Models, control: TaskControl) -> list[str]:
    """Draw after the faces: each is found by the model's encoder and moved a little.

    What they are is written into each file: the AI mark, and the picture that it was drawn after.
    """
    if not request.supplements:
        return []
    generator = face_generator(request.model, models.model(request.model), models.device)
    draw, names = torch.Generator().manual_seed(request.seed), []
    for index in range(request.supplements):
        face = faces[index % len(faces)]
        rgb = generator.rgb(generator.near(generator.of_face(read_picture(face).rgb), draw))
        settings = request.settings() | {"supplement": index, "after": face.name}
        name = f"made-{index:05d}.png"
        picture = Picture(rgb=resize(rgb, (FACE_SIDE, FACE_SIDE)), settings=settings)
        write_picture(face.parent / name, picture, source=DigitalSource.GENERATED)
        names.append(name)
        control.report(len(faces) + index + 1, len(faces) + request.supplements)
    return names


def data_card(request: PrepareRequest, files: Mapping[Path, str], made: int) -> dict[str, Any]:
    """What went into a training and what did not: hashes, counts, reasons, options."""
    kept = [one for one in request.pictures if one.path in files]
    left_out = [one for one in request.pictures if one.path not in files]
    reasons = [one.reason or "removed" for one in left_out]
    return {
        "created": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "given": len(request.pictures),
        "kept": len(kept),
        "put_back": sum(bool(one.reason) for one in kept),
        "left_out": {reason: reasons.count(reason) for reason in sorted(set(reasons))},
        "supplements": made,
        "already_made_by_a_model": sum(one.made for one in kept),
        "captions": sum(path in files for path in request.captions),
        "labelled": sum(path in files for path in request.labels),
        "options": request.settings(),
        "median_side": int(np.median([min(one.size) for one in kept])),
        "pictures": [
            {"sha256": one.sha256, "size": list(one.size), "file": files[one.path]}
            | ({"put_back": one.reason} if one.reason else {})
            for one in kept
        ],
        "dropped": [{"sha256": one.sha256, "reason": one.reason or "removed"} for one in left_out],
    }


def _csv(columns: list[str], rows: list[dict[str, Any]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _plain(stem: str) -> str:
    """A name of any script without what a file system might not take."""
    return "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in stem)[:60]


TASK = Task(PrepareRequest, run, save=None)
