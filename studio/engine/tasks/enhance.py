"""Light, colour, noise, JPEG's blocks and blur of a whole picture; what is not asked for stays as it is.

Noise, blocks and blur are taken away by a network in one go, or noise and blur by classical means; all else is done by
rule. Contrast and classical sharpness change lightness alone, so colours do not shift.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import ClassVar, cast

import cv2
import numpy as np

from studio.core.errors import BadInput
from studio.core.image import Picture
from studio.core.progress import TaskControl
from studio.core.provenance import DigitalSource
from studio.engine.fading import unfaded
from studio.engine.pixels import preview, visible_colours
from studio.engine.tasks.base import Models, Request, Task, setting
from studio.engine.tasks.restoration import Levels, judged, restored
from studio.models.restore import RestoreNet

METHODS = ("net", "classical")
LEVELS = ("denoise", "jpeg", "deblur")  # the settings that make up Levels
CONTRASTS = ("none", "clahe", "equalise", "stretch")
NORM = 6  # of shades of grey: 1 is the grey world, infinity the white patch
STRONGEST = 2.0  # gain of white balance
ROUNDS = 12  # of deconvolution
TILES = 8  # of CLAHE, along a side
TAILS = (0.005, 0.995)  # quantiles that a stretch takes to black and white


@dataclass(frozen=True, kw_only=True, eq=False)
class EnhanceResult:
    """`levels` are what the network was told to take away, or nothing."""

    picture: Picture
    levels: Levels = Levels()  # noqa: RUF009


@dataclass(frozen=True, kw_only=True, eq=False)
class EnhanceRequest(Request[EnhanceResult]):
    """A picture and how much of each to do, in this order."""

    task: ClassVar[str] = "enhance"
    picture: Picture
    balance: float = setting(0.0, "white balance; 0: none, 1: full", low=0.0, high=1.0)
    fade: float = setting(0.0, "fading and yellowing that is undone; 0: none, 1: all", low=0.0, high=1.0)
    denoise: float = setting(0.0, "noise that is taken away, in levels of 255; 0: none", low=0.0, high=50.0)
    jpeg: float = setting(0.0, "JPEG's blocks taken away: 100 less its quality; 0: none", low=0.0, high=95.0)
    deblur: float = setting(0.0, "blur that is undone, px; 0: none", low=0.0, high=4.0)
    auto: bool = setting(False, "let the network judge noise, blocks and blur, where they are 0 here")
    method: str = setting(
        "net", "of noise and blur; classical: non-local means, and deconvolution of lightness", choices=METHODS
    )
    contrast: str = setting(
        "none", "clahe: locally; equalise: all levels alike; stretch: from black to white", choices=CONTRASTS
    )
    amount: float = setting(0.5, "how much contrast; 0: none, 1: full", low=0.0, high=1.0)
    model: str = setting("restore", "model of the library, for the method net")


Step = Callable[[np.ndarray], np.ndarray]


def run(request: EnhanceRequest, models: Models, control: TaskControl) -> EnhanceResult:
    """Alpha, profile and size stay; when nothing is asked for, so does every byte."""
    rgb, levels = visible_colours(request.picture), Levels()
    by_net = request.auto or (request.method == "net" and bool(asked(request)))
    network = cast(RestoreNet, models.model(request.model, "restore")) if by_net else None
    if network is not None:
        levels = filled_in(request, judged(network, models.device, rgb)) if request.auto else asked(request)
    steps = by_rule(request)
    if network is not None and levels:
        steps.insert(0, lambda rgb: restored(network, models.device, rgb, levels, lambda *_: control.check()))
    if not steps and not request.auto:
        raise BadInput("Nothing is to be enhanced; set white balance, fading, noise, JPEG, blur or contrast.")
    for index, step in enumerate(steps):
        control.check()
        rgb = step(rgb)
        control.report(index + 1, len(steps), preview(rgb) if control.listener else None)
    by_model = DigitalSource.COMPOSITE if levels else None
    settings = request.settings() | (dict(zip(LEVELS, levels.rounded(), strict=True)) if levels else {})
    source = request.picture.source or by_model
    return EnhanceResult(picture=replace(request.picture, rgb=rgb, settings=settings, source=source), levels=levels)


def asked(request: EnhanceRequest) -> Levels:
    return Levels(noise=request.denoise, jpeg=request.jpeg, blur=request.deblur)


def filled_in(request: EnhanceRequest, found: Levels) -> Levels:
    """What is asked for, and where it is nothing, what was found."""
    noise, jpeg, blur = (own or other for own, other in zip(asked(request).values(), found.values(), strict=True))
    return Levels(noise=noise, jpeg=jpeg, blur=blur)


def by_rule(request: EnhanceRequest) -> list[Step]:
    """All that takes no network, in its order; BadInput where only the network can do what is asked for."""
    classical = request.method == "classical" and not request.auto
    if classical and request.jpeg > 0:
        raise BadInput("JPEG's blocks are taken away by the network alone; choose the method net.")
    steps: list[tuple[bool, Step]] = [
        (classical and request.denoise > 0, lambda rgb: denoised(rgb, request.denoise)),
        (
            classical and request.deblur > 0,
            lambda rgb: on_lightness(rgb, lambda light: deblurred(light, request.deblur)),
        ),
        (request.balance > 0, lambda rgb: balanced(rgb, request.balance)),
        (request.fade > 0, lambda rgb: unfaded(rgb, request.fade)),
        (
            request.contrast != "none" and request.amount > 0,
            lambda rgb: on_lightness(rgb, lambda light: contrasted(light, request.contrast, request.amount)),
        ),
    ]
    return [step for wanted, step in steps if wanted]


def balanced(rgb: np.ndarray, amount: float) -> np.ndarray:
    """The light's colour taken out: shades of grey (Finlayson and Trezzi, 2004). uint8 [H, W, 3]."""
    light = np.array([np.power(np.mean(np.power(rgb[..., c] / 255.0, NORM)), 1 / NORM) for c in range(3)])
    gain = np.clip(light.mean() / light.clip(1e-3), 1 / STRONGEST, STRONGEST) ** amount
    table = np.clip(np.arange(256)[:, None] * gain, 0, 255).round().astype(np.uint8)
    return np.stack([table[rgb[..., c], c] for c in range(3)], -1)


