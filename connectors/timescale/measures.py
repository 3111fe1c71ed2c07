"""What the platform says of itself, a row a thing and minute: programs, restarts, disk, records that wait.

Screens read it (sql/platform_*.sql); `phusa status` asks the same at the source.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, LiteralString

import msgspec

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import psycopg

    from connectors.timescale.connection import Store


class Measure(msgspec.Struct, frozen=True):
    """`what` (running, started, disk_free, disk_total, lag) of `name`; migration 0011_platform says the units."""

    what: str
    name: str
    value: float
    unit: str


WRITE: LiteralString = """
    insert into platform_measure (what, name, at, value, unit) values (%s, %s, %s, %s, %s)
    on conflict (what, name, at) do update set value = excluded.value, unit = excluded.unit
"""
"""A play's clock stands still for longer than a minute: the last word of a moment counts."""
STORED: LiteralString = """
    insert into platform_measure (what, name, at, value, unit)
    select 'stored', flow || ' ' || topic, %(at)s, sum(stored), 'records' from source_offset group by flow, topic
    on conflict (what, name, at) do update set value = excluded.value
"""
FORGET: LiteralString = """
    delete from platform_measure
    where at < %(at)s - (select make_interval(days => days) from retention where relation = 'platform_measure')
"""


def write(store: Store, at: datetime, measures: Sequence[Measure]) -> None:
    """Keep what was measured at `at` and the flows' counters; forget what is too old. Raises StoreError."""

    def work(connection: psycopg.Connection) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(WRITE, [(m.what, m.name, at, m.value, m.unit) for m in measures])
            cursor.execute(STORED, {"at": at})
            cursor.execute(FORGET, {"at": at})

    store.transaction(work)


class Place(msgspec.Struct, frozen=True):
    """Where a flow stands on a topic, by partition."""

    flow: str
    topic: str
    next_offsets: dict[int, int]


def places(store: Store) -> list[Place]:
    """Where all flows stand. Raises StoreError."""

    def work(connection: psycopg.Connection) -> list[Place]:
        rows = connection.execute("select flow, topic, partition, next_offset from source_offset").fetchall()
        found: dict[tuple[str, str], dict[int, int]] = {}
        for flow, topic, partition, offset in rows:
            found.setdefault((flow, topic), {})[partition] = offset
        return [Place(flow, topic, offsets) for (flow, topic), offsets in sorted(found.items())]

    return store.transaction(work)
