"""The alerts flow's store: a change, its alert and its notifications in one transaction.

Delivery: exactly once. (alert, seq) is the key of a change, a hash of it and the contact the key
of a notification; a repeated change finds itself and makes nothing. Whether a notification is a message, waits for more
news of its place or is muted by name, connectors/timescale/telling.py decides in the same transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from bytewax.outputs import FixedPartitionedSink, StatefulSinkPartition
from psycopg.types.json import Jsonb

from connectors import clock
from connectors.timescale.connection import Store
from connectors.timescale.offsets import Advance, advance, position
from connectors.timescale.sink import insert_rejected
from connectors.timescale.telling import tell

if TYPE_CHECKING:
    import psycopg

    from connectors.clock import Now
    from models.alerting.alert import AlertChange
    from models.alerting.intake import Intake
    from models.commune.configuration import Commune

WAKE = "notify phusa_outbox"
"""Wakes the delivery at the commit; it also looks by itself, should the wake-up be lost."""


class AlertWriter:
    """Writes changes of alerts and the outbox; usable without Bytewax.

    News of one place within `interval_s` is one message; `now` is the wall clock, as the sender's is.
    """

    def __init__(
        self,
        dsn: str,
        commune: Commune,
        flow: str = "alerts",
        interval_s: float = 300.0,
        now: Now = clock.system,
    ) -> None:
        self._store, self._commune, self._flow = Store(dsn), commune, flow
        self._interval_s, self._now = interval_s, now

    def write(self, intakes: list[Intake]) -> None:
        """Store all of `intakes` that is not yet stored, in one transaction."""
        self._store.transaction(lambda connection: self._write(connection, intakes))

    def _write(self, connection: psycopg.Connection, intakes: list[Intake]) -> None:
        told = 0
        for intake in intakes:
            start = position(connection, self._flow, intake.topic, intake.partition)
            if intake.next_offset <= start:
                continue
            stored = repeated = 0
            for origin, change in zip(intake.origins, intake.changes, strict=True):
                if origin < start:
                    continue
                peak = insert_change(connection, change)
                if peak is None:
                    repeated += 1
                    continue
                stored += 1
                told += tell(connection, change, peak, self._commune, self._now(), self._interval_s)
            rejected = [one for one in intake.rejected if one.offset >= start]
            insert_rejected(connection, rejected)
            read = stored + repeated + len(rejected)
            step = Advance(
                intake.topic, intake.partition, intake.next_offset, read, stored, len(rejected), repeated
            )
            advance(connection, self._flow, step)
        if told:
            connection.execute(WAKE)

    def close(self) -> None:
        """Close the connection."""
        self._store.close()


def insert_change(connection: psycopg.Connection, change: AlertChange) -> int | None:
    """Keep the change and bring its alert up to date; its highest level, or None if the change is already there."""
    new = connection.execute(
        """
        insert into alert_change (alert, seq, at, change, level, previous, value, "limit", evidence, parameters, late_s,
          over)
        values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) on conflict do nothing returning seq
        """,
        [
            change.alert,
            change.seq,
            change.at,
            change.change.value,
            change.level,
            change.previous,
            change.value,
            change.limit,
            Jsonb(msgspec.to_builtins(change.evidence)) if change.evidence else None,
            change.parameters or None,
            change.late_s,
            change.over,
        ],
    ).fetchone()
    if new is None:
        return None
    peak = connection.execute(
        """
        insert into alert (alert, rule, kind, station, parameter, level, peak_level, value, unit,
          raised_at, changed_at, cleared_at)
        values (%(alert)s, %(rule)s, %(kind)s, %(station)s, %(parameter)s, %(level)s, %(level)s, %(value)s, %(unit)s,
          %(at)s, %(at)s, case when %(level)s = 0 then %(at)s end)
        on conflict (alert) do update set
          level = excluded.level, peak_level = greatest(alert.peak_level, excluded.level),
          value = excluded.value, changed_at = excluded.changed_at, cleared_at = excluded.cleared_at
        returning peak_level
        """,
        {
            "alert": change.alert,
            "rule": change.rule,
            "kind": change.kind.value,
            "station": change.station,
            "parameter": change.parameter,
            "level": change.level,
            "value": change.value,
            "unit": change.unit,
            "at": change.at,
        },
    ).fetchone()
    return int(peak[0]) if peak else change.level


class AlertSink(FixedPartitionedSink["Intake", None]):
    """One part for all partitions; every batch is written at once: an alert does not wait."""

    def __init__(self, dsn: str, commune: Commune, interval_s: float = 300.0) -> None:
        self._dsn, self._commune, self._interval_s = dsn, commune, interval_s

    def list_parts(self) -> list[str]:
        """One part: the store."""
        return ["store"]

    def part_fn(self, item_key: str) -> int:
        """All to the one part."""
        return 0

    def build_part(self, step_id: str, for_part: str, resume_state: None) -> _Part:
        """The connection is opened at the first write."""
        return _Part(AlertWriter(self._dsn, self._commune, interval_s=self._interval_s))


class _Part(StatefulSinkPartition["Intake", None]):
    def __init__(self, writer: AlertWriter) -> None:
        self._writer = writer

    def write_batch(self, items: list[Intake]) -> None:
        if any(one.read for one in items):
            self._writer.write([one for one in items if one.read])

    def snapshot(self) -> None:
        """Nothing waits: every batch was written when it came."""

    def close(self) -> None:
        self._writer.close()
