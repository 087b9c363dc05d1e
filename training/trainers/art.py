"""Style net: content features against the photo, feature distributions against the whole painting.

Style as sliced Wasserstein plus moments (Heitz et al., 2021) in place of Gram matrices, and 3 x 3 neighbourhoods of
features, which keep the direction of strokes; both at full and at half size, so that broad strokes count. Content
without its own contrast, which is the painting's. Preset 0 learns the identity.
"""

import copy
import dataclasses
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from studio.core.errors import BadInput
from studio.jobs.spec import ArtSpec
from studio.library.store import Library
from studio.models.perceptual import PerceptualEncoder
from studio.models.style import ConditionalNorm, StyleConfig, StyleNet
from training.data import Pictures, grid, order, random_crop, to_pixels, to_tensor
from training.ema import EMA
from training.losses import content_distance, painting_distance, pyramid_l1, total_variation
from training.trainer import Product, Trainer, cosine, descend

LIMIT = 16  # presets a file
IDENTITY = 0.12  # share of steps that train preset 0
CONTENT_STAGES = (2, 3)
TEXTURE = 0.67  # weight of neighbourhoods against that of style
LEVELS = 2  # sizes at which style is compared, each half of the one before
GRAIN = 1 / 255  # of the photos: something to paint on where they are flat, which norms would stretch without end
NORM_FACTOR = 10.0  # learning rate of the presets' norms, as each learns on its own steps only
SHEET_STEPS = 50  # between previews of a style of one's own
SHOWN = 5  # photos of a sheet
BALANCE_STEPS = 10  # between two looks at the gradients


