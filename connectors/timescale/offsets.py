"""The offsets row: how far a flow has stored a partition, in the same transaction as its rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import psycopg


@dataclass(slots=True)
class Advance:
    """What a transaction adds to one partition's row; counts are records.

    `read` counts what was looked at; `dropped` records were skipped unread, and are not in it.
    """

    topic: str
    partition: int
    next_offset: int
    read: int = 0
    stored: int = 0
    rejected: int = 0
    duplicates: int = 0
    still: int = 0
    dropped: int = 0


def position(connection: psycopg.Connection, flow: str, topic: str, partition: int) -> int:
    """The first offset not yet stored; locks the row, so that two writers cannot both pass."""
    row = connection.execute(
        "select next_offset from source_offset where flow = %s and topic = %s and partition = %s for update",
        [flow, topic, partition],
    ).fetchone()
    return 0 if row is None else int(row[0])


def lower_to(
    connection: psycopg.Connection, ends: dict[str, dict[int, int]]
) -> list[tuple[str, str, int, int, int]]:
    """Bring positions beyond a topic's end back to it; returns (flow, topic, partition, from, to) of each.

    Kafka that was begun anew counts from 0: without this all its records would count as stored.
    """
    rows = connection.execute(
        "select flow, topic, partition, next_offset from source_offset for update"
    ).fetchall()
    lowered = []
    for flow, topic, partition, place in rows:
        end = ends.get(topic, {}).get(partition)
        if end is not None and place > end:
            connection.execute(
                "update source_offset set next_offset = %s where flow = %s and topic = %s and partition = %s",
                [end, flow, topic, partition],
            )
            lowered.append((flow, topic, partition, place, end))
    return lowered


def advance(connection: psycopg.Connection, flow: str, by: Advance) -> None:
    """Move the position and add the counts."""
    connection.execute(
        """
        insert into source_offset (flow, topic, partition, next_offset, read, stored, rejected, duplicates, still,
          dropped)
        values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
        on conflict (flow, topic, partition) do update set
          next_offset = greatest(source_offset.next_offset, excluded.next_offset),
          read = source_offset.read + excluded.read,
          stored = source_offset.stored + excluded.stored,
          rejected = source_offset.rejected + excluded.rejected,
          duplicates = source_offset.duplicates + excluded.duplicates,
          still = source_offset.still + excluded.still,
          dropped = source_offset.dropped + excluded.dropped,
          updated_at = now()
        """,
        [
            *(flow, by.topic, by.partition, by.next_offset),
            *(by.read, by.stored, by.rejected, by.duplicates, by.still, by.dropped),
        ],
    )
