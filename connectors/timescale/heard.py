"""The flow places' store: verdicts of neighbours, refused records, and the source offsets.

Delivery: exactly once. A verdict holds until the same test speaks of the reading again, so that a repeated one changes nothing; it is one
transaction with the position in `testimony`, from which the counts are reckoned.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.timescale.connection import Store
from connectors.timescale.gathering import StoreSink
from connectors.timescale.offsets import Advance, advance, position
from connectors.timescale.sink import insert_rejected, upsert_verdicts
from models.places.listen import NAME, Placed

if TYPE_CHECKING:
    from collections.abc import Sequence

    import psycopg


class HeardWriter:
    """Writes what follows from reports; usable without Bytewax."""

    def __init__(self, dsn: str, flow: str = NAME) -> None:
        self._store, self._flow = Store(dsn), flow

    def write(self, items: Sequence[Placed]) -> None:
        """Store all of `items` that is not yet stored, in one transaction."""
        self._store.transaction(lambda connection: self._write(connection, items))

    def _write(self, connection: psycopg.Connection, items: Sequence[Placed]) -> None:
        upsert_verdicts(connection, [verdict for item in items for verdict in item.verdicts])
        insert_rejected(connection, [refused for item in items for refused in item.rejected])
        for partition in sorted({item.partition for item in items}):
            self._advance(connection, [item for item in items if item.partition == partition])

    def _advance(self, connection: psycopg.Connection, items: Sequence[Placed]) -> None:
        last = items[-1]
        start = max(
            position(connection, self._flow, last.topic, last.partition),
            min(item.first_offset for item in items),
        )
        if last.next_offset <= start:
            return
        refused = {refused.offset for item in items for refused in item.rejected}
        read, bad = last.next_offset - start, sum(start <= offset < last.next_offset for offset in refused)
        step = Advance(last.topic, last.partition, last.next_offset, read, read - bad, bad)
        advance(connection, self._flow, step)

    def close(self) -> None:
        """Close the connection."""
        self._store.close()


def knows_position(dsn: str, flow: str = NAME) -> bool:
    """Whether the flow has ever stored how far it is."""
    store = Store(dsn)
    try:
        row = store.transaction(
            lambda connection: connection.execute(
                "select 1 from source_offset where flow = %s limit 1", [flow]
            ).fetchone()
        )
    finally:
        store.close()
    return row is not None


def heard_sink(dsn: str, flow: str = NAME) -> StoreSink[Placed]:
    """The flow's end in the store."""
    return StoreSink(
        lambda: HeardWriter(dsn, flow),
        lambda item: int(item.moved) + len(item.verdicts) + len(item.rejected),
    )
