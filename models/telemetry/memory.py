"""What the flow remembers, kept a station at a time.

    records ── spoke ────> those stations wake, each kept under a key of its own
    time ───── touched ──> kept with the partition until it is the station's turn to wake

A snapshot of a whole partition grows with the commune and is made each second: 883 ms at 2,500 stations of twelve sensors. What
spoke in that second is small. Whatever changes is, at the end of its second, either awake or touched.
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
"""Touched stations that wake at a tick: ten thousand that fell silent at once are kept within a minute."""


class Wake(NamedTuple):
    """A station that is to be kept with the snapshot of this second."""

    partition: int
    station: str


class Kept(NamedTuple):
    """A snapshot: of one station, or (None) of the touched ones of a partition."""

    partition: int
    station: str | None
    states: Shard


@dataclass(slots=True)
class Partition:
    """The memory of one; `touched`: what time has changed since the station was last kept by itself."""

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
    """Judge a batch against its partition's memory, and note what changed without having spoken."""
    before = len(memory.shard)
    judged = judge(plan, memory.shard, batch)
    if judged.beats or (SITE, SITE) in memory.shard:
        memory.touched.add(SITE)  # the time of the partition itself
    if batch.tick_ms is not None:
        told = (judged.derived, judged.verdicts, judged.floods)
        changed = {one.source for kind in told for one in kind} | {one.station for one in judged.changes}
        if len(memory.shard) > before:
            changed |= {station for station, _code in islice(memory.shard, before, None)}
        memory.touched |= changed - spoke(known, batch)
    return judged


def of_station(plan: Plan, shard: Shard, station: str) -> Shard:
    """All that is remembered of one station."""
    sensors = plan.get(station, {})
    site = next((one.site for one in sensors.values() if one.site is not None), None)
    codes = (*sensors, *(site.derived if site is not None else ()), SITE)
    return {(station, code): shard[station, code] for code in codes if (station, code) in shard}


def kept(plan: Plan, memory: Partition, partition: int, station: str | None) -> Kept:
    """What a snapshot of this key holds."""
    if station is not None:
        return Kept(partition, station, of_station(plan, memory.shard, station))
    states: Shard = {}
    for one in memory.touched:
        states |= of_station(plan, memory.shard, one)
    return Kept(partition, None, states)


def restore(memory: Partition, snapshot: Kept) -> None:
    """Take a snapshot back. They come in any order; what is touched is newer than what the station has by itself."""
    if snapshot.station is None:
        memory.touched |= {station for station, _code in snapshot.states}
        memory.shard.update(snapshot.states)
    elif snapshot.station not in memory.touched:
        memory.shard.update(snapshot.states)
