"""A face whose eyes, nose and mouth lie where they are asked to: gradient steps on the styles of the early stages."""

import re
from dataclasses import dataclass, fields

import torch
from torch import Tensor
from torch.nn import functional as F

from studio.core.errors import BadInput
from studio.core.progress import TaskControl
from studio.engine.pixels import to_rgb
from studio.engine.steering.directions import style_spread
from studio.models.face_gan import Generator
from studio.models.landmarks import LandmarkNet

STEPS = 60
RATE = 0.08  # a step, in units of a style's own deviation
STAY = 2e-3  # weight of the way gone against squared shares of the eye distance
CLOSE = 0.3 / 128  # an error, as a share of the side, that needs no further step
LEFT_CORNER, RIGHT_CORNER = 33, 263  # the eyes' outer corners; indices of the face mesh
NOSE = (168, 1)  # between the eyes, tip
LIP_CORNERS, LIPS = (61, 291), (0, 17)
KEYS = ("left_eye", "right_eye", "nose", "mouth", "size")


@dataclass(frozen=True, kw_only=True)
class Features:
    """Where a face's features are, or should be, as shares of the picture's side; None where it does not matter."""

    left_eye: tuple[float, float] | None = None
    right_eye: tuple[float, float] | None = None
    nose: float | None = None
    mouth_width: float | None = None
    mouth_height: float | None = None


def parse_features(text: str, size: int) -> Features:
    """ "left_eye=30,10 right_eye=120,40 nose=100 mouth=20x40 size=150": px of a picture of `size` px.

    Left is the picture's left; eyes are outer corners, the mouth is width x height. BadInput names what is wrong.
    """
    values: dict[str, tuple[float, ...]] = {}
    for part in text.replace(";", " ").split():
        key, _, numbers = part.partition("=")
        found = re.findall(r"-?\d+(?:\.\d+)?", numbers)
        wanted = {"nose": 1, "size": 1}.get(key, 2)
        if key not in KEYS or len(found) != wanted or re.sub(r"-?\d+(?:\.\d+)?", "", numbers) not in ("", ",", "x"):
            raise BadInput(
                f"'{part}' is no landmark; write left_eye=X,Y right_eye=X,Y nose=LENGTH mouth=WIDTHxHEIGHT size=SIDE."
            )
        values[key] = tuple(map(float, found))
    side = values.pop("size", (float(size),))[0]
    if side <= 0 or any(not 0 <= number <= side for numbers in values.values() for number in numbers):
        raise BadInput(f"The landmarks lie outside of the picture, 0 to {side:g} px; move them inside, or set size.")
    shares = {key: tuple(number / side for number in numbers) for key, numbers in values.items()}
    width, height = shares.get("mouth", (None, None))
    return Features(
        left_eye=shares.get("left_eye"),  # pyright: ignore
        right_eye=shares.get("right_eye"),  # pyright: ignore
        nose=shares["nose"][0] if "nose" in shares else None,
        mouth_width=width,
        mouth_height=height,
    )


def measure(points: Tensor, mesh: tuple[int, ...]) -> dict[str, Tensor]:
    """Points [B, P, 2] of the `mesh`'s indices -> the values of Features: places [B, 2], lengths [B]."""
    place = {index: points[:, mesh.index(index)] for index in (LEFT_CORNER, RIGHT_CORNER, *NOSE, *LIP_CORNERS, *LIPS)}

    def length(ends: tuple[int, int]) -> Tensor:
        return (place[ends[0]] - place[ends[1]]).square().sum(1).add(1e-12).sqrt()

    return {
        "left_eye": place[LEFT_CORNER],
        "right_eye": place[RIGHT_CORNER],
        "nose": length(NOSE),
        "mouth_width": length(LIP_CORNERS),
        "mouth_height": length(LIPS),
    }


def locate(net: LandmarkNet, picture: Tensor) -> Tensor:
    """Picture [B, 3, S, S] of any size -> points [B, P, 2] as shares of the side."""
    side = net.config.size
    if picture.shape[-1] != side:
        picture = F.interpolate(picture, (side, side), mode="bilinear", antialias=True, align_corners=False)
    return net(picture.clamp(-1, 1))


def misses(found: dict[str, Tensor], wanted: Features) -> dict[str, Tensor]:
    """By how much each wanted feature is missed, [B], in shares of the side."""
    result = {}
    for item in fields(Features):
        goal = getattr(wanted, item.name)
        if goal is not None:
            off = found[item.name] - torch.tensor(goal, device=found[item.name].device)
            result[item.name] = off.square().sum(1).add(1e-12).sqrt() if off.ndim == 2 else off.abs()
    return result


def meet(
    generator: Generator, net: LandmarkNet, code: Tensor, wanted: Features, control: TaskControl, steps: int = STEPS
) -> tuple[Tensor, dict[str, float]]:
    """The code [layers, style] nearest to `code` that meets `wanted`, and what is still missed, in shares of the side.

    Only what all layers share is moved at first, for that stays among the faces the generator knows; then each layer.
    """
    spread = style_spread(generator)
    with torch.inference_mode(False), torch.enable_grad():
        start, spread = code.clone(), spread.clone()
        shared = torch.zeros(1, start.shape[1], device=start.device, requires_grad=True)
        own = torch.zeros_like(start, requires_grad=True)
        optimiser = torch.optim.Adam([{"params": [shared], "lr": RATE}, {"params": [own], "lr": RATE / 4}])
        best, least, left = start, float("inf"), {}
        for step in range(steps + 1):
            moved = start + (shared + own) @ spread
            picture = generator.synthesize(moved[None])
            off = misses(measure(locate(net, picture), net.config.points), wanted)
            error = torch.stack(list(off.values())).mean()
            if error.item() < least:
                best, least, left = moved.detach(), error.item(), {key: value.item() for key, value in off.items()}
            control.report(step, steps, to_rgb(picture.detach()) if control.listener else None)
            if least < CLOSE or step == steps:
                break
            away = STAY * (shared.square().mean() + own.square().mean())
            loss = torch.cat(list(off.values())).square().mean() / 0.25**2 * 10 + error + away
            optimiser.zero_grad()
            loss.backward()
            if step < steps // 3:
                own.grad = None
            optimiser.step()
    return best, left
