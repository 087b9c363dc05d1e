"""Attributes of faces from few labels: read from tables, told from pictures by linear models on fixed features.

Semi-supervised twice over: the features' principal components come from all faces, labelled or not; and where labels
are few, faces that the first model is sure of count as labelled (pseudo-labels; Lee, 2013) if that helps held-out ones.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from studio.core.errors import BadInput
from studio.models.landmarks import LandmarkNet
from studio.models.perceptual import PerceptualEncoder
from training.losses import full_precision
from training.teacher import Teacher

COMPONENTS = (160, 40)  # principal components that are tried; few labels bear few
FOLDS = 5
RIDGE = 30.0
FEW = 500  # labels below which pseudo-labels are tried
SURE = 0.2  # share of the unlabelled at either end that is taken for sure
TRUST = 0.3  # weight of a pseudo-label


def read_labels(files: Sequence[str], names: Sequence[str]) -> dict[str, dict[str, float]]:
    """Attribute -> file name -> value, from tables with a column `file`; empty cells are left out.

    A column of two words yields an attribute of each word's name, 1 where it stands. Raises BadInput when a file cannot
    be read or an attribute of `names` is in none.
    """
    found: dict[str, dict[str, float]] = {}
    for file in files:
        try:
            with open(file, newline="", encoding="utf-8-sig") as text:
                rows = list(csv.DictReader(text))
        except (OSError, ValueError, csv.Error) as error:
            raise BadInput(f"The table '{file}' cannot be read; give a .csv with a column 'file'.") from error
        if not rows or "file" not in rows[0]:
            raise BadInput(f"The table '{file}' cannot be read; give a .csv with a column 'file'.")
        for column in rows[0]:
            cells = {Path(row["file"]).name: (row[column] or "").strip() for row in rows}
            cells = {name: cell for name, cell in cells.items() if cell}
            words = sorted(set(cells.values()))
            try:
                found.setdefault(column, {}).update({name: float(cell) for name, cell in cells.items()})
            except ValueError:
                for word in words if len(words) == 2 else ():
                    found.setdefault(word, {}).update({name: float(cell == word) for name, cell in cells.items()})
    missing = [name for name in names if not found.get(name)]
    if missing:
        raise BadInput(f"The tables have no column '{missing[0]}'; name columns that are there.")
    return {name: found[name] for name in names}


@dataclass(frozen=True)
class View:
    """A part of an aligned face as the encoder sees it; edges are shares of the side, `grid` is what maps shrink to."""

    top: float
    bottom: float
    left: float
    right: float
    size: tuple[int, int]  # px the part is brought to
    grid: tuple[int, int]


VIEWS = (
    View(0.0, 1.0, 0.0, 1.0, (96, 96), (4, 4)),
    View(0.36, 0.56, 0.22, 0.78, (48, 128), (3, 8)),  # glasses
    View(0.55, 0.85, 0.28, 0.72, (80, 112), (4, 5)),  # mouth and beard
    View(0.2, 0.85, 0.22, 0.78, (128, 112), (4, 4)),  # skin
)
TAUGHT = (  # the parts as a teacher sees them: larger, and alike in their grids
    View(0.0, 1.0, 0.0, 1.0, (112, 112), (4, 4)),
    View(0.2, 0.85, 0.22, 0.78, (112, 96), (4, 4)),
    View(0.3, 0.6, 0.15, 0.85, (64, 128), (3, 6)),  # eyes and what is around them
    View(0.55, 0.85, 0.28, 0.72, (64, 96), (4, 5)),
    View(0.0, 0.5, 0.1, 0.9, (64, 96), (3, 4)),  # forehead and hair
)
TAPS = {5: 128, 7: 256, 10: 384}  # index in squeezenet1_1().features -> channels
MAPS = 2  # of the encoder's stages, the last ones
COLOURS = 8  # side of the grid of colours, which goes with the first view, as the points do


class FaceFeatures:
    """Faces -> what attributes are told from: points, colours on a grid, encoder features of the views on grids.

    With a `teacher`, giving the maps of TAPS, those of its views as well: age, for one, is told far better by it.
    """

    def __init__(self, points: LandmarkNet, encoder: PerceptualEncoder, teacher: Teacher | None = None) -> None:
        self.points, self.encoder, self.teacher = points, encoder, teacher

    @property
    def parts(self) -> list[slice]:
        """Which features belong together: those of each of VIEWS, and of each of the teacher's views and maps."""
        channels = sum(self.encoder.config.channels[-MAPS:])
        sizes = [channels * view.grid[0] * view.grid[1] for view in VIEWS]
        sizes[0] += 2 * len(self.points.config.points) + 3 * COLOURS**2
        if self.teacher is not None:
            sizes += [count * view.grid[0] * view.grid[1] for view in TAUGHT for count in TAPS.values()]
        ends = np.cumsum(sizes).tolist()
        return [slice(end - size, end) for size, end in zip(sizes, ends, strict=True)]

    @property
    def groups(self) -> list[tuple[int, ...]]:
        """Indices of parts that an attribute may be told from; few, as with few labels the best of many is chance."""
        own, all_parts = range(len(VIEWS)), range(len(self.parts))
        groups = [*((part,) for part in own), tuple(own)]
        return groups if self.teacher is None else [*groups, tuple(all_parts[len(VIEWS) :]), tuple(all_parts)]

    @torch.no_grad()
    def __call__(self, x: Tensor) -> Tensor:
        """[B, 3, S, S] in [-1, 1] -> [B, D]."""
        side = self.points.config.size
        found = [self.points(fitted(x, (side, side))).flatten(1), F.adaptive_avg_pool2d(x, COLOURS).flatten(1)]
        for view in VIEWS:
            maps = self.encoder(seen(x, view))[-MAPS:]
            found += [F.adaptive_avg_pool2d(m, view.grid).flatten(1) for m in maps]
        if self.teacher is not None:
            for view in TAUGHT:
                found += [F.adaptive_avg_pool2d(m, view.grid).flatten(1) for m in self.teacher(seen(x, view))]
        return torch.cat([part.float() for part in found], 1)


