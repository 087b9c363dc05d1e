"""Words: a small net learns from captions of labelled faces what they ask of the attributes."""

import numpy as np
import torch
from torch.nn import functional as F

from studio.core.image import list_pictures
from studio.jobs.spec import WordsSpec
from studio.library.store import Library
from studio.models.face_gan import FaceGAN
from studio.models.sliders import Sliders
from studio.models.words import WordsConfig, WordsNet
from training.attributes import read_labels, values_of
from training.captions import caption, vocabulary
from training.data import grid, order, to_pixels
from training.ema import EMA
from training.trainer import Product, Trainer, cosine, descend

SHOWN = (
    "smiling woman",
    "old man with glasses",
    "young man, dark background",
    "serious older woman",
    "微笑的女人",
    "戴眼镜的老年男人",
)
FACES = 5


class WordsTrainer(Trainer[WordsSpec]):
    family = "words"

    def __init__(self, spec: WordsSpec, library: Library, device: torch.device) -> None:
        super().__init__(spec, library, device)
        faces, sliders = self.leaning_on(spec.faces, "faces"), self.leaning_on(spec.sliders, "sliders")
        assert isinstance(faces, FaceGAN) and isinstance(sliders, Sliders)
        self.generator, self.sliders = faces.generator.requires_grad_(False), sliders.requires_grad_(False)
        self.names = sliders.config.names
        values = values_of(read_labels(spec.labels, self.names), [path.name for path in list_pictures(spec.data)])
        deviation = np.nanstd(values, 0)
        self.values = (values - np.nanmean(values, 0)) / np.where(deviation > 0, deviation, 1)
        config = WordsConfig(vocabulary=vocabulary(self.names), names=self.names)
        net = self.start_from(spec.base) if spec.base else WordsNet(config)
        assert isinstance(net, WordsNet)
        self.net, self.config = net.to(device), net.config
        self.ema = EMA(self.net, 2_000)
        self.optimiser = torch.optim.Adam(self.net.parameters(), lr=spec.lr)
        self.optimisers = {"net": self.optimiser}
        self.modules = {"net": self.net, "ema": self.ema.module}

    def step(self) -> dict[str, float]:
        spec = self.spec
        rows = self.values[order(len(self.values), self.seen, spec.batch, spec.seed)]
        filled = np.where(np.isnan(rows), self.rng.normal(size=rows.shape), rows)  # few faces have all labels
        captions = [caption(row, self.names, self.rng) for row in filled]
        texts = [self.net.read(one.text)[0] for one in captions]
        wanted = torch.from_numpy(np.stack([one.asked for one in captions])).to(self.device)
        self.set_lr(self.optimiser, spec.lr * cosine(self.progress))
        values, logits = self.net(self.net.tokens(texts).to(self.device))
        said = ~wanted.isnan()
        off = torch.where(said, values.float() - wanted.nan_to_num(), 0).square().sum() / said.sum().clamp_min(1)
        asked = F.binary_cross_entropy_with_logits(logits.float(), said.float())
        result = descend(self.optimiser, {"value": off, "asked": asked})
        self.ema.update(self.net, spec.batch, self.seen)
        return result

    @torch.no_grad()
    def sheet(self) -> np.ndarray:
        """A row a prompt: the same faces, as the words ask."""
        draw = torch.Generator().manual_seed(self.spec.seed)
        noise = torch.randn(FACES, self.generator.config.latent, generator=draw).to(self.device)
        w = self.generator.style(self.generator.drawn(noise), 0.7)
        rows = [list(to_pixels(self.generator.synthesize(w)))]
        for asked in self.ema.module.ask([self.ema.module.read(text)[0] for text in SHOWN]):
            moved = self.sliders.towards(w, dict(zip(self.names, asked.tolist(), strict=True)))
            rows.append(list(to_pixels(self.generator.synthesize(moved))))
        return grid(rows)

    def product(self) -> Product:
        return Product(self.ema.module, self.config)
