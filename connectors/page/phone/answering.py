"""How an answer from the phone page comes into the store: behind a protocol, so that all ways by which people answer may share one."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, LiteralString, Protocol

import msgspec

from models.alerting.event import AnswerKind

if TYPE_CHECKING:
    from psycopg import AsyncConnection

WAY = "page"
"""Of an answer: it came from the phone page."""


class PageAnswer(msgspec.Struct, frozen=True):
    """An answer of `contact` to `event` (its id) at `at`, the platform's time; `level` is the event's. A repeated `key` is the same answer."""

    key: str
    event: str
    contact: str
    kind: AnswerKind
    at: datetime
    level: int


class Answering(Protocol):
    """Stores an answer once, on a connection of the writer that is inside a transaction."""

    async def __call__(self, connection: AsyncConnection[Any], answer: PageAnswer, /) -> None:
        """Idempotent by the answer's key."""
        ...


# To an event that was closed meanwhile it is no answer, but it is kept that somebody tried.
_INSERT: LiteralString = """
insert into answer (key, at, way, contact, event, kind, level)
select %(key)s, %(at)s, %(way)s, %(contact)s, e.id, case when e.closed_at is null then %(kind)s else 'closed' end, %(level)s
from event e where e.id = %(event)s
on conflict (key) do nothing returning kind
"""
_ANSWERED: LiteralString = """
update notification set answered_at = now() where event = %s and contact = %s and answered_at is null and state not in ('muted', 'merged')
"""


async def insert(connection: AsyncConnection[Any], answer: PageAnswer, /) -> None:
    """The answer, and that the contact's messages of the event were answered. Delivery: once, by the key."""
    cursor = await connection.execute(
        _INSERT,
        {
            "key": answer.key,
            "at": answer.at,
            "way": WAY,
            "contact": answer.contact,
            "event": answer.event,
            "kind": answer.kind.value,
            "level": answer.level,
        },
    )
    row = await cursor.fetchone()
    if row is not None and row[0] == answer.kind:
        await connection.execute(_ANSWERED, [answer.event, answer.contact])
