"""The payments flow's store: payments, returns, sealed bodies, rejects, and the source offsets.

Delivery: exactly once, and more: (source, event) is stored once however often the provider tells it. A telling that
contradicts the first one (another amount, merchant or kind) is kept as rejected, the first one stands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, LiteralString

from connectors.timescale.connection import Store
from connectors.timescale.gathering import StoreSink
from connectors.timescale.offsets import Advance, advance, position
from connectors.timescale.sink import insert_rejected
from models.payments.batch import Booked
from models.rejected import Reason, Rejected
from models.telemetry.reading import SCHEMA_VERSION

if TYPE_CHECKING:
    from collections.abc import Sequence

    import psycopg

    from models.payments.batch import Entry

STAGE = """
create temp table if not exists stage (
  ofs bigint, source text, event text, at timestamptz, received_at timestamptz, what text, amount_vnd bigint,
  merchant text, fee text, stall text, hamlet text, household text, payer text, original text, vi text, en text,
  sealed bytea, first boolean
) on commit delete rows
"""
COPY = "copy stage from stdin (format binary)"
TYPES = ["int8", "text", "text", "timestamptz", "timestamptz", "text", "int8", *["text"] * 9, "bytea", "bool"]
INSERTS: tuple[LiteralString, ...] = (
    """
    insert into payment (source, event, at, received_at, amount_vnd, merchant, fee, stall, hamlet, household, payer, vi, en)
    select source, event, at, received_at, amount_vnd, merchant, fee, stall, hamlet, household, payer, vi, en
    from stage s where first and what = 'payment' and not exists
      (select from payment_return r where r.source = s.source and r.event = s.event)
    on conflict do nothing
    """,
    """
    insert into payment_return (source, event, original, what, at, received_at, amount_vnd, merchant)
    select source, event, coalesce(original, ''), what, at, received_at, amount_vnd, merchant
    from stage s where first and what <> 'payment' and not exists
      (select from payment p where p.source = s.source and p.event = s.event)
    on conflict do nothing
    """,
)
SEALED: LiteralString = """
    insert into payment_sealed (source, event, received_at, sealed)
    select source, event, received_at, sealed from stage where first
    on conflict do nothing
"""
CONTRADICTIONS: LiteralString = """
    select s.ofs, k.amount_vnd, k.merchant, k.what from stage s
    join (select source, event, amount_vnd, merchant, 'payment' as what from payment
          union all select source, event, amount_vnd, merchant, what from payment_return) k using (source, event)
    where k.amount_vnd <> s.amount_vnd or k.merchant <> s.merchant or k.what <> s.what
    order by s.ofs
"""


class LedgerWriter:
    """Writes booked batches; usable without Bytewax."""

    def __init__(self, dsn: str, flow: str = "payments") -> None:
        self._store, self._flow = Store(dsn), flow

    def write(self, batches: Sequence[Booked]) -> None:
        """Store all of `batches` that is not yet stored, in one transaction."""
        self._store.transaction(lambda connection: self._write(connection, batches))

    def _write(self, connection: psycopg.Connection, batches: Sequence[Booked]) -> None:
        by_partition: dict[tuple[str, int], list[Booked]] = {}
        for one in batches:
            by_partition.setdefault((one.topic, one.partition), []).append(one)
        for (topic, partition), group in sorted(by_partition.items()):
            start = position(connection, self._flow, topic, partition)
            step = Advance(topic, partition, start)
            fresh = [
                (origin, entry)
                for one in group
                for origin, entry in zip(one.origins, one.entries, strict=True)
                if origin >= start
            ]
            refused = [each for one in group for each in one.rejected if each.offset >= start]
            stored, contradictions = self._book(connection, fresh)
            refused += _rejected(topic, partition, fresh, contradictions)
            insert_rejected(connection, refused)
            step.next_offset = max(start, *(one.next_offset for one in group))
            step.stored, step.rejected = stored, len(refused)
            step.duplicates = len(fresh) - stored - len(contradictions)
            step.read = step.stored + step.rejected + step.duplicates
            if step.read:
                advance(connection, self._flow, step)

    def _book(
        self, connection: psycopg.Connection, fresh: list[tuple[int, Entry]]
    ) -> tuple[int, list[tuple[int, int, str, str]]]:
        """How many were new, and (offset, then what is known: amount, merchant, what) of those that contradict."""
        if not fresh:
            return 0, []
        connection.execute(STAGE)
        with connection.cursor() as cursor:
            with cursor.copy(COPY) as copy:
                copy.set_types(TYPES)
                write = copy.write_row
                seen: set[tuple[str, str]] = set()
                for origin, entry in fresh:
                    known = len(seen)
                    seen.add((entry.source, entry.event))
                    write(row(origin, entry, first=len(seen) > known))
            stored = sum(cursor.execute(one).rowcount for one in INSERTS)
            cursor.execute(SEALED)
            # Where all were new nobody can contradict; the join is a fourth of the work.
            contradictions = cursor.execute(CONTRADICTIONS).fetchall() if stored < len(fresh) else []
            cursor.execute("truncate stage")
        return stored, [
            (int(offset), int(amount), str(merchant), str(what))
            for offset, amount, merchant, what in contradictions
        ]

    def close(self) -> None:
        """Close the connection."""
        self._store.close()


def row(origin: int, e: Entry, *, first: bool) -> tuple[object, ...]:
    """A row of `stage`: what was booked from the source offset `origin`; `first` telling of its event in the batch."""
    return (
        origin, e.source, e.event, e.at, e.received_at, e.what.value, e.amount_vnd, e.merchant, e.fee, e.stall, e.hamlet,
        e.household, e.payer, e.original, e.vi, e.en, e.sealed, first,
    )  # fmt: skip


def _rejected(
    topic: str,
    partition: int,
    fresh: list[tuple[int, Entry]],
    contradictions: list[tuple[int, int, str, str]],
) -> list[Rejected]:
    """A telling of a known event that says something else; its sealed body is kept."""
    entries = dict(fresh)
    found = []
    for offset, amount, merchant, what in contradictions:
        e = entries[offset]
        words = f"{e.source} {e.event}"
        found.append(
            Rejected(
                SCHEMA_VERSION, "payments", offset, e.received_at, topic, partition, offset,
                f"{e.source}:{e.event}".encode(), Reason.CONFLICT,
                f"{words}: đã có {what} {amount} đ cho {merchant}, nay báo {e.what} {e.amount_vnd} đ cho {e.merchant}",
                f"{words}: {what}, {amount} VND, {merchant} is known, now told: {e.what}, {e.amount_vnd} VND, {e.merchant}",
                e.sealed,
            )
        )  # fmt: skip
    return found


def ledger_sink(dsn: str) -> StoreSink[Booked]:
    """The flow's end in the store."""
    return StoreSink(lambda: LedgerWriter(dsn), lambda one: one.read)
