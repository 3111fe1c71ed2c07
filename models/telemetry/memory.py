"""The state of the telemetry flow, split so that a snapshot holds only what has changed.

    a record of a station ────> the station's state goes into a snapshot of its own
    time alone (a silence) ───> its state goes into the partition's snapshot, with the other stations that changed so

The engine makes a snapshot each second. One of a whole partition grows with the commune: 883 ms at 2,500 stations of twelve sensors; the
stations that sent something within a second are few. At the end of each second every state that has changed is in one of the two: in its
station's snapshot, or in the set `touched` of its partition. Out of that set TURNS stations a tick move into snapshots of their own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from models.telemetry.judge import judge
from models.telemetry.sensor import SITE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from models.envelope.batch import RawBatch
    from models.telemetry.batch import Judged
    from models.telemetry.sensor import Plan, Shard

TURNS = 50
"""Stations that move at a tick from their partition's snapshot into their own: ten thousand that fell silent at once have moved within a minute."""


class Wake(NamedTuple):
    """A station whose state goes into a snapshot of its own at the end of this second."""

    partition: int
    station: str


class Kept(NamedTuple):
    """The content of a snapshot: the state of one station, or (station None) of the stations in `touched` of a partition."""

    partition: int
    station: str | None
    states: Shard


@dataclass(slots=True)
class Partition:
    """The state of one partition; `touched`: the stations that time alone has changed since their own last snapshot."""

    shard: Shard = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)


class _Sender(msgspec.Struct):
    source: str


_sender = msgspec.json.Decoder(_Sender).decode


def spoke(known: Mapping[bytes, str], batch: RawBatch) -> set[str]:
    """The stations of a batch's records, by their keys; `known`: the plan's stations by key."""
    found = {known[key] for key in set(batch.keys) if key is not None and key in known}
    if None in batch.keys:
        found |= set(_nameless(known, batch))
    return found


def _nameless(known: Mapping[bytes, str], batch: RawBatch) -> Iterable[str]:
    for key, value in zip(batch.keys, batch.values, strict=True):
        if key is None:
            try:
                station = known.get(_sender(value).source.encode())
            except (msgspec.MsgspecError, UnicodeError, RecursionError):
                continue  # the judgement refuses it by name
            if station is not None:
                yield station


def remember(plan: Plan, known: Mapping[bytes, str], memory: Partition, batch: RawBatch) -> Judged:
    """Judge a batch with the state of its partition; stations that changed though no record of theirs came are put into `touched`."""
    before = len(memory.shard)
    judged = judge(plan, memory.shard, batch)
    if judged.beats or (SITE, SITE) in memory.shard:
        memory.touched.add(SITE)  # the time of the partition itself
    if batch.tick_ms is not None:
        told = (judged.derived, judged.verdicts, judged.floods)
        changed = {one.source for kind in told for one in kind} | {
            change.station for change in judged.changes
        }
        if len(memory.shard) > before:
            changed |= {station for station, _code in islice(memory.shard, before, None)}
        memory.touched |= changed - spoke(known, batch)
    return judged


def of_station(plan: Plan, shard: Shard, station: str) -> Shard:
    """The state of one station: of the station as a whole and of its sensors, by their keys."""
    sensors = plan.get(station, {})
    site = next((sensor.site for sensor in sensors.values() if sensor.site is not None), None)
    codes = (*sensors, *(site.derived if site is not None else ()), SITE)
    return {(station, code): shard[station, code] for code in codes if (station, code) in shard}


def kept(plan: Plan, memory: Partition, partition: int, station: str | None) -> Kept:
    """The content of the snapshot of this key: of a station, or of a partition's touched stations."""
    if station is not None:
        return Kept(partition, station, of_station(plan, memory.shard, station))
    states: Shard = {}
    for one in memory.touched:
        states |= of_station(plan, memory.shard, one)
    return Kept(partition, None, states)


def restore(memory: Partition, snapshot: Kept) -> None:
    """Take a snapshot back after a start. They come in any order: of a station that is in both, the partition's is the newer state."""
    if snapshot.station is None:
        memory.touched |= {station for station, _code in snapshot.states}
        memory.shard.update(snapshot.states)
    elif snapshot.station not in memory.touched:
        memory.shard.update(snapshot.states)
