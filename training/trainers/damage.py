"""Damage net: cross-entropy and Dice on pictures with made damage, some of them without any.

Dice after Milletari et al., "V-Net" (2016). A focal loss (Lin et al., 2017) was tried and learned far more slowly.
After 3,200 pictures F1 was .35 without it, and .41 with activations between the stages as well. Stains drawn four times
as often as in prints, for 13,000 crops more, found more and as much more that is none: F1 .744 instead of .718, but in
clean pictures 1.1 % of the area instead of 0.7 %, where a lower threshold leads as well; all of one view of a picture.
Blocks of 7x7 kernels and means over the picture raised F1 on Set14 from .60 to .61. Crops that are parts of prints up
to 2.7 times larger let missing corners, which such a crop seldom has, be found in .57 of their pixels, but flakes, that
look the same, in .96; whole prints, seen at two sizes together as pictures are, raised it to .63, on portraits from .72
to .77. These nets took more of clean photos for damage, 1.1 %; after crops in too strong a light and with white things
in them 0.6 %, and the mean of three that were trained on from one another 0.2 %, with F1 .82. All of these
on three prints a picture; on nine it is .77, and that of the last net before whole prints .71 instead of .77.

All of them took paper for damage only where it was even and white: in a drawn old photo, yellowed and with the paper's
grain, F1 was .44. The guided filter and the colours of what is found raised .77 to .79, and that they lowered to .38;
9,000 crops more, a third of them faded and yellowed all over, with paper's texture, a third large, and with the Dice of
many batches, raised it to .73, and .79 to .81. The mean with the net they began from: .80.
"""

import copy
import dataclasses
import math

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from studio.jobs.spec import DamageSpec
from studio.library.store import Library
from studio.models.damage import DamageConfig, DamageNet, silence
from studio.models.unet import Residual
from training.augment import aged, bleached, exposed, recoloured, toned
from training.damage import damaged, scanned
from training.data import Pictures, grid, order, random_crop, to_pixels, to_tensor
from training.ema import EMA
from training.trainer import Product, Trainer, check_multiple, cosine, descend

SIDE = 1024  # px of a picture's longer side, at most
TONED = 0.4  # share of crops that look like an old print
SPREAD = 2.7  # times a crop's side, at most, that a print is of which it is a part: pictures are larger than crops
CLEAN = 0.25  # share of crops without damage
WHOLE = 0.75  # share of crops that are whole prints: a missing corner is at a corner
RECOLOURED = 0.3  # share of crops in other colours and light: skies are bright, and few of a data set's are
EXPOSED = 0.3  # share of crops in a light too weak or too strong: what is blown out is no missing piece
BLEACHED = 0.4  # share of crops with white and black things in them that are no damage
TEXTURED = 0.6  # share of damaged crops in which what shows has the texture of paper
AGED = 0.35  # share of prints that are faded and yellowed all over
LARGE = 0.3  # share of steps on one crop with the pixels of all of them: scans are larger than crops
WIDE = 0, 0, 0, 3, 4  # blocks a stage, the coarsest at 1/32: missing corners and broad stains are seen from afar
LAST = 64  # batches whose F1 is told
RARE = 3.0  # weight of a damaged pixel, against a sound one
ODDS = 9.0  # times too sure that weight and Dice make the net of damage; on photos never trained on, at equal F1