def seen(x: Tensor, view: View) -> Tensor:
    """The part of [B, 3, S, S] that a view shows, at its size."""
    height, width = x.shape[2:]
    rows = slice(int(view.top * height), int(view.bottom * height))
    columns = slice(int(view.left * width), int(view.right * width))
    return fitted(x[:, :, rows, columns], view.size)


def fitted(x: Tensor, size: tuple[int, int]) -> Tensor:
    """[B, 3, h, w] at another size, antialiased."""
    with full_precision(x):
        return F.interpolate(x.float(), size, mode="bilinear", antialias=True, align_corners=False)


@dataclass(frozen=True, eq=False)
class Judge:
    """Linear models on features; `auc` is that of held-out faces, scores are in deviations of real ones."""

    mean: Tensor
    scale: Tensor
    weights: Tensor
    bias: Tensor
    auc: tuple[float, ...]

    def __call__(self, features: Tensor) -> Tensor:
        """[B, D] -> scores [B, K]."""
        return ((features - self.mean) / self.scale) @ self.weights + self.bias


def learn_judge(
    features: np.ndarray, values: np.ndarray, parts: Sequence[slice], groups: Sequence[tuple[int, ...]] = ()
) -> Judge:
    """Features [N, D] of all faces, of which `parts` belong together, and their values [N, K], NaN where unknown.

    Each attribute is told from the group of parts, by the mean of what each tells, and from the number of components,
    that tell held-out faces apart best. Without `groups` it is each part alone, or all.
    """
    groups = groups or [*((which,) for which in range(len(parts))), tuple(range(len(parts)))]
    mean, scale = features.mean(0), features.std(0) + 1e-6
    bases = [_basis((features[:, part] - mean[part]) / scale[part]) for part in parts]  # points [N, C], basis [d, C]
    table, bias, aucs = np.zeros((features.shape[1], values.shape[1])), [], []
    for index, column in enumerate(values.T):
        labels, tried = sides(column), []
        for count in COMPONENTS:
            told = [held_out(points[:, :count], column, seed=0)[0] for points, _ in bases]
            tried += [(auc(np.sum([told[which] for which in group], axis=0), labels), group, count) for group in groups]
        _, chosen, count = max(tried)
        told, scores, offset = [], np.zeros(len(features)), 0.0
        for which in chosen:
            points, basis = (array[:, :count] for array in bases[which])
            apart, model = held_out(points, column, seed=1)  # other folds than those that chose
            told.append(apart)
            scores += points @ model[:-1] + model[-1]
            offset += model[-1]
            table[parts[which], index] = basis @ model[:-1]
        spread = scores.std() + 1e-9
        table[:, index] /= spread
        bias.append((offset - scores.mean()) / spread)
        aucs.append(auc(np.sum(told, axis=0), labels))
    tensors = (torch.from_numpy(np.ascontiguousarray(a)).float() for a in (mean, scale, table, np.array(bias)))
    return Judge(*tensors, auc=tuple(round(auc, 4) for auc in aucs))


