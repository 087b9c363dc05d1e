"""A code for a given face: the encoder's guess, then gradient steps on the style of every layer.

After Richardson et al., "Encoding in Style" (2021), for the start and Abdal et al., "Image2StyleGAN" (2019), for the
steps; styles are kept near those that the generator knows.
"""

import math

import torch
from torch import Tensor
from torch.nn import functional as F

from studio.core.progress import TaskControl
from studio.engine.steering.directions import style_sample
from studio.engine.tasks.pixels import to_rgb
from studio.models.face_gan import FaceGAN

RATE = 0.06  # of the first step, in units of a style's own deviation
NEAR = 2e-3  # weight of the squared offset
SCALES = 4


def encode(network: FaceGAN, face: Tensor) -> Tensor:
    """Face [1, 3, S, S] in [-1, 1] -> the encoder's code [layers, style]."""
    generator = network.generator
    return generator.style(network.encoder(face)).repeat(generator.layers, 1)


def invert(network: FaceGAN, face: Tensor, steps: int, control: TaskControl) -> Tensor:
    """The code [layers, style] whose picture is most like `face` after `steps` steps."""
    generator = network.generator
    start = encode(network, face)
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
            loss = likeness(made, face)
            if loss.item() < least:
                best, least = code.detach(), loss.item()
            control.report(step, steps, to_rgb(made.detach()) if control.listener else None)
            optimiser.param_groups[0]["lr"] = RATE * 0.5 * (1 + math.cos(math.pi * step / steps))
            optimiser.zero_grad()
            (loss + NEAR * offset.square().mean()).backward()
            optimiser.step()
    return best


def likeness(made: Tensor, face: Tensor) -> Tensor:
    """Mean squared and absolute difference over a pyramid of averages."""
    loss = made.new_zeros(())
    for _ in range(SCALES):
        off = made - face
        loss = loss + off.abs().mean() + off.square().mean()
        made, face = F.avg_pool2d(made, 2), F.avg_pool2d(face, 2)
    return loss
