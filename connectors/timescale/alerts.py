"""The alerts flow's store: a change, its alert and its notifications in one transaction.

Delivery: exactly once. (alert, seq) is the key of a change, a hash of it and the contact the key of a notification; a
repeated change finds itself and makes nothing. What a change makes, the stages say that the flow hands over
(flows/alerts.py): they are called in the transaction, so that what they looked up still holds when it is stored.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from bytewax.outputs import FixedPartitionedSink, StatefulSinkPartition
from psycopg.types.json import Jsonb

from connectors import clock
from connectors.timescale.connection import Store
from connectors.timescale.drills import DrillLookup, danger, end, going_on
from connectors.timescale.notifications import StoreLookup, insert_rows, store_outgoing
from connectors.timescale.offsets import Advance, advance, position
from connectors.timescale.sink import insert_rejected
from models.alerting.alert import DANGER
from models.alerting.canary import apart, canary_rows
from models.alerting.drill import HEAD, REAL, as_exercise, belonging
from models.alerting.outbox import Arrived

if TYPE_CHECKING:
    from collections.abc import Sequence

    import psycopg

    from connectors.clock import Now
    from models.alerting.alert import AlertChange
    from models.alerting.intake import Intake
    from models.alerting.outbox import Stages

WAKE = "notify phusa_outbox"
"""Wakes the delivery at the commit; it also looks by itself, should the wake-up be lost."""


class AlertWriter:
    """Writes changes of alerts and the outbox; usable without Bytewax.

    `now` is the wall clock, as the sender's is: it says when a notification is due.
    """

    def __init__(self, dsn: str, stages: Stages, flow: str = "alerts", now: Now = clock.system) -> None:
        self._store, self._stages, self._flow, self._now = Store(dsn), stages, flow, now

    def write(self, intakes: list[Intake]) -> None:
        """Store all of `intakes` that is not yet stored, in one transaction."""
        self._store.transaction(lambda connection: self._write(connection, intakes))

    def _write(self, connection: psycopg.Connection, intakes: list[Intake]) -> None:
        lookup = StoreLookup(connection)
        arrived: list[Arrived] = []
        canary: list[AlertChange] = []
        exercises: list[AlertChange] = []
        for intake in intakes:
            start = position(connection, self._flow, intake.topic, intake.partition)
            if intake.next_offset <= start:
                continue
            fresh = [
                change
                for origin, change in zip(intake.origins, intake.changes, strict=True)
                if origin >= start
            ]
            marked, played, others = apart(fresh)
            canary += marked
            exercises += played
            new = insert_changes(connection, self._stages.number(others, lookup))
            arrived += new
            rejected = [refused for refused in intake.rejected if refused.offset >= start]
            insert_rejected(connection, rejected)
            step = Advance(
                intake.topic,
                intake.partition,
                intake.next_offset,
                read=len(fresh) + len(rejected),
                stored=len(new) + len(marked) + len(played),
                rejected=len(rejected),
                duplicates=len(others) - len(new),
            )
            advance(connection, self._flow, step)
        told = store_outgoing(connection, self._stages.notify(arrived, lookup, self._now())) if arrived else 0
        # The canary is no alert: of it there is only the message that has to come through.
        rows = canary_rows(canary, self._now())
        insert_rows(connection, rows)
        told += self._play(connection, exercises, arrived)
        if told or rows:
            connection.execute(WAKE)

    def _play(
        self, connection: psycopg.Connection, exercises: Sequence[AlertChange], arrived: Sequence[Arrived]
    ) -> int:
        """Let the drill that goes on go on with its changes, unless something real ends it; how many rows there are to send."""
        if not exercises and not any(new.change.level >= DANGER for new in arrived):
            return 0
        drill = going_on(connection)
        if drill is None:
            return 0
        if danger(connection):
            return end(connection, drill, REAL, self._now())
        new = insert_changes(connection, belonging(exercises, drill))
        if not new:
            return 0
        made = self._stages.notify(new, DrillLookup(connection, drill), self._now(), HEAD)
        return store_outgoing(connection, as_exercise(made, drill))

    def close(self) -> None:
        """Close the connection."""
        self._store.close()


def insert_changes(connection: psycopg.Connection, changes: Sequence[AlertChange]) -> list[Arrived]:
    """Keep the changes and bring their alerts up to date, in order; those that were not there yet."""
    if not changes:
        return []
    with connection.cursor() as cursor:
        cursor.executemany(_INSERT_CHANGE, [_change_columns(change) for change in changes], returning=True)
        new = [change for change, row in zip(changes, _first_rows(cursor), strict=True) if row is not None]
        if not new:
            return []
        cursor.executemany(_UPSERT_ALERT, [_alert_columns(change) for change in new], returning=True)
        peaks = [
            change.level if row is None else int(row[0])
            for change, row in zip(new, _first_rows(cursor), strict=True)
        ]
    return [Arrived(change, peak) for change, peak in zip(new, peaks, strict=True)]


def _first_rows(cursor: psycopg.Cursor) -> list[tuple[int, ...] | None]:
    """What each execution of an `executemany` returned; None where it was nothing."""
    rows = [cursor.fetchone()]
    while cursor.nextset():
        rows.append(cursor.fetchone())
    return rows


_INSERT_CHANGE = """
insert into alert_change (alert, seq, at, change, level, previous, value, "limit", evidence, parameters, late_s, over)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) on conflict do nothing returning seq
"""

_UPSERT_ALERT = """
insert into alert (alert, rule, kind, station, parameter, level, peak_level, value, unit, exercise,
  raised_at, changed_at, cleared_at)
values (%(alert)s, %(rule)s, %(kind)s, %(station)s, %(parameter)s, %(level)s, %(level)s, %(value)s, %(unit)s, %(exercise)s,
  %(at)s, %(at)s, case when %(level)s = 0 then %(at)s end)
on conflict (alert) do update set
  level = excluded.level, peak_level = greatest(alert.peak_level, excluded.level),
  value = excluded.value, changed_at = excluded.changed_at, cleared_at = excluded.cleared_at
returning peak_level
"""


def _change_columns(change: AlertChange) -> tuple[object, ...]:
    return (
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
    )


def _alert_columns(change: AlertChange) -> dict[str, object]:
    return {
        "alert": change.alert,
        "rule": change.rule,
        "kind": change.kind.value,
        "station": change.station,
        "parameter": change.parameter,
        "level": change.level,
        "value": change.value,
        "unit": change.unit,
        "at": change.at,
        "exercise": change.exercise,
    }


class AlertSink(FixedPartitionedSink["Intake", None]):
    """One part for all partitions; every batch is written at once: an alert does not wait."""

    def __init__(self, dsn: str, stages: Stages) -> None:
        self._dsn, self._stages = dsn, stages

    def list_parts(self) -> list[str]:
        """One part: the store."""
        return ["store"]

    def part_fn(self, item_key: str) -> int:
        """All to the one part."""
        return 0

    def build_part(self, step_id: str, for_part: str, resume_state: None) -> _Part:
        """The connection is opened at the first write."""
        return _Part(AlertWriter(self._dsn, self._stages))


class _Part(StatefulSinkPartition["Intake", None]):
    def __init__(self, writer: AlertWriter) -> None:
        self._writer = writer

    def write_batch(self, items: list[Intake]) -> None:
        read = [intake for intake in items if intake.read]
        if read:
            self._writer.write(read)

    def snapshot(self) -> None:
        """Nothing waits: every batch was written when it came."""

    def close(self) -> None:
        self._writer.close()
