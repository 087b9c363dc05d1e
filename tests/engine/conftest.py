"""An engine with small random networks; what is tested is what the engine does with them."""

from pathlib import Path

import pytest
import torch

from studio.engine.engine import Engine
from studio.library.store import Library
from studio.models.any_style import AnyStyleConfig
from studio.models.codec import CodecConfig
from studio.models.damage import DamageConfig
from studio.models.face_gan import FaceGANConfig
from studio.models.families import FAMILIES
from studio.models.inpaint import InpaintConfig
from studio.models.landmarks import LandmarkConfig
from studio.models.perceptual import PerceptualConfig
from studio.models.refiner import RefinerConfig
from studio.models.restore import RestoreConfig
from studio.models.scratches import ScratchConfig
from studio.models.style import StyleConfig
from studio.models.upscale import UpscaleConfig
from studio.models.vae import VAEConfig

TINY = {
    "perceptual": PerceptualConfig(channels=(4, 4, 8, 8), convolutions=(1, 1, 1, 1)),
    "anystyle": AnyStyleConfig(described=48, width=4, blocks=1, deep=8, deep_blocks=1, hidden=8),
    "faces": FaceGANConfig(latent=8, style=8, channels=(8, 8)),
    "refiner": RefinerConfig(layers=4, style=8, rank=4),
    "vae": VAEConfig(latent=8, channels=(8, 8)),
    "repair": InpaintConfig(width=4, dilations=(1, 2)),
    "scratches": ScratchConfig(widths=(4, 8), blocks=1),
    "landmarks": LandmarkConfig(size=32, widths=(8, 8, 8)),
    "art": StyleConfig(presets=("reeds", "embers"), width=4, blocks=2, toned=True),
    "upscale": UpscaleConfig(width=4, blocks=2),
    "restore": RestoreConfig(widths=(8, 8), blocks=1, judge=4),
    "damage": DamageConfig(widths=(8, 8)),
    "codec": CodecConfig(width=8, blocks=1, latent=6, hyper=4, side=4, context=8),
}
DRAWN = {"damage": 0.3}  # deviations added to weights: a net that is sure of nothing marks all of a picture, or none


def publish(library: Library, family: str, name: str = "", seed: int = 0) -> None:
    """Put a small random network of `family` into the library."""
    torch.manual_seed(seed)
    network = FAMILIES[family].network(TINY[family])
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.add_(torch.randn_like(parameter) * DRAWN.get(family, 0.05))  # some layers start at zero
    library.publish(name or family, network, family, TINY[family], {"title": f"Small {family}"})


@pytest.fixture
def library(tmp_path: Path) -> Library:
    found = Library(tmp_path / "shipped", tmp_path / "user")
    for family in TINY:
        publish(found, family)
    return found


@pytest.fixture
def engine(library: Library) -> Engine:
    return Engine(library, "cpu")