class DamageTrainer(Trainer[DamageSpec]):
    family = "damage"

    def __init__(self, spec: DamageSpec, library: Library, device: torch.device) -> None:
        super().__init__(spec, library, device)
        if spec.base:
            net = self.start_from(spec.base)
            assert isinstance(net, DamageNet)
            net = deepened(tempered(net, 1 / ODDS))
        else:
            net = DamageNet(DamageConfig(widths=widths(spec.width), wide=WIDE))
        check_multiple(spec.size, net.multiple)
        self.net, self.config = net.to(device).to(memory_format=torch.channels_last), net.config
        self.pictures = Pictures.read(spec.data, smallest=64, side=SIDE)
        self.ema = EMA(self.net, 4_000)
        self.dice = Dice().to(device)
        self.optimisers = {"net": torch.optim.Adam(self.net.parameters(), lr=spec.lr)}
        self.modules = {"net": self.net, "ema": self.ema.module, "dice": self.dice}

    def draw(self, indices: list[int], size: int, rng: np.random.Generator) -> tuple[Tensor, Tensor]:
        """Crops [B, 3, S, S], most of them damaged, and where, [B, 1, S, S] of 0 and 1."""
        prints, masks = [], []
        for index in indices:
            crop = random_crop(self.pictures.arrays[index], size, rng, zoom=(1.0, 2.5))
            crop = recoloured(crop, rng) if rng.random() < RECOLOURED else crop
            crop = bleached(crop, rng) if rng.random() < BLEACHED else crop
            crop = exposed(crop, rng) if rng.random() < EXPOSED else crop
            crop = np.ascontiguousarray(toned(crop, rng) if rng.random() < TONED else crop)
            mask = np.zeros(crop.shape[:2], bool)
            if rng.random() >= CLEAN:
                spread = 1.0 if rng.random() < WHOLE else rng.uniform(1, SPREAD)
                crop, mask = damaged(crop, rng, spread=spread, textured=rng.random() < TEXTURED)
            prints.append(scanned(aged(crop, rng) if rng.random() < AGED else crop, rng))
            masks.append(mask)
        wanted = torch.from_numpy(np.stack(masks)).float()[:, None].to(self.device)
        return to_tensor(prints, self.device), wanted

    def step(self) -> dict[str, float]:
        spec = self.spec
        indices, size = order(len(self.pictures), self.seen, spec.batch, spec.seed), spec.size
        if self.rng.random() < LARGE:
            indices, size = indices[:1], joined(size, len(indices), self.net.multiple)
        x, wanted = self.draw(indices, size, self.rng)
        self.set_lr(self.optimisers["net"], spec.lr * cosine(self.progress, floor=0.01))
        logits = self.net(x).float()
        losses = {"entropy": entropy(logits, wanted), "dice": self.dice(logits, wanted)}
        result = descend(self.optimisers["net"], losses, clip=4.0)
        self.ema.update(self.net, spec.batch, self.seen)
        return result

    @torch.no_grad()
    def sheet(self) -> np.ndarray:
        """Triples of: print, probability, truth."""
        rng = np.random.default_rng(1)
        x, wanted = self.draw(rng.permutation(len(self.pictures))[:12].tolist(), self.spec.size, rng)
        found = self.ema.module(x).float().sigmoid()
        shown = (x, *(2 * part.expand(-1, 3, -1, -1) - 1 for part in (found, wanted)))
        cells = [p for triple in zip(*map(to_pixels, shown), strict=True) for p in triple]
        return grid([cells[k : k + 9] for k in range(0, len(cells), 9)])

    def product(self) -> Product:
        return Product(tempered(copy.deepcopy(self.ema.module), ODDS), self.config)


@torch.no_grad()
def tempered(net: DamageNet, odds: float) -> DamageNet:
    """The net itself, the odds of damage that it tells divided by `odds`."""
    assert net.body.head.bias is not None
    net.body.head.bias -= math.log(odds)
    return net


def widths(first: int) -> tuple[int, ...]:
    return tuple(first * stage for stage in range(1, len(WIDE) + 1))


@torch.no_grad()
def deepened(net: DamageNet) -> DamageNet:
    """A net built as new ones are, with what fits of one from before; stages that are added give nothing at first."""
    known, stages = net.state_dict(), len(net.config.widths)
    config = dataclasses.replace(net.config, widths=widths(net.config.widths[0]), wide=WIDE)
    if config == net.config:
        return net
    deep = DamageNet(config)
    fitting = {
        name: known[name] for name, own in deep.state_dict().items() if name in known and known[name].shape == own.shape
    }
    deep.load_state_dict(fitting, strict=False)
    for layer in deep.body.up[stages - 1 :]:
        silence(layer)
    for block in deep.body.leave[stages - 1 :].modules():
        if isinstance(block, Residual):
            silence(block.conv2)
    return deep


def joined(size: int, crops: int, multiple: int) -> int:
    """The side, px, of one crop with the pixels of so many of `size`: a multiple, and no more than a picture has."""
    return max(size, min(int(size * math.sqrt(crops)) // multiple * multiple, SIDE))


def entropy(logits: Tensor, wanted: Tensor) -> Tensor:
    return F.binary_cross_entropy_with_logits(logits, wanted, pos_weight=logits.new_tensor(RARE))


class Dice(nn.Module):
    """1 - the F1 of about the last `LAST` batches as one, probabilities for decisions.

    In a batch of a few pictures, some of them sound, the F1 of the batch itself says little, and its gradient less.
    """

    hits: Tensor
    both: Tensor
    batches: Tensor

    def __init__(self) -> None:
        super().__init__()
        for name in ("hits", "both", "batches"):
            self.register_buffer(name, torch.zeros(()))

    def forward(self, logits: Tensor, wanted: Tensor) -> Tensor:
        found = logits.sigmoid()
        hits, both = (found * wanted).sum(), found.sum() + wanted.sum()
        self.batches += 1
        share = 1 / self.batches.clamp(max=LAST)
        with torch.no_grad():
            self.hits.lerp_(hits, share)
            self.both.lerp_(both, share)
        f1 = 2 * self.hits / self.both
        lost = (f1 * both - 2 * hits) / self.both  # by this batch, against the others
        return 1 - f1 + lost - lost.detach()
