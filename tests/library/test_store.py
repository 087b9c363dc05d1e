import json
import os
import pickle
import threading
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from studio.core.errors import BadInput, ModelCorrupt, ModelMissing, StorageFull
from studio.core.names import LONGEST, check_name, suggest_name
from studio.library.checkpoint import encode_checkpoint, parse_header
from studio.library.manifest import add_shipped
from studio.library.store import Library
from studio.models.face_gan import FaceGAN
from tests.library.conftest import TINY


def publish(library: Library, network: FaceGAN, name: str = "mine", **card: object):
    return library.publish(name, network, "faces", TINY, card)


class Payload:
    """Unpickling it creates the file `path`."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self):
        return os.mkdir, (str(self.path),)


def test_a_published_model_is_listed_and_loads(library: Library, network: FaceGAN) -> None:
    card = publish(library, network, title="Mine", images_seen=12, metric={"fid": 3.5})
    assert library.cards() == library.cards("faces") == [card]
    assert library.cards("art") == []
    assert (card.title, card.images_seen, card.metric, card.origin) == ("Mine", 12, {"fid": 3.5}, "user")
    assert card.bytes == card.path.stat().st_size
    assert card.created.endswith("+00:00")
    loaded = library.load("mine").state_dict()
    assert all(torch.equal(value.half().float(), loaded[key]) for key, value in network.state_dict().items())


def test_a_taken_name_gets_a_number_and_nothing_is_overwritten(library: Library, network: FaceGAN) -> None:
    publish(library, network, "faces")
    add_shipped(library.shipped, library.user / "faces.safetensors", "shipped")
    long = "x" * LONGEST
    names = [publish(library, network, name).name for name in ("faces", "faces", "shipped", long, long)]
    assert names == ["faces-2", "faces-3", "shipped-2", long, "x" * (LONGEST - 2) + "-2"]


def test_trainings_that_end_together_get_different_names(library: Library, network: FaceGAN) -> None:
    names: list[str] = []
    threads = [threading.Thread(target=lambda: names.append(publish(library, network).name)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(names) == ["mine", *(f"mine-{k}" for k in range(2, 7))]
    for name in names:
        library.load(name)


def test_the_paths_of_the_person_do_not_travel_with_the_model(library: Library, network: FaceGAN) -> None:
    recipe = {"recipe": "art", "data": ["/home/anna/holiday"], "styles": ["C/x.png"], "teacher": "/t/net.pt"}
    recipe["landmarks"] = "/home/anna/points.npz"
    card = publish(library, network, recipe=json.dumps(recipe))
    assert json.loads(card.recipe) == recipe | {
        "data": ["holiday"],
        "styles": ["x.png"],
        "teacher": "net.pt",
        "landmarks": "points.npz",
    }
    assert b"anna" not in card.path.read_bytes()


@pytest.mark.parametrize("position", [0, 8, 60, -1])
def test_a_changed_byte_is_found_before_anything_is_parsed(
    library: Library, network: FaceGAN, position: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = publish(library, network)
    data = bytearray(card.path.read_bytes())
    data[position] ^= 1
    monkeypatch.setattr(library.__class__, "card", lambda self, name: card)
    monkeypatch.setattr("studio.library.store.load_checkpoint", lambda *a: pytest.fail("parsed before verified"))
    card.path.write_bytes(bytes(data))
    with pytest.raises(ModelCorrupt, match="'mine' is damaged"):
        library.load("mine")


def test_a_truncated_model_is_named(library: Library, network: FaceGAN) -> None:
    card = publish(library, network)
    for keep in (card.bytes - 1, 100, 0):
        card.path.write_bytes(card.path.read_bytes()[:keep])
        with pytest.raises(ModelCorrupt, match="'mine'"):
            library.load("mine")


@pytest.mark.parametrize("sidecar", [None, b"", b"{}", b"[]", b"\xff", b'{"sha256": 1, "bytes": "x"}'])
def test_one_damaged_model_does_not_hide_the_others(library: Library, network: FaceGAN, sidecar: bytes | None) -> None:
    publish(library, network, "good")
    path = publish(library, network, "bad").path.with_suffix(".json")
    path.unlink() if sidecar is None else path.write_bytes(sidecar)
    (library.user / "Not a name.safetensors").write_bytes(b"")
    (library.user / "text.safetensors").write_text("hello")
    assert [card.name for card in library.cards()] == ["good"]
    with pytest.raises(ModelCorrupt, match="'bad'"):
        library.card("bad")
    library.delete("bad")
    with pytest.raises(ModelMissing, match="'bad'"):
        library.load("bad")


def test_export_and_import_bring_the_same_model(library: Library, network: FaceGAN, tmp_path: Path) -> None:
    card = publish(library, network, title="Anna's", licence="CC BY 4.0")
    file = library.export_model("mine", tmp_path / "sent")
    assert file == tmp_path / "sent.safetensors"
    assert library.export_model("mine", tmp_path) == tmp_path / "mine.safetensors"
    other = Library(tmp_path / "none", tmp_path / "other")
    again = other.import_model(file, "from-anna")
    assert (again.sha256, again.title, again.licence) == (card.sha256, "Anna's", "CC BY 4.0")
    assert other.import_model(file).name == "sent"
    assert other.import_model(file).name == "sent-2"
    other.load("from-anna")


@pytest.mark.parametrize("protocol", [None, *range(pickle.HIGHEST_PROTOCOL + 1)])
@pytest.mark.parametrize("suffix", [".pt", ".safetensors"])
def test_a_pickle_is_refused_and_never_run(library: Library, tmp_path: Path, protocol: int | None, suffix: str) -> None:
    trap, file = tmp_path / "trap", tmp_path / f"model{suffix}"
    if protocol is None:
        torch.save(Payload(trap), file)
    else:
        file.write_bytes(pickle.dumps(Payload(trap), protocol))
    with pytest.raises(ModelCorrupt, match="safetensors") as refusal:
        library.import_model(file)
    if suffix == ".pt" or protocol is None or protocol >= 2:
        assert "pickle" in str(refusal.value)
    assert not trap.exists()
    assert library.cards() == []


@pytest.mark.parametrize("length", [0x480, 0x580, 0x4B50])
def test_a_header_as_long_as_a_pickle_begins_is_read(library: Library, network: FaceGAN, length: int) -> None:
    """The file's first bytes are the header's length: 80 04 begins a pickle of protocol 4, PK a zip file."""
    data = encode_checkpoint(network, family="faces", config=network.config, card={"title": ""})
    short = int.from_bytes(data[:8], "little")
    padded = (length - short) % 0x10000
    data = encode_checkpoint(network, family="faces", config=network.config, card={"title": "a" * padded})
    assert int.from_bytes(data[:2], "little") == length
    assert parse_header(data[:8], lambda count: data[8 : 8 + count], "faces").card["title"] == "a" * padded


def test_what_is_no_model_is_refused_in_a_sentence(
    library: Library, network: FaceGAN, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(BadInput, match=r"none\.safetensors"):
        library.import_model(tmp_path / "none.safetensors")
    with pytest.raises(BadInput, match="cannot be read"):
        library.import_model(tmp_path)
    file = publish(library, network).path
    monkeypatch.setattr("studio.library.store.IMPORT_LIMIT", 100)
    with pytest.raises(BadInput, match="MB"):
        library.import_model(file)


def test_delete_and_rename_touch_only_what_is_the_persons(library: Library, network: FaceGAN) -> None:
    publish(library, network, "one")
    publish(library, network, "two")
    add_shipped(library.shipped, library.user / "one.safetensors", "faces")
    assert library.rename("one", "three").name == "three"
    library.load("three")
    for taken in ("two", "faces"):
        with pytest.raises(BadInput, match="already"):
            library.rename("three", taken)
    with pytest.raises(BadInput, match="came with Easel"):
        library.delete("faces")
    with pytest.raises(ModelMissing):
        library.rename("one", "four")
    library.delete("two")
    assert {path.name for path in library.user.iterdir()} == {".lock", "trash", "three.json", "three.safetensors"}
    assert [card.name for card in library.cards()] == ["faces", "three"]


def test_a_full_disk_leaves_nothing_half_written(
    library: Library, network: FaceGAN, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    publish(library, network, "before")
    before = sorted(library.user.iterdir())
    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(StorageFull):
        publish(library, network, "after")
    assert sorted(library.user.iterdir()) == before


@pytest.mark.parametrize(
    "name", ["../x", "a/b", "a\\b", ".hidden", "", "Ä", "A", "a b", "-a", "x" * 61, "a\n", "con.x"]
)
def test_names_that_could_leave_the_folder_are_refused_everywhere(
    library: Library, network: FaceGAN, name: str, tmp_path: Path
) -> None:
    file = publish(library, network).path
    for call in (
        lambda: library.card(name),
        lambda: library.load(name),
        lambda: publish(library, network, name),
        lambda: library.delete(name),
        lambda: library.forget(name),
        lambda: library.sample(name),
        lambda: library.check(name),
        lambda: library.ancestry(name),
        lambda: library.rename("mine", name),
        lambda: library.export_model(name, tmp_path),
        lambda: library.import_model(file, name or "/"),
    ):
        with pytest.raises(BadInput, match="cannot be used"):
            call()


@given(st.text(max_size=80) | st.from_regex(r"[a-z0-9./_-]{1,70}"))
def test_a_name_is_a_plain_file_name_or_refused(name: str) -> None:
    try:
        check_name(name)
    except BadInput:
        suggestion = suggest_name(name)
        assert suggestion == "" or check_name(suggestion)
    else:
        assert Path("user", f"{name}.safetensors").resolve().parent == Path("user").resolve()
        assert 0 < len(name) <= LONGEST
        assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-_")
