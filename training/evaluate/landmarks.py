"""The landmark net on portraits never trained on, beside the mean shape of the same portraits."""

from argparse import Namespace
from typing import Any

import cv2
import numpy as np
import torch

from studio.library.store import Library
from studio.models.landmarks import GROUPS, LandmarkNet
from training.data import to_tensor
from training.trainers.landmarks import eye_distance, read_landmarks

ANGLE = 15.0  # degrees, to either side, of the turned copies


@torch.no_grad()
def errors(net: LandmarkNet, faces: list[np.ndarray], wanted: np.ndarray) -> np.ndarray:
    """Distance [N, P] of every point found from where it is, in eye distances."""
    found = torch.cat([net(to_tensor(faces[i : i + 32])) for i in range(0, len(faces), 32)])
    return distances(found.numpy(), wanted, net.config.points)


def distances(found: np.ndarray, wanted: np.ndarray, chosen: tuple[int, ...]) -> np.ndarray:
    eyes = eye_distance(torch.from_numpy(wanted), chosen).numpy()
    return np.linalg.norm(found - wanted, axis=2) / eyes[:, None]


def turned(face: np.ndarray, points: np.ndarray, angle: float) -> tuple[np.ndarray, np.ndarray]:
    side = len(face)
    matrix = cv2.getRotationMatrix2D((side / 2, side / 2), angle, 1.0)
    made = cv2.warpAffine(face, matrix, (side, side), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return made, ((points * side) @ matrix[:, :2].T + matrix[:, 2]) / side


def evaluate_landmarks(library: Library, values: Namespace) -> dict[str, Any]:
    """Mean distance in units of the eye distance: all points, the classic five, and portraits turned by ANGLE."""
    net = library.load(values.name)
    assert isinstance(net, LandmarkNet)
    chosen, size = net.config.points, net.config.size
    arrays, shapes = read_landmarks(tuple(values.data), values.landmarks, chosen)
    faces = [cv2.resize(array, (size, size), interpolation=cv2.INTER_AREA) for array in arrays]
    wanted = np.stack(shapes)
    pairs = [turned(f, p, ANGLE * (-1) ** i) for i, (f, p) in enumerate(zip(faces, wanted, strict=True))]
    classic = [chosen.index(i) for i in (*GROUPS["irises"], 1, 61, 291)]
    straight = errors(net, faces, wanted)
    tilted = errors(net, [face for face, _ in pairs], np.stack([p for _, p in pairs]).astype(np.float32))
    mean = distances(np.broadcast_to(wanted.mean(0), wanted.shape), wanted, chosen)
    return {
        "faces": len(faces),
        "points": len(chosen),
        "landmark_error": round(float(straight.mean()), 5),
        "landmark_error_p95": round(float(np.quantile(straight.mean(1), 0.95)), 5),
        "landmark_error_five": round(float(straight[:, classic].mean()), 5),
        "landmark_error_turned": round(float(tilted.mean()), 5),
        "landmark_error_mean_shape": round(float(mean.mean()), 5),
    }
