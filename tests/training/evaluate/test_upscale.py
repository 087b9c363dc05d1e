"""The upscaler's figures beside bicubic enlargement, and folders found in their places."""

from argparse import Namespace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.library.store import Library
from studio.models.upscale import UpscaleConfig, UpscaleGAN
from tests.pictures import scene
from training.evaluate.__main__ import placed
from training.evaluate.upscale import evaluate_upscale, luma, shrunk


def test_an_untrained_net_scores_as_bicubic_does(library: Library, tmp_path: Path) -> None:
    for index in range(2):
        Image.fromarray(scene(100, 80, seed=index)).save(tmp_path / f"{index}.png")
    library.publish(
        "plain", UpscaleGAN(UpscaleConfig(width=4, blocks=1)), "upscale", UpscaleConfig(width=4, blocks=1), {}
    )
    figures = evaluate_upscale(library, Namespace(name="plain", data=[str(tmp_path)]))
    assert figures["pictures"] == 2 and figures["scale"] == 2
    assert figures["psnr_y"] == pytest.approx(figures["psnr_y_bicubic"], abs=0.5)
    assert 0 < figures["detail_bicubic"] < 1


def test_luma_is_that_of_the_papers() -> None:
    assert luma(np.array([[0, 0, 0], [255, 255, 255]], np.uint8)).tolist() == pytest.approx([16.0, 235.0], abs=0.01)
    assert shrunk(scene(32, 16), 4).shape == (4, 8, 3)


def test_a_data_folder_is_searched_in_the_known_places(tmp_path: Path) -> None:
    for place in ("faces/train", "faces/val"):
        (tmp_path / place).mkdir(parents=True)
    blank = Namespace(data=[str(tmp_path)], val=[], labels=[], landmarks="", teacher="")
    placed(blank, "faces")
    assert blank.data == [str(tmp_path)], "the tables are missing, so the folder is taken as it is"
    for name in ("attributes.csv", "tags.csv", "landmarks.npz"):
        (tmp_path / "faces" / name).touch()
    placed(blank, "faces")
    assert blank.data == [str(tmp_path / "faces/train")] and blank.val == [str(tmp_path / "faces/val")]
    assert blank.landmarks == str(tmp_path / "faces/landmarks.npz") and len(blank.labels) == 2
    assert blank.teacher == "", "it can be done without"
    teacher = tmp_path / "teacher/squeezenet1_1-features.safetensors"
    teacher.parent.mkdir()
    teacher.touch()
    blank.data = [str(tmp_path)]
    placed(blank, "faces")
    assert blank.teacher == str(teacher)
