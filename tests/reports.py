"""The flow places in memory: reports of telemetry as records of `testimony`, in any order of their partitions."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import msgspec

from models.places.listen import Commune, Placed, listen, waited
from models.places.report import Reporter, picked
from models.places.scene import scene
from models.telemetry.batch import RawBatch
from models.telemetry.judge import judge
from models.telemetry.partition import PARTITIONS
from models.telemetry.sensor import Shard, plan
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


def records(lines: Sequence[Line]) -> list[RawBatch]:
    """Each line as a batch of its own, as a topic numbers them."""
    offsets: dict[int, int] = defaultdict(int)
    found = []
    for partition, value in lines:
        offset = offsets[partition]
        offsets[partition] += 1
        found.append(RawBatch("testimony", partition, [offset], [value], [None], [0], offset + 1))
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
