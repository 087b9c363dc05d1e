"""The models a person has: those that ship with Easel, and their own in the data folder.

A user's model is NAME.safetensors, with its card in the header, and NAME.json, which holds sha256 and bytes and is
written last: a model without it was never finished. NAME.webp, if any, shows what the model makes; it stays here when
the model is exported, as it may show the pictures it learned from. Deleted models lie in the folder `trash`.
"""

import dataclasses
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from filelock import FileLock
from torch import nn

from studio.core.atomic import write_atomic
from studio.core.errors import BadInput, ModelCorrupt, ModelMissing, StorageFull, StudioError
from studio.core.image import Picture, resize, write_picture
from studio.core.names import LONGEST, check_name, is_name, suggest_name
from studio.core.provenance import DigitalSource
from studio.core.settings import Home, assets_dir
from studio.library import encryption, trash
from studio.library.checkpoint import check_checkpoint, encode_checkpoint, load_checkpoint, read_header
from studio.library.manifest import (
    SUFFIX,
    Ancestor,
    ModelCard,
    card_from,
    descent,
    digest,
    public_facts,
    read_manifest,
)
from studio.library.trash import Deleted

__all__ = ["Deleted", "Integrity", "Library", "Link", "ModelCard"]

log = logging.getLogger("easel.library")

IMPORT_LIMIT = 512_000_000  # bytes
SAMPLE_SIDE = 640  # px
_PICKLE_SUFFIXES = {".pt", ".pth", ".ckpt", ".pkl", ".pickle", ".bin"}


@dataclass(frozen=True, kw_only=True)
class Integrity:
    """Whether a model's file is what its checksum says; `remedy` is a sentence when it is not."""

    name: str
    state: Literal["ok", "damaged", "missing"]
    remedy: str = ""


@dataclass(frozen=True, kw_only=True)
class Link:
    """A model of a chain, and its card where this library has it, by whatever name; without one the link is missing."""

    was: Ancestor
    card: ModelCard | None

    def facts(self) -> dict[str, Any]:
        """As JSON can hold it; `model` is what it is called here, None where it is missing."""
        return {**dataclasses.asdict(self.was), "model": self.card.name if self.card else None}


