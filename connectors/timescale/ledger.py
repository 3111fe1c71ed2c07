"""The payments flow's store: payments, returns, sealed bodies, rejects, and the source offsets.

Delivery: exactly once, and more: (source, event) is stored once however often the provider tells it. A call that
contradicts the first one (another amount, merchant, kind, account, text, payer or time) is kept as rejected, the first
one stands. One transfer that two feeds of an account tell is booked once, the second event is kept as the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, LiteralString

from connectors.timescale.connection import Store
from connectors.timescale.gathering import StoreSink
from connectors.timescale.offsets import Advance, advance, position
from connectors.timescale.sink import insert_rejected
from models.envelope.reading import SCHEMA_VERSION
from models.envelope.rejected import Reason, Rejected
from models.posting.batch import Posted

if TYPE_CHECKING:
    from collections.abc import Sequence

    import psycopg

    from models.posting.batch import Entry

STAGE = """
create temp table if not exists stage (
  ofs bigint, source text, event text, at timestamptz, received_at timestamptz, what text, amount_vnd bigint,
  merchant text, fee text, stall text, hamlet text, household text, payer text, original text, vi text, en text,
  sealed bytea, told text, transfer text, first boolean, shared boolean
) on commit delete rows
"""
COPY = "copy stage from stdin (format binary)"
TYPES = ["int8", "text", "text", "timestamptz", "timestamptz", "text", "int8", *["text"] * 9, "bytea", *["text"] * 2,
         *["bool"] * 2]  # fmt: skip
ONE_AT_A_TIME: LiteralString = "select pg_advisory_xact_lock(hashtext('phusa payments ledger'))"
"""Two events of one transfer may come by two partitions, and so by two workers."""
KNOWN: LiteralString = """
    update stage s set first = false where first and (
      exists (select from payment k where k.source = s.source and k.event = s.event)
      or exists (select from payment_return k where k.source = s.source and k.event = s.event)
      or exists (select from payment_same k where k.source = s.source and k.event = s.event)
      or exists (select from payment_held k where k.source = s.source and k.event = s.event))
"""
SHARED: LiteralString = """
    update stage s set shared = true where first and not shared and transfer is not null and (
      exists (select from payment k where k.transfer = s.transfer and k.source <> s.source)
      or exists (select from payment_return k where k.transfer = s.transfer and k.source <> s.source))
"""
"""Events of a transfer of which another feed told, too: these are looked at one by one."""
PAYMENTS: LiteralString = """
    insert into payment (source, event, at, received_at, amount_vnd, merchant, fee, stall, hamlet, household, payer, vi, en,
      told, transfer)
    select source, event, at, received_at, amount_vnd, merchant, fee, stall, hamlet, household, payer, vi, en, told, transfer
    from stage where first and what = 'payment'
"""
RETURNS: LiteralString = """
    insert into payment_return (source, event, original, what, at, received_at, amount_vnd, merchant, told, transfer)
    select source, event, coalesce(original, ''), what, at, received_at, amount_vnd, merchant, told, transfer
    from stage where first and what in ('refund', 'reversal')
"""
HELD: LiteralString = """
    insert into payment_held (source, event, original, at, received_at, amount_vnd, merchant, fee, household, told, vi, en)
    select source, event, original, at, received_at, amount_vnd, merchant, fee, household, told, vi, en
    from stage where first and what = 'held'
"""
OTHERWISE = ("; tài khoản, nội dung, người trả hoặc giờ khác", "; another account, text, payer or time")
ALONE: LiteralString = " and not shared"
ONE: LiteralString = " and ofs = %s"
SAME: LiteralString = """
    insert into payment_same (source, event, same_source, same_event, what, original, at, received_at, amount_vnd, merchant, told)
    select s.source, s.event, k.source, k.event, s.what, s.original, s.at, s.received_at, s.amount_vnd, s.merchant, s.told
    from stage s join (
      select source, event, received_at, transfer from payment
      union all select source, event, received_at, transfer from payment_return
    ) k on k.transfer = s.transfer and k.source <> s.source
    where s.first and s.ofs = %s and not exists (
      select from payment_same x where x.same_source = k.source and x.same_event = k.event and x.source = s.source)
    order by k.received_at, k.source, k.event limit 1
"""
"""The first line of the transfer that this feed has not told yet; none where it told as many as there are."""
SEALED: LiteralString = """
    insert into payment_sealed (source, event, received_at, sealed)
    select source, event, received_at, sealed from stage where first
    on conflict do nothing
