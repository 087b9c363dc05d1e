from pathlib import Path

import pytest
import torch

from studio.library.checkpoint import load_checkpoint, read_header
from studio.library.store import Library
from studio.models.damage import DamageConfig, DamageNet
from training.average import main


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path / "none", tmp_path / "user")


def a_model(library: Library, name: str, weight: float, widths: tuple[int, ...] = (4, 8)) -> Path:
    config = DamageConfig(widths=widths)
    net = DamageNet(config)
    for parameter in net.parameters():
        torch.nn.init.constant_(parameter, weight)
    return library.publish(name, net, "damage", config, {"notes": name, "metric": {"damage_f1": 0.5}}).path


def test_the_weights_are_the_mean_and_the_card_the_last_ones(library: Library, tmp_path: Path) -> None:
    files = [a_model(library, name, weight) for name, weight in (("first", 1), ("second", 2), ("last", 6))]
    mean = tmp_path / "mean.safetensors"
    assert main([*map(str, files), "--into", str(mean)]) == 0
    net = load_checkpoint(mean.read_bytes(), mean.name)
    assert all((parameter == 3).all() for parameter in net.parameters())
    card = library.import_model(mean)
    assert card.family == "damage" and read_header(card.path).config == read_header(files[-1]).config
    assert card.notes == "last" and card.metric == {}, "figures are of the models that were measured"
    assert [ancestor.name for ancestor in card.ancestors] == ["first", "second", "last"]


def test_a_model_is_named_once_among_those_it_goes_back_to(library: Library, tmp_path: Path) -> None:
    first = a_model(library, "first", 1)
    net, config = DamageNet(DamageConfig(widths=(4, 8))), DamageConfig(widths=(4, 8))
    last = library.publish("last", net, "damage", config, {}, base=library.card("first")).path
    mean = tmp_path / "mean.safetensors"
    assert main([str(first), str(last), "--into", str(mean)]) == 0
    assert [ancestor["name"] for ancestor in read_header(mean).card["ancestors"]] == ["first", "last"]


@pytest.mark.parametrize("broken", ["missing", "pickle", "built otherwise"])
def test_what_cannot_be_averaged_is_refused_in_a_sentence(
    broken: str, library: Library, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other.safetensors"
    if broken == "pickle":
        other.write_bytes(b"\x80\x04.")
    elif broken != "missing":
        other = a_model(library, "other", 1, (4, 8, 12))
    mean = tmp_path / "mean.safetensors"
    assert main([str(other), str(a_model(library, "model", 1)), "--into", str(mean)]) == 1
    told = capsys.readouterr().err
    assert len(told.splitlines()) == 1 and other.name in told
    assert not mean.exists()
