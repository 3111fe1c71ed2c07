"""A small world around the judgement: arrivals go in, what the store would hold and what people would hear come out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from connectors.commune import load
from models.envelope.batch import RawBatch
from models.envelope.partition import partition_of
from models.envelope.reading import BEAT, Reading
from models.places.report import picked, without_silences
from models.places.scene import Scene, scene
from models.places.testimonies import KEPT_MS
from models.places.witnesses import Memory, hear
from models.telemetry.judge import judge
from models.telemetry.plan import plan
from models.telemetry.sensor import BRIDGE, INTAKE, Plan, Shard
from models.telemetry.ways import PROMISE_S

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from models.alerting.alert import AlertChange
    from models.commune.configuration import Commune
    from models.telemetry.batch import Judged, Withdrawn

COMMUNE = Path(__file__).parents[2] / "commune"
SECOND, MINUTE, HOUR, DAY = 1000, 60_000, 3_600_000, 86_400_000
T0 = 1_790_000_000_000 // DAY * DAY - 7 * HOUR
"""Midnight in Vietnam, in September 2026."""
OWN = ("clock_offset",)
"""Derived values that tell of arrivals and not of what was measured."""


@lru_cache(maxsize=1)
def example() -> Commune:
    """The commune of infra/commune."""
    return load(COMMUNE)


class Told(NamedTuple):
    """What a station measured: event time (ms), station, parameter, value, state of the instrument, counter."""

    at_ms: int
    station: str
    code: str
    value: float
    status: int = 0
    seq: int = -1
    stamp_ms: int | None = None
    """What its clock said, where that is another time."""


class Arrival(NamedTuple):
    """A record, when it came, and what it is of; a beat is of a way."""

    came_ms: int
    told: Told


def beats(
    from_ms: int, to_ms: int, every_ms: int = MINUTE, ways: Sequence[str] = (BRIDGE, INTAKE)
) -> list[Arrival]:
    """The beats of the ways; they are in every partition."""
    return [
        Arrival(at, Told(at, way, BEAT, max(PROMISE_S, 10 * every_ms / 1000)))
        for at in range(from_ms, to_ms, every_ms)
        for way in ways
    ]


def in_time(told: Iterable[Told], delay_ms: int = SECOND) -> list[Arrival]:
    """Each comes a moment after it was measured."""
    return [Arrival(one.at_ms + delay_ms, one) for one in told]


@dataclass(slots=True)
class World:
    """The store's tables and the list of messages as they grow."""

    plan: Plan
    scene: Scene
    units: dict[tuple[str, str], str]
    shards: dict[int, Shard] = field(default_factory=dict)
    memory: Memory = field(default_factory=Memory)
    derived: dict[tuple[str, str, int], tuple[float, int, int]] = field(default_factory=dict)
    levels: dict[tuple[str, str, int], tuple[int, float]] = field(default_factory=dict)
    floods: dict[tuple[str, int], tuple[float, int | None, float]] = field(default_factory=dict)
    changes: list[AlertChange] = field(default_factory=list)
    judged: list[Judged] = field(default_factory=list)
    offsets: dict[int, int] = field(default_factory=dict)

    def take(self, arrivals: Sequence[Arrival], tick_ms: int | None) -> None:
        """One batch in each partition: its records, then (with `tick_ms`) nothing more to read."""
        groups: dict[int, list[Arrival]] = (
            {partition: [] for partition in self.partitions()} if tick_ms is not None else {}
        )
        for arrival in arrivals:
            beat = arrival.told.station in (BRIDGE, INTAKE)
            for partition in self.partitions() if beat else (partition_of(arrival.told.station),):
                groups.setdefault(partition, []).append(arrival)
        for partition, group in sorted(groups.items()):
            self._batch(partition, group, tick_ms)

    def partitions(self) -> list[int]:
        """Those of the stations."""
        return sorted({partition_of(one) for one in self.plan} | {partition_of("platform")})

    def _batch(self, partition: int, group: list[Arrival], tick_ms: int | None) -> None:
        first = self.offsets.get(partition, 0)
        self.offsets[partition] = first + len(group)
        batch = RawBatch(
            "readings",
            partition,
            [first + i for i in range(len(group))],
            [self._payload(arrival.told) for arrival in group],
            [arrival.told.station.encode() for arrival in group],
            [arrival.came_ms for arrival in group],
            first + len(group),
            tick_ms,
        )
        judged = judge(self.plan, self.shards.setdefault(partition, {}), batch)
        self.judged.append(judged)
        apply(self, judged)
        self.changes += without_silences(judged).changes
        self.changes += hear(self.scene, self.memory, picked(self.scene, judged)).changes

    def _payload(self, told: Told) -> bytes:
        unit = self.units.get((told.station, told.code), "s")
        stamp = told.at_ms if told.stamp_ms is None else told.stamp_ms
        seq = told.seq if told.seq >= 0 else told.at_ms // 1000
        return msgspec.json.encode(
            Reading(1, told.station, seq, at(stamp), told.code, told.value, unit, told.status)
        )

    @property
    def rung(self) -> list[AlertChange]:
        """What people hear."""
        return [change for change in self.changes if not change.over]

    def told(self, *rules: str) -> list[tuple[str, int]]:
        """(verb, level) of what people hear by these rules, in order; none: by all."""
        return [(str(one.change), one.level) for one in self.rung if not rules or one.rule in rules]

    def values(self, code: str, station: str | None = None) -> dict[int, float]:
        """The stored values of a derived parameter by time (ms)."""
        return {
            at_ms: found[0]
            for (of, what, at_ms), found in sorted(self.derived.items())
            if what == code and station in (None, of)
        }

    @property
    def observations(self) -> int:
        """How many readings were stored."""
        return sum(len(judged.observations) for judged in self.judged)

    @property
    def refused(self) -> list[str]:
        """Why readings were refused."""
        return [str(each.reason) for judged in self.judged for each in judged.rejected]

    def place_levels(self) -> dict[str, list[tuple[int, int]]]:
        """(time, level) of what was said of each place."""
        return {
            name: [(step.at_ms, step.level) for step in own.steps] for name, own in self.memory.places.items()
        }


