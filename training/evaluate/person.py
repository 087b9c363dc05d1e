"""A fine-tune on 20 photos, as the wizard makes it and the worker does it: how like its faces are, and what it takes.

Likeness is the mean cosine of made faces and photos that were held out, in the perceptual encoder's features, each in
deviations from the mean of many faces: 0 for faces that have nothing in common.
"""

import os
import random
import resource
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from studio.core.image import list_pictures, read_picture, write_picture
from studio.core.portrait import FaceFinder, align
from studio.core.settings import Home, assets_dir
from studio.engine.engine import Engine
from studio.engine.tasks.curate import CurateRequest
from studio.engine.tasks.faces import FacesRequest
from studio.engine.tasks.prepare import PrepareRequest
from studio.jobs.goals import GOALS, plan_for
from studio.jobs.launch import ensure_worker
from studio.jobs.spec import FacesSpec
from studio.jobs.store import ENDED
from studio.library.store import Library
from studio.models.face_gan import FaceGAN
from studio.models.landmarks import LandmarkNet
from training.evaluate.distribution import Distribution, drawn
from training.evaluate.recovery import jobs_in, wait_until
from training.metrics import memorisation_ratio

PHOTOS = 30  # of which a third is held out
COUNTED = 30.0  # seconds within which a worker that ends is gone, and its time known
GOAL = GOALS["person"]
INVENTED = 7  # seed of the person who stands in where no photos are given
LIVELY = {"smile": 2.0, "mouth_open": 1.5, "yaw": 2.0, "bg_l": 0.7}  # how far a person's photos differ, by slider


@dataclass(frozen=True, kw_only=True)
class Photos:
    """Files to train on and held-out ones, and who they show."""

    train: tuple[Path, ...]
    held_out: tuple[Path, ...]
    whose: str


def faces_in(paths: Sequence[Path], size: int, points: LandmarkNet) -> dict[Path, np.ndarray]:
    """The faces of the pictures that have one, cut as face models know them, uint8 [size, size, 3]."""
    finder = FaceFinder()
    found = {path: align(read_picture(path).rgb, size, finder, points) for path in paths}
    return {path: face for path, face in found.items() if face is not None}


def alike(vectors: np.ndarray, count: int) -> np.ndarray:
    """Of features [N, D] the `count` that lie closest around one of them, that one first."""
    distances = np.linalg.norm(vectors[:, None] - vectors, axis=2)
    order = distances.argsort(1)[:, :count]
    return order[np.take_along_axis(distances, order, 1).mean(1).argmin()]


def split(paths: Sequence[Path], whose: str) -> Photos:
    """Every third is held out."""
    held_out = tuple(paths[1::3])
    return Photos(train=tuple(path for path in paths if path not in held_out), held_out=held_out, whose=whose)


def look_of(
    sources: Sequence[str], distribution: Distribution, size: int, points: LandmarkNet, count: int = PHOTOS
) -> Photos:
    """The `count` portraits of `sources` that are most alike; files do not tell whose they are."""
    faces = faces_in(list_pictures(sources), size, points)
    chosen = alike(distribution.seen(list(faces.values())), count)
    paths = list(faces)
    return split([paths[i] for i in chosen], f"a look: the {len(chosen)} of {len(paths)} portraits that are most alike")


def invented(engine: Engine, folder: Path, count: int = PHOTOS) -> Photos:
    """Pictures of one person whom the face model invents, turned, laughing, in other light."""
    chance = random.Random(INVENTED)
    paths = []
    for index in range(count):
        moves = " ".join(f"{name}={chance.uniform(-far, far):.2f}" for name, far in LIVELY.items())
        asked = FacesRequest(
            count=1, seed=INVENTED, sliders=moves, other=str(chance.randrange(10_000)), share=0.25, mix="coarse"
        )
        face = engine.run(asked).faces[0]
        paths.append(write_picture(folder / f"{index:02d}.png", face.picture, source=None, strip=True))
    return split(paths, f"an invented person: face {INVENTED} of the base model, moved by its sliders")


def wizard_spec(engine: Engine, photos: Photos, folder: Path) -> FacesSpec:
    """The training that the wizard makes of the photos, which are checked and kept in `folder` as a clean set."""
    checked = engine.run(CurateRequest(paths=photos.train, subject=GOAL.subject))
    kept = engine.run(PrepareRequest(pictures=checked.pictures, folder=folder, subject=GOAL.subject))
    settings = plan_for("person", len(kept.files)).settings
    return FacesSpec(data=(str(folder),), name="my-person", base=GOAL.base, **settings)


def trained(home: Home, spec: FacesSpec) -> tuple[FaceGAN, dict[str, Any]]:
    """The model that the worker makes of `spec`, and what it took."""
    before, began, used = os.getloadavg()[0], time.monotonic(), children_seconds()
    with jobs_in(home) as store:
        id = store.submit(spec).id
        ensure_worker(home)
        job = wait_until(lambda: store.get(id).state in ENDED, store, id)
        minutes = (time.monotonic() - began) / 60
    while children_seconds() == used and time.monotonic() - began < minutes * 60 + COUNTED:
        time.sleep(0.1)
    used = children_seconds() - used
    model = Library(assets_dir() / "models", home.models).load(job.model)
    assert isinstance(model, FaceGAN)
    return model, {
        "minutes_20_photos": round(minutes, 2),
        "images_per_s": round(spec.images / job.seconds, 2),
        "images": spec.images,
        "cpu_minutes": round(used / 60, 2),
        "cores": os.cpu_count(),
        "load_before": round(before, 2),
    }


def children_seconds() -> float:
    """Processor time of this process's children that have ended."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime


def likeness(distribution: Distribution, faces: Sequence[np.ndarray]) -> float:
    """Mean cosine of `faces` and the held-out photos, which are the distribution's `val`; -1 to 1."""
    mean = distribution.train.mean(0)
    one, other = ((x - mean) for x in (distribution.seen(faces), distribution.val))
    one, other = (x / np.linalg.norm(x, axis=1, keepdims=True).clip(1e-9) for x in (one, other))
    return float((one @ other.T).mean())


def likeness_figures(
    distribution: Distribution, base: FaceGAN, model: FaceGAN, photos: Sequence[np.ndarray], samples: int
) -> dict[str, float]:
    """Of the model's samples beside those of its base, and beside the photos themselves, [size, size, 3] each."""
    made, before = (drawn(net, net.config.latent, samples) for net in (model, base))
    own, plain = likeness(distribution, made), likeness(distribution, before)
    copied = memorisation_ratio(distribution.seen(made), distribution.seen(photos), distribution.val)
    return {
        "likeness": round(own, 4),
        "likeness_base": round(plain, 4),
        "likeness_photos": round(likeness(distribution, photos), 4),
        "likeness_gain": round(own - plain, 4),
        "memorisation_ratio": round(copied, 4),
    }
