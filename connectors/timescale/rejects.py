"""The kept bytes of refused messages: list, look, mark as sent again."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import msgspec
import psycopg
from psycopg.rows import class_row

from connectors.timescale.sink import insert_rejected

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from models.envelope.rejected import Rejected


class Choice(msgspec.Struct, frozen=True):
    """Which ones: every field that is set must fit. `again`: also those already sent again."""

    topic: str | None = None
    reason: str | None = None
    station: str | None = None
    since: datetime | None = None
    again: bool = False


class Kept(msgspec.Struct, frozen=True):
    """A refused message; (topic, partition, offset) is its natural key."""

    topic: str
    partition: int
    offset: int
    at: datetime
    key: bytes | None
    reason: str
    vi: str
    en: str
    payload: bytes
    replayed_at: datetime | None


_CHOSEN = """
select topic, partition, "offset", at, key, reason, vi, en, payload, replayed_at from rejected
where (%(topic)s::text is null or topic = %(topic)s)
  and (%(reason)s::text is null or reason = %(reason)s)
  and (%(station)s::text is null or key = convert_to(%(station)s, 'UTF8'))
  and (%(since)s::timestamptz is null or at >= %(since)s)
  and (%(again)s or replayed_at is null)
order by topic, partition, "offset"
"""


def batches(dsn: str, choice: Choice, size: int) -> Iterator[list[Kept]]:
    """The chosen messages in the order of their topics, up to `size` at a time.

    As they stood at the first question: what is refused meanwhile, perhaps the same message sent
    again without a fix, is not among them.
    """
    with (
        psycopg.connect(dsn) as connection,
        connection.cursor("chosen", row_factory=class_row(Kept)) as cursor,
    ):
        cursor.execute(_CHOSEN, msgspec.structs.asdict(choice))
        while kept := cursor.fetchmany(size):
            yield kept


def mark(dsn: str, kept: Iterable[Kept]) -> None:
    """Note that they were sent again. Their bytes stay."""
    with psycopg.connect(dsn) as connection, connection.cursor() as cursor:
        cursor.executemany(
            'update rejected set replayed_at = now() where topic = %s and partition = %s and "offset" = %s',
            [(one.topic, one.partition, one.offset) for one in kept],
        )


def keep(dsn: str, rejected: list[Rejected]) -> None:
    """Keep what a process outside the flows refused."""
    with psycopg.connect(dsn) as connection:
        insert_rejected(connection, rejected)
