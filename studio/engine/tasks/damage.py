"""Damage of a print found: scratches, cracks, dust, stains, folds and tears by a network, a date stamp by rule.

The result is a mask that a person can correct before anything is filled.
"""

import math
from dataclasses import dataclass
from itertools import product
from typing import ClassVar, cast

import cv2
import numpy as np
import torch

from studio.core.guided import guided
from studio.core.image import Picture
from studio.core.mask import grow
from studio.core.progress import TaskControl
from studio.engine.backproject import colour_odds
from studio.engine.pixels import copy_within, pad_to_multiple, to_tensor, visible_colours
from studio.engine.spots import date_stamp, long_parts, small_parts
from studio.engine.tasks.base import Models, Request, Task, setting
from studio.models.damage import DamageNet

FINDS = ("all", "scratches", "dust", "stamp")
SURE = 1.0  # log odds of what surely is damage
LEANING, SLOPE, MOST = 0.7, 0.7, 2.5  # of log odds, for `leaning`
MIRRORS = 1, -1  # steps along a row: the picture and its mirror image
CERTAIN = 5.5  # most of log odds that is said of a pixel
NEAR, FAR = 1536, 512  # px, long sides at which the network looks: in a larger scan damage is larger too
AFAR = 0.3  # how much of what is said is said from afar: large pieces are seen whole there
GUIDED = 0.5  # how much of it follows the picture's colours
AROUND, ALIKE = 1 / 32, 5e-5  # of the short side, and variance in 0..1, for `guided`
SOFT = 1.0  # px by which grain is smoothed before colours are compared


@dataclass(frozen=True, kw_only=True, eq=False)
class DamageResult:
    """The mask bool [H, W], the same as a picture, white where there is damage, and how sure each pixel is, uint8."""

    mask: np.ndarray
    chance: np.ndarray
    picture: Picture

    @property
    def share(self) -> float:
        return float(self.mask.mean())


@dataclass(frozen=True, kw_only=True, eq=False)
class DamageRequest(Request[DamageResult]):
    """A picture, what is looked for in it, and how sure of it to be."""

    task: ClassVar[str] = "damage"
    picture: Picture
    find: str = setting("all", "all; scratches: long parts; dust: small ones; stamp: a printed date", choices=FINDS)
    threshold: float = setting(0.5, "lower finds more, and more that is none", low=0.05, high=0.95)
    grow: int = setting(1, "widen what is found by so many px", low=0, high=32)
    model: str = setting("damage", "model of the library")


def run(request: DamageRequest, models: Models, control: TaskControl) -> DamageResult:
    """A mask of the picture's size; nothing found is an empty one."""
    rgb = visible_colours(request.picture)
    if request.find == "stamp":
        chance = date_stamp(rgb).astype(np.uint8) * 255
    else:
        network = cast(DamageNet, models.model(request.model, "damage"))
        chance = damage_chance(network, models.device, rgb, control)
    mask = mask_of(chance, request.find, request.threshold, request.grow)
    shown = np.repeat(mask[..., None].astype(np.uint8) * 255, 3, 2)
    settings = request.settings() | {"share": round(float(mask.mean()), 5)}
    return DamageResult(
        mask=mask, chance=chance, picture=Picture(rgb=shown, name=request.picture.name, settings=settings)
    )


def mask_of(chance: np.ndarray, find: str, threshold: float, px: int) -> np.ndarray:
    """The mask of a map of chances, uint8 [H, W] with 255 for 1: the parts that `find` names, `px` wider."""
    mask = chance > round(255 * threshold)
    if find == "scratches":
        mask = long_parts(mask)
    elif find == "dust":
        mask = small_parts(mask)
    return grow(mask, px) if mask.any() and px else mask


def damage_chance(network: DamageNet, device: torch.device, rgb: np.ndarray, control: TaskControl) -> np.ndarray:
    """How likely each pixel of uint8 [H, W, 3] is damaged, uint8 [H, W] with 255 for 1.

    The mean, in log odds, of what is said of the picture, of a small copy and of their mirror images: what is said of
    one of them alone is rarely damage. Half of it is guided by the picture, as damage ends where its colour does;
    `leaning` is added, and what each colour is worth: damage of a picture has few colours.
    """
    near = copy_within(rgb, NEAR)
    far = copy_within(near, FAR)
    views = [(near, 1.0)] if far is near else [(near, 1 - AFAR), (far, AFAR)]
    odds = np.zeros(near.shape[:2], np.float32)
    for index, ((view, weight), step) in enumerate(product(views, MIRRORS)):
        odds += weight / len(MIRRORS) * enlarged(log_odds(network, device, view[:, ::step])[:, ::step], near)
        control.report(index + 1, len(views) * len(MIRRORS))
    odds += leaning(odds) + GUIDED * (guided(odds, near, round(AROUND * min(odds.shape)), ALIKE) - odds)
    odds += colour_odds(probability(odds), cv2.GaussianBlur(near, (0, 0), SOFT))
    return enlarged((255 * probability(odds)).round().astype(np.uint8), rgb)


def probability(odds: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-odds))


def enlarged(plane: np.ndarray, like: np.ndarray) -> np.ndarray:
    """[H, W] at the height and width of another picture, or itself if it has them."""
    if plane.shape == like.shape[:2]:
        return plane
    return cv2.resize(plane, like.shape[1::-1], interpolation=cv2.INTER_LINEAR)


def leaning(odds: np.ndarray) -> float:
    """Log odds to add to those of a picture: where some of it surely is damaged, more is likely to be than in others.

    An empirical prior, from the share that is sure; chosen by made damage of the photos of `training.evaluate repair`,
    none of them trained on.
    """
    share = float((odds > SURE).mean())
    return min(MOST, LEANING + SLOPE * math.log((share + 1e-4) / 0.01))


def log_odds(network: DamageNet, device: torch.device, rgb: np.ndarray) -> np.ndarray:
    """What the network says of uint8 [H, W, 3] by itself, float32 [H, W], none taken for certain."""
    x = to_tensor(pad_to_multiple(rgb, network.multiple), device).contiguous(memory_format=torch.channels_last)
    return network(x)[0, 0, : rgb.shape[0], : rgb.shape[1]].clamp(-CERTAIN, CERTAIN).float().cpu().numpy()


TASK = Task(DamageRequest, run)
