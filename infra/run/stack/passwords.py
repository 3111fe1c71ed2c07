"""Passwords of the database's roles: made once, one file each, for the owner only."""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

ROLES = ("admin", "writer", "reader")


def passwords(folder: Path) -> dict[str, str]:
    """{role: password}; those that stand are kept."""
    return {role: made_once(folder / f"database_{role}") for role in ROLES}


def made_once(path: Path) -> str:
    """A secret in a file of its own, for the owner only; one that stands is kept."""
    if not path.exists():
        made = secrets.token_urlsafe(24)
        # Made with its mode, so that no moment exists in which another user could read it.
        with os.fdopen(
            os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
        ) as file:
            file.write(made)
    return path.read_text(encoding="utf-8").strip()
