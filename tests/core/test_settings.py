"""Where things are kept."""

from pathlib import Path

import pytest

from studio.core.settings import Home, assets_dir


def test_each_test_has_a_home_of_its_own(home: Home) -> None:
    assert Home.default() == home
    assert not list(home.root.iterdir())
    assert home.jobs_db.parent == home.models.parent == home.root


def test_home_without_the_variable_is_the_platforms(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EASEL_HOME")
    monkeypatch.setenv("XDG_DATA_HOME", "/data")
    assert Home.default().root.name == "easel"
    monkeypatch.setenv("EASEL_HOME", "")
    assert Home.default().root != Path()


def test_assets_are_beside_the_package_in_a_checkout() -> None:
    assert assets_dir() == Path(__file__).parents[2] / "assets"
