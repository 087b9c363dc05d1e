"""Models under a password: whoever lacks it, or changes a bit, gets nothing."""

import functools
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.core.errors import BadInput, StudioError
from studio.library import encryption
from studio.library.encryption import HEADER, MAGIC, SUFFIX, decrypt, encrypt, is_encrypted
from studio.library.store import Library
from studio.models.face_gan import FaceGAN
from tests.library.conftest import TINY
from tests.library.test_store import publish

PASSWORD = "correct horse"
SECRET = bytes(range(200))
SEALED = encrypt(SECRET, PASSWORD)


def test_what_goes_in_comes_out_and_no_two_files_are_alike() -> None:
    assert is_encrypted(SEALED) and not is_encrypted(SECRET)
    assert decrypt(SEALED, PASSWORD, "x") == SECRET
    again = encrypt(SECRET, PASSWORD)
    assert again[HEADER:] != SEALED[HEADER:] and again[len(MAGIC) + 1 : HEADER] != SEALED[len(MAGIC) + 1 : HEADER]
    assert SECRET[:16] not in SEALED


def test_the_costs_of_the_key_are_not_weakened() -> None:
    assert (encryption.PASSES, encryption.MEMORY, encryption.LANES) == (3, 65_536, 4), "version 1 means these"


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each key is derived once: a quarter of a second a try is what Argon2id is for."""
    monkeypatch.setattr(encryption, "_key", _key)


_key = functools.cache(encryption._key)


@pytest.mark.parametrize("change", [1, 128, 255])
def test_any_changed_byte_is_refused(quick: None, change: int) -> None:
    for position in range(len(SEALED)):
        data = bytearray(SEALED)
        data[position] ^= change
        if position < len(MAGIC):
            assert not is_encrypted(bytes(data)), "then it is read as a plain model, and refused as that"
            continue
        with pytest.raises(BadInput, match="The file"):
            decrypt(bytes(data), PASSWORD, "The file")


def test_a_file_cut_short_or_with_more_behind_is_refused(quick: None) -> None:
    for data in (*(SEALED[:keep] for keep in range(len(MAGIC), len(SEALED))), SEALED + b"x"):
        with pytest.raises(BadInput, match="mine"):
            decrypt(data, PASSWORD, "mine")


@pytest.mark.parametrize("password", ["", "Correct horse", "correct horse ", "correct hors", PASSWORD * 2])
def test_another_password_is_refused_in_one_sentence(password: str) -> None:
    with pytest.raises(BadInput, match="password") as refusal:
        decrypt(SEALED, password, "mine.easel-model")
    assert str(refusal.value).count(".") - 1 == "mine.easel-model".count("."), "one sentence"


def test_accents_are_the_same_from_every_keyboard() -> None:
    assert decrypt(encrypt(b"x", "cafe\u0301-noir"), "caf\u00e9-noir", "x") == b"x"


@pytest.mark.parametrize("password", ["", "1234567"])
def test_a_short_password_protects_nothing(password: str) -> None:
    with pytest.raises(BadInput, match="too short"):
        encrypt(b"x", password)


def test_a_model_travels_under_a_password(library: Library, network: FaceGAN, tmp_path: Path) -> None:
    card = publish(library, network, title="Anna's")
    file = library.export_model("mine", tmp_path / "sent.safetensors", PASSWORD)
    assert file.name == f"sent{SUFFIX}" and b"Anna" not in file.read_bytes()
    assert library.export_model("mine", tmp_path, PASSWORD) == tmp_path / f"mine{SUFFIX}"
    other = Library(tmp_path / "none", tmp_path / "other")
    for wrong in ("", "wrong password"):
        with pytest.raises(BadInput, match=r"sent\.easel-model"):
            other.import_model(file, password=wrong)
    assert other.cards() == []
    again = other.import_model(file, password=PASSWORD)
    assert (again.name, again.sha256, again.title) == ("sent", card.sha256, "Anna's")
    other.load("sent")


@given(position=st.integers(0, 10**9), bit=st.integers(0, 7))
def test_a_tampered_export_is_never_imported(exported: Library, position: int, bit: int) -> None:
    data = bytearray((exported.user / f"whole{SUFFIX}").read_bytes())
    data[position % len(data)] ^= 1 << bit
    file = exported.user / f"tampered{SUFFIX}"
    file.write_bytes(bytes(data))
    with pytest.raises(StudioError, match="tampered"):
        exported.import_model(file, password=PASSWORD)
    assert [card.name for card in exported.cards()] == ["mine"]


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """A library with one model and its encrypted export."""
    folder = tmp_path_factory.mktemp("exported")
    library = Library(folder / "shipped", folder / "user")
    library.publish("mine", FaceGAN(TINY), "faces", TINY, {})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(encryption, "_key", _key)
        library.export_model("mine", library.user / "whole", PASSWORD)
        yield library