def world(commune: Commune | None = None, *, late_s: int = 86_400) -> World:
    """An empty world of a commune (default: the example)."""
    own = commune or example()
    units = {(station.id, each.code): each.unit for station in own.stations for each in station.parameters}
    return World(plan(own, late_s), scene(own), units)


def at(ms: int) -> datetime:
    """The instant of milliseconds after the epoch."""
    return datetime.fromtimestamp(ms / 1000, UTC)


def ms(instant: datetime) -> int:
    """Its milliseconds after the epoch."""
    return round(instant.timestamp() * 1000)


def apply(tables: World, judged: Judged) -> None:
    """What connectors/timescale does in SQL: drop what is withdrawn and not told again, then write what is told."""
    for gone in judged.withdrawn:
        _withdraw(tables, judged, gone)
    for row in judged.derived:
        tables.derived[row.source, row.parameter, ms(row.at)] = (row.value, row.flag, row.count)
    for step in judged.levels:
        tables.levels[step.source, f"{step.rule} {step.parameter}", ms(step.at)] = (step.level, step.value)
    for flood in judged.floods:
        key = flood.source, ms(flood.start)
        if flood.gone:
            tables.floods.pop(key, None)
        else:
            tables.floods[key] = (flood.peak, None if flood.end is None else ms(flood.end), flood.blind_s)


def _withdraw(tables: World, judged: Judged, gone: Withdrawn) -> None:
    start, end = ms(gone.start), ms(gone.end)
    still = {(one.source, one.parameter, ms(one.at)) for one in judged.derived}
    for key in list(tables.derived):
        station, code, when = key
        of = any(code.startswith(one[:-1]) if one.endswith("*") else code == one for one in gone.codes)
        if station == gone.source and of and start <= when <= end and key not in still:
            del tables.derived[key]
    if gone.rule:
        kept = {
            (level.source, f"{level.rule} {level.parameter}", ms(level.at))
            for level in judged.levels
            if level.rule == gone.rule
        }
        for key in list(tables.levels):
            station, name, when = key
            if (
                station == gone.source
                and name.split()[0] == gone.rule
                and start <= when <= end
                and key not in kept
            ):
                del tables.levels[key]


def played(
    arrivals: Iterable[Arrival], *, commune: Commune | None = None, step_ms: int = 5 * MINUTE, away: Sequence[tuple[int, int]] = (),
    ticks: bool = True, beating: bool = True, end_ms: int | None = None, late_s: int = 86_400,
) -> World:  # fmt: skip
    """Play arrivals, a batch each `step_ms`, until `end_ms` (default: 26 h after the last).

    `away`: spans in which our flow did not run: what came is read at once when it is back.
    """
    own = world(commune, late_s=late_s)
    records = sorted(arrivals, key=lambda arrival: arrival.came_ms)
    if not records:
        return own
    start, last = records[0].came_ms, max(record.came_ms for record in records if record.told.code != BEAT)
    end_ms = last + 26 * HOUR if end_ms is None else end_ms
    if beating:
        records = sorted([*beats(start, end_ms), *records], key=lambda beat: beat.came_ms)
    place, now, coarse = 0, start // step_ms * step_ms, max(step_ms, HOUR)
    while now < end_ms:
        now += step_ms if place < len(records) and now <= last else coarse
        if any(first <= now < until for first, until in away):
            continue
        first = place
        while place < len(records) and records[place].came_ms <= now:
            place += 1
        own.take(records[first:place], now if ticks or now > last else None)
    return own


def same(world: World, other: World) -> list[str]:
    """What differs between two worlds of what the readings say: derived values, levels, floods, places."""
    kinds: dict[str, tuple[dict[Any, Any], dict[Any, Any]]] = {
        "derived": (_measured(world), _measured(other)),
        "levels": (world.levels, other.levels),
        "floods": (world.floods, other.floods),
        "places": _remembered(world, other),
    }
    found: list[str] = []
    for kind, (left, right) in kinds.items():
        for key in sorted({*left, *right}, key=str):
            a, b = left.get(key), right.get(key)
            if a != b:
                found.append(f"{kind} {key}: {a} != {b}")
    return found


def _remembered(
    world: World, other: World
) -> tuple[dict[str, list[tuple[int, int]]], dict[str, list[tuple[int, int]]]]:
    """The levels of places, less those that one of both may have forgotten."""
    left, right = world.place_levels(), other.place_levels()
    kept_ms = max(each.now_ms for own in (world, other) for each in own.judged) - KEPT_MS
    for name in set(left) & set(right):
        count = min(len(left[name]), len(right[name]))
        for steps in (left[name], right[name]):
            extra = steps[: len(steps) - count]
            if all(at_ms < kept_ms for at_ms, _ in extra):
                del steps[: len(extra)]
    return left, right


def _measured(world: World) -> dict[tuple[str, str, int], tuple[float, int, int]]:
    return {key: value for key, value in world.derived.items() if key[1] not in OWN}
