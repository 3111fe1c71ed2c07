"""Listen to the topic `testimony`: read reports, hear each in its turn, say what follows.

    RawBatch ── read ──┬── refused ───────────────> rejected
                       └── take ── released, hear ──> changes, verdicts
A record is done when it has been heard: the position that is stored is before the first one that still waits for its turn.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from models.alerting.alert import AlertChange
from models.envelope.batch import rejected
from models.envelope.reading import SCHEMA_VERSION
from models.envelope.refusal import unreadable
from models.envelope.rejected import Rejected
from models.places.report import CAMERAS, TELEMETRY, PartitionReport
from models.places.turns import Origin, Turns, nothing_waits, position, released, take
from models.places.witnesses import Memory, hear
from models.telemetry.batch import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from models.envelope.batch import RawBatch
    from models.places.scene import Scene

NAME = "places"
_decode = msgspec.json.Decoder(PartitionReport).decode


class Placed(msgspec.Struct, gc=False):
    """What follows from a batch of `testimony`.

    `next_offset`: all before it has been heard; `first_offset`: the first that was ever read of the partition. `moved` is whether the
    position is a new one.
    """

    topic: str
    partition: int
    first_offset: int
    next_offset: int
    moved: bool
    changes: list[AlertChange]
    verdicts: list[Verdict]
    rejected: list[Rejected]


@dataclass(slots=True)
class Commune:
    """All that the flow remembers: what was said, whose turn it is, and the positions that were told to the store."""

    memory: Memory = field(default_factory=Memory)
    turns: Turns = field(default_factory=Turns)
    positions: dict[int, int] = field(default_factory=dict)


def waited(scene: Scene, partitions: Iterable[int]) -> frozenset[Origin]:
    """Who must have told of the time before a report is heard: all partitions of telemetry, and of cameras where one is a witness."""
    sources = (TELEMETRY, CAMERAS) if scene.watching else (TELEMETRY,)
    return frozenset(Origin(source, partition) for partition in partitions for source in sources)


def listen(scene: Scene, commune: Commune, origins: frozenset[Origin], batch: RawBatch) -> list[Placed]:
    """Take a batch of one partition; what follows from it, then the partitions whose position it has moved.

    `origins`: who is waited for (see `waited`); empty: reports are heard as they are read. The batch's `tick_ms` is the wall clock.
    """
    turns = commune.turns
    turns.began.setdefault(batch.partition, batch.offsets[0] if batch.offsets else batch.next_offset)
    refused = [why for i in range(len(batch.offsets)) if (why := _take(turns, batch, i)) is not None]
    turns.read[batch.partition] = batch.next_offset
    if batch.offsets:
        turns.caught_up.discard(batch.partition)
    if batch.tick_ms is not None:
        nothing_waits(turns, batch.partition, batch.tick_ms, origins)
    found = Placed(batch.topic, batch.partition, 0, 0, False, [], [], refused)
    for report in released(turns, origins):
        told = hear(scene, commune.memory, report)
        found.changes.extend(told.changes)
        found.verdicts.extend(told.verdicts)
    others = [
        Placed(batch.topic, partition, 0, 0, False, [], [], [])
        for partition in sorted(turns.read)
        if partition != batch.partition
    ]
    for item in (found, *others):
        item.first_offset = turns.began[item.partition]
        item.next_offset = position(turns, item.partition)
        item.moved = item.next_offset != commune.positions.get(item.partition)
        commune.positions[item.partition] = item.next_offset
    return [found, *(item for item in others if item.moved)]


def _take(turns: Turns, batch: RawBatch, i: int) -> Rejected | None:
    value = batch.values[i]
    try:
        report = _decode(value)
        if report.v != SCHEMA_VERSION:
            msg = f"v: expected {SCHEMA_VERSION}, found {report.v}"
            raise msgspec.ValidationError(msg)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        why = unreadable(
            value, error if isinstance(error, msgspec.MsgspecError) else msgspec.DecodeError(str(error))
        )
        return rejected(NAME, batch, (batch.offsets[i], value, batch.keys[i], batch.stamps_ms[i]), why)
    take(turns, batch.partition, batch.offsets[i], report)
    return None
