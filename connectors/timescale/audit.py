"""The table `audit`: who did what, and what came that should not have; never a phone number, a secret or a person's words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from datetime import datetime

    from psycopg import AsyncConnection


class Line(msgspec.Struct, frozen=True):
    """One line: by what it came, the word for what it was, and the sentence in both languages."""

    source: str
    what: str
    vi: str
    en: str
    contact: str | None = None
    event: str | None = None


async def note(connection: AsyncConnection[Any], line: Line, at: datetime) -> None:
    """Write a line; `at` is the platform's time."""
    await connection.execute(
        "insert into audit (at, source, what, contact, event, vi, en) values (%s, %s, %s, %s, %s, %s, %s)",
        [at, line.source, line.what, line.contact, line.event, line.vi, line.en],
    )
