"""Latents fitted to one picture: what the encoder's network gives is good on average, not the best for each.

Gradient steps on rate and squared error after Campos et al., "Content Adaptive Optimization for Neural Image
Compression" (2019), of which a decoder needs to know nothing. The steps are taken on latents that are not rounded: with
rounded ones they overshoot.
"""

import torch
from torch import Tensor

from studio.models.codec import Codec, bits, log_scale, quantised

STEPS = 9
PACE, MOMENTUM = 0.003, 0.5  # found on photos; at a pace of 0.01 latents of neighbours overshoot together


def fitted(net: Codec, y: Tensor, x: Tensor, level: Tensor, steps: int = STEPS) -> Tensor:
    """Latents y [1, L, h, w] of pixels x [1, 3, 16 h, 16 w] in [-1, 1] -> latents with less error a bit at `level`."""
    with torch.inference_mode(False), torch.enable_grad():
        y, x, level = y.clone(), x.clone(), level.clone()  # what inference mode made has no gradient
        with torch.no_grad():
            side, _ = net.side_prior(level)
            features = net.features(quantised(net.summarise(y) - side) + side, *y.shape[2:])
        worth = 255**2 * float(net.trade_off(level)) / (4 * x.shape[1])  # bits, of a squared error in [-1, 1]
        best, least, velocity = y, float("inf"), torch.zeros_like(y)
        for _ in range(steps):
            with torch.no_grad():
                mean, index = net.priors(y, features)
            y.requires_grad_()
            error = (net.synthesise(y, level) - x).square().sum()
            loss = worth * error + bits(y - mean, log_scale(index)).sum()
            (gradient,) = torch.autograd.grad(loss, y)
            y = y.detach()
            if loss.item() < least:  # the pace suits the networks that ship; another may be steeper
                best, least = y, loss.item()
            velocity = MOMENTUM * velocity + gradient
            y = y - PACE * velocity
        return best
