"""Files appear whole or not at all."""

import errno
import os
import resource
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from studio.core.atomic import write_atomic
from studio.core.errors import StorageFull


@contextmanager
def files_up_to(size: int) -> Iterator[None]:
    """Let the system itself refuse to write files beyond `size` bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def write(path: Path, data: bytes) -> None:
    with write_atomic(path) as file:
        file.write(data)


def test_file_is_written_with_its_folders_and_replaced(tmp_path: Path) -> None:
    path = tmp_path / "new" / "deep" / "a.bin"
    write(path, b"one")
    write(path, b"two")
    assert path.read_bytes() == b"two"
    assert os.listdir(path.parent) == ["a.bin"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o644


def test_old_file_stays_until_the_end(tmp_path: Path) -> None:
    write(tmp_path / "a", b"old")
    with write_atomic(tmp_path / "a") as file:
        file.write(b"new")
        assert (tmp_path / "a").read_bytes() == b"old"


@pytest.mark.parametrize("exists", [True, False])
def test_real_limit_of_the_system(exists: bool, tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    if exists:
        write(path, b"old")
    with files_up_to(4096), pytest.raises(StorageFull, match=r"no room left to write a\.bin"):
        write(path, b"x" * 100_000)
    assert os.listdir(tmp_path) == (["a.bin"] if exists else [])
    assert not exists or path.read_bytes() == b"old"


@pytest.mark.parametrize("step", ["fsync", "replace"])
@pytest.mark.parametrize(
    ("code", "words"),
    [(errno.ENOSPC, "no room left"), (errno.EDQUOT, "no room left"), (errno.EROFS, "may not be written to")],
)
def test_failure_at_each_step(
    step: str, code: int, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "a", b"old")

    def fail(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, step, fail)
    with pytest.raises(StorageFull, match=words):
        write(tmp_path / "a", b"new")
    assert os.listdir(tmp_path) == ["a"]
    assert (tmp_path / "a").read_bytes() == b"old"


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError("no"), RuntimeError])
def test_error_of_the_writer_passes_and_leaves_nothing(error: type[BaseException], tmp_path: Path) -> None:
    with pytest.raises((KeyboardInterrupt, ValueError, RuntimeError)), write_atomic(tmp_path / "a") as file:
        file.write(b"half")
        raise error
    assert not os.listdir(tmp_path)


def test_names_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    for path, words in (
        (tmp_path / "folder", "cannot be the name of a file"),
        (tmp_path / ("x" * 300), "cannot be the name of a file"),
        (tmp_path / "file" / "a", "may not be written to"),
        (tmp_path / "file" / "deeper" / "a", "may not be written to"),
    ):
        with pytest.raises(StorageFull, match=words):
            write(path, b"x")
    assert sorted(os.listdir(tmp_path)) == ["file", "folder"]
    write(tmp_path / ("x" * 250), b"a long name that is allowed")
