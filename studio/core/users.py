"""Who may log in: names and password hashes in one file that only its owner can read.

Hashes are Argon2id (RFC 9106) with the parameters of argon2-cffi.
"""

import json
import re
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from studio.core.atomic import write_atomic
from studio.core.errors import BadInput

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")
SHORTEST = 8  # characters of a password


class Users:
    """The users in the file `path`, which need not exist yet."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._hasher = PasswordHasher()
        self._nobody = self._hasher.hash("nobody")  # so that unknown names take as long as known ones

    def names(self) -> list[str]:
        return sorted(self._read())

    def put(self, name: str, password: str) -> None:
        """Add `name`, or give it another password."""
        if not NAME.fullmatch(name):
            raise BadInput(f"The name '{name}' cannot be used; take up to 32 letters, digits, '.', '-' and '_'.")
        if len(password) < SHORTEST:
            raise BadInput(f"The password of '{name}' is too short; take at least {SHORTEST} characters.")
        self._write(self._read() | {name: self._hasher.hash(password)})

    def remove(self, name: str) -> None:
        found = self._read()
        if found.pop(name, None) is None:
            raise BadInput(f"There is no user '{name}' in {self.path}; `easel users list` names them.")
        self._write(found)

    def accepts(self, name: str, password: str) -> bool:
        """Whether this is the password of `name`; the file is read each time, so a removed user is out at once."""
        kept = self._read().get(name)
        try:
            return self._hasher.verify(kept or self._nobody, password) and kept is not None
        except (Argon2Error, InvalidHashError):
            return False

    def _read(self) -> dict[str, str]:
        try:
            found = json.loads(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise BadInput(f"The users' file {self.path} cannot be read; mend it or choose another.") from error
        if not isinstance(found, dict) or not all(isinstance(hash, str) for hash in found.values()):
            raise BadInput(f"The users' file {self.path} is not one of Easel's; choose another.")
        return found

    def _write(self, users: dict[str, str]) -> None:
        with write_atomic(self.path, mode=0o600) as file:
            file.write(json.dumps(users, indent=1, sort_keys=True).encode())
