"""Faces: distribution distances in the shipped perceptual encoder, memorisation, and sharpness."""

from argparse import Namespace
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from studio.core.errors import BadInput
from studio.engine.engine import Engine
from studio.engine.tasks.faces import SLIDERS, slider_names
from studio.engine.tasks.portrait import REFINER
from studio.library.store import Library
from studio.models.face_gan import FaceGAN
from studio.models.landmarks import LandmarkNet
from studio.models.perceptual import PerceptualEncoder
from studio.models.refiner import Refiner
from studio.models.sliders import Sliders
from training.attributes import TAPS, FaceFeatures, read_labels, sized, values_of
from training.curation import align_faces
from training.data import Pictures, to_tensor
from training.evaluate.distribution import Distribution, drawn
from training.evaluate.landmarks import evaluate_landmarks
from training.evaluate.steering import (
    Jury,
    measure_drags,
    measure_inversion,
    measure_prompts,
    measure_requests,
    measure_sliders,
    measure_speed,
)
from training.teacher import Teacher


def evaluate_faces(library: Library, values: Namespace) -> dict[str, Any]:
    """Samples at full variety against `--val`, beside training faces, JPEG q10 and blurred ones as yardsticks."""
    if not values.val:
        raise BadInput("Faces are measured against faces never trained on; give their folder with --val.")
    model, points = library.load(values.name), library.load("landmarks")
    assert isinstance(model, FaceGAN) and isinstance(points, LandmarkNet)
    train, val = (aligned(folders, model.config.size, points) for folders in (values.data, values.val))
    made = drawn(model, model.config.latent, values.samples)
    distribution = Distribution(library, train, val)
    return {
        "images_seen": library.card(values.name).images_seen,
        "kid_encoder": distribution.named,
        **distribution.figures(made),
        **distribution.yardsticks(val),
        "judge_real": judge_marks(model, val),
        "judge_made": judge_marks(model, made),
        **(landmark_error(library, values) if values.landmarks else {}),
        **(obedience(library, values, model, points, distribution.encoder, val) if values.steering else {}),
    }


def aligned(folders: Sequence[str], size: int, points: LandmarkNet) -> list[np.ndarray]:
    """The faces of folders, uint8 [size, size, 3]."""
    return align_faces(Pictures.read(folders, smallest=32, side=512).arrays, size, points)


def landmark_error(library: Library, values: Namespace) -> dict[str, float]:
    """Of the net that finds the points of `--val`, in eye distances."""
    own = Namespace(name="landmarks", data=values.val, landmarks=values.landmarks)
    return {"landmark_error": evaluate_landmarks(library, own)["landmark_error"]}


@torch.no_grad()
def judge_marks(model: FaceGAN, faces: Sequence[np.ndarray]) -> list[float]:
    """The discriminator's marks of `faces` as 21 quantiles: what a made face's mark is compared with."""
    marks = torch.cat([model.discriminator(to_tensor(faces[i : i + 32])) for i in range(0, len(faces), 32)])
    return [round(float(mark), 4) for mark in np.quantile(marks.numpy(), np.linspace(0, 1, 21))]


def obedience(
    library: Library,
    values: Namespace,
    model: FaceGAN,
    points: LandmarkNet,
    encoder: PerceptualEncoder,
    val: Sequence[np.ndarray],
) -> dict[str, Any]:
    """The figures of steering, with `values.steering` requests and drags; sliders and words need `values.labels`."""
    engine, count = Engine(library, "cpu"), values.steering
    figures: dict[str, Any] = measure_speed(engine, values.name)
    figures |= measure_requests(engine, values.name, val[:count]) | measure_drags(engine, values.name, count)
    refiner = library.load(REFINER)
    assert isinstance(refiner, Refiner)
    figures |= measure_inversion(model, refiner, val, max(1, count // 4))
    if values.labels:
        names = slider_names(engine)
        sliders = library.load(SLIDERS)
        assert isinstance(sliders, Sliders)
        pictures = Pictures.read(values.data, smallest=32, side=256)
        labels = values_of(read_labels(values.labels, names), [path.name for path in pictures.paths])
        features = FaceFeatures(points, encoder, Teacher(values.teacher, TAPS) if values.teacher else None)
        jury = Jury(features, sized(pictures.arrays, model.config.size), labels)
        figures |= measure_sliders(engine, values.name, sliders, jury, names)
        figures |= measure_prompts(engine, values.name, jury, names)
    return figures
