"""Witnesses of a flood across stations, and neighbours that measure the same: what no partition sees alone.

    judged (all partitions) ── testimonies ── finding ──> changes of the alert `witness:<place>:flood`
                            └─ neighbours ─────────────> verdicts
Two kinds of witnesses make an alarm (level 2), one a check (level 1). Who falls silent changes nothing: only who says "no
flood" lowers a level, one for each step.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from models.alerting.alert import AlertChange, Change, Evidence, Kind
from models.alerting.change import Place, identity, instant
from models.quality.checks import Test
from models.river import witness
from models.river.alarm import AlarmLevel
from models.river.camera import seen
from models.river.rain import HOUR_MS, RainSum
from models.river.rain_risk import rain_risk
from models.river.testimony import BROKEN, of_camera, of_gauge, of_person, of_rain
from models.river.witness import State, Testimony, Witnesses
from models.telemetry.batch import Judged, Verdict
from models.telemetry.derived import RAIN, RIVER
from models.telemetry.reading import SCHEMA_VERSION, Flag

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from models.commune.configuration import Commune
    from models.quality.settings import Neighbour
    from models.river.configuration import FloodPlace, WaterCamera
    from models.river.rain_risk import RainBand

BY, RULE, PARAMETER = "telemetry", "witness", "flood"
FRESH_MS = {
    witness.Kind.GAUGE: HOUR_MS,
    witness.Kind.RAIN: HOUR_MS,
    witness.Kind.CAMERA: 2 * HOUR_MS,
    witness.Kind.PERSON: 6 * HOUR_MS,
}
"""How long a testimony holds; then its witness is unknown."""
BESIDE_MS = HOUR_MS // 2
"""Readings of two neighbours this far apart in time are compared."""
PIXELS, FLOODED = "water_pixels", "flooded"
_SILENCES = (Kind.SILENT, Kind.UNTRUSTED)


@dataclass(frozen=True, slots=True)
class Scene:
    """The configuration laid out: who speaks of which place, by (station, parameter)."""

    places: tuple[FloodPlace, ...]
    names: dict[str, str]
    alarms: dict[str, tuple[AlarmLevel, ...]]
    bands: tuple[RainBand, ...]
    cameras: dict[str, WaterCamera]
    concerned: frozenset[tuple[str, str]]
    neighbours: dict[tuple[str, str], Neighbour]


@dataclass(slots=True)
class Standing:
    """Where the alert of one place stands."""

    level: int = 0
    onset_ms: int = 0
    changes: int = 0


@dataclass(slots=True)
class Memory:
    """`latest`: newest usable value of each sensor that concerns; `rains`: sums by gauge, of one time."""

    witnesses: dict[str, Witnesses] = field(default_factory=dict)
    standing: dict[str, Standing] = field(default_factory=dict)
    latest: dict[tuple[str, str], tuple[int, float]] = field(default_factory=dict)
    rains: dict[str, tuple[int, dict[int, RainSum]]] = field(default_factory=dict)


def scene(commune: Commune) -> Scene | None:
    """Lay the configuration out; None where no place floods and no sensor has a neighbour."""
    rules = [one for one in commune.rules if one.parameter == RIVER]
    alarms = {
        station: tuple(AlarmLevel(level.level, level.raise_at) for level in one.levels)
        for one in rules
        for station in one.stations
    }
    cameras = {one.id: one for one in commune.water_cameras}
    neighbours = {
        (station.id, quality.parameter): quality.neighbour
        for quality in commune.quality
        if quality.neighbour is not None
        for station in commune.stations
        if station.id in quality.stations
    }
    concerned = {(one.station, code) for (_, code), one in neighbours.items()} | set(neighbours)
    for place in commune.flood_places:
        concerned |= {(one, RIVER) for one in place.gauges} | {(one, FLOODED) for one in place.persons}
        concerned |= {(one, PIXELS) for name in place.cameras for one in cameras[name].stations}
        concerned |= {(one, RAIN) for one in place.rains}
    if not concerned:
        return None
    names = {one.id: one.name for one in commune.stations}
    # A person is named by the hamlet, never by name.
    hamlets = {one.code: one.name for one in commune.hamlets}
    for place in commune.flood_places:
        for person in place.persons:
            own = next((one.hamlets for one in commune.stations if one.id == person), [])
            names[person] = hamlets.get(own[0], own[0]) if own else "?"
    return Scene(
        tuple(commune.flood_places), names, alarms, tuple(commune.rain_bands), cameras,
        frozenset(concerned), neighbours,
    )  # fmt: skip


def picked(scene: Scene, judged: Judged) -> Judged | None:
    """What of a batch concerns anybody here; None: nothing."""
    concerned = scene.concerned
    observations = [one for one in judged.observations if (one.source, one.parameter) in concerned]
    derived = [
        one for one in judged.derived if one.parameter[:5] == "rain_" and (one.source, RAIN) in concerned
    ]
    changes = [
        one for one in judged.changes if one.kind in _SILENCES and (one.station, one.parameter) in concerned
    ]
    if not (observations or derived or changes):
        return None
    return msgspec.structs.replace(
        judged, read=0, observations=observations, origins=[], derived=derived, changes=changes,
        rejected=[], duplicates=[], verdicts=[], floods=[],
    )  # fmt: skip


def hear(scene: Scene, memory: Memory, judged: Judged) -> Judged:
    """Take what one partition has judged; the changes of the places' alerts and the neighbours' verdicts."""
    verdicts: list[Verdict] = []
    told: list[tuple[FloodPlace, Testimony]] = []
    for one in judged.observations:
        at_ms = round(one.at.timestamp() * 1000)
        verdicts += _beside(scene, memory, one.source, one.parameter, one.at, at_ms, one.value)
        told += _said(scene, memory, one.source, one.parameter, at_ms, one.value, usable=one.flag < Flag.FAIL)
    for each in judged.derived:
        hours = int(each.parameter.removeprefix("rain_").removesuffix("h"))
        at_ms = round(each.at.timestamp() * 1000)
        before = memory.rains.get(each.source)
        if before is None or at_ms > before[0]:
            memory.rains[each.source] = before = (at_ms, {})
        if at_ms == before[0]:
            before[1][hours] = RainSum(hours, each.value, each.count / 100)
    for gauge in dict.fromkeys(one.source for one in judged.derived):
        told += _rained(scene, memory, gauge)
    for lost in judged.changes:
        if lost.change is Change.RAISE:
            at_ms = round(lost.at.timestamp() * 1000)
            told += _said(scene, memory, lost.station, lost.parameter, at_ms, 0.0, usable=False)
    changes = []
    for place, testimony in sorted(told, key=lambda pair: pair[1].at_ms):
        own = memory.witnesses.setdefault(place.id, Witnesses())
        if own.hear(testimony):
            changes += _moved(memory, place, own, testimony.at_ms)
    return Judged(
        judged.topic, judged.partition, judged.next_offset, 0, [], [], [], changes, [], [], verdicts
    )  # fmt: skip


def _said(
    scene: Scene, memory: Memory, station: str, code: str, at_ms: int, value: float, *, usable: bool
) -> Iterable[tuple[FloodPlace, Testimony]]:
    if usable and at_ms >= memory.latest.get((station, code), (at_ms, 0.0))[0]:
        memory.latest[station, code] = (at_ms, value)
    name = scene.names.get(station, station)
    for place in scene.places:
        if code == RIVER and station in place.gauges:
            level = value if usable else None
            yield place, of_gauge(name, at_ms, level, scene.alarms.get(station, ()), place.flood_from)
        elif code == FLOODED and station in place.persons and usable:
            yield place, of_person(name, at_ms, flooded=value >= 0.5)
        elif code == PIXELS:
            yield from ((place, one) for one in _looked(scene, memory, place, station, at_ms, usable=usable))
        elif code == RAIN and station in place.rains and not usable:
            yield place, Testimony(witness.Kind.RAIN, name, State.UNKNOWN, at_ms, BROKEN)


def _looked(
    scene: Scene, memory: Memory, place: FloodPlace, station: str, at_ms: int, *, usable: bool
) -> Iterable[Testimony]:
    """A camera speaks when the counts of all its regions are of one time."""
    for camera in (scene.cameras[name] for name in place.cameras):
        if station not in camera.stations:
            continue
        if not usable:
            yield Testimony(witness.Kind.CAMERA, camera.name, State.UNKNOWN, at_ms, BROKEN)
            continue
        counts = [memory.latest.get((one, PIXELS)) for one in camera.stations]
        together = tuple(round(one[1]) for one in counts if one is not None and one[0] == at_ms)
        if len(together) == len(camera.stations):
            local = instant(at_ms + round(camera.utc_offset_h * HOUR_MS))
            yield of_camera(camera.name, at_ms, seen(camera.rule, local, together))


def _rained(scene: Scene, memory: Memory, station: str) -> Iterable[tuple[FloodPlace, Testimony]]:
    at_ms, sums = memory.rains[station]
    risk = rain_risk(sums.values(), scene.bands)
    for place in scene.places:
        if station in place.rains:
            yield place, of_rain(scene.names.get(station, station), at_ms, risk, place.rain_from)


def _moved(memory: Memory, place: FloodPlace, own: Witnesses, at_ms: int) -> list[AlertChange]:
    """The change, if any, that the newest testimony brings."""
    finding = own.finding(at_ms, FRESH_MS)
    said = {
        state: len({one.kind for one in finding.heard if one.state is state})
        for state in (State.FLOOD, State.NO_FLOOD)
    }
    flood, calm = said[State.FLOOD], said[State.NO_FLOOD]
    standing = memory.standing.setdefault(place.id, Standing())
    level, before = min(flood, witness.NEEDED), standing.level
    if level == before or (level < before and calm < before - level):
        return []
    if not before:
        standing.onset_ms, standing.changes = at_ms, 0
    standing.level, standing.changes = level, standing.changes + 1
    where = Place(BY, place.id, PARAMETER, "1")
    alert = identity(RULE, where, standing.onset_ms)
    change = _verb(before, level)
    limit = float(max(level, before) if level < before else level)
    evidence = [Evidence(line.vi, line.en) for line in finding.evidence]
    return [
        AlertChange(
            SCHEMA_VERSION, BY, standing.changes, instant(at_ms), alert, RULE, Kind.FLOOD, place.id, PARAMETER,
            change, level, before, float(flood), limit, "1", evidence,
        )
    ]  # fmt: skip


def _verb(before: int, level: int) -> Change:
    if not before:
        return Change.RAISE
    if not level:
        return Change.CLEAR
    return Change.WORSE if level > before else Change.BETTER


def _beside(
    scene: Scene, memory: Memory, station: str, code: str, at: datetime, at_ms: int, value: float
) -> list[Verdict]:
    """QARTOD's neighbour test (test 13): too far from what the neighbour says at the same time is SUSPECT."""
    neighbour = scene.neighbours.get((station, code))
    if neighbour is None:
        return []
    known = memory.latest.get((neighbour.station, code))
    if known is None or abs(known[0] - at_ms) > BESIDE_MS or abs(known[1] - value) <= neighbour.apart:
        return []
    # Nobody knows which of the two is wrong.
    return [
        Verdict(at, station, code, Test.NEIGHBOUR.value, Flag.SUSPECT),
        Verdict(instant(known[0]), neighbour.station, code, Test.NEIGHBOUR.value, Flag.SUSPECT),
    ]
