"""A codec network that computes the same bits on every machine, with any number of threads.

A decoder must find the very probabilities that the encoder used, or all that follows in the stream is lost; sums of
floating-point numbers depend on their order, which changes with threads and processors. After Balle et al., "Integer
Networks for Data Compression with Latent-Variable Models" (2019), but without training for it: weights and inputs of
every convolution are rounded to fixed point, 16 and 12 bits after the point, and held in float64, whose 53 bits hold
every sum without rounding. Elementwise operations are exact by IEEE 754 or rounded in one way only.
"""

import copy

import torch
from torch import Tensor, nn

from studio.core.errors import ModelCorrupt
from studio.models.codec import Codec

WEIGHTS = 2.0**16
INPUTS = 2.0**12
LARGEST = 2.0**12  # of an input
MANTISSA = 2.0**53


def exact(net: Codec) -> Codec:
    """A copy of `net` on the CPU in float64 whose convolutions are exact; ModelCorrupt when its weights are too large.

    Its weights should be those of a file, since another precision is another network.
    """
    made = copy.deepcopy(net).cpu().double().to(memory_format=torch.contiguous_format).eval()
    for module in made.modules():
        if isinstance(module, nn.Conv2d):
            _round(module)
            module.register_forward_pre_hook(_fixed_inputs)
    return made


@torch.no_grad()
def _round(conv: nn.Conv2d) -> None:
    conv.weight.copy_((conv.weight * WEIGHTS).round() / WEIGHTS)
    largest = LARGEST * conv.weight.abs().sum((1, 2, 3))
    if conv.bias is not None:
        conv.bias.copy_((conv.bias * WEIGHTS).round() / WEIGHTS)
        largest = largest + conv.bias.abs()
    if not bool((largest * WEIGHTS * INPUTS < MANTISSA).all()):
        raise ModelCorrupt("The codec's weights are too large to decode the same everywhere; train or import another.")


def _fixed_inputs(conv: nn.Module, inputs: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    (x,) = inputs
    return (x.mul(INPUTS).round_().div_(INPUTS).clamp_(-LARGEST, LARGEST),)
