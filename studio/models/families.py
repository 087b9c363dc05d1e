"""Every network family by its name in a checkpoint's header."""

import dataclasses
from typing import Any

from torch import nn

from studio.models.any_style import AnyStyleConfig, AnyStyleNet
from studio.models.codec import Codec, CodecConfig
from studio.models.damage import DamageConfig, DamageNet
from studio.models.face_gan import FaceGAN, FaceGANConfig
from studio.models.inpaint import InpaintConfig, InpaintGAN
from studio.models.landmarks import LandmarkConfig, LandmarkNet
from studio.models.perceptual import PerceptualConfig, PerceptualEncoder
from studio.models.refiner import Refiner, RefinerConfig
from studio.models.restore import RestoreConfig, RestoreNet
from studio.models.scratches import ScratchConfig, ScratchNet
from studio.models.sliders import Sliders, SlidersConfig
from studio.models.style import StyleConfig, StyleNet
from studio.models.upscale import UpscaleConfig, UpscaleGAN
from studio.models.vae import VAE, VAEConfig
from studio.models.words import WordsConfig, WordsNet


@dataclasses.dataclass(frozen=True)
class Family:
    """A network class and the frozen dataclass that configures it."""

    config: type
    network: type[nn.Module]

    def build(self, values: dict[str, Any]) -> nn.Module:
        """The network for a config as read from JSON (lists become tuples); TypeError on unknown or missing values."""
        return self.network(self.config(**{k: tuple(v) if isinstance(v, list) else v for k, v in values.items()}))


FAMILIES: dict[str, Family] = {
    "perceptual": Family(PerceptualConfig, PerceptualEncoder),
    "faces": Family(FaceGANConfig, FaceGAN),
    "props": Family(FaceGANConfig, FaceGAN),  # with alpha
    "refiner": Family(RefinerConfig, Refiner),
    "repair": Family(InpaintConfig, InpaintGAN),
    "scratches": Family(ScratchConfig, ScratchNet),
    "art": Family(StyleConfig, StyleNet),
    "anystyle": Family(AnyStyleConfig, AnyStyleNet),
    "landmarks": Family(LandmarkConfig, LandmarkNet),
    "sliders": Family(SlidersConfig, Sliders),
    "words": Family(WordsConfig, WordsNet),
    "upscale": Family(UpscaleConfig, UpscaleGAN),
    "restore": Family(RestoreConfig, RestoreNet),
    "damage": Family(DamageConfig, DamageNet),
    "codec": Family(CodecConfig, Codec),
    "vae": Family(VAEConfig, VAE),
}