class ArtTrainer(Trainer[ArtSpec]):
    family = "art"

    def __init__(self, spec: ArtSpec, library: Library, device: torch.device) -> None:
        super().__init__(spec, library, device)
        self.pictures = Pictures.read(spec.data, smallest=64, side=512)
        self.styles = Pictures.read(spec.styles or spec.data, smallest=64, side=512)
        if len(self.styles) > LIMIT:
            raise BadInput(f"{len(self.styles)} style pictures were given; choose at most {LIMIT}.")
        presets = tuple(unique_names(self.styles.paths))
        self.config = StyleConfig(presets=presets, toned=True)
        if spec.base:
            base = self.start_from(spec.base)
            assert isinstance(base, StyleNet)
            self.net = from_base(base, dataclasses.replace(base.config, presets=presets))
            self.config = self.net.config
            self.sheet_steps = SHEET_STEPS
        else:
            self.net = StyleNet(self.config)
        for preset, painting in enumerate(self.styles.arrays):
            self.net.set_tone(preset, to_tensor([painting]))
        self.net.to(device).to(memory_format=torch.channels_last)
        perceptual = library.load("perceptual", device).requires_grad_(False)
        assert isinstance(perceptual, PerceptualEncoder)
        self.perceptual = perceptual
        self.wanted = [self.maps_of(painting) for painting in self.styles.arrays]
        self.ema = EMA(self.net, 1_000)
        norms = [
            p
            for m in self.net.modules()
            if isinstance(m, ConditionalNorm) and m is not self.net.tone
            for p in m.parameters()
        ]
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

    @torch.no_grad()
    def maps_of(self, painting: np.ndarray) -> list[list[Tensor]]:
        """What the encoder sees of a whole painting at LEVELS sizes, [1, C, H, W] each."""
        x = to_tensor([painting], self.device)
        return [[m.to(torch.bfloat16) for m in self.perceptual(smaller(x, level))] for level in range(LEVELS)]

    def step(self) -> dict[str, float]:
        """Every photo gets a preset of its own; one painting of one's own is met often enough as it is."""
        spec = self.spec
        x = self.crops(order(len(self.pictures), self.seen, spec.batch, spec.seed), self.rng)
        self.set_lr(self.optimiser, spec.lr * cosine(self.progress))
        identity = self.rng.random() < IDENTITY
        chosen = self.rng.integers(len(self.styles), size=1 if spec.base else len(x)).tolist()
        x = x + GRAIN * torch.randn_like(x)
        made = self.net(x, self.mixture([-1] if identity else chosen))
        losses = {"identity": 10 * pyramid_l1(made, x)} if identity else self.compare(made, x, chosen)
        result = descend(self.optimiser, losses)
        self.ema.update(self.net, spec.batch, self.seen)
        return result

    def mixture(self, presets: list[int]) -> Tensor:
        """One-hot [len(presets), number of presets + 1]; -1 is the identity."""
        weights = torch.zeros(len(presets), len(self.config.presets) + 1, device=self.device)
        weights[range(len(presets)), [preset + 1 for preset in presets]] = 1
        return weights

    def compare(self, made: Tensor, x: Tensor, chosen: list[int]) -> dict[str, Tensor]:
        """The losses of photos in `chosen` presets: one for all or one each."""
        levels = [self.perceptual(smaller(made, level)) for level in range(LEVELS)]
        with torch.no_grad():
            content = self.perceptual(x)
        kept = torch.stack([content_distance(levels[0][i], content[i]) for i in CONTENT_STAGES]).mean()
        styles = []
        for k, preset in enumerate(chosen):
            ours = ([m.chunk(len(chosen))[k] for m in maps] for maps in levels)
            found = [self.style_loss(maps, wanted) for maps, wanted in zip(ours, self.wanted[preset], strict=True)]
            styles.append(torch.stack(found).mean())
        if self.spec.base and self.seen // self.spec.batch % BALANCE_STEPS == 0:
            self.balance.look(chosen[0], made, styles[0], kept)
        weights = self.balance.weights[chosen].to(made.device)
        return {
            "style": (weights * torch.stack(styles)).mean(),
            "content": kept,
            "smooth": 0.2 * total_variation(made),
        }

    def style_loss(self, maps: list[Tensor], wanted: list[Tensor]) -> Tensor:
        style, texture = painting_distance(maps, wanted, spread=int(self.rng.integers(1, 4)))
        return style + TEXTURE * texture

    @torch.no_grad()
    def sheet(self) -> np.ndarray:
        """First row: four photos; then a row a preset: the painting and the four photos in its style."""
        rng = np.random.default_rng(2)
        x = self.crops((rng.permutation(len(self.pictures)).tolist() * SHOWN)[:SHOWN], rng)
        painting = [random_crop(a, self.spec.size, rng, zoom=(2.5, 2.5)) for a in self.styles.arrays]
        net = self.ema.module
        pixels = list(to_pixels(x))
        rows = [[pixels[0], *pixels[1:]], [*to_pixels(net(x, self.mixture([-1])))]]
        rows += [[painting[i], *to_pixels(net(x[1:], self.mixture([i])))] for i in range(len(self.styles))]
        half = (len(rows) + 1) // 2
        return grid([a + b for a, b in zip(rows[:half], [*rows[half:], rows[0]], strict=False)])

    def product(self) -> Product:
        return Product(copy.deepcopy(self.ema.module), self.config)


def smaller(x: Tensor, level: int) -> Tensor:
    """[B, C, H, W] with its sides halved `level` times."""
    return F.avg_pool2d(x, 2**level) if level else x


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


def from_base(base: StyleNet, config: StyleConfig) -> StyleNet:
    """A net for other presets, toned or not, on `base`'s convolutions, each starting at the mean of the base's.

    Only the norms and the last layers learn: 800 steps suffice and the base's craft is kept.
    """
    net = StyleNet(config)
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
        elif key in own:
            own[key] = value
    net.load_state_dict(own)
    last = {id(p) for p in [*net.leave[-1].parameters(), *net.head.parameters()]}
    for name, parameter in net.named_parameters():
        parameter.requires_grad_(name in norms or id(parameter) in last)
    return net
