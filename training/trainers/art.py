"""Style net: content features against the photo, feature distributions against the painting.

Style as sliced Wasserstein plus moments (Heitz et al., 2021) in place of Gram matrices; preset 0 learns the identity.
"""

import copy
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from studio.core.errors import BadInput
from studio.jobs.spec import ArtSpec
from studio.library.store import Library
from studio.models.style import ConditionalNorm, StyleConfig, StyleNet
from training.data import Pictures, grid, order, random_crop, to_pixels, to_tensor
from training.ema import EMA
from training.losses import pyramid_l1, style_distance, total_variation
from training.trainer import Product, Trainer, cosine, descend

LIMIT = 16  # presets a file
IDENTITY = 0.12  # share of steps that train preset 0
CONTENT_STAGES = (2, 3)
NORM_FACTOR = 10.0  # learning rate of the presets' norms, as each learns on its own steps only
SHEET_STEPS = 50  # between previews of a style of one's own
BALANCE_STEPS = 10  # between two looks at the gradients
SCALES = (1.0, 2.5)  # how much of a painting a style crop shows, in units of the training crop


class ArtTrainer(Trainer[ArtSpec]):
    family = "art"

    def __init__(self, spec: ArtSpec, library: Library, device: torch.device) -> None:
        super().__init__(spec, library, device)
        self.pictures = Pictures.read(spec.data, smallest=64, side=512)
        self.styles = Pictures.read(spec.styles or spec.data, smallest=64, side=512)
        if len(self.styles) > LIMIT:
            raise BadInput(f"{len(self.styles)} style pictures were given; choose at most {LIMIT}.")
        presets = tuple(unique_names(self.styles.paths))
        self.config = StyleConfig(presets=presets)
        if spec.base:
            base = self.start_from(spec.base)
            assert isinstance(base, StyleNet)
            self.net = from_base(base, presets)
            self.config = self.net.config
            self.sheet_steps = SHEET_STEPS
        else:
            self.net = StyleNet(self.config)
        self.net.to(device).to(memory_format=torch.channels_last)
        self.perceptual = library.load("perceptual", device).requires_grad_(False)
        self.ema = EMA(self.net, 1_000)
        norms = [p for m in self.net.modules() if isinstance(m, ConditionalNorm) for p in m.parameters()]
        known = {id(p) for p in norms}
        shared = [p for p in self.net.parameters() if p.requires_grad and id(p) not in known]
        groups = [{"params": shared}, {"params": norms, "factor": NORM_FACTOR}]
        self.optimiser = torch.optim.Adam(groups, lr=spec.lr)
        self.optimisers = {"net": self.optimiser}
        self.balance = Balance(len(presets), spec.style_weight)
        self.modules = {"net": self.net, "ema": self.ema.module, "balance": self.balance}

    def crops(self, indices: list[int], rng: np.random.Generator) -> Tensor:
        size = self.spec.size
        crops = [random_crop(self.pictures.arrays[i], size, rng, zoom=(1.0, 2.5)) for i in indices]
        return to_tensor(crops, self.device)

    def step(self) -> dict[str, float]:
        """One preset a step, so that a single style crop serves the whole batch."""
        spec = self.spec
        x = self.crops(order(len(self.pictures), self.seen, spec.batch, spec.seed), self.rng)
        self.set_lr(self.optimiser, spec.lr * cosine(self.progress))
        identity = self.rng.random() < IDENTITY
        chosen = int(self.rng.integers(len(self.styles)))
        made = self.net(x, self.mixture(-1 if identity else chosen))
        losses = {"identity": 10 * pyramid_l1(made, x)} if identity else self.compare(made, x, chosen)
        result = descend(self.optimiser, losses)
        self.ema.update(self.net, spec.batch, self.seen)
        return result

    def mixture(self, preset: int) -> Tensor:
        """One-hot [1, presets + 1]; -1 is the identity."""
        weights = torch.zeros(1, len(self.config.presets) + 1, device=self.device)
        weights[0, preset + 1] = 1
        return weights

    def compare(self, made: Tensor, x: Tensor, chosen: int) -> dict[str, Tensor]:
        painting = random_crop(self.styles.arrays[chosen], self.spec.size, self.rng, zoom=SCALES)
        with torch.no_grad():
            wanted = self.perceptual(to_tensor([painting], self.device))
            content = self.perceptual(x)
        maps = self.perceptual(made)
        style = torch.stack([style_distance(a, b) for a, b in zip(maps, wanted, strict=True)]).mean()
        kept = torch.stack([(maps[i] - content[i]).square().mean() for i in CONTENT_STAGES]).mean()
        if self.spec.base and self.seen // self.spec.batch % BALANCE_STEPS == 0:
            self.balance.look(chosen, made, style, kept)
        weight = float(self.balance.weights[chosen])
        return {"style": weight * style, "content": kept, "smooth": 0.5 * total_variation(made)}

    @torch.no_grad()
    def sheet(self) -> np.ndarray:
        """First row: four photos; then a row a preset: the painting and the four photos in its style."""
        rng = np.random.default_rng(2)
        x = self.crops(rng.permutation(len(self.pictures))[:5].tolist(), rng)
        painting = [random_crop(a, self.spec.size, rng, zoom=(2.5, 2.5)) for a in self.styles.arrays]
        net = self.ema.module
        pixels = list(to_pixels(x))
        rows = [[pixels[0], *pixels[1:]], [*to_pixels(net(x, self.mixture(-1)))]]
        rows += [[painting[i], *to_pixels(net(x[1:], self.mixture(i)))] for i in range(len(self.styles))]
        half = (len(rows) + 1) // 2
        return grid([a + b for a, b in zip(rows[:half], [*rows[half:], rows[0]], strict=False)])

    def product(self) -> Product:
        return Product(copy.deepcopy(self.ema.module), self.config)


