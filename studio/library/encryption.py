"""A model file under a password: AES-256-GCM (NIST SP 800-38D) with a key from Argon2id (RFC 9106).

    magic, 8 bytes | version, 1 | salt, 16 | nonce, 12 | ciphertext | tag, 16

The version fixes Argon2id's costs, so no file can ask for more memory. What stands before the ciphertext is
authenticated too.
"""

import os
import unicodedata
from pathlib import Path

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from studio.core.errors import BadInput

SUFFIX = ".easel-model"
MAGIC = b"EASELENC"
VERSION = 1
SHORTEST = 8  # characters of a password
PASSES, MEMORY, LANES = 3, 65_536, 4  # of version 1; memory in KiB: RFC 9106's second recommended choice
_SALT, _NONCE, _TAG, _KEY = 16, 12, 16, 32  # bytes
HEADER = len(MAGIC) + 1 + _SALT + _NONCE


def is_encrypted(data: bytes) -> bool:
    """Whether a file that begins with `data` (8 bytes suffice) is an encrypted model."""
    return data.startswith(MAGIC)


def is_encrypted_file(path: Path) -> bool:
    """Whether `path` is an encrypted model; False for a file that cannot be read."""
    try:
        with path.open("rb") as file:
            return is_encrypted(file.read(len(MAGIC)))
    except OSError:
        return False


def encrypt(data: bytes, password: str) -> bytes:
    """`data` under `password`, another salt and nonce each time; BadInput for a password under SHORTEST characters."""
    if len(password) < SHORTEST:
        raise BadInput(f"The password is too short; take at least {SHORTEST} characters.")
    salt, nonce = os.urandom(_SALT), os.urandom(_NONCE)
    header = MAGIC + bytes([VERSION]) + salt + nonce
    return header + AESGCM(_key(password, salt)).encrypt(nonce, data, header)


def decrypt(data: bytes, password: str, name: str) -> bytes:
    """What `encrypt` was given; `name` is the file's, for messages.

    BadInput without the right password, or when a single bit was changed: the two cannot be told apart.
    """
    if not password:
        raise BadInput(f"{name} is encrypted; give the password that it was exported with.")
    if len(data) < HEADER + _TAG:
        raise BadInput(f"{name} is cut short; fetch or export it again.")
    if data[len(MAGIC)] != VERSION:
        raise BadInput(f"{name} was encrypted by a newer Easel, or is damaged; update Easel, or fetch the file again.")
    header = data[:HEADER]
    salt, nonce = header[-_SALT - _NONCE : -_NONCE], header[-_NONCE:]
    try:
        return AESGCM(_key(password, salt)).decrypt(nonce, data[HEADER:], header)
    except InvalidTag as error:
        raise BadInput(
            f"The password is not that of {name}, or the file was changed; type it again, or fetch the file again."
        ) from error


def _key(password: str, salt: bytes) -> bytes:
    """Argon2id of the password, composed (NFC) so that every keyboard's accents are the same."""
    secret = unicodedata.normalize("NFC", password).encode()
    return hash_secret_raw(secret, salt, PASSES, MEMORY, LANES, _KEY, Type.ID)
