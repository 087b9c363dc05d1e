from pathlib import Path

import numpy as np
import pytest

from studio.core.image import read_mask, read_picture
from studio.core.settings import assets_dir
from training.samples import __main__
from training.samples.__main__ import pictures
from training.samples.noise import fractal, look_up
from training.samples.old_photo import old_photo

SMALL = 0.06
NAMES = {"mountain-lake.jpg", "still-life.jpg", "old-photo.jpg", "old-photo-mask.png"}


def test_the_same_seed_draws_the_same() -> None:
    small, again = pictures(7, SMALL), pictures(7, SMALL)
    assert set(small) == NAMES
    for name, rgb in small.items():
        assert rgb.dtype == np.uint8 and np.array_equal(rgb, again[name])
        assert rgb.std() > 5


def test_the_mask_is_where_the_print_is_bare() -> None:
    photo, hole = old_photo(np.full((360, 540, 3), 90, np.uint8), 7)
    assert hole.dtype == bool and 0.02 < hole.mean() < 0.3
    bright = photo.mean(-1)
    assert bright[hole].mean() > bright[~hole].mean() + 20


def test_the_command_writes_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    grey = np.full((8, 8, 3), 128, np.uint8)
    monkeypatch.setattr(__main__, "pictures", lambda seed, scale: dict.fromkeys(NAMES, grey))
    assert __main__.main(["--out", str(tmp_path)]) == 0
    assert {path.name for path in tmp_path.iterdir()} == NAMES
    assert len(capsys.readouterr().out.splitlines()) == 4
    (tmp_path / "file").touch()
    assert __main__.main(["--out", str(tmp_path / "file")]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_what_ships_is_whole_small_and_not_marked_as_generated() -> None:
    folder = assets_dir() / "samples"
    assert {path.name for path in folder.iterdir()} == NAMES
    for path in folder.iterdir():
        picture = read_picture(path)
        assert path.stat().st_size < 250_000 and max(picture.size) <= 1280 and picture.source is None
    photo = read_picture(folder / "old-photo.jpg")
    mask = read_mask(folder / "old-photo-mask.png", photo.size)
    assert 0.01 < mask.mean() < 0.2


def test_noise_is_periodic_and_even() -> None:
    noise = fractal((64, 32), 1.5, np.random.default_rng(0))
    assert noise.shape == (32, 64) and abs(noise.mean()) < 1e-5 and abs(noise.std() - 1) < 1e-5
    x, y = np.array([3.0, 3.5, 67.0]), np.array([2.0, 2.0, 34.0])
    found = look_up(noise, x, y, wrap=True)
    assert found == pytest.approx([noise[2, 3], (noise[2, 3] + noise[2, 4]) / 2, noise[2, 3]], abs=1e-6)
