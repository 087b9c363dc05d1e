"""Faces: distribution distances in the shipped perceptual encoder, memorisation, and sharpness."""

from argparse import Namespace
from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
import torch

from studio.core.errors import BadInput
from studio.engine.engine import Engine
from studio.engine.tasks.faces import SLIDERS, slider_names
from studio.library.store import Library
from studio.models.face_gan import FaceGAN
from studio.models.landmarks import LandmarkNet
from studio.models.perceptual import PerceptualEncoder
from studio.models.sliders import Sliders
from training.attributes import read_labels, sized, values_of
from training.curation import align_faces
from training.data import Pictures, to_pixels, to_tensor
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
from training.metrics import jpeg, kernel_distance, memorisation_ratio, precision_recall

ENCODER = "perceptual"


@torch.no_grad()
def features(net: PerceptualEncoder, faces: Sequence[np.ndarray]) -> np.ndarray:
    """uint8 faces -> [N, D]: means and deviations of the last two stages, over a 2x2 grid so that place counts."""
    found = []
    for start in range(0, len(faces), 32):
        maps = net(to_tensor(faces[start : start + 32]))[-2:]
        parts = []
        for m in maps:
            grid = m.unflatten(2, (2, -1)).unflatten(4, (2, -1))  # [B, C, 2, h, 2, w]
            parts += [grid.mean((3, 5)).flatten(1), grid.std((3, 5)).flatten(1)]
        found.append(torch.cat(parts, 1))
    return torch.cat(found).double().numpy()


def sharpness(faces: Sequence[np.ndarray]) -> float:
    """Mean Laplacian energy of the grey pictures."""
    greys = [cv2.cvtColor(face, cv2.COLOR_RGB2GRAY).astype(np.float32) for face in faces]
    return float(np.mean([np.square(cv2.Laplacian(grey, cv2.CV_32F)).mean() for grey in greys]))


def evaluate_faces(library: Library, values: Namespace) -> dict[str, Any]:
    """Samples at full variety against `--val`, beside training faces, JPEG q10 and blurred ones as yardsticks."""
    if not values.val:
        raise BadInput("Faces are measured against faces never trained on; give their folder with --val.")
    model, encoder, points = (library.load(name) for name in (values.name, ENCODER, "landmarks"))
    assert isinstance(model, FaceGAN) and isinstance(encoder, PerceptualEncoder) and isinstance(points, LandmarkNet)
    size = model.config.size
    train, val = (
        align_faces(Pictures.read(folder, smallest=32, side=512).arrays, size, points)
        for folder in (values.data, values.val)
    )
    made: list[np.ndarray] = []
    draw = torch.Generator().manual_seed(0)
    with torch.no_grad():
        while len(made) < values.samples:
            made += list(to_pixels(model(torch.randn(20, model.config.latent, generator=draw))))
    made = made[: values.samples]
    of_made, of_train, of_val = (features(encoder, faces) for faces in (made, train, val))
    deviation = of_train.std(0) + 1e-6
    of_made, of_train, of_val = of_made / deviation, of_train / deviation, of_val / deviation
    some = np.random.default_rng(0).permutation(len(of_train))[: len(of_val)]
    yardsticks = {"jpeg_q10": worsened(val, "jpeg"), "blurred": worsened(val, "blur")}
    precision, recall = precision_recall(of_val, of_made[: len(of_val)])
    return {
        "images_seen": library.card(values.name).images_seen,
        "kid_encoder": f"{ENCODER} {library.card(ENCODER).sha256[:12]}, last two stages on a 2x2 grid",
        "samples": len(made),
        "kid_val": round(kernel_distance(of_made, of_val), 5),
        "kid_train": round(kernel_distance(of_made, of_train), 5),
        "kid_train_to_val": round(kernel_distance(of_train[some], of_val), 5),
        **{
            f"kid_{name}_to_val": round(kernel_distance(features(encoder, faces) / deviation, of_val), 5)
            for name, faces in yardsticks.items()
        },
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "memorisation_ratio": round(memorisation_ratio(of_made, of_train, of_val), 4),
        "judge_real": judge_marks(model, val),
        "judge_made": judge_marks(model, made),
        "sharpness": round(sharpness(made) / sharpness(val), 4),
        **(landmark_error(library, values) if values.landmarks else {}),
        **(obedience(library, values, model, points, encoder, val) if values.steering else {}),
    }


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
    figures |= measure_inversion(model, val[: max(1, count // 4)])
    if values.labels:
        names = slider_names(engine)
        sliders = library.load(SLIDERS)
        assert isinstance(sliders, Sliders)
        pictures = Pictures.read(values.data, smallest=32, side=256)
        labels = values_of(read_labels(values.labels, names), [path.name for path in pictures.paths])
        jury = Jury(points, encoder, sized(pictures.arrays, model.config.size), labels)
        figures |= measure_sliders(engine, values.name, sliders, jury, names)
        figures |= measure_prompts(engine, values.name, jury, names)
    return figures


def worsened(faces: Sequence[np.ndarray], how: str) -> list[np.ndarray]:
    """Copies that any sound metric must rank behind the originals."""
    if how == "blur":
        return [cv2.GaussianBlur(face, (0, 0), 2.5) for face in faces]
    return [jpeg(face, 10) for face in faces]
