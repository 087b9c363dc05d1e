"""Figures of merit: formulas on pictures (uint8 [H, W, 3]) and on feature sets; no network lives here."""

import cv2
import numpy as np

from studio.core.likeness import psnr as psnr  # one of the figures; the studio shows it too


def jpeg(picture: np.ndarray, quality: int) -> np.ndarray:
    """uint8 [H, W, 3] after a round trip through JPEG at `quality` 0..100."""
    coded, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    found = cv2.imdecode(data, cv2.IMREAD_COLOR)
    assert coded and found is not None
    return found


def patches(picture: np.ndarray, centres: np.ndarray, side: int = 7) -> np.ndarray:
    """uint8 [H, W, 3] and (row, column) centres [N, 2] -> patches [N, side * side * 3] in [0, 1]."""
    half = side // 2
    padded = cv2.copyMakeBorder(picture, half, half, half, half, cv2.BORDER_REFLECT_101)
    windows = np.lib.stride_tricks.sliding_window_view(padded, (side, side), (0, 1))  # [H, W, 3, side, side]
    return windows[centres[:, 0], centres[:, 1]].reshape(len(centres), -1).astype(np.float32) / 255


def sliced_wasserstein(x: np.ndarray, y: np.ndarray, *, projections: int = 256, seed: int = 0) -> float:
    """Mean over random directions of the 1-D Wasserstein-1 distance of two point sets [N, D] and [M, D]."""
    rng = np.random.default_rng(seed)
    directions = rng.standard_normal((x.shape[1], projections)).astype(np.float32)
    directions /= np.linalg.norm(directions, axis=0)
    a, b = (_quantiles(np.ascontiguousarray((points @ directions).T), 512) for points in (x, y))
    return float(np.abs(a - b).mean())


def _quantiles(rows: np.ndarray, count: int) -> np.ndarray:
    """[R, N] -> [R, count] evenly spaced quantiles of each row; what np.quantile gives, several times faster."""
    ordered = np.sort(rows, axis=1)
    position = np.linspace(0, rows.shape[1] - 1, count)
    below = np.minimum(position.astype(int), max(rows.shape[1] - 2, 0))
    share = position - below
    return ordered[:, below] * (1 - share) + ordered[:, np.minimum(below + 1, rows.shape[1] - 1)] * share


def patch_swd(made: np.ndarray, real: np.ndarray, where: np.ndarray, *, count: int = 4000, seed: int = 0) -> float:
    """Sliced Wasserstein distance between 7x7 patches of two uint8 pictures, centred inside the bool mask `where`.

    Each patch's own colour is taken away first: what is compared is texture.
    """
    centres = np.argwhere(where)
    rng = np.random.default_rng(seed)
    chosen = centres[rng.permutation(len(centres))[:count]]
    found = []
    for picture in (made, real):
        some = patches(picture, chosen).reshape(len(chosen), -1, 3)
        found.append((some - some.mean(1, keepdims=True)).reshape(len(chosen), -1))
    return sliced_wasserstein(*found, seed=seed)


def detail_ratio(made: np.ndarray, real: np.ndarray, where: np.ndarray) -> float:
    """Energy of the Laplacian inside `where`, made over real: 1 keeps the detail, 0 is smooth."""

    def energy(picture: np.ndarray) -> float:
        grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32)
        return float(np.square(cv2.Laplacian(grey, cv2.CV_32F))[where].mean())

    return energy(made) / max(energy(real), 1e-6)


def kernel_distance(x: np.ndarray, y: np.ndarray) -> float:
    """Unbiased squared MMD of features [N, D], [M, D] with the cubic kernel (Binkowski et al., KID, 2018)."""

    def kernel(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        return (a @ b.T / a.shape[1] + 1) ** 3

    n, m = len(x), len(y)
    xx, yy = kernel(x, x), kernel(y, y)
    within = (xx.sum() - np.trace(xx)) / (n * (n - 1)) + (yy.sum() - np.trace(yy)) / (m * (m - 1))
    return float(within - 2 * kernel(x, y).mean())


def precision_recall(real: np.ndarray, made: np.ndarray, k: int = 3) -> tuple[float, float]:
    """Share of made within the real manifold, and of real within the made one (Kynkaanniemi et al., 2019)."""

    def distances(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        return np.sqrt(np.maximum((a**2).sum(1)[:, None] + (b**2).sum(1) - 2 * a @ b.T, 0))

    def covered(points: np.ndarray, manifold: np.ndarray) -> float:
        radii = np.sort(distances(manifold, manifold), axis=1)[:, min(k, len(manifold) - 1)]
        return float((distances(points, manifold) <= radii).any(1).mean())

    return covered(made, real), covered(real, made)


def nearest(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Distance [N] from every feature of x [N, D] to its nearest in y [M, D]."""
    squares = (x**2).sum(1)[:, None] + (y**2).sum(1) - 2 * x @ y.T
    return np.sqrt(np.maximum(squares.min(1), 0))


def memorisation_ratio(made: np.ndarray, train: np.ndarray, held_out: np.ndarray) -> float:
    """Median distance to the nearest training picture over that to the nearest held-out one; copies drive it to 0.

    Both sets are brought to one size, for a larger set is nearer to everything.
    """
    rng = np.random.default_rng(0)
    count = min(len(train), len(held_out))
    rounds = [train[rng.permutation(len(train))[:count]] for _ in range(10)]
    close = np.median([np.median(nearest(made, some)) for some in rounds])
    return float(close / np.median(nearest(made, held_out[rng.permutation(len(held_out))[:count]])))


def retrieval(vectors: np.ndarray, labels: np.ndarray) -> float:
    """Share of unit vectors [N, D] whose nearest other one has their label."""
    similarity = vectors @ vectors.T
    np.fill_diagonal(similarity, -np.inf)
    return float((labels[similarity.argmax(1)] == labels).mean())
