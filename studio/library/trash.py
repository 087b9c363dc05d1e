"""Deleted models, kept for a while in a folder of the library: TIME.NAME.safetensors and what lay beside it."""

import os
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from studio.core.atomic import write_atomic
from studio.library.manifest import SUFFIX

TRASH = "trash"
MOST_BYTES = 1_000_000_000  # of all deleted models; the newest stays whatever its size
BESIDE = (".json", ".webp")  # a model's checksum and its sample


@dataclass(frozen=True, kw_only=True)
class Deleted:
    """A deleted model; `when` in Unix seconds."""

    name: str
    bytes: int
    when: float
    path: Path


def move(old: Path, new: Path) -> None:
    """Give a model's file another path, with what lies beside it: whichever exists has its checksum at every moment."""
    for suffix in BESIDE:
        beside, target = old.with_suffix(suffix), new.with_suffix(suffix)
        if beside.is_file():
            with write_atomic(target) as file:
                file.write(beside.read_bytes())
        else:
            target.unlink(missing_ok=True)
    os.replace(old, new)
    remove_beside(old)


def remove_beside(path: Path) -> None:
    for suffix in BESIDE:
        path.with_suffix(suffix).unlink(missing_ok=True)


def throw(folder: Path, path: Path) -> None:
    """Move the model `path` into the trash `folder`; the oldest there make room beyond MOST_BYTES."""
    folder.mkdir(parents=True, exist_ok=True)
    move(path, folder / f"{time.time_ns():020}.{path.name}")
    size = 0
    for index, found in enumerate(contents(folder)):
        size += found.bytes
        if index and size > MOST_BYTES:
            remove(found)


def contents(folder: Path) -> list[Deleted]:
    """The deleted models, the latest first."""
    found = []
    for path in sorted(folder.glob(f"*{SUFFIX}"), reverse=True):
        stamp, _, name = path.stem.partition(".")
        with suppress(OSError, ValueError):
            found.append(Deleted(name=name, bytes=path.stat().st_size, when=int(stamp) / 1e9, path=path))
    return found


def remove(deleted: Deleted) -> None:
    """Remove it for good."""
    deleted.path.unlink(missing_ok=True)
    remove_beside(deleted.path)
