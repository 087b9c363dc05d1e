"""A code for a given face: the encoder's guess, passes of the refiner, then gradient steps on the style of every layer.

After Richardson et al., "Encoding in Style" (2021), for the guess, Alaluf et al., "ReStyle" (2021), for the passes, and
Abdal et al., "Image2StyleGAN" (2019), for the steps; styles are kept near those that the generator knows. What styles
cannot say, a copy of the generator can learn (Roich et al., "Pivotal Tuning", 2022).
"""

import copy
import math

import torch
from torch import Tensor
from torch.nn import functional as F

from studio.core.progress import TaskControl
from studio.engine.pixels import to_rgb
from studio.engine.steering.directions import style_sample
from studio.models.face_gan import FaceGAN
from studio.models.refiner import Refiner, passes, unlikeness

RATE = 0.06  # of the first step, in units of a style's own deviation
TUNING = 3e-4  # of the generator's weights, with Adam; twice as much loses what steering does
SAME = 0.3  # weight of what the tuned generator must not change
NEAR = 2e-3  # weight of the squared offset


def encode(network: FaceGAN, refiner: Refiner, face: Tensor) -> Tensor:
    """The code [layers, style] of `face` [1, 3, S, S], without a search: the encoder's, brought nearer by the refiner.

    A refiner that does not suit the model is left out, as are passes that lead away, which happens in others' models.
    """
    code = network.code(face)
    if not refiner.suits(network.generator):
        return code[0]
    with torch.inference_mode(False), torch.enable_grad():
        code, face = code.clone(), face.clone()
        found = ((one.error.item(), one.code) for one in passes(refiner, network.generator, face, code))
        return min(found, key=lambda one: one[0])[1][0]


def invert(network: FaceGAN, refiner: Refiner, face: Tensor, steps: int, control: TaskControl) -> Tensor:
    """The code [layers, style] whose picture is most like `face` [1, 3, S, S] after `steps` steps of a search."""
    generator = network.generator
    start = encode(network, refiner, face)
    if not steps:
        return start
    deviation = style_sample(generator, 1024).std(0)
    with torch.inference_mode(False), torch.enable_grad():
        start, deviation, face = (value.clone() for value in (start, deviation, face))
        offset = torch.zeros_like(start, requires_grad=True)
        optimiser = torch.optim.Adam([offset], lr=RATE)
        best, least = start, math.inf
        for step in range(steps + 1):
            code = start + offset * deviation
            made = generator.synthesize(code[None])
            loss = unlikeness(made, face).mean()
            if loss.item() < least:
                best, least = code.detach(), loss.item()
            control.report(step, steps, to_rgb(made.detach()) if control.listener else None)
            optimiser.param_groups[0]["lr"] = RATE * 0.5 * (1 + math.cos(math.pi * step / steps))
            optimiser.zero_grad()
            (loss + NEAR * offset.square().mean()).backward()
            optimiser.step()
    return best


def tuned(network: FaceGAN, code: Tensor, face: Tensor, steps: int, control: TaskControl) -> FaceGAN:
    """A copy whose generator draws `face` [1, 3, S, S] at `code`, and other codes as before."""
    with torch.inference_mode(False), torch.enable_grad():
        copied = copy.deepcopy(network)
        generator = copied.generator.requires_grad_(True)
        code, face = code.clone(), face.clone()
        with torch.no_grad():
            known = style_sample(network.generator, steps + 1)
        optimiser = torch.optim.Adam(generator.parameters(), lr=TUNING)
        for step in range(steps):
            optimiser.param_groups[0]["lr"] = TUNING * 0.5 * (1 + math.cos(math.pi * step / steps))
            other = torch.lerp(known[step].expand_as(code), code, spread_share(step))
            with torch.no_grad():
                wanted = network.generator.synthesize(other[None])
            made, kept = generator.synthesize(torch.stack([code, other])).split(1)
            control.report(step + 1, steps, to_rgb(made.detach()) if control.listener else None)
            optimiser.zero_grad()
            (closeness(made, face) + SAME * closeness(kept, wanted)).backward()
            optimiser.step()
        return copied.requires_grad_(False)


def spread_share(step: int) -> float:
    """Where between a random style and the tuned one the generator is held to what it did: 0 to 0.7, evenly spread."""
    return 0.7 * ((step * 0.618034) % 1)


def closeness(made: Tensor, face: Tensor) -> Tensor:
    """Mean absolute and squared difference, the latter weighed up as large errors are what is seen."""
    return F.l1_loss(made, face) + 8 * F.mse_loss(made, face)
