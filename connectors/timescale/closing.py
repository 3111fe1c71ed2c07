"""At the start of the alerts flow: close, by name, the open alerts that the configuration has nobody left to judge.

Delivery: exactly once over restarts. A closing change, its alert and its notifications are one
transaction, and what is closed is open no more. It waits until what the topic held at the start has
been stored: an end that was told before the restart is that alert's own end.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

import msgspec
import structlog
from bytewax.outputs import FixedPartitionedSink, StatefulSinkPartition
from psycopg.rows import class_row, dict_row

from connectors import clock
from connectors.timescale.alerts import WAKE, insert_change
from connectors.timescale.connection import Store
from connectors.timescale.telling import tell_all
from models.alerting.closing import (
    CLOSED,
    Open,
    Stored,
    after_closing,
    closing_notifications,
    closings,
)

if TYPE_CHECKING:
    from datetime import datetime

    import psycopg

    from connectors.clock import Now
    from models.alerting.alert import AlertChange
    from models.alerting.intake import Intake
    from models.commune.configuration import Commune

log = structlog.get_logger(__name__)

TOPIC, FLOW = "alerts", "alerts"

_OPEN = """
select a.alert, a.rule, a.kind, a.station, a.parameter, a.level, a.value, a.unit, last.seq, last."limit",
  coalesce((select n.template_data ->> 'tram' from notification n where n.alert = a.alert order by n.seq limit 1), '')
    as name
from alert a
join lateral (select c.seq, c."limit" from alert_change c where c.alert = a.alert order by c.seq desc limit 1) last on true
where a.cleared_at is null
order by a.raised_at, a.alert for update of a
"""


_CLOSED_BEFORE = """
select c.alert, c.seq, c.at, c.level, c.previous from alert_change c
where c.alert = any(%s) and exists (
  select from alert_change k where k.alert = c.alert and k.evidence -> 0 ->> 'vi' like %s)
order by c.alert, c.seq
"""


class Closer:
    """Closes once, when all that `ends` says has been stored; usable without Bytewax."""

    def __init__(self, dsn: str, commune: Commune, ends: dict[int, int], now: Now) -> None:
        """`ends`: for each partition of the topic, the offset after its last record at the start."""
        self._store, self._commune, self._ends, self._now = Store(dsn), commune, ends, now
        self._done = False

    def look(self) -> list[AlertChange]:
        """The alerts closed by this look; none before the topic has been read, and none after the first."""
        if self._done:
            return []
        at = self._now()
        closed = self._store.transaction(lambda connection: self._close(connection, at))
        if closed is None:
            return []
        self._done = True
        for one in closed:
            log.warning("alert_closed", alert=one.alert, level=one.previous, why=one.evidence[0].en)
        return closed

    def renumbered(self, items: list[Intake]) -> list[Intake]:
        """What is told of alerts that were closed by name goes on behind the closing: a rule may come back."""
        alerts = sorted({one.alert for item in items for one in item.changes})
        if not alerts:
            return items

        def read(connection: psycopg.Connection) -> list[Stored]:
            with connection.cursor(row_factory=class_row(Stored)) as cursor:
                return cursor.execute(_CLOSED_BEFORE, [alerts, f"{CLOSED}%"]).fetchall()

        stored = self._store.transaction(read)
        if not stored:
            return items
        changes = iter(after_closing([one for item in items for one in item.changes], stored))
        return [
            msgspec.structs.replace(item, changes=list(islice(changes, len(item.changes)))) for item in items
        ]

    def close(self) -> None:
        """Close the connection."""
        self._store.close()

    def _close(self, connection: psycopg.Connection, at: datetime) -> list[AlertChange] | None:
        """None while the topic has not been read."""
        rows = connection.execute(
            "select partition, next_offset from source_offset where flow = %s and topic = %s", [FLOW, TOPIC]
        ).fetchall()
        stored = {int(partition): int(place) for partition, place in rows}
        if any(stored.get(partition, 0) < end for partition, end in self._ends.items()):
            return None
        with connection.cursor(row_factory=dict_row) as cursor:
            standing = _read(cursor.execute(_OPEN).fetchall())
        found, told = closings(standing, self._commune, at), 0
        for group in found:
            alerts = [one.alert for one in group.changes]
            for one in group.changes:
                insert_change(connection, one)
            heard = connection.execute(
                "select distinct contact from notification where alert = any(%s) and stage is null", [alerts]
            ).fetchall()
            wanted = closing_notifications(group, self._commune, {str(row[0]) for row in heard})
            told += tell_all(connection, wanted, group.changes, clock.system())
        if told:
            connection.execute(WAKE)
        return [one for group in found for one in group.changes]


def _read(rows: list[dict[str, Any]]) -> list[Open]:
    """The open alerts; one of a kind that this version does not know is left as it is, and told in the log."""
    found = []
    for row in rows:
        try:
            found.append(msgspec.convert(row, Open))
        except msgspec.ValidationError as error:
            log.warning("alert_not_read", alert=row["alert"], error=str(error))
    return found


class ClosingSink(FixedPartitionedSink[Any, None]):
    """The sink `inner`, with a look at the start and after each of its writes until the topic has been read."""

    def __init__(
        self,
        inner: FixedPartitionedSink[Any, None],
        dsn: str,
        commune: Commune,
        ends: dict[int, int],
        now: Now,
    ) -> None:
        self._inner, self._own = inner, (dsn, commune, ends, now)

    def list_parts(self) -> list[str]:
        return self._inner.list_parts()

    def part_fn(self, item_key: str) -> int:
        return self._inner.part_fn(item_key)

    def build_part(self, step_id: str, for_part: str, resume_state: None) -> _Part:
        return _Part(self._inner.build_part(step_id, for_part, resume_state), Closer(*self._own))


class _Part(StatefulSinkPartition[Any, None]):
    def __init__(self, inner: StatefulSinkPartition[Any, None], closer: Closer) -> None:
        self._inner, self._closer = inner, closer
        closer.look()

    def write_batch(self, items: list[Any]) -> None:
        self._inner.write_batch(self._closer.renumbered(items))
        self._closer.look()

    def snapshot(self) -> None:
        return self._inner.snapshot()

    def close(self) -> None:
        self._inner.close()
        self._closer.close()
