"""Keeping a picture's colours under a style: place by place, or its palette as a whole."""

from dataclasses import dataclass

import cv2
import numpy as np

SAMPLES = 65536  # pixels by which a palette is known


def lightness_only(painted: np.ndarray, original: np.ndarray) -> np.ndarray:
    """The lightness of `painted` with the colours of `original` (both uint8 [H, W, 3]), in CIE Lab."""
    lab = cv2.cvtColor(original.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    lab[..., 0] = cv2.cvtColor(painted.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)[..., 0]
    return (cv2.cvtColor(lab, cv2.COLOR_LAB2RGB).clip(0, 1) * 255).round().astype(np.uint8)


@dataclass(frozen=True)
class Transport:
    """Colours in, colours out: x @ matrix + offset, in levels of 0..255."""

    matrix: np.ndarray  # [3, 3]
    offset: np.ndarray  # [3]

    def __call__(self, rgb: np.ndarray) -> np.ndarray:
        """uint8 [H, W, 3] -> the same."""
        moved = cv2.transform(rgb.astype(np.float32), np.hstack([self.matrix.T, self.offset[:, None]]))
        return moved.clip(0, 255).round().astype(np.uint8)

    def towards(self, other: "Transport", share: float) -> "Transport":
        """Between the two: 0 is this one, 1 the other."""
        return Transport(
            self.matrix + share * (other.matrix - self.matrix), self.offset + share * (other.offset - self.offset)
        )


def transport(source: np.ndarray, target: np.ndarray) -> Transport:
    """The linear map of least cost that gives `source`'s colours the mean and covariance of `target`'s.

    Monge-Kantorovich for Gaussians (Pitié and Kokaram, 2007); uint8 [H, W, 3] each.
    """
    (mean_s, root, inverse), (mean_t, cov_t) = _spread(source), _moments(target)
    matrix = inverse @ _root(root @ cov_t @ root) @ inverse
    return Transport(matrix.astype(np.float32), (mean_t - mean_s @ matrix).astype(np.float32))


def _moments(rgb: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean [3] and covariance [3, 3] of the colours, float64; a picture of one colour has a little spread too."""
    pixels = rgb.reshape(-1, 3)
    pixels = pixels[:: max(1, len(pixels) // SAMPLES)].astype(np.float64)
    centred = pixels - pixels.mean(0)
    return pixels.mean(0), centred.T @ centred / len(pixels) + 4 * np.eye(3)


def _spread(rgb: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    mean, covariance = _moments(rgb)
    root = _root(covariance)
    return mean, root, np.linalg.inv(root)


def _root(matrix: np.ndarray) -> np.ndarray:
    """The square root of a symmetric positive matrix."""
    values, vectors = np.linalg.eigh(matrix)
    return vectors * np.sqrt(values.clip(0)) @ vectors.T