@dataclass(frozen=True)
class Library:
    """Shipped models in `shipped` (never written to) and a person's own in `user`; several processes may share it.

    When `read_only`, every change raises BadInput.
    """

    shipped: Path
    user: Path
    read_only: bool = False

    @classmethod
    def default(cls) -> "Library":
        return cls(assets_dir() / "models", Home.default().models)

    def cards(self, family: str | None = None) -> list[ModelCard]:
        """Every usable model, shipped ones first, then by name; damaged files of the user are left out."""
        found = [card for card in read_manifest(self.shipped) if card.path.is_file()]
        shipped = {card.name for card in found}
        for path in sorted(self.user.glob(f"*{SUFFIX}")):
            try:
                if path.stem not in shipped:
                    found.append(self._user_card(check_name(path.stem)))
            except (BadInput, ModelMissing, ModelCorrupt):
                continue
        return [card for card in found if family in (None, card.family)]

    def card(self, name: str) -> ModelCard:
        """The card of `name`; ModelMissing, or ModelCorrupt when its file is damaged."""
        check_name(name)
        for card in read_manifest(self.shipped):
            if card.name == name:
                return card
        return self._user_card(name)

    def load(self, name: str, device: torch.device | str = "cpu") -> nn.Module:
        """The network `name` in eval mode; nothing is parsed before its SHA-256 is found right."""
        return load_checkpoint(self._verified(self.card(name)), name, device)

    def names(self) -> list[str]:
        """Every model, shipped ones first, those too whose file is damaged or gone."""
        shipped = [card.name for card in read_manifest(self.shipped)]
        own = {path.stem for path in self.user.glob("*") if path.suffix in (SUFFIX, ".json") and is_name(path.stem)}
        return [*shipped, *sorted(own - set(shipped))]

    def ancestry(self, name: str) -> list[Link]:
        """The chain from the base of all to `name` itself, found by SHA-256, so that renaming does not break it."""
        card = self.card(name)
        here = {found.sha256: found for found in self.cards()}
        links = [Link(was=ancestor, card=here.get(ancestor.sha256)) for ancestor in card.ancestors]
        return [*links, Link(was=Ancestor(name=name, sha256=card.sha256), card=card)]

    def check(self, name: str) -> Integrity:
        """Whether the file of `name` has the SHA-256 of its card; ModelMissing when there is no such model."""
        try:
            self._verified(self.card(name))
        except ModelCorrupt as error:
            return Integrity(name=name, state="damaged", remedy=str(error))
        except ModelMissing as error:
            if name not in self.names():
                raise
            return Integrity(name=name, state="missing", remedy=str(error))
        return Integrity(name=name, state="ok")

    def publish(
        self,
        name: str,
        module: nn.Module,
        family: str,
        config: Any,
        card: dict[str, Any],
        base: ModelCard | None = None,
    ) -> ModelCard:
        """Add a trained network as `name`, or as NAME-2, NAME-3 ... if that is taken; `card` goes into its header.

        `base` is the model that it was trained on from.
        """
        created = datetime.now(UTC).isoformat(timespec="seconds")
        facts = public_facts({"created": created} | descent(base) | card)
        return self._add(check_name(name), encode_checkpoint(module, family=family, config=config, card=facts))

    def keep_sample(self, name: str, rgb: np.ndarray) -> Path:
        """Keep uint8 [H, W, 3] as what shows the user's model `name`, at most SAMPLE_SIDE px a side."""
        scale = min(1.0, SAMPLE_SIDE / max(rgb.shape[:2]))
        small = resize(rgb, (max(1, round(rgb.shape[1] * scale)), max(1, round(rgb.shape[0] * scale))))
        with self._locked():
            path = self._own(name).with_suffix(".webp")
            return write_picture(path, Picture(rgb=small), source=DigitalSource.GENERATED, strip=True)

    def sample(self, name: str) -> Path | None:
        """The picture that was kept of a model, None without one."""
        path = self._path(check_name(name)).with_suffix(".webp")
        return path if path.is_file() else None

    def export_model(self, name: str, path: Path | str, password: str = "") -> Path:
        """Write `name` as one file to `path`, a file or an existing folder; returns the file.

        With a `password` of at least 8 characters the file is encrypted, and ends in .easel-model.
        """
        path, suffix = Path(path), encryption.SUFFIX if password else SUFFIX
        if path.is_dir():
            path /= f"{name}{suffix}"
        elif path.suffix != suffix:
            path = path.with_name(path.name.removesuffix(SUFFIX) + suffix)
        data = self._verified(self.card(name))
        if password:
            data = encryption.encrypt(data, password)
        with write_atomic(path) as file:
            file.write(data)
        return path

    def import_model(self, path: Path | str, name: str = "", password: str = "") -> ModelCard:
        """Add the model file `path` under `name` (default: the file's own) once its network has been built from it.

        Raises BadInput for a missing or too large file, or an encrypted one without its password; ModelCorrupt for one
        that is no Easel model. Never unpickles.
        """
        path = Path(path)
        name = check_name(name or suggest_name(path.stem) or "model")
        try:
            size = path.stat().st_size
            if size > IMPORT_LIMIT:
                raise BadInput(f"{path.name} has {size / 1e6:.0f} MB; a model may have {IMPORT_LIMIT / 1e6:.0f} MB.")
            if path.suffix.lower() in _PICKLE_SUFFIXES:
                raise ModelCorrupt(
                    f"{path.name} is a pickle by its ending, which can run code when opened; use a .safetensors file."
                )
            data = path.read_bytes()
        except OSError as error:
            raise BadInput(
                f"The file {path} cannot be read; choose a .safetensors file that Easel exported."
            ) from error
        if encryption.is_encrypted(data):
            data = encryption.decrypt(data, password, path.name)
        check_checkpoint(data, path.name)
        return self._add(name, data)

    def delete(self, name: str) -> None:
        """Put a model of the user into the trash, damaged or not.

        ModelMissing when there is none, BadInput for a shipped one.
        """
        with self._locked():
            path = self._path(check_name(name))
            if not path.is_file() and path.with_suffix(".json").is_file():  # its file was removed by other hands
                trash.remove_beside(path)
            else:
                trash.throw(self.user / trash.TRASH, self._own(name))

    def deleted(self) -> list[Deleted]:
        """What `undelete` can bring back, the latest first."""
        return trash.contents(self.user / trash.TRASH)

    def undelete(self, name: str = "") -> str:
        """Bring the latest deleted model `name` back (default: the latest of all); returns what it is called now.

        That is NAME-2, NAME-3 ... if the name was taken meanwhile. ModelMissing when there is none.
        """
        with self._locked():
            found = self._deleted(name)[0]
            free = self._free(check_name(found.name))
            trash.move(found.path, self._path(free))
        return free

    def forget(self, name: str) -> int:
        """Remove every deleted model `name` for good; how many there were. ModelMissing when there is none."""
        with self._locked():
            found = self._deleted(check_name(name))
            for deleted in found:
                trash.remove(deleted)
        return len(found)

    def rename(self, name: str, new: str) -> ModelCard:
        """Give a model of the user another name; BadInput when `new` is taken or `name` is shipped."""
        with self._locked():
            old = self._own(name)
            self._user_card(name)
            if self._taken(check_name(new)):
                raise BadInput(f"There is already a model '{new}'; choose another name.")
            trash.move(old, self._path(new))
        return self._user_card(new)

    def _add(self, name: str, data: bytes) -> ModelCard:
        """Write a model's bytes under the first free name of `name`, NAME-2, NAME-3 ..."""
        with self._locked():
            free = self._free(name)
            path = self._path(free)
            trash.remove_beside(path)
            with write_atomic(path) as file:
                file.write(data)
            try:
                with write_atomic(path.with_suffix(".json")) as file:
                    file.write(json.dumps({"sha256": digest(data), "bytes": len(data)}).encode())
            except StudioError:
                path.unlink()
                raise
        return self._user_card(free)

    def _free(self, name: str) -> str:
        """`name`, or the first of NAME-2, NAME-3 ... that no model has."""
        free, number = name, 1
        while self._taken(free):
            number += 1
            free = f"{name[: LONGEST - len(str(number)) - 1]}-{number}"
        return free

    def _deleted(self, name: str) -> list[Deleted]:
        """The deleted models `name`, of all names if it is empty; at least one."""
        found = [deleted for deleted in self.deleted() if name in ("", deleted.name)]
        if not found and name:
            raise ModelMissing(f"There is no deleted model '{name}'; see the list of deleted models.")
        if not found:
            raise ModelMissing("There is no deleted model to bring back; import the model from its file.")
        return found

    def _verified(self, card: ModelCard) -> bytes:
        """The file's bytes, if they are those of the card."""
        try:
            data = card.path.read_bytes()
        except OSError as error:
            raise ModelMissing(f"The file of the model '{card.name}' cannot be read; {_remedy(card)}.") from error
        if len(data) != card.bytes or digest(data) != card.sha256:
            log.warning("refused %s: its SHA-256 is not that of its card", card.path)
            raise ModelCorrupt(f"The file of the model '{card.name}' is damaged; {_remedy(card)}.")
        return data

    def _user_card(self, name: str) -> ModelCard:
        path = self._path(name)
        if not path.is_file():
            raise ModelMissing(f"There is no model '{name}'; choose another, or import or train one of that name.")
        try:
            sidecar = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
            size, sha256 = int(sidecar["bytes"]), str(sidecar["sha256"])
            header = read_header(path)
        except (OSError, ValueError, KeyError, TypeError, ModelCorrupt) as error:
            raise ModelCorrupt(f"The model '{name}' is damaged; delete it and import or train it again.") from error
        return card_from(
            header.card, name=name, family=header.family, bytes=size, sha256=sha256, origin="user", path=path
        )

    def _path(self, name: str) -> Path:
        return self.user / f"{name}{SUFFIX}"

    def _own(self, name: str) -> Path:
        """The file of a model of the user."""
        path = self._path(check_name(name))
        if path.is_file():
            return path
        if self._is_shipped(name):
            raise BadInput(f"The model '{name}' came with Easel and stays as it is; choose one of your own.")
        raise ModelMissing(f"There is no model '{name}'; choose one of your own.")

    def _taken(self, name: str) -> bool:
        return self._path(name).exists() or self._is_shipped(name)

    def _is_shipped(self, name: str) -> bool:
        return any(card.name == name for card in read_manifest(self.shipped))

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """One writer at a time, so that two trainings which end together do not take the same name."""
        if self.read_only:
            raise BadInput("The models may not be changed here; start Easel without --read-only to do so.")
        try:
            self.user.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.user / ".lock")
            lock.acquire()
        except OSError as error:
            raise StorageFull(f"{self.user} may not be written to; set EASEL_HOME to another folder.") from error
        try:
            yield
        finally:
            lock.release()


def _remedy(card: ModelCard) -> str:
    return "install Easel again" if card.origin == "shipped" else "delete it and import or train it again"
