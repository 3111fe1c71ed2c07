"""The telemetry flow's store: observations, derived values, rejects, and the source offsets.

Delivery: exactly once. COPY BINARY, upserts and the offsets row are one transaction; a batch
that is judged again after a crash finds its offsets stored and is left out.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import msgspec

from connectors.timescale.connection import Store
from connectors.timescale.gathering import StoreSink
from connectors.timescale.observations import Observations
from connectors.timescale.offsets import Advance, advance, position
from connectors.timescale.reckoned import write_reckoned
from models.telemetry.batch import FloodRow, Judged, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    import psycopg

    from models.envelope.reading import Observation
    from models.envelope.rejected import Rejected


class ObservationWriter:
    """Writes judged batches; usable without Bytewax."""

    def __init__(self, dsn: str, flow: str = "telemetry") -> None:
        self._store, self._flow = Store(dsn), flow
        self._observations = Observations()

    def write(self, batches: Sequence[Judged]) -> None:
        """Store all of `batches` that is not yet stored, in one transaction."""
        self._store.transaction(lambda connection: self._write(connection, batches))

    def _write(self, connection: psycopg.Connection, batches: Sequence[Judged]) -> None:
        by_partition: dict[tuple[str, int], list[Judged]] = defaultdict(list)
        for batch in batches:
            by_partition[batch.topic, batch.partition].append(batch)
        observations: list[Observation] = []
        rejected: list[Rejected] = []
        reckoned: list[Judged] = []
        verdicts: list[Verdict] = []
        floods: list[FloodRow] = []
        for (topic, partition), group in sorted(by_partition.items()):
            start = position(connection, self._flow, topic, partition)
            step = Advance(topic, partition, start)
            for one in group:
                fresh = _fresh(one, start)
                observations += fresh.observations
                rejected += fresh.rejected
                reckoned.append(fresh)
                verdicts += fresh.verdicts
                floods += fresh.floods
                _count(step, fresh)
            if step.next_offset > start:
                advance(connection, self._flow, step)
        if observations:
            self._observations.write(connection, observations)
        write_reckoned(connection, reckoned)
        upsert_verdicts(connection, verdicts)
        _upsert_floods(connection, floods)
        insert_rejected(connection, rejected)

    def close(self) -> None:
        """Close the connection."""
        self._store.close()


def _fresh(judged: Judged, start: int) -> Judged:
    """What of a batch lies at or beyond offset `start`; all of it, in the usual case."""
    first = judged.next_offset - judged.read - judged.beats
    if first >= start or judged.read + judged.beats == 0:
        return judged
    if judged.next_offset <= start:
        return Judged(judged.topic, judged.partition, judged.next_offset, 0, [], [], [], [], [], [])
    kept = [i for i, origin in enumerate(judged.origins) if origin >= start]
    rejected = [one for one in judged.rejected if one.offset >= start]
    duplicates = [duplicate for duplicate in judged.duplicates if duplicate >= start]
    return msgspec.structs.replace(
        judged,
        read=len(kept) + len(rejected) + len(duplicates),
        observations=[judged.observations[i] for i in kept],
        origins=[judged.origins[i] for i in kept],
        rejected=rejected,
        duplicates=duplicates,
        beats=0,
    )


def _count(step: Advance, judged: Judged) -> None:
    step.next_offset = max(step.next_offset, judged.next_offset)
    step.read += judged.read
    step.stored += len(judged.observations)
    step.rejected += len(judged.rejected)
    step.duplicates += len(judged.duplicates)


def upsert_verdicts(connection: psycopg.Connection, verdicts: list[Verdict]) -> None:
    """What a test said last of a reading holds; see the view observation_checked."""
    if not verdicts:
        return
    last = {(v.source, v.parameter, v.at, v.test): v for v in verdicts}.values()
    rows = [(v.source, v.parameter, v.at, v.test, int(v.flag)) for v in last]
    connection.execute(
        """
        insert into quality (station, parameter, at, test, flag)
        select * from unnest(%s::text[], %s::text[], %s::timestamptz[], %s::text[], %s::int2[])
        on conflict (station, parameter, at, test) do update set flag = excluded.flag
        """,
        [list(column) for column in zip(*rows, strict=True)],
    )


def _upsert_floods(connection: psycopg.Connection, floods: list[FloodRow]) -> None:
    """A flood grows: its row is told again, and late readings may open it again. One that was none goes."""
    if not floods:
        return
    last = {(f.source, f.start): f for f in floods}.values()
    with connection.cursor() as cursor:
        for gone in (one for one in last if one.gone):
            cursor.execute(
                "delete from flood where station = %s and start_at = %s", [gone.source, gone.start]
            )
        cursor.executemany(
            """
            insert into flood (station, start_at, peak_at, peak, end_at, blind_s) values (%s, %s, %s, %s, %s, %s)
            on conflict (station, start_at) do update set peak_at = excluded.peak_at, peak = excluded.peak,
              end_at = excluded.end_at, blind_s = excluded.blind_s
            """,
            [(f.source, f.start, f.peak_at, f.peak, f.end, f.blind_s) for f in last if not f.gone],
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


def telemetry_sink(dsn: str, flow: str = "telemetry") -> StoreSink[Judged]:
    """The flow's end in the store."""
    return StoreSink(
        lambda: ObservationWriter(dsn, flow),
        lambda one: one.read + one.beats + len(one.derived) + len(one.verdicts) + len(one.withdrawn),
    )
