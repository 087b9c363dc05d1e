"""A well-kept library: deletion with undo, integrity, samples, and the chain from base to fine-tune."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from studio.core.errors import BadInput, ModelCorrupt, ModelMissing
from studio.core.image import read_picture
from studio.library import trash
from studio.library.manifest import add_shipped
from studio.library.store import Integrity, Library
from studio.models.face_gan import FaceGAN
from tests.library.conftest import TINY
from tests.library.test_store import publish


def test_a_deleted_model_comes_back_as_it_was(library: Library, network: FaceGAN) -> None:
    card = publish(library, network, title="Mine")
    library.keep_sample("mine", np.full((40, 80, 3), 90, np.uint8))
    library.delete("mine")
    assert library.cards() == [] and library.sample("mine") is None
    (deleted,) = library.deleted()
    assert (deleted.name, deleted.bytes) == ("mine", card.bytes) and abs(deleted.when - time.time()) < 60
    assert library.undelete("mine") == "mine"
    assert library.card("mine") == card and library.sample("mine")
    library.load("mine")
    assert library.deleted() == []


def test_the_latest_of_a_name_comes_back_first_and_takes_a_free_name(library: Library, network: FaceGAN) -> None:
    for title in ("first", "second"):
        publish(library, network, title=title)
        library.delete("mine")
    publish(library, network, title="third")
    assert [library.undelete(), library.undelete("mine")] == ["mine-2", "mine-3"]
    titles = {card.name: card.title for card in library.cards()}
    assert titles == {"mine": "third", "mine-2": "second", "mine-3": "first"}
    for name in ("mine", ""):
        with pytest.raises(ModelMissing, match="no deleted model"):
            library.undelete(name)


def test_the_oldest_deleted_models_make_room(
    library: Library, network: FaceGAN, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = publish(library, network, "one").bytes
    for name in ("two", "three", "four"):
        publish(library, network, name)
    monkeypatch.setattr(trash, "MOST_BYTES", 2 * size)
    for name in ("one", "two", "three"):
        library.delete(name)
    assert [deleted.name for deleted in library.deleted()] == ["three", "two"]
    monkeypatch.setattr(trash, "MOST_BYTES", 1)
    library.delete("four")
    assert [deleted.name for deleted in library.deleted()] == ["four"], "the newest stays whatever its size"
    assert {path.suffix for path in (library.user / "trash").iterdir()} == {".safetensors", ".json"}
    assert len(list((library.user / "trash").iterdir())) == 2


def test_what_is_forgotten_is_gone(library: Library, network: FaceGAN) -> None:
    for _ in range(2):
        publish(library, network)
        library.delete("mine")
    assert library.forget("mine") == 2
    assert list((library.user / "trash").iterdir()) == []
    with pytest.raises(ModelMissing, match="'mine'"):
        library.forget("mine")


def test_a_new_model_does_not_show_an_old_ones_sample(library: Library, network: FaceGAN) -> None:
    publish(library, network)
    (library.user / "mine.webp").write_bytes(b"of another")
    (library.user / "new.webp").write_bytes(b"of another")
    assert library.rename("mine", "other").name == "other"
    assert library.sample("other") and library.sample("mine") is None
    publish(library, network, "new")
    assert library.sample("new") is None


def test_a_sample_is_small_and_only_of_ones_own(library: Library, network: FaceGAN) -> None:
    add_shipped(library.shipped, publish(library, network).path, "faces")
    sample = library.keep_sample("mine", np.full((700, 1400, 3), 90, np.uint8))
    assert read_picture(sample).size == (640, 320)
    with pytest.raises(BadInput, match="came with Easel"):
        library.keep_sample("faces", np.zeros((4, 4, 3), np.uint8))


def test_every_model_is_checked(library: Library, network: FaceGAN) -> None:
    for name in ("damaged", "gone", "headless", "whole"):
        publish(library, network, name)
    shipped = [add_shipped(library.shipped, library.user / "whole.safetensors", name) for name in ("base", "lost")]
    shipped[1].path.unlink()
    changed = bytearray((library.user / "damaged.safetensors").read_bytes())
    changed[-1] ^= 1
    (library.user / "damaged.safetensors").write_bytes(bytes(changed))
    (library.user / "gone.safetensors").unlink()
    (library.user / "headless.safetensors").write_bytes(b"")
    found = {name: library.check(name) for name in library.names()}
    assert {name: one.state for name, one in found.items()} == {
        "base": "ok",
        "lost": "missing",
        "damaged": "damaged",
        "gone": "missing",
        "headless": "damaged",
        "whole": "ok",
    }
    assert found["base"] == Integrity(name="base", state="ok")
    assert "install Easel again" in found["lost"].remedy and "import or train it again" in found["damaged"].remedy
    assert all(name in one.remedy for name, one in found.items() if one.state != "ok")
    with pytest.raises(ModelMissing, match="'never'"):
        library.check("never")
    for name in ("damaged", "gone", "headless"):
        library.delete(name)
    assert library.names() == ["base", "lost", "whole"]


def test_a_damaged_model_is_not_renamed(library: Library, network: FaceGAN) -> None:
    publish(library, network).path.with_suffix(".json").unlink()
    with pytest.raises(ModelCorrupt, match="'mine'"):
        library.rename("mine", "other")


def test_the_chain_survives_renaming_and_export(library: Library, network: FaceGAN, tmp_path: Path) -> None:
    base = publish(library, network, "base")
    middle = library.publish("middle", network, "faces", TINY, {"title": "second"}, base)
    top = library.publish("top", network, "faces", TINY, {"title": "third"}, middle)
    assert [link.card for link in library.ancestry("top")] == [base, middle, top]
    library.rename("base", "renamed")
    library.delete("middle")
    chain = library.ancestry("top")
    assert [link.was.name for link in chain] == ["base", "middle", "top"]
    assert [link.card and link.card.name for link in chain] == ["renamed", None, "top"], "a missing link says so"
    assert [link.was.sha256 for link in chain] == [base.sha256, middle.sha256, top.sha256]
    other = Library(tmp_path / "none", tmp_path / "other")
    other.import_model(library.export_model("top", tmp_path))
    assert [(link.was.name, link.card is None) for link in other.ancestry("top")] == [
        ("base", True),
        ("middle", True),
        ("top", False),
    ]


def test_a_base_known_by_name_alone_is_not_taken_for_one_that_is_called_so(library: Library, network: FaceGAN) -> None:
    publish(library, network, "old")
    publish(library, network, "mine", recipe='{"base": "old"}')
    first, _ = library.ancestry("mine")
    assert (first.was.name, first.was.sha256, first.card) == ("old", "", None)


@pytest.mark.parametrize("told", [7, "x", [1, None], [{"name": 3, "sha256": []}], [{"name": "x" * 9999}] * 99])
def test_ancestors_of_a_strangers_card_are_read_with_care(library: Library, network: FaceGAN, told: Any) -> None:
    ancestors = publish(library, network, ancestors=told).ancestors
    assert len(ancestors) <= 64 and all(len(found.name) <= 4000 and found.sha256 == "" for found in ancestors)


CHANGES: list[Callable[[Library, Path], object]] = [
    lambda library, file: library.import_model(file),
    lambda library, file: library.rename("mine", "other"),
    lambda library, file: library.delete("mine"),
    lambda library, file: library.undelete("old"),
    lambda library, file: library.forget("old"),
    lambda library, file: library.keep_sample("mine", np.zeros((4, 4, 3), np.uint8)),
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_read_only_library_is_shown_but_never_changed(
    library: Library, network: FaceGAN, tmp_path: Path, change: Callable[[Library, Path], object]
) -> None:
    publish(library, network, "old")
    library.delete("old")
    file = library.export_model(publish(library, network).name, tmp_path, "long enough")
    before = {path: path.read_bytes() for path in library.user.rglob("*") if path.is_file()}
    still = replace(library, read_only=True)
    with pytest.raises(BadInput):
        change(still, file)
    with pytest.raises(BadInput, match="--read-only"):
        change(still, library.export_model("mine", tmp_path))
    assert still.check("mine").state == "ok" and len(still.deleted()) == 1
    assert {path: path.read_bytes() for path in library.user.rglob("*") if path.is_file()} == before
