"""Point dragging: handles of a face are pulled to their targets by small moves of its styles.

Written from the paper: Pan et al., "Drag Your GAN" (2023), motion supervision (Equation 1) and point tracking
(Equation 2) on the features of one stage. Deviations: the feature map is read between its cells instead of enlarged,
the loss looks two px ahead, and the search ends when nothing has come closer for a while.
"""

import re
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from studio.core.errors import BadInput, Cancelled
from studio.core.progress import TaskControl
from studio.engine.steering.directions import style_sample
from studio.engine.tasks.pixels import to_rgb
from studio.models.face_gan import Generator

STEPS = 150
RATE = 0.03  # a step, in units of a style's own deviation
STAGE = 32  # px of the features that are followed
PATCH, SEARCH = 3.0, 5.0  # radii in px of a 128 px face, of what is moved and of where it is looked for
AHEAD = 2.0  # px
REACHED = 1.0  # px
PATIENCE = 25  # steps without coming closer
KEEP = 10.0  # weight of what must not move


@dataclass(frozen=True, kw_only=True)
class Dragged:
    """The code [layers, style], where the handles are now [N, 2], their distances to the targets [N], both in px."""

    code: Tensor
    handles: Tensor
    left: Tensor
    steps: int


def parse_drags(text: str, size: int) -> tuple[Tensor, Tensor]:
    """ "40,60>48,60 88,60>80,60" -> handles and targets [N, 2] in px; BadInput when one is not within 0 to `size`."""
    pairs = []
    for part in text.replace(";", " ").split():
        found = re.fullmatch(r"([\d.]+),([\d.]+)>([\d.]+),([\d.]+)", part)
        try:
            numbers = [float(number) for number in found.groups()] if found else []
        except ValueError:
            numbers = []
        if not numbers:
            raise BadInput(f"'{part}' is no point to drag; write FROM>TO as X,Y>X,Y in px of the face.")
        if max(numbers) > size:
            raise BadInput(f"The point '{part}' lies outside of the face, 0 to {size} px; move it inside.")
        pairs.append(numbers)
    if not pairs:
        raise BadInput("No point is dragged; give at least one as X,Y>X,Y.")
    points = torch.tensor(pairs)
    return points[:, :2], points[:, 2:]


def read_at(features: Tensor, places: Tensor, size: int) -> Tensor:
    """Features [1, C, h, h] at places [..., 2] in px of a picture of `size` -> [..., C]."""
    grid = (places.reshape(1, -1, 1, 2) / size) * 2 - 1
    found = F.grid_sample(features, grid, mode="bilinear", padding_mode="border", align_corners=False)
    return found[0, :, :, 0].T.reshape(*places.shape[:-1], -1)


def disc(radius: float) -> Tensor:
    """The offsets [K, 2] of whole px within `radius`, the middle first."""
    span = torch.arange(-int(radius), int(radius) + 1).float()
    offsets = torch.cartesian_prod(span, span)
    offsets = offsets[offsets.norm(dim=1) <= radius]
    return offsets[offsets.norm(dim=1).argsort(stable=True)]


class Followed:
    """Handles [N, 2] in px of a face and the features they started on; `movable` as in `drag`."""

    def __init__(self, features: Tensor, handles: Tensor, movable: Tensor | None, size: int) -> None:
        self.size, self.handles, self.first = size, handles, features.detach()
        self.template = read_at(self.first, handles, size)  # [N, C]
        unit = size / 128
        self.around, self.window = (disc(radius).to(handles) * unit for radius in (PATCH, SEARCH))
        self.frozen: Tensor | None = None
        if movable is not None:
            self.frozen = 1 - F.interpolate(movable[None, None], features.shape[2:], mode="area")

    def track(self, features: Tensor) -> None:
        """Move the handles to where their own features are now (Equation 2)."""
        places = self.handles[:, None] + self.window  # [N, K, 2]
        distance = (read_at(features.detach(), places, self.size) - self.template[:, None]).abs().sum(2)
        self.handles = places[torch.arange(len(places)), distance.argmin(1)].clamp(0, self.size)

    def pull(self, features: Tensor, pace: Tensor) -> Tensor:
        """The loss that moves what is around each handle by `pace` [N, 2] and keeps the rest (Equation 1)."""
        patches = self.handles[:, None] + self.around
        here = read_at(features, patches, self.size).detach()
        loss = (read_at(features, patches + pace[:, None], self.size) - here).abs().mean()
        return loss if self.frozen is None else loss + KEEP * ((features - self.first).abs() * self.frozen).mean()


def drag(
    generator: Generator,
    code: Tensor,
    handles: Tensor,
    targets: Tensor,
    movable: Tensor | None,
    control: TaskControl,
    steps: int = STEPS,
) -> Dragged:
    """Pull `handles` to `targets`, both [N, 2] in px of the face; `movable` [S, S] is 1 where the face may change.

    Ends early when all have arrived, none comes closer, or it is stopped; what was reached is kept.
    """
    size = generator.config.size
    stage = min((STAGE // 4).bit_length() - 1, len(generator.blocks) - 1)
    depth = 2 * (stage + 1)  # layers up to that stage
    deviation = style_sample(generator, 1024).std(0)
    followed: Followed | None = None
    best, since, step = (float("inf"), code, handles), 0, 0
    with torch.inference_mode(False), torch.enable_grad():
        code, deviation, handles, targets = (value.clone().float() for value in (code, deviation, handles, targets))
        shared = torch.zeros(1, code.shape[1], device=code.device, requires_grad=True)
        own = torch.zeros(depth, code.shape[1], device=code.device, requires_grad=True)
        optimiser = torch.optim.Adam([{"params": [shared], "lr": RATE}, {"params": [own], "lr": RATE / 2}])
        for step in range(steps + 1):
            moved = torch.cat([code[:depth] + (shared + own) * deviation, code[depth:] + shared.detach() * deviation])
            features = generator.stages(moved[None])
            if followed is None:
                followed = Followed(features[stage], handles, movable, size)
            else:
                followed.track(features[stage])
            way = targets - followed.handles
            left = way.norm(dim=1)
            since += 1
            if left.mean().item() < best[0] - 0.1:
                best, since = (left.mean().item(), moved.detach(), followed.handles), 0
            try:
                shown = to_rgb(generator.picture(features[-1].detach())) if control.listener else None
                control.report(step, steps, shown)
            except Cancelled:
                break
            if bool((left < REACHED * size / 128).all()) or since >= PATIENCE or step == steps:
                break
            ahead = AHEAD * size / 128
            loss = followed.pull(features[stage], way * (ahead / left.clamp_min(ahead))[:, None])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        return Dragged(code=best[1], handles=best[2], left=(targets - best[2]).norm(dim=1), steps=step)
