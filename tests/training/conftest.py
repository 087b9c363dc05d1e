"""A library with small nets that trainings lean on, and folders of pictures to train on."""

from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from studio.core.image import write_picture
from studio.library.store import Library
from studio.models.face_gan import FaceGAN, FaceGANConfig
from studio.models.landmarks import LandmarkConfig, LandmarkNet
from studio.models.perceptual import PerceptualConfig, PerceptualEncoder
from studio.models.sliders import Sliders, SlidersConfig
from tests.pictures import scene
from training.samples.props import prop


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """An empty shipped folder, and `perceptual`, `landmarks`, faces and sliders among the user's models."""
    found = Library(tmp_path / "shipped", tmp_path / "models")
    torch.manual_seed(0)
    config = PerceptualConfig(channels=(8, 8, 16, 16), convolutions=(1, 1, 1, 1))
    found.publish("perceptual", PerceptualEncoder(config), "perceptual", config, {"title": "test encoder"})
    points = LandmarkConfig(size=32, widths=(8, 8, 8))
    found.publish("landmarks", LandmarkNet(points), "landmarks", points, {"title": "test points"})
    faces = FaceGANConfig(latent=8, style=8, channels=(8, 8, 8))
    found.publish("small", FaceGAN(faces), "faces", faces, {"title": "test faces"})
    sliders = SlidersConfig(names=("smile", "age"), auc=(0.9, 0.9), style=8)
    found.publish("some", Sliders(sliders), "sliders", sliders, {"title": "test sliders"})
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Twelve folders of two 96 px pictures, so that there are labels too; beside them landmarks, a table and props."""
    names = [f"class{index % 12:02d}/{index:02d}.png" for index in range(24)]
    points = np.random.default_rng(0).uniform(10, 86, (24, 478, 2)).astype(np.float16)
    np.savez(tmp_path / "landmarks.npz", names=names, points=points)
    rows = ["file,light,smile,age"]
    for index in range(24):
        path = tmp_path / "pictures" / f"class{index % 12:02d}" / f"{index:02d}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        picture = scene(96, 96, seed=index)
        rows.append(f"{index:02d}.png,{picture.mean():.2f},{picture[..., 0].mean():.2f},{index}")
        cv2.imwrite(str(path), picture)
    for index in range(12):
        name, drawn = prop(index, 40)
        write_picture(tmp_path / "props" / name, drawn, source=None)
    (tmp_path / "labels.csv").write_text("\n".join(rows))
    return tmp_path / "pictures"