def denoised(rgb: np.ndarray, sigma: float) -> np.ndarray:
    """Non-local means (Buades et al., 2005), colours more than lightness."""
    return cv2.fastNlMeansDenoisingColored(np.ascontiguousarray(rgb), None, 0.8 * sigma, 1.2 * sigma, 7, 21)


def on_lightness(rgb: np.ndarray, change: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """The picture with its CIE lightness, float [H, W] from 0 to 100, changed, and its colours kept."""
    lab = cv2.cvtColor(rgb.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    lab[..., 0] = change(lab[..., 0])
    return (cv2.cvtColor(lab, cv2.COLOR_LAB2RGB).clip(0, 1) * 255).round().astype(np.uint8)


def deblurred(light: np.ndarray, radius: float) -> np.ndarray:
    """Deconvolution of a Gaussian blur of `radius` px (Richardson, 1972; Lucy, 1974), held within what lies around."""
    seen = light / 100 + 1e-3
    found = seen.copy()
    for _ in range(ROUNDS):
        ratio = seen / cv2.GaussianBlur(found, (0, 0), radius).clip(1e-4)
        found *= cv2.GaussianBlur(ratio, (0, 0), radius)
    around = np.ones((3, 3), np.uint8)
    room = 0.08  # past the brightest and darkest neighbour: more would ring
    return (np.clip(found, cv2.erode(seen, around) - room, cv2.dilate(seen, around) + room) - 1e-3).clip(0, 1) * 100


def contrasted(light: np.ndarray, kind: str, amount: float) -> np.ndarray:
    """Lightness 0 to 100 with more contrast: CLAHE (Zuiderveld, 1994), equalisation, or a linear stretch."""
    levels = np.round(light * 655.35).clip(0, 65535).astype(np.uint16)
    if kind == "clahe":
        return cv2.createCLAHE(1 + 3 * amount, (TILES, TILES)).apply(levels) / 655.35
    if kind == "equalise":
        counts = np.bincount(levels.ravel(), minlength=65536).cumsum()
        full = (counts - counts[levels.min()]) / max(1, levels.size - counts[levels.min()])
        return light + amount * ((100 * full[levels]).astype(np.float32) - light)
    low, high = np.quantile(light, TAILS)
    return light + amount * (((light - low) * 100 / max(float(high - low), 1.0)).clip(0, 100) - light)


TASK = Task(EnhanceRequest, run)
