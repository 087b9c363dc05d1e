"""The figures of restoration: those of models that are there, null for those that are not."""

from pathlib import Path

import numpy as np
import torch
from PIL import Image

from studio.engine.engine import Engine
from studio.library.store import Library
from studio.models.damage import DamageConfig, DamageNet
from studio.models.restore import RestoreConfig, RestoreNet
from studio.models.upscale import UpscaleConfig, UpscaleGAN
from tests.pictures import scene
from training.evaluate.restore import measure_restoration, middle

KEYS = ("damage_f1", "clean_false_area", "damage_f1_whole", "denoise_gain_db", "sr_x2_psnr", "sr_x4_psnr")


def test_missing_models_print_null(tmp_path: Path) -> None:
    found = measure_restoration(Engine(Library(tmp_path, tmp_path), "cpu"), [scene(64, 48)], [])
    assert [found[key] for key in KEYS] == [None] * 6


def test_each_figure_is_measured(tmp_path: Path) -> None:
    library = Library(tmp_path / "none", tmp_path / "models")
    torch.manual_seed(0)
    upscale, restore, damage = (
        UpscaleConfig(width=4, blocks=1),
        RestoreConfig(widths=(4, 4)),
        DamageConfig(widths=(4, 4)),
    )
    library.publish("upscale-x2", UpscaleGAN(upscale), "upscale", upscale, {})
    library.publish("restore", RestoreNet(restore), "restore", restore, {})
    net = DamageNet(damage)
    torch.nn.init.constant_(net.body.head.bias, 3.0)  # pyright: ignore: all is damage
    library.publish("damage", net, "damage", damage, {})
    Image.fromarray(scene(70, 66, seed=1)).save(tmp_path / "small.png")
    found = measure_restoration(Engine(library, "cpu"), [scene(72, 64), scene(64, 80, seed=1)], [str(tmp_path)])
    assert found["clean_false_area"] == 1 and 0 < found["damage_f1"] < 1
    assert found["clean_false_area_whole"] == 1 and 0 < found["damage_f1_whole"] < 1
    assert found["denoise_gain_db"] < 0, "a net that changes nothing is worse than non-local means"
    for scale in (2, 4):  # an untrained net is bicubic interpolation, and used twice where there is none for 4 times
        assert abs(found[f"sr_x{scale}_psnr"] - found[f"sr_x{scale}_bicubic"]) < 1.5


def test_the_middle_of_a_picture_is_cut() -> None:
    assert middle(np.zeros((900, 300, 3), np.uint8)).shape == (512, 300, 3)
