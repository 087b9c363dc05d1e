"""Faces of photos found again, nearer pass by pass: an encoder that sees what its own result lacks.

After Alaluf et al., "ReStyle" (2021), where an encoder that sees the photo and its own result gives the next change of
the code. Deviation: what it sees is not the two pictures but the gradient of their difference by the code, and it keeps
the gradient and the step before: Putzky and Welling, "Recurrent Inference Machines" (2017). That carries over to faces
it never saw far better, as the generator tells where each style shows.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from studio.models.face_gan import Generator

SCALES = 4  # of the pyramid in which pictures are compared
PASSES = 5
RATE = 0.02  # of the untrained net's steps down the slope


@dataclass(frozen=True, kw_only=True)
class RefinerConfig:
    """Of a face model whose codes are [layers, style]; `rank` is the width of what joins the layers."""

    layers: int = 10
    style: int = 256
    rank: int = 192


class Refiner(nn.Module):
    """All in units of the styles' deviation among the model's faces, which the buffers hold."""

    mean: Tensor
    deviation: Tensor

    def __init__(self, config: RefinerConfig) -> None:
        super().__init__()
        self.config = config
        layers, style = config.layers, config.style
        self.register_buffer("mean", torch.zeros(style))
        self.register_buffer("deviation", torch.ones(style))
        self.within = nn.Parameter(RATE * torch.eye(style).repeat(layers, 1, 1))  # [layers, style, style]
        self.down = nn.Linear(2 * layers * style, config.rank, bias=False)
        self.up = nn.Linear(config.rank, layers * style, bias=False)
        self.gate = nn.Linear(style + 1, layers + config.rank)
        self.momentum = nn.Parameter(torch.zeros(layers, 1))
        for parameter in (self.up.weight, self.gate.weight, self.gate.bias):
            nn.init.zeros_(parameter)

    def suits(self, generator: Generator) -> bool:
        """Whether the codes are shaped as this model's."""
        return (generator.layers, len(generator.w_mean)) == (self.config.layers, self.config.style)

    def forward(self, slope: Tensor, before: Tensor, last: Tensor, code: Tensor, error: Tensor) -> Tensor:
        """The next step [B, layers, style].

        From `slope`, the gradient at `code`, both slopes scaled to an rms of `error` [B, 1, 1], which is the
        pictures' (0..2), the one `before` and the `last` step, zeros at first; all [B, layers, style].
        """
        known = (code.mean(1) - self.mean) / self.deviation
        gates = 1 + self.gate(torch.cat([known, error.flatten(1).log()], 1))
        layers, joined = gates.split([self.config.layers, self.config.rank], 1)
        alone = torch.einsum("bls,lst->blt", slope, self.within) * layers[:, :, None]
        across = self.up(self.down(torch.cat([slope, before], 1).flatten(1)) * joined).view_as(slope)
        return self.momentum * last - alone - across


@dataclass(frozen=True)
class Pass:
    """A code [B, layers, style], its picture [B, 3, S, S], and how unlike the photo that is [B].

    Then the offset of the code from the first one, in deviations, and the gradient by it, both [B, layers, style].
    """

    code: Tensor
    made: Tensor
    error: Tensor
    offset: Tensor
    slope: Tensor


def passes(refiner: Refiner, generator: Generator, x: Tensor, code: Tensor, count: int = PASSES) -> Iterator[Pass]:
    """Yields a Pass for `code` [B, layers, style] itself, and after each of `count` steps towards the pictures `x`.

    Gradients must be enabled. Of what is yielded only `offset` has a graph, that of the last step of the refiner.
    """
    offset = before = last = torch.zeros_like(code)
    for index in range(count + 1):
        leaf = offset.detach().requires_grad_()
        here = code + leaf * refiner.deviation
        made = generator.synthesize(here)
        error = unlikeness(made, x)
        (slope,) = torch.autograd.grad(error.sum(), leaf)
        here, made = here.detach(), made.detach()
        yield Pass(here, made, error.detach(), offset, slope)
        if index < count:
            rms = (made - x).square().mean((1, 2, 3)).clamp_min(1e-8).sqrt()[:, None, None]
            slope = slope * rms / slope.square().mean((1, 2), keepdim=True).clamp_min(1e-20).sqrt()
            last = refiner(slope, before, last.detach(), here, rms)
            offset, before = offset.detach() + last, slope


def unlikeness(made: Tensor, face: Tensor) -> Tensor:
    """Mean absolute and squared difference over a pyramid of averages, [B, 3, S, S] twice -> [B]."""
    loss = made.new_zeros(len(made))
    for _ in range(SCALES):
        off = made - face
        loss = loss + (off.abs() + off.square()).mean((1, 2, 3))
        made, face = F.avg_pool2d(made, 2), F.avg_pool2d(face, 2)
    return loss
