from pathlib import Path

import pytest
import torch

from studio.library.store import Library
from studio.models.face_gan import FaceGAN, FaceGANConfig

TINY = FaceGANConfig(latent=4, style=4, channels=(8, 8))


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path / "shipped", tmp_path / "user")


@pytest.fixture
def network() -> FaceGAN:
    torch.manual_seed(1)
    return FaceGAN(TINY).eval()
