"""The sample props: as many as asked for, each another, with alpha of every degree, and always the same."""

from pathlib import Path

import numpy as np
import pytest

from studio.core.image import read_picture
from training.samples.props import KINDS, main, prop


@pytest.mark.parametrize("index", range(2 * len(KINDS)))
def test_a_prop_stands_free_within_its_picture(index: int) -> None:
    name, picture = prop(index, 48)
    assert name.startswith(list(KINDS)[index % len(KINDS)]) and picture.size == (48, 48)
    alpha = picture.alpha
    assert alpha is not None and 0.05 < (alpha > 127).mean() < 0.8
    assert not alpha[[0, -1]].any() and not alpha[:, [0, -1]].any()
    assert ((alpha > 0) & (alpha < 255)).any(), "its border is smooth"
    assert picture.rgb[alpha > 200].std() > 8


def test_props_of_a_kind_differ_and_a_seed_makes_them_again() -> None:
    for index in range(len(KINDS)):
        first, other = prop(index, 32)[1], prop(index + len(KINDS), 32)[1]
        assert np.array_equal(first.rgb, prop(index, 32)[1].rgb)
        assert np.abs(first.rgb.astype(int) - other.rgb).mean() > 1
        assert not np.array_equal(first.rgb, prop(index, 32, seed=8)[1].rgb)


def test_glass_is_seen_through() -> None:
    alpha = prop(list(KINDS).index("potion"), 64)[1].alpha
    assert alpha is not None and ((alpha > 90) & (alpha < 140)).sum() > 50


def test_the_command_writes_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "props"), "--count", "11", "--size", "16"]) == 0
    files = sorted((tmp_path / "props").iterdir())
    assert len(files) == 11 and all(read_picture(file).size == (16, 16) for file in files)
    assert "11 props" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        main([str(tmp_path), "--size", "4"])
    capsys.readouterr()
    (tmp_path / "file").touch()
    assert main([str(tmp_path / "file"), "--count", "1"]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1
