"""The figures of generators: what tells copies, blur and noise apart, and a VAE's beside those of the GAN."""

from argparse import Namespace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from studio.core.errors import BadInput
from studio.core.likeness import sharpness
from studio.core.settings import assets_dir
from studio.library.store import Library
from studio.models.face_gan import FaceGAN, FaceGANConfig
from studio.models.vae import VAE, VAEConfig
from tests.pictures import scene
from training.evaluate.__main__ import EVALUATIONS, PLACES
from training.evaluate.distribution import Distribution, drawn, worsened
from training.evaluate.faces import evaluate_faces
from training.evaluate.vae import evaluate_vae, reconstruction

SIZE = 32
SHARED = {"samples", "kid_val", "kid_train", "precision", "recall", "memorisation_ratio", "sharpness"}
YARDSTICKS = {"kid_train_to_val", "kid_jpeg_q10_to_val", "kid_blurred_to_val"}


def faces(seeds: range, size: int = SIZE) -> list[np.ndarray]:
    return [scene(size, size, seed) for seed in seeds]


@pytest.fixture
def values(library: Library, tmp_path: Path) -> Namespace:
    """A small VAE `vae`, a GAN of another size as the shipped `faces`, and folders of square pictures."""
    torch.manual_seed(0)
    config, gan = VAEConfig(latent=8, channels=(8, 8, 8)), FaceGANConfig(latent=8, style=8, channels=(8, 8))
    library.publish("vae", VAE(config), "vae", config, {})
    library.publish("faces", FaceGAN(gan), "faces", gan, {})
    for name, seeds in (("train", range(12)), ("val", range(20, 28))):
        (tmp_path / name).mkdir()
        for seed in seeds:
            Image.fromarray(scene(64, 64, seed)).save(tmp_path / name / f"{seed}.png")
    return Namespace(
        name="vae", data=[str(tmp_path / "train")], val=[str(tmp_path / "val")], samples=10, steering=0, landmarks=""
    )


def test_copies_blur_and_darkness_are_told_apart(tmp_path: Path) -> None:
    train, val = faces(range(24)), faces(range(40, 64))
    found = Distribution(Library(assets_dir() / "models", tmp_path), train, val)
    copies, others = found.figures(train), found.figures(faces(range(80, 104)))
    assert copies["memorisation_ratio"] == 0 < 0.5 < others["memorisation_ratio"]
    assert copies["sharpness"] == pytest.approx(sharpness(train) / sharpness(val), abs=1e-4)
    blurred, dark = found.figures(worsened(val, "blur")), found.figures([face // 9 for face in val])
    assert blurred["sharpness"] < 0.3 and dark["kid_val"] > 10 * abs(others["kid_val"])
    assert dark["precision"] < others["precision"]
    assert found.yardsticks(val)["kid_blurred_to_val"] == blurred["kid_val"]


def test_a_reconstruction_is_measured_at_the_size_of_the_faces() -> None:
    given = faces(range(3))
    assert reconstruction(given, lambda x: x)["reconstruction_psnr"] > 100
    assert reconstruction(given, lambda x: x)["reconstruction_sharpness"] == 1
    half = reconstruction(given, lambda x: x, SIZE // 2)
    assert half["reconstruction_psnr"] < 40 and half["reconstruction_sharpness"] < 0.8
    level = reconstruction(given, lambda x: x + 2 * 8 / 255)["reconstruction_psnr"]
    assert level == pytest.approx(20 * np.log10(255 / 8), abs=0.3)


def test_a_vae_has_the_figures_of_the_gan_beside_its_own(library: Library, values: Namespace) -> None:
    own = SHARED | {"reconstruction_psnr", "reconstruction_sharpness"}
    figures = evaluate_vae(library, values)
    assert figures.keys() == own | YARDSTICKS | {f"gan_{key}" for key in own} | {
        "images_seen",
        "size",
        "kid_encoder",
        "gan",
    }
    assert figures["samples"] == figures["gan_samples"] == 10 and figures["size"] == SIZE
    assert 0 < figures["reconstruction_psnr"] < 60
    faces_alone = evaluate_faces(library, Namespace(**{**vars(values), "name": "small"}))
    assert faces_alone.keys() >= SHARED | YARDSTICKS | {"judge_real", "judge_made"}
    again = Namespace(**{**vars(values), "val": []})
    with pytest.raises(BadInput, match="--val"):
        evaluate_vae(library, again)


def test_samples_are_always_the_same(library: Library) -> None:
    net = library.load("small")
    assert isinstance(net, FaceGAN)
    one, two = (drawn(net, net.config.latent, 21) for _ in range(2))
    assert len(one) == 21 and all(np.array_equal(a, b) for a, b in zip(one, two, strict=True))


def test_the_command_knows_where_its_data_lies() -> None:
    assert EVALUATIONS["vae"] is evaluate_vae
    assert PLACES["vae"] == {"data": ["faces/train"], "val": ["faces/val"]}
