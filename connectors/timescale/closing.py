"""At the start of the alerts flow: close, by name, the open alerts that the configuration has nobody left to judge.

Which these are and who hears of it, the flow's stage `close` says (flows/alerts.py); here stands when it is asked, and how
its answer is stored. Delivery: exactly once over restarts. A closing change, its alert and its notifications are one
transaction, and what is closed is open no more. It waits until what the topic held at the start has been stored: an
end that was told before the restart is that alert's own end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import structlog
from bytewax.outputs import FixedPartitionedSink, StatefulSinkPartition

from connectors import clock
from connectors.timescale.alerts import WAKE, insert_changes
from connectors.timescale.connection import Store
from connectors.timescale.events import store_events
from connectors.timescale.notifications import StoreLookup, alerts_done, insert_rows

if TYPE_CHECKING:
    import psycopg

    from connectors.clock import Now
    from models.alerting.alert import AlertChange
    from models.alerting.outbox import Stages

log = structlog.get_logger(__name__)

TOPIC, FLOW = "alerts", "alerts"


class Closer:
    """Closes once, when all that `ends` says has been stored; usable without Bytewax."""

    def __init__(self, dsn: str, stages: Stages, ends: dict[int, int], now: Now) -> None:
        """`ends`: for each partition of the topic, the offset after its last record at the start; `now`: the platform's time."""
        self._store, self._stages, self._ends, self._now = Store(dsn), stages, ends, now
        self._done = False

    def look(self) -> list[AlertChange]:
        """The alerts closed by this look; none before the topic has been read, and none after the first."""
        if self._done:
            return []
        closed = self._store.transaction(self._close)
        if closed is None:
            return []
        self._done = True
        for change in closed:
            log.warning("alert_closed", alert=change.alert, level=change.previous, why=change.evidence[0].en)
        return closed

    def close(self) -> None:
        """Close the connection."""
        self._store.close()

    def _close(self, connection: psycopg.Connection) -> list[AlertChange] | None:
        """None while the topic has not been read."""
        rows = connection.execute(
            "select partition, next_offset from source_offset where flow = %s and topic = %s", [FLOW, TOPIC]
        ).fetchall()
        stored = {int(partition): int(offset) for partition, offset in rows}
        if any(stored.get(partition, 0) < end for partition, end in self._ends.items()):
            return None
        closed = self._stages.close(StoreLookup(connection), self._now(), clock.system())
        insert_changes(connection, closed.changes)
        store_events(connection, closed.events, {}, [])
        insert_rows(connection, closed.rows)
        alerts_done(connection, [change.alert for change in closed.changes])
        if closed.rows:
            connection.execute(WAKE)
        return closed.changes


class ClosingSink(FixedPartitionedSink[Any, None]):
    """The sink `inner`, with a look at the start and after each of its writes until the topic has been read."""

    def __init__(
        self,
        inner: FixedPartitionedSink[Any, None],
        dsn: str,
        stages: Stages,
        ends: dict[int, int],
        now: Now,
    ) -> None:
        self._inner, self._closer = inner, (dsn, stages, ends, now)

    def list_parts(self) -> list[str]:
        return self._inner.list_parts()

    def part_fn(self, item_key: str) -> int:
        return self._inner.part_fn(item_key)

    def build_part(self, step_id: str, for_part: str, resume_state: None) -> _Part:
        return _Part(self._inner.build_part(step_id, for_part, resume_state), Closer(*self._closer))


class _Part(StatefulSinkPartition[Any, None]):
    def __init__(self, inner: StatefulSinkPartition[Any, None], closer: Closer) -> None:
        self._inner, self._closer = inner, closer
        closer.look()

    def write_batch(self, items: list[Any]) -> None:
        self._inner.write_batch(items)
        self._closer.look()

    def snapshot(self) -> None:
        return self._inner.snapshot()

    def close(self) -> None:
        self._inner.close()
        self._closer.close()
