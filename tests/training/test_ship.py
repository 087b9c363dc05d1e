import json
from pathlib import Path

import pytest

from studio.library.manifest import read_manifest
from studio.library.store import Library
from studio.models.face_gan import FaceGAN, FaceGANConfig
from training.ship import main


@pytest.fixture
def source(tmp_path: Path) -> Path:
    config = FaceGANConfig(latent=4, style=4, channels=(8, 8))
    library = Library(tmp_path / "none", tmp_path / "user")
    return library.publish("run", FaceGAN(config), "faces", config, {"images_seen": 7, "notes": "from a run"}).path


def test_shipping_writes_the_model_and_its_entry(source: Path, tmp_path: Path) -> None:
    figures = tmp_path / "figures.json"
    figures.write_text('{"fid": 12.5}')
    options = ["--title", "Faces", "--licence", "CC BY 4.0", "--metric", str(figures), "--into", str(tmp_path / "out")]
    assert main(["faces", "--from", str(source), *options]) == 0
    (card,) = read_manifest(tmp_path / "out")
    assert (card.title, card.licence, card.notes, card.images_seen) == ("Faces", "CC BY 4.0", "from a run", 7)
    assert card.metric == {"fid": 12.5}
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert manifest["models"][0]["file"] == "faces.safetensors"
    Library(tmp_path / "out", tmp_path / "other").load("faces")


@pytest.mark.parametrize("broken", ["missing", "pickle", "metric", "name"])
def test_what_cannot_ship_is_refused_in_a_sentence(
    broken: str, source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "file"
    if broken != "missing":
        file.write_bytes(b"\x80\x04." if broken == "pickle" else source.read_bytes())
    options = ["--metric", str(source)] if broken == "metric" else []
    name = "../faces" if broken == "name" else "faces"
    assert main([name, "--from", str(file), *options, "--into", str(tmp_path / "out")]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert not (tmp_path / "out").exists()


def test_the_table_is_written_between_the_marks(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    figures = tmp_path / "figures.json"
    figures.write_text('{"kernel_distance": 0.5, "encoder": "perceptual"}')
    shipped = ["--into", str(tmp_path / "out")]
    facts = ["--title", "Faces", "--licence", "CC BY 4.0", "--data", "a | b", "--metric", str(figures)]
    assert main(["faces", "--from", str(source), *facts, *shipped]) == 0
    capsys.readouterr()
    assert main(["--table", *shipped]) == 0
    table = capsys.readouterr().out
    row = table.splitlines()[-1]
    assert row.startswith("| `faces`: Faces | faces | ") and row.endswith(" | kernel distance 0.5 | CC BY 4.0 |")
    assert r"a \| b" in row and table.count("\n") == 3

    page = tmp_path / "page.md"
    page.write_text("before\n<!-- models:begin -->\nold\n<!-- models:end -->\nafter\n")
    for _ in range(2):
        assert main(["--table", str(page), *shipped]) == 0
        assert page.read_text() == f"before\n<!-- models:begin -->\n{table}<!-- models:end -->\nafter\n"
    page.write_text("no marks")
    assert main(["--table", str(page), *shipped]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1
    with pytest.raises(SystemExit):
        main(["faces"])