class Balance(nn.Module):
    """The weight of every preset's style: such that style and content pull about equally at the picture.

    Paintings differ tenfold in how far they are from a photo, and one's own is met by few steps: too little to find a
    weight by trying. Starts at `weight` and stays within RANGE times it; kept with the run.
    """

    weights: Tensor
    RANGE = 5.0

    def __init__(self, presets: int, weight: float) -> None:
        super().__init__()
        self.start = weight
        self.register_buffer("weights", torch.full((presets,), weight))

    def look(self, preset: int, made: Tensor, style: Tensor, content: Tensor) -> None:
        """Move half the way (of the logarithm) to the weight that makes the two gradients' norms equal."""
        pulls = [torch.autograd.grad(loss, made, retain_graph=True)[0].float().norm() for loss in (style, content)]
        wanted = float(pulls[1] / pulls[0].clamp(min=1e-12))
        wanted = min(max(wanted, self.start / self.RANGE), self.start * self.RANGE)
        self.weights[preset] = (float(self.weights[preset]) * wanted) ** 0.5


def unique_names(paths: list[Path]) -> list[str]:
    """File stems as preset names; a repeated one gets a number."""
    names: list[str] = []
    for path in paths:
        name, count = path.stem, 2
        while name in names:
            name, count = f"{path.stem}-{count}", count + 1
        names.append(name)
    return names


def from_base(base: StyleNet, presets: tuple[str, ...]) -> StyleNet:
    """A net for new presets on another's convolutions, each starting at the mean of the base's.

    Only the norms and the last layers learn: 300 to 800 steps suffice and the base's craft is kept.
    """
    net = StyleNet(StyleConfig(presets=presets, width=base.config.width, blocks=base.config.blocks))
    own, theirs = net.state_dict(), base.state_dict()
    norms = {
        f"{name}.{key}"
        for name, m in net.named_modules()
        if isinstance(m, ConditionalNorm)
        for key in ("scale", "bias")
    }
    for key, value in theirs.items():
        if key in norms:
            own[key][0] = value[0]
            own[key][1:] = value[1:].mean(0)
        else:
            own[key] = value
    net.load_state_dict(own)
    last = {id(p) for p in [*net.leave[-1].parameters(), *net.head.parameters()]}
    for name, parameter in net.named_parameters():
        parameter.requires_grad_(name in norms or id(parameter) in last)
    return net
