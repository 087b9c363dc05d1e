"""Any-style net: every photo of a batch gets a style of its own, cut from paintings, textures and abstract pictures.

Style as sliced Wasserstein, moments and 3 x 3 neighbourhoods of the encoder's maps; content as its maps without their
own contrast; contrastive between the styles of a batch (Chen et al., "Artistic style transfer with internal-external
learning and contrastive learning", 2021); a photo in its own style stays what it is.
"""

import copy

import numpy as np
import torch
from torch import Tensor

from studio.core.errors import BadInput
from studio.jobs.spec import AnyStyleSpec
from studio.library.store import Library
from studio.models.any_style import AnyStyleConfig, AnyStyleNet, describe
from studio.models.perceptual import PerceptualEncoder
from studio.models.style import ConditionalNorm
from training.abstract import abstract
from training.augment import recoloured
from training.data import Pictures, grid, order, random_crop, to_pixels, to_tensor
from training.ema import EMA
from training.losses import content_distance, contrastive, painting_distance, pyramid_l1, total_variation
from training.trainer import Product, Trainer, cosine, descend

IDENTITY = 0.1  # share of steps whose style is the photo's own
CONTENT_STAGES = (2, 3)
SCALES = (1.0, 3.5)  # how much of a painting a style crop shows, in units of the training crop
TEXTURES = 0.35  # share of drawn styles that come from the textures, where there are any
MET = 48  # styles by which the net learns what is common to all
NORM_FACTOR = 3.0  # learning rate of what makes norms of a style
SHOWN = 6  # photos and styles of a sheet


class AnyStyleTrainer(Trainer[AnyStyleSpec]):
    family = "anystyle"

    def __init__(self, spec: AnyStyleSpec, library: Library, device: torch.device) -> None:
        super().__init__(spec, library, device)
        self.pictures = Pictures.read(spec.data, smallest=48, side=512)
        styles = Pictures.read(spec.styles or spec.data, smallest=48, side=768)
        unknown = set(spec.held) - {path.stem for path in styles.paths}
        if unknown:
            raise BadInput(f"There is no style picture '{min(unknown)}' to keep back; give names without endings.")
        self.held = [a for a, path in zip(styles.arrays, styles.paths, strict=True) if path.stem in spec.held]
        self.styles = [a for a, path in zip(styles.arrays, styles.paths, strict=True) if path.stem not in spec.held]
        if not self.styles:
            raise BadInput("All style pictures are kept back; leave some to learn from.")
        self.textures = Pictures.read(spec.textures, smallest=48, side=512).arrays if spec.textures else []
        perceptual = library.load("perceptual", device).requires_grad_(False)
        assert isinstance(perceptual, PerceptualEncoder)
        self.perceptual = perceptual
        self.encoder = library.card("perceptual").sha256
        if spec.base:
            net = self.start_from(spec.base)
            assert isinstance(net, AnyStyleNet)
            self.net = net
        else:
            self.net = AnyStyleNet(AnyStyleConfig(described=2 * sum(perceptual.config.channels)))
        self.net.to(device).to(memory_format=torch.channels_last)
        if not spec.base:
            self.net.accustom(self.descriptions())
        self.ema = EMA(self.net, 2_000)
        norms = [p for m in self.net.modules() if isinstance(m, ConditionalNorm) for p in m.parameters()]
        known = {id(p) for p in norms}
        shared = [p for p in self.net.parameters() if id(p) not in known]
        groups = [{"params": shared}, {"params": norms, "factor": NORM_FACTOR}]
        self.optimiser = torch.optim.Adam(groups, lr=spec.lr, betas=(0.9, 0.99))
        self.optimisers = {"net": self.optimiser}
        self.modules = {"net": self.net, "ema": self.ema.module}

    def crops(self, indices: list[int], rng: np.random.Generator) -> Tensor:
        size = self.spec.size
        crops = [random_crop(self.pictures.arrays[i], size, rng, zoom=(1.0, 3.0)) for i in indices]
        return to_tensor(crops, self.device)

    def style(self, rng: np.random.Generator) -> np.ndarray:
        """A style picture, uint8 [size, size, 3]: a crop at some scale, turned and often recoloured, or an abstract."""
        size = self.spec.size
        if rng.random() < self.spec.abstract:
            return abstract(size, rng)
        source = self.textures if self.textures and rng.random() < TEXTURES else self.styles
        crop = random_crop(source[int(rng.integers(len(source)))], size, rng, zoom=SCALES)
        if rng.random() < 0.3:
            crop = np.rot90(crop, int(rng.integers(4)))
        return recoloured(crop, rng) if rng.random() < 0.5 else crop

    @torch.no_grad()
    def descriptions(self) -> Tensor:
        """What the encoder tells of MET styles, [MET, D]."""
        rng = np.random.default_rng(self.spec.seed)
        met = [to_tensor([self.style(rng)], self.device) for _ in range(MET)]
        return torch.cat([describe(self.perceptual(y)) for y in met])

    def step(self) -> dict[str, float]:
        spec = self.spec
        x = self.crops(order(len(self.pictures), self.seen, spec.batch, spec.seed), self.rng)
        self.set_lr(self.optimiser, spec.lr * cosine(self.progress))
        identity = self.rng.random() < IDENTITY
        y = x if identity else to_tensor([self.style(self.rng) for _ in range(len(x))], self.device)
        with torch.no_grad():
            wanted = self.perceptual(y)
            condition = self.net.condition(x, y, describe(wanted))
        made = self.net(x, condition)
        losses = {"identity": 10 * pyramid_l1(made, x)} if identity else self.compare(made, x, wanted)
        result = descend(self.optimiser, losses)
        self.ema.update(self.net, spec.batch, self.seen)
        return result

    def compare(self, made: Tensor, x: Tensor, wanted: list[Tensor]) -> dict[str, Tensor]:
        with torch.no_grad():
            content = self.perceptual(x)
        maps = self.perceptual(made)
        style, texture = painting_distance(maps, wanted, spread=int(self.rng.integers(1, 4)))
        kept = torch.stack([content_distance(maps[i], content[i]) for i in CONTENT_STAGES]).mean()
        ours, theirs = describe(maps[-2:]), describe(wanted[-2:])
        apart = contrastive(ours - theirs.mean(0), theirs - theirs.mean(0))
        return {
            "style": self.spec.style_weight * style,
            "texture": 0.5 * self.spec.style_weight * texture,
            "content": kept,
            "apart": 0.1 * apart,
            "smooth": 0.2 * total_variation(made),
        }

    @torch.no_grad()
    def sheet(self) -> np.ndarray:
        """First row: photos; then a row a style: the style picture and the photos in it. Kept back ones come last."""
        rng = np.random.default_rng(2)
        x = self.crops(rng.permutation(len(self.pictures))[: SHOWN - 1].tolist(), rng)
        size, net = self.spec.size, self.ema.module
        chosen = [*self.styles[: SHOWN - len(self.held)], *self.held]
        styles = [random_crop(a, size, rng, zoom=(2.0, 2.0)) for a in chosen] + [abstract(size, rng)]
        rows = [[np.full((size, size, 3), 255, np.uint8), *to_pixels(x)]]
        for style in styles:
            y = to_tensor([style], self.device)
            made = net(x, net.condition(x, y, describe(self.perceptual(y))))
            rows.append([style, *to_pixels(made)])
        return grid(rows)

    def product(self) -> Product:
        return Product(copy.deepcopy(self.ema.module), self.net.config, {"encoder": self.encoder})
