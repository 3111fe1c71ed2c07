"""A flood at one place as the partitions of `readings` bring it: check, alarm, all-clear, then a link that is lost and comes back."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from models.envelope.batch import RawBatch
from models.envelope.partition import PARTITIONS, partition_of
from tests.builders import at, payload
from tests.models.places.test_witnesses import COMMUNE, MINUTE_MS, NOON_MS, Said, rain

if TYPE_CHECKING:
    from collections.abc import Sequence

UNITS = {each.code: each.unit for station in COMMUNE.stations for each in station.parameters}
FLOOD: tuple[Said, ...] = (
    *((minute, "kim-long", "river_level", 1.0) for minute in range(3, 124, 10)),
    *((minute, "mat-song", "water_pixels", 950.0) for minute in range(5, 124, 10)),
    *rain(60, 90),
    (61, "phu-oc", "river_level", 3.43),
    (62, "nguoi-01", "flooded", 1.0),
    *((minute, "phu-oc", "river_level", 3.5) for minute in range(71, 112, 10)),
    (100, "nguoi-01", "flooded", 0.0),
    *rain(120, 0),
    (121, "phu-oc", "river_level", 1.0),
    (221, "phu-oc", "river_level", 1.0),
    (222, "kim-long", "river_level", 1.0),
    (223, "mat-song", "water_pixels", 100.0),
)
"""After 123 minutes all are silent for longer than they may be."""
CUT_MIN = 66
"""The alarm is open: what the flow telemetry of version 0.1 remembered until here stands in BEFORE."""
BEFORE = Path(__file__).parent / "golden" / "recovery_of_witnesses"
"""Its recovery store, with the step `witnesses`, and all changes that it told of the whole story."""
CHANGES = BEFORE / "changes.json"
LAST_MIN = 225


def batches(said: Sequence[Said] = FLOOD, last_min: int = LAST_MIN) -> list[RawBatch]:
    """Each minute the readings of each partition as one batch, then the time to all partitions."""
    by_minute: dict[int, list[Said]] = defaultdict(list)
    for one in said:
        by_minute[one[0]].append(one)
    offsets = [0] * PARTITIONS
    found: list[RawBatch] = []
    for minute in range(last_min + 1):
        ms = NOON_MS + minute * MINUTE_MS
        groups: dict[int, list[Said]] = defaultdict(list)
        for one in by_minute[minute]:
            groups[partition_of(one[1])].append(one)
        for partition, group in sorted(groups.items()):
            first = offsets[partition]
            offsets[partition] += len(group)
            values = [
                payload(value, source=name, parameter=code, unit=UNITS[code], at=at(ms))
                for _, name, code, value in group
            ]
            found.append(
                RawBatch(
                    "readings", partition, list(range(first, offsets[partition])), values,
                    [one[1].encode() for one in group], [ms] * len(group), offsets[partition],
                )
            )  # fmt: skip
        found += [
            RawBatch("readings", partition, [], [], [], [], offsets[partition], ms + 1000)
            for partition in range(PARTITIONS)
        ]
    return found


def cut(all_batches: Sequence[RawBatch]) -> int:
    """The place of the first batch after CUT_MIN."""
    until_ms = NOON_MS + CUT_MIN * MINUTE_MS
    return next(
        i for i, batch in enumerate(all_batches) if max(batch.tick_ms or 0, *batch.stamps_ms, 0) > until_ms
    )