"""
CONTRADICTIONS: LiteralString = """
    select s.ofs, k.amount_vnd, k.merchant, k.what from stage s join payment_telling k using (source, event)
    where k.amount_vnd <> s.amount_vnd or k.merchant <> s.merchant or k.what <> s.what or k.told <> s.told
    order by s.ofs
"""
"""What was booked before there were digests (null) is held against amount, merchant and kind only."""


class LedgerWriter:
    """Writes booked batches; usable without Bytewax."""

    def __init__(self, dsn: str, flow: str = "payments") -> None:
        self._store, self._flow = Store(dsn), flow

    def write(self, batches: Sequence[Posted]) -> None:
        """Store all of `batches` that is not yet stored, in one transaction."""
        self._store.transaction(lambda connection: self._write(connection, batches))

    def _write(self, connection: psycopg.Connection, batches: Sequence[Posted]) -> None:
        by_partition: dict[tuple[str, int], list[Posted]] = {}
        for batch in batches:
            by_partition.setdefault((batch.topic, batch.partition), []).append(batch)
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
        feeds: dict[str, set[str]] = {}
        for _, entry in fresh:
            if entry.transfer is not None:
                feeds.setdefault(entry.transfer, set()).add(entry.source)
        connection.execute(ONE_AT_A_TIME)
        connection.execute(STAGE)
        with connection.cursor() as cursor:
            with cursor.copy(COPY) as copy:
                copy.set_types(TYPES)
                write = copy.write_row
                seen: set[tuple[str, str]] = set()
                for origin, entry in fresh:
                    known = len(seen)
                    seen.add((entry.source, entry.event))
                    shared = len(feeds.get(entry.transfer or "", ())) > 1
                    write(row(origin, entry, first=len(seen) > known, shared=shared))
            cursor.execute(KNOWN)
            cursor.execute(SHARED)
            stored = sum(cursor.execute(one + ALONE).rowcount for one in (PAYMENTS, RETURNS, HELD))
            stored += _one_by_one(cursor)
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


def _one_by_one(cursor: psycopg.Cursor) -> int:
    """Book transfers that two feeds tell: as many as the feed that tells most has told; the others are the same.

    Counting, not the reference alone, for one bank's reference may stand for two transfers of a second.
    """
    offsets = cursor.execute("select ofs from stage where first and shared order by ofs").fetchall()
    stored = 0
    for offset in offsets:
        for one in (SAME, PAYMENTS + ONE, RETURNS + ONE, HELD + ONE):
            if cursor.execute(one, offset).rowcount:
                stored += 1
                break
    return stored


def row(origin: int, e: Entry, *, first: bool, shared: bool) -> tuple[object, ...]:
    """A row of `stage`: what was booked from the source offset `origin`.

    `first` call of its event in the batch; `shared`: two feeds tell of its transfer in the batch.
    """
    return (
        origin, e.source, e.event, e.at, e.received_at, e.what.value, e.amount_vnd, e.merchant, e.fee, e.stall, e.hamlet,
        e.household, e.payer, e.original, e.vi, e.en, e.sealed,
        e.told, e.transfer, first, shared,
    )  # fmt: skip


def _rejected(
    topic: str,
    partition: int,
    fresh: list[tuple[int, Entry]],
    contradictions: list[tuple[int, int, str, str]],
) -> list[Rejected]:
    """A call of a known event that says something else; its sealed body is kept."""
    entries = dict(fresh)
    found = []
    for offset, amount, merchant, what in contradictions:
        e = entries[offset]
        words = f"{e.source} {e.event}"
        alike = (amount, merchant, what) == (e.amount_vnd, e.merchant, e.what.value)
        vi_more, en_more = OTHERWISE if alike else ("", "")
        found.append(
            Rejected(
                v=SCHEMA_VERSION, source="payments", seq=offset, at=e.received_at, topic=topic, partition=partition, offset=offset,
                key=f"{e.source}:{e.event}".encode(), reason=Reason.CONFLICT,
                vi=f"{words}: đã có {what} {amount} đ cho {merchant}, nay báo {e.what} {e.amount_vnd} đ cho {e.merchant}{vi_more}",
                en=f"{words}: {what}, {amount} VND, {merchant} is known, now told: {e.what}, {e.amount_vnd} VND, {e.merchant}{en_more}",
                payload=e.sealed,
            )
        )  # fmt: skip
    return found


def ledger_sink(dsn: str) -> StoreSink[Posted]:
    """The flow's end in the store."""
    return StoreSink(lambda: LedgerWriter(dsn), lambda one: one.read)
