"""The cameras flow's store: counts, pictures of alerts, rejects, and the source offsets.

Delivery: exactly once, as the telemetry flow's: all rows of a batch and its offsets row are one transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.timescale.connection import Store
from connectors.timescale.gathering import StoreSink
from connectors.timescale.observations import Observations
from connectors.timescale.offsets import Advance, advance, position
from connectors.timescale.sink import insert_rejected
from models.cameras.batch import JudgedFrames

if TYPE_CHECKING:
    from collections.abc import Sequence

    import psycopg

    from models.cameras.batch import CameraPicture, Snapshot
    from models.cameras.pace import Pace
    from models.envelope.reading import Observation


class PictureWriter:
    """Writes watched batches; usable without Bytewax."""

    def __init__(self, dsn: str, flow: str = "cameras") -> None:
        self._store, self._flow = Store(dsn), flow
        self._observations = Observations()

    def write(self, batches: Sequence[JudgedFrames]) -> None:
        """Store all of `batches` that is not yet stored, in one transaction."""
        self._store.transaction(lambda connection: self._write(connection, batches))

    def _write(self, connection: psycopg.Connection, batches: Sequence[JudgedFrames]) -> None:
        observations: list[Observation] = []
        for batch in sorted(batches, key=lambda batch: (batch.topic, batch.partition, batch.first_offset)):
            start = position(connection, self._flow, batch.topic, batch.partition)
            if batch.next_offset <= start:
                continue
            rows = zip(batch.origins, batch.observations, strict=True)
            observations += [row for origin, row in rows if origin >= start]
            rejected = [each for each in batch.rejected if each.offset >= start]
            insert_rejected(connection, rejected)
            _insert_snapshots(connection, batch.snapshots)
            _keep_paces(connection, batch.paces)
            _keep_pictures(connection, batch.pictures)
            advance(connection, self._flow, _step(batch, start, len(rejected)))
        self._observations.write(connection, observations)

    def close(self) -> None:
        """Close the connection."""
        self._store.close()


def _step(seen: JudgedFrames, start: int, rejected: int) -> Advance:
    """What the batch adds from `start` on; offsets before its first were skipped unread, and what was passed over was not opened."""
    first = max(start, seen.first_offset)
    counts = (_from(first, seen.observed), _from(first, seen.duplicates), _from(first, seen.still))
    observed, duplicates, still = counts
    return Advance(
        seen.topic,
        seen.partition,
        seen.next_offset,
        read=sum(counts) + rejected,
        stored=observed,
        rejected=rejected,
        duplicates=duplicates,
        still=still,
        dropped=first - start + _from(first, seen.passed),
    )


def _from(start: int, offsets: list[int]) -> int:
    return sum(offset >= start for offset in offsets)


def _insert_snapshots(connection: psycopg.Connection, snapshots: list[Snapshot]) -> None:
    if not snapshots:
        return
    with connection.cursor() as cursor:
        cursor.executemany(
            "insert into snapshot (alert, seq, at, camera, people, jpeg) values (%s, %s, %s, %s, %s, %s)"
            " on conflict do nothing",
            [
                (snapshot.alert, snapshot.seq, snapshot.at, snapshot.camera, snapshot.people, snapshot.jpeg)
                for snapshot in snapshots
            ],
        )


def _keep_pictures(connection: psycopg.Connection, pictures: list[CameraPicture]) -> None:
    """One row a camera; a replay puts no older picture over a newer one."""
    if not pictures:
        return
    with connection.cursor() as cursor:
        cursor.executemany(
            """
            insert into camera_picture (camera, at, jpeg, caption) values (%s, %s, %s, %s)
            on conflict (camera) do update set
              at = excluded.at, jpeg = excluded.jpeg, caption = excluded.caption, kept_at = now()
            where excluded.at >= camera_picture.at
            """,
            [(picture.camera, picture.at, picture.jpeg, picture.caption) for picture in pictures],
        )


def _keep_paces(connection: psycopg.Connection, paces: list[Pace]) -> None:
    if not paces:
        return
    with connection.cursor() as cursor:
        cursor.executemany(
            """
            insert into camera_pace (camera, at, every_s, wanted_s, share, held, wished, rising, busy)
            values (%s, %s, %s, %s, %s, %s, %s, %s, %s)
            on conflict (camera) do update set
              at = excluded.at, every_s = excluded.every_s, wanted_s = excluded.wanted_s, share = excluded.share,
              held = excluded.held, wished = excluded.wished, rising = excluded.rising, busy = excluded.busy,
              told_at = now()
            """,
            [
                (
                    *(pace.camera, pace.at, pace.every_s, pace.wanted_s, pace.share),
                    *(pace.held, pace.wished, pace.rising, pace.busy),
                )
                for pace in paces
            ],
        )


def camera_sink(dsn: str) -> StoreSink[JudgedFrames]:
    """The flow's end in the store."""
    return StoreSink(lambda: PictureWriter(dsn), lambda one: one.read)
