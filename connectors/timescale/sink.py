"""The telemetry flow's store: observations, derived values, rejects, and the source offsets.

Delivery: exactly once. COPY BINARY, upserts and the offsets row are one transaction; a batch
that is judged again after a crash finds its offsets stored and is left out.
"""

from __future__ import annotations

import time
from collections import defaultdict
from typing import TYPE_CHECKING

from bytewax.outputs import FixedPartitionedSink, StatefulSinkPartition

from connectors.timescale.connection import Store
from connectors.timescale.offsets import Advance, advance, position
from models.telemetry.batch import Derived, Judged

if TYPE_CHECKING:
    import psycopg

    from models.rejected import Rejected
    from models.telemetry.reading import Observation

ROWS_A_FLUSH = 5000
FLUSH_S = 0.2
HOUR_S = 3600

COPY = "copy observation (at, station, parameter, value, unit, flag, seq, received_at) from stdin (format binary)"
TYPES = ["timestamptz", "text", "text", "float8", "text", "int2", "int8", "timestamptz"]


class ObservationWriter:
    """Writes judged batches; usable without Bytewax."""

    def __init__(self, dsn: str, flow: str = "telemetry") -> None:
        self._store, self._flow = Store(dsn), flow
        self._own_rollup: bool | None = None

    def write(self, batches: list[Judged]) -> None:
        """Store all of `batches` that is not yet stored, in one transaction."""
        self._store.transaction(lambda connection: self._write(connection, batches))

    def _write(self, connection: psycopg.Connection, batches: list[Judged]) -> None:
        by_partition: dict[tuple[str, int], list[Judged]] = defaultdict(list)
        for one in batches:
            by_partition[one.topic, one.partition].append(one)
        observations: list[Observation] = []
        rejected: list[Rejected] = []
        derived: list[Derived] = []
        for (topic, partition), group in sorted(by_partition.items()):
            start = position(connection, self._flow, topic, partition)
            step = Advance(topic, partition, start)
            for one in group:
                fresh = _fresh(one, start)
                observations += fresh.observations
                rejected += fresh.rejected
                derived += fresh.derived
                _count(step, fresh)
            if step.read:
                advance(connection, self._flow, step)
        if observations:
            _copy(connection, observations)
            self._mark_hours(connection, observations)
        _upsert_derived(connection, derived)
        insert_rejected(connection, rejected)

    def _mark_hours(self, connection: psycopg.Connection, observations: list[Observation]) -> None:
        """Tell our own roll-up which hours changed; the Community edition needs no telling."""
        if self._own_rollup is None:
            row = connection.execute("select to_regclass('dirty_hour')").fetchone()
            self._own_rollup = row is not None and row[0] is not None
        if not self._own_rollup:
            return
        hours = {(one.source, one.parameter, one.at.timestamp() // HOUR_S) for one in observations}
        # The update locks a mark that stands, so that the roll-up cannot take it before our rows show.
        with connection.cursor() as cursor:
            cursor.execute(
                """
                insert into dirty_hour (station, parameter, hour)
                select s, p, to_timestamp(h * 3600) from unnest(%s::text[], %s::text[], %s::float8[]) as t (s, p, h)
                on conflict (station, parameter, hour) do update set hour = excluded.hour
                """,
                [list(column) for column in zip(*sorted(hours), strict=True)],
            )

    def close(self) -> None:
        """Close the connection."""
        self._store.close()


def _fresh(judged: Judged, start: int) -> Judged:
    """What of a batch lies at or beyond offset `start`; all of it, in the usual case."""
    first = judged.next_offset - judged.read
    if first >= start or judged.read == 0:
        return judged
    if judged.next_offset <= start:
        return Judged(judged.topic, judged.partition, judged.next_offset, 0, [], [], [], [], [], [])
    kept = [i for i, origin in enumerate(judged.origins) if origin >= start]
    return Judged(
        judged.topic,
        judged.partition,
        judged.next_offset,
        judged.next_offset - start,
        [judged.observations[i] for i in kept],
        [judged.origins[i] for i in kept],
        judged.derived,
        judged.changes,
        [one for one in judged.rejected if one.offset >= start],
        [one for one in judged.duplicates if one >= start],
    )


def _count(step: Advance, judged: Judged) -> None:
    step.next_offset = max(step.next_offset, judged.next_offset)
    step.read += judged.read
    step.stored += len(judged.observations)
    step.rejected += len(judged.rejected)
    step.duplicates += len(judged.duplicates)


def _copy(connection: psycopg.Connection, observations: list[Observation]) -> None:
    with connection.cursor() as cursor, cursor.copy(COPY) as copy:
        copy.set_types(TYPES)
        write = copy.write_row
        for o in observations:
            write((o.at, o.source, o.parameter, o.value, o.unit, int(o.flag), o.seq, o.received_at))


def _upsert_derived(connection: psycopg.Connection, derived: list[Derived]) -> None:
    if not derived:
        return
    with connection.cursor() as cursor:
        cursor.executemany(
            """
            insert into derived (at, station, parameter, value, unit, flag, count) values (%s, %s, %s, %s, %s, %s, %s)
            on conflict (station, parameter, at) do update
              set value = excluded.value, flag = excluded.flag, count = excluded.count
            """,
            [(d.at, d.source, d.parameter, d.value, d.unit, int(d.flag), d.count) for d in derived],
        )


def insert_rejected(connection: psycopg.Connection, rejected: list[Rejected]) -> None:
    """Keep refused messages byte for byte; (topic, partition, offset) tells a repeated one."""
    if not rejected:
        return
    with connection.cursor() as cursor:
        cursor.executemany(
            """
            insert into rejected (topic, partition, "offset", at, source, key, reason, vi, en, payload)
            values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) on conflict do nothing
            """,
            [
                (
                    *(r.topic, r.partition, r.offset, r.at, r.source, r.key, r.reason.value),
                    # The words may quote what was found, and a NUL fits into no text.
                    *(words.replace("\0", "␀") for words in (r.vi, r.en)),
                    r.payload,
                )
                for r in rejected
            ],
        )


class TelemetrySink(FixedPartitionedSink[Judged, None]):
    """One part for all partitions: few large transactions serve the disk better than many small."""

    def __init__(self, dsn: str, flow: str = "telemetry") -> None:
        self._dsn, self._flow = dsn, flow

    def list_parts(self) -> list[str]:
        """One part: the store."""
        return ["store"]

    def part_fn(self, item_key: str) -> int:
        """All to the one part."""
        return 0

    def build_part(self, step_id: str, for_part: str, resume_state: None) -> _Part:
        """The connection is opened at the first write."""
        return _Part(ObservationWriter(self._dsn, self._flow))


class _Part(StatefulSinkPartition[Judged, None]):
    """Gathers up to ROWS_A_FLUSH rows or FLUSH_S seconds; a snapshot always empties it."""

    def __init__(self, writer: ObservationWriter) -> None:
        self._writer = writer
        self._waiting: list[Judged] = []
        self._rows = 0
        self._flushed = time.monotonic()

    def write_batch(self, items: list[Judged]) -> None:
        for one in items:
            if one.read or one.derived:
                self._waiting.append(one)
                self._rows += one.read
        if self._rows >= ROWS_A_FLUSH or time.monotonic() - self._flushed >= FLUSH_S:
            self._flush()

    def _flush(self) -> None:
        if self._waiting:
            self._writer.write(self._waiting)
            self._waiting, self._rows = [], 0
        self._flushed = time.monotonic()

    def snapshot(self) -> None:
        self._flush()

    def close(self) -> None:
        self._flush()
        self._writer.close()