def sides(values: np.ndarray) -> np.ndarray:
    """Which of the known values are high: above the median or, where most have the highest, above the lowest."""
    known = values[~np.isnan(values)]
    high = known > np.median(known)
    return high if high.any() else known > known.min()


def _basis(whitened: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """[N, d] -> its principal components' scores [N, C] and directions [d, C], strongest first."""
    values, vectors = np.linalg.eigh(whitened @ whitened.T)  # there are fewer faces than features
    keep = slice(None, -max(COMPONENTS) - 1, -1)
    lengths = np.sqrt(values[keep].clip(1e-6))
    return vectors[:, keep] * lengths, whitened.T @ (vectors[:, keep] / lengths)


def held_out(points: np.ndarray, values: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """What is told of the labelled faces, each left out in turn, and the model [D + 1] from all."""
    known = np.flatnonzero(~np.isnan(values))
    unknown = np.flatnonzero(np.isnan(values))
    goals = np.clip((values[known] - np.mean(values[known])) / (np.std(values[known]) + 1e-9), -2.5, 2.5)
    labels = sides(values)
    folds = np.random.default_rng(seed).permutation(len(known)) % FOLDS
    tried = []
    for others in (None, unknown) if len(known) < FEW and len(unknown) else (None,):
        scores = np.zeros(len(known))
        for fold in range(FOLDS):
            inside = folds != fold
            model = _fit(points, known[inside], goals[inside], others)
            scores[~inside] = points[known[~inside]] @ model[:-1] + model[-1]
        tried.append((auc(scores, labels), scores, others))
    _, scores, others = max(tried, key=lambda one: one[0])
    return scores, _fit(points, known, goals, others)


def _fit(points: np.ndarray, rows: np.ndarray, goals: np.ndarray, unknown: np.ndarray | None) -> np.ndarray:
    model = _ridge(points[rows], goals, np.ones(len(rows)))
    if unknown is None:
        return model
    scores = points[unknown] @ model[:-1] + model[-1]
    low, high = np.quantile(scores, (SURE, 1 - SURE))
    sure = (scores <= low) | (scores >= high)
    joined = np.concatenate([points[rows], points[unknown[sure]]])
    targets = np.concatenate([goals, np.where(scores[sure] >= high, goals.max(), goals.min())])
    weights = np.concatenate([np.ones(len(rows)), np.full(int(sure.sum()), TRUST * len(rows) / max(sure.sum(), 1))])
    return _ridge(joined, targets, weights)


def _ridge(x: np.ndarray, y: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Weighted ridge regression with an intercept, which comes last."""
    x = np.column_stack([x, np.ones(len(x))])
    penalty = np.full(x.shape[1], RIDGE)
    penalty[-1] = 1e-6
    return np.linalg.solve((x.T * weights) @ x + np.diag(penalty), (x.T * weights) @ y)


def auc(scores: np.ndarray, labels: np.ndarray) -> float:
    """Area under the ROC curve: the chance that a face with the label scores above one without."""
    ranks = np.empty(len(scores))
    ranks[scores.argsort(kind="stable")] = np.arange(1, len(scores) + 1)
    positive = int(labels.sum())
    negative = len(labels) - positive
    if not positive or not negative:
        return 0.5
    return float((ranks[labels].sum() - positive * (positive + 1) / 2) / (positive * negative))


def values_of(labels: dict[str, dict[str, float]], names: Sequence[str]) -> np.ndarray:
    """Attributes by file name -> [N, K] for the files `names`, NaN where unknown."""
    return np.array([[column.get(name, np.nan) for column in labels.values()] for name in names])


def sized(faces: Sequence[np.ndarray], size: int) -> list[np.ndarray]:
    return [cv2.resize(face, (size, size), interpolation=cv2.INTER_AREA) for face in faces]
