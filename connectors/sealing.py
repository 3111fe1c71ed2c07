"""Sealing of what may name or show a person: AES-256-GCM, keys in the folder of secrets.

The key's file is the only way back: deleting it makes all that it sealed unreadable, also in Kafka's log.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

if TYPE_CHECKING:
    from pathlib import Path

KEY_BYTES, NONCE_BYTES = 32, 12


class NotSealedByUsError(ValueError):
    """Damaged, sealed with another key, or for another owner."""


class Seal:
    """One key. A random nonce of 96 bits is safe for 2^32 messages: three years of 41 cameras at 1 frame/s."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def seal(self, plain: bytes, about: bytes) -> bytes:
        """Nonce and ciphertext; `about` is bound to it and must be told again to open it."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, plain, about)

    def open(self, sealed: bytes, about: bytes) -> bytes:
        """The plain bytes; raises NotSealedByUsError."""
        try:
            return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], about)
        except (InvalidTag, ValueError) as error:
            msg = "not sealed with this key for this owner"
            raise NotSealedByUsError(msg) from error


def key(folder: Path, name: str) -> bytes:
    """The key `name` (frames, payments) of 32 bytes; made once, for the owner only, like the passwords."""
    path = folder / f"key_{name}"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        # Linked into place when complete: two processes that start together read one and the same key.
        made = folder / f".key_{name}.{os.getpid()}"
        with os.fdopen(
            os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii"
        ) as file:
            file.write(os.urandom(KEY_BYTES).hex())
        try:
            os.link(made, path)
        except FileExistsError:
            # The other process was first: its key is ours too.
            pass
        finally:
            made.unlink()
    return bytes.fromhex(path.read_text(encoding="ascii").strip())
