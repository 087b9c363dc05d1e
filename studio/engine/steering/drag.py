"""Point dragging: handles of a face are pulled to their targets by small moves of its styles.

Written from the paper: Pan et al., "Drag Your GAN" (2023), motion supervision (Equation 1) and point tracking
(Equation 2) on the features of one stage. Deviations: the feature map is read between its cells instead of enlarged,
patches are compared instead of px, the loss looks two px ahead, and the search ends when nothing has come closer for a
while. Handles on the face do without all that: they go with the points that the landmark net finds around them, which
is far surer on a small generator, whose features are alike from cheek to cheek.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from studio.core.errors import BadInput, Cancelled
from studio.core.progress import TaskControl
from studio.engine.pixels import to_rgb
from studio.engine.steering.directions import style_spread
from studio.models.face_gan import Generator

STEPS = 150
RATE = 0.03  # a step, in units of a style's own deviation
STAGE = 32  # px of the features that are followed
PATCH, SEARCH = 3.0, 5.0  # radii in px of a 128 px face, of what is moved and of where it is looked for
AHEAD = 2.0  # px
REACHED = 1.0  # px
PATIENCE = 25  # steps without coming closer
NEAR = 16.0  # px of a 128 px face from a landmark within which a handle goes with the landmarks
FIRM = 60.0  # weight of such a handle's squared distance, in shares of the side
STAY = 0.05  # weight of the squared way gone: far from where it was, a face falls apart
LIKE = 1.0  # weight of the difference of small copies: the rest of the face should stay the same person's
KEEP = 10.0  # weight of what must not move


Mesh = Callable[[Tensor], Tensor]


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


def parse_circles(text: str, size: int) -> Tensor | None:
    """ "40,60,12 52,64,12": X,Y,RADIUS in px of the face -> [size, size], 1 within any; None when there are none."""
    mask = torch.zeros(size, size)
    y, x = torch.meshgrid(torch.arange(size) + 0.5, torch.arange(size) + 0.5, indexing="ij")
    for part in text.replace(";", " ").split():
        found = re.fullmatch(r"([\d.]+),([\d.]+),([\d.]+)", part)
        try:
            across, down, radius = [float(number) for number in found.groups()] if found else []
        except ValueError:
            raise BadInput(f"'{part}' is no circle that may move; write X,Y,RADIUS in px of the face.") from None
        mask[(x - across) ** 2 + (y - down) ** 2 <= radius**2] = 1
    if not text.strip():
        return None
    if not mask.any():
        raise BadInput(f"The circles that may move lie outside of the face, 0 to {size} px; move them inside.")
    return mask


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


class Anchored:
    """Handles [N, 2] that move as the landmarks around them do; `mesh` finds landmarks [P, 2] in a picture, in px."""

    def __init__(self, mesh: Mesh, picture: Tensor, handles: Tensor, size: int) -> None:
        self.mesh, self.start = mesh, handles
        self.known = mesh(picture).detach()
        distance = torch.cdist(handles, self.known)  # [N, P]
        self.near = distance.amin(1) < NEAR * size / 128
        weights = (distance + size / 128).pow(-2)
        self.weights = weights / weights.sum(1, keepdim=True)

    def places(self, picture: Tensor) -> Tensor:
        """Where the handles are now, [N, 2]."""
        return self.start + self.weights @ (self.mesh(picture) - self.known)


class Followed:
    """Handles [N, 2] in px of a face and the features they started on; `movable` as in `drag`."""

    def __init__(self, features: Tensor, handles: Tensor, movable: Tensor | None, size: int) -> None:
        self.size, self.handles, self.first = size, handles, features.detach()
        unit = size / 128
        self.around, self.window = (disc(radius).to(handles) * unit for radius in (PATCH, SEARCH))
        self.template = self.seen(self.first, handles)  # [N, K, C]
        self.frozen: Tensor | None = None
        if movable is not None:
            self.frozen = 1 - F.interpolate(movable[None, None], features.shape[2:], mode="area")

    def seen(self, features: Tensor, places: Tensor) -> Tensor:
        """What lies around places [..., 2], each px by its direction among the channels, [..., K, C]."""
        return F.normalize(read_at(features, places[..., None, :] + self.around, self.size), dim=-1)

    def track(self, features: Tensor) -> None:
        """Move the handles to where what was around them is now (Equation 2)."""
        places = self.handles[:, None] + self.window  # [N, W, 2]
        distance = (self.seen(features.detach(), places) - self.template[:, None]).square().sum((2, 3))
        self.handles = places[torch.arange(len(places)), distance.argmin(1)].clamp(0, self.size)

    def pull(self, features: Tensor, pace: Tensor, which: Tensor | None) -> Tensor:
        """The loss that moves what is around handles `which` [N] by `pace` [N, 2] and keeps the rest (Equation 1)."""
        patches = self.handles[:, None] + self.around
        here = read_at(features, patches, self.size).detach()
        off = (read_at(features, patches + pace[:, None], self.size) - here).abs().mean((1, 2))
        loss = (off if which is None else off * which).mean()
        return loss if self.frozen is None else loss + KEEP * ((features - self.first).abs() * self.frozen).mean()


def drag(
    generator: Generator,
    code: Tensor,
    handles: Tensor,
    targets: Tensor,
    movable: Tensor | None,
    control: TaskControl,
    steps: int = STEPS,
    mesh: Mesh | None = None,
) -> Dragged:
    """Pull `handles` to `targets`, both [N, 2] in px of the face; `movable` [S, S] is 1 where the face may change.

    `mesh` finds the landmarks of a picture; without it all handles are followed by their features.

    Ends early when all have arrived, none comes closer, or it is stopped; what was reached is kept.
    """
    size = generator.config.size
    stage = min((STAGE // 4).bit_length() - 1, len(generator.blocks) - 1)
    depth = 2 * (stage + 1)  # layers up to that stage
    spread = style_spread(generator)
    followed: Followed | None = None
    anchored: Anchored | None = None
    small = code
    best, since, step = (float("inf"), code, handles), 0, 0
    with torch.inference_mode(False), torch.enable_grad():
        code, spread, handles, targets = (value.clone().float() for value in (code, spread, handles, targets))
        shared, own, optimiser = offsets(code, depth)
        for step in range(steps + 1):
            moved = torch.cat([code[:depth] + (shared + own) @ spread, code[depth:] + shared.detach() @ spread])
            features = generator.stages(moved[None])
            picture = generator.picture(features[-1])
            if followed is None:
                followed, small = Followed(features[stage], handles, movable, size), F.avg_pool2d(picture, 8).detach()
                anchored = Anchored(mesh, picture, handles, size) if mesh else None
            elif anchored is None or not bool(anchored.near.all()):
                followed.track(features[stage])
            held = anchored.places(picture) if anchored else handles
            if anchored:
                followed.handles = torch.where(anchored.near[:, None], held.detach(), followed.handles)
            way = targets - followed.handles
            left = way.norm(dim=1)
            since += 1
            if left.mean().item() < best[0] - 0.1:
                best, since = (left.mean().item(), moved.detach(), followed.handles), 0
            arrived = bool((left < REACHED * size / 128).all())
            if stopped(control, step, steps, picture) or arrived or since >= PATIENCE or step == steps:
                break
            ahead = AHEAD * size / 128
            pace = way * (ahead / left.clamp_min(ahead))[:, None]
            loss = followed.pull(features[stage], pace, ~anchored.near if anchored else None)
            if anchored:
                off = ((held - targets)[anchored.near] / size).square().sum(1)
                loss = loss + FIRM * off.sum() / len(handles)
            loss = loss + LIKE * (F.avg_pool2d(picture, 8) - small).abs().mean()
            loss = loss + STAY * (shared.square().mean() + own.square().mean())
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        return Dragged(code=best[1], handles=best[2], left=(targets - best[2]).norm(dim=1), steps=step)


def offsets(code: Tensor, depth: int) -> tuple[Tensor, Tensor, torch.optim.Optimizer]:
    """What all layers of the code move by, [1, style], what the first `depth` do besides, and their optimiser."""
    shared = torch.zeros(1, code.shape[1], device=code.device, requires_grad=True)
    own = torch.zeros(depth, code.shape[1], device=code.device, requires_grad=True)
    groups = [{"params": [shared], "lr": RATE}, {"params": [own], "lr": RATE / 4}]
    return shared, own, torch.optim.Adam(groups)


def stopped(control: TaskControl, step: int, steps: int, picture: Tensor) -> bool:
    """Tell of a step, and whether the search was stopped there."""
    try:
        control.report(step, steps, to_rgb(picture.detach()) if control.listener else None)
    except Cancelled:
        return True
    return False
