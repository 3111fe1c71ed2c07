"""The flow places in memory: reports of telemetry as records of `testimony`, in any order of their partitions."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import msgspec

from models.envelope.batch import RawBatch
from models.envelope.partition import PARTITIONS
from models.places.listen import Commune, Placed, listen, waited
from models.places.report import Reporter, picked
from models.places.scene import scene
from models.telemetry.judge import judge
from models.telemetry.plan import plan
from models.telemetry.sensor import Shard
from tests.floods import COMMUNE, batches

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from models.alerting.alert import AlertChange

SCENE = scene(COMMUNE)
ORIGINS = waited(SCENE, range(PARTITIONS))
Line = tuple[int, bytes]
"""Partition and record of `testimony`."""


def reported(batches: Iterable[RawBatch], shards: dict[int, Shard] | None = None) -> list[Line]:
    """What telemetry writes to `testimony` when it judges the batches; `shards`: its memory."""
    laid, reporter = plan(COMMUNE), Reporter()
    shards = {} if shards is None else shards
    reports = (picked(SCENE, judge(laid, shards.setdefault(batch.partition, {}), batch)) for batch in batches)
    return [
        (report.partition, msgspec.json.encode(report))
        for report in reports
        if reporter.worth_telling(report)
    ]


def records(lines: Sequence[Line], together: int = 1) -> list[RawBatch]:
    """The lines as a topic numbers them, read so many at a time: a batch of each partition."""
    offsets: dict[int, int] = defaultdict(int)
    found = []
    for start in range(0, len(lines), together):
        values: dict[int, list[bytes]] = defaultdict(list)
        for partition, value in lines[start : start + together]:
            values[partition].append(value)
        for partition, read in values.items():
            first = offsets[partition]
            offsets[partition] += len(read)
            found.append(
                RawBatch(
                    "testimony", partition, list(range(first, offsets[partition])), read, [None] * len(read),
                    [0] * len(read), offsets[partition],
                )
            )  # fmt: skip
    return found


def ticks(wall_ms: int, commune: Commune) -> list[RawBatch]:
    """Nothing more to read in any partition, at a time of the wall clock."""
    read = commune.turns.read
    return [
        RawBatch("testimony", partition, [], [], [], [], read.get(partition, 0), wall_ms)
        for partition in range(PARTITIONS)
    ]


def heard(batches: Iterable[RawBatch], commune: Commune | None = None) -> list[Placed]:
    """What follows from batches of `testimony`."""
    commune = Commune() if commune is None else commune
    return [item for batch in batches for item in listen(SCENE, commune, ORIGINS, batch)]


def changes(items: Iterable[Placed]) -> list[AlertChange]:
    """The changes of alerts in order."""
    return [change for item in items for change in item.changes]


LINES = reported(batches())
"""The story of tests/floods.py as telemetry reports it."""
