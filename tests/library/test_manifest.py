import json
from pathlib import Path

import pytest

from studio.core.errors import BadInput, ModelCorrupt, ModelMissing
from studio.library.checkpoint import read_header
from studio.library.manifest import MANIFEST, add_shipped, digest, read_manifest
from studio.library.store import Library
from studio.models.face_gan import FaceGAN
from tests.library.conftest import TINY


@pytest.fixture
def source(library: Library, network: FaceGAN) -> Path:
    return library.publish("trained", network, "faces", TINY, {"title": "A run", "data": "faces"}).path


def test_a_shipped_model_is_listed_verified_and_loaded(library: Library, source: Path) -> None:
    card = add_shipped(library.shipped, source, "faces", title="Faces", licence="CC BY 4.0")
    assert read_manifest(library.shipped) == [card]
    assert (card.title, card.licence, card.data, card.origin) == ("Faces", "CC BY 4.0", "faces", "shipped")
    data = card.path.read_bytes()
    assert (card.bytes, card.sha256) == (len(data), digest(data))
    assert read_header(card.path).card["licence"] == "CC BY 4.0"  # the file speaks for itself when passed on
    library.load("faces")
    card.path.write_bytes(data[:-1])
    with pytest.raises(ModelCorrupt, match="install Easel again"):
        library.load("faces")
    card.path.unlink()
    with pytest.raises(ModelMissing, match="install Easel again"):
        library.load("faces")
    assert [c.name for c in library.cards()] == ["trained"]


def test_shipping_again_replaces(library: Library, source: Path) -> None:
    for name, title in [("a", "1"), ("b", "2"), ("a", "3")]:
        add_shipped(library.shipped, source, name, title=title)
    assert [(card.name, card.title) for card in read_manifest(library.shipped)] == [("a", "3"), ("b", "2")]


def test_size_limits(library: Library, source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    size = add_shipped(library.shipped, source, "one").bytes
    monkeypatch.setattr("studio.library.manifest.TOTAL_LIMIT", 2 * size - 1)
    with pytest.raises(BadInput, match="together"):
        add_shipped(library.shipped, source, "two")
    add_shipped(library.shipped, source, "one")
    monkeypatch.setattr("studio.library.manifest.MODEL_LIMIT", size - 1)
    with pytest.raises(BadInput, match="a shipped model"):
        add_shipped(library.shipped, source, "one")
    assert [path.name for path in sorted(library.shipped.iterdir())] == [MANIFEST, "one.safetensors"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"format": 2, "models": []}',
        '{"format": 1, "models": [{}]}',
        json.dumps({"format": 1, "models": [{"name": "a", "family": "f", "bytes": 1, "sha256": "", "file": "../x"}]}),
        json.dumps({"format": 1, "models": [{"name": "../a", "family": "f", "bytes": 1, "sha256": "", "file": "x"}]}),
    ],
)
def test_a_damaged_manifest_is_said_to_be_so(library: Library, text: str) -> None:
    library.shipped.mkdir()
    (library.shipped / MANIFEST).write_text(text)
    with pytest.raises(ModelCorrupt, match=r"manifest\.json"):
        library.cards()


def test_without_a_manifest_there_are_no_shipped_models(library: Library) -> None:
    assert library.cards() == []
