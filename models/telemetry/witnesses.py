"""Witnesses of a flood across stations, neighbours that measure the same, and the link: what no partition sees alone.

    judged (all partitions) ── testimonies, by time ── finding ──> changes of the alert `witness:<place>:flood`
                            ├─ neighbours ───────────────────────> verdicts
                            └─ silences ─────────────────────────> outage of the link, then the silences
Two kinds of witnesses make an alarm (level 2), one a check (level 1); a gauge above the highest alarm level is an alarm by itself (Decision
18/2021). A gauge says flood as long as its own rule holds the level, with the rule's hold and hysteresis. Who falls silent or cannot
be used is unknown: that raises nothing and lowers nothing. All is a function of what was said and when, not of what came first.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from models.alerting.alert import AlertChange, Change, Kind
from models.alerting.change import Place, instant, of_news
from models.alerting.history import LATE_MS, Telling, follow, forget, rewind, settle
from models.alerting.rule import LevelState, Step, Use
from models.catalogue.derived import RAIN
from models.envelope.evidence import Evidence
from models.envelope.reading import Flag
from models.quality.checks import Test
from models.river.witness import NEEDED, Finding, State
from models.telemetry import link
from models.telemetry.batch import Judged, Verdict
from models.telemetry.consequence import QUIET_MS
from models.telemetry.link import LinkState
from models.telemetry.scene import Scene, scene
from models.telemetry.testimonies import KEPT_MS, Said, finding, times_of

if TYPE_CHECKING:
    from models.alerting.history import News, Point
    from models.river.configuration import FloodPlace

__all__ = ["Memory", "Scene", "hear", "picked", "scene"]

BY, RULE, PARAMETER = "telemetry", "witness", "flood"
BESIDE_MS = 1_800_000
"""Readings of two neighbours this far apart in time are compared."""
_GONE = 2**62


@dataclass(slots=True)
class Memory:
    """What was said of late, where each place's alert stands, and the newest usable value of each neighbour."""

    said: Said = field(default_factory=Said)
    places: dict[str, LevelState] = field(default_factory=dict)
    latest: dict[tuple[str, str], tuple[int, float]] = field(default_factory=dict)
    link: LinkState = field(default_factory=LinkState)
    words_ms: dict[str, int] = field(default_factory=dict)
    """When something new was last said of each place, by arrival."""
    newest: dict[str, tuple[int, int, bool]] = field(default_factory=dict)
    """Of each place the time of its newest word, and when that came."""


def picked(scene: Scene, judged: Judged) -> Judged | None:
    """What of a batch concerns anybody here; None: nothing."""
    concerned = scene.concerned
    observations = [one for one in judged.observations if (one.source, one.parameter) in concerned]
    derived = [
        one for one in judged.derived if one.parameter[:5] == "rain_" and (one.source, RAIN) in concerned
    ]
    levels = [one for one in judged.levels if scene.rules.get(one.source, ("",))[0] == one.rule]
    withdrawn = [one for one in judged.withdrawn if (one.source, RAIN) in concerned or one.rule]
    doubts = [one for one in judged.doubts if (one.source, one.parameter) in concerned]
    changes = [one for one in judged.changes if one.kind is Kind.SILENT]
    said = observations or derived or levels or withdrawn or doubts or changes or judged.heard
    if not said and judged.read:
        return None
    return msgspec.structs.replace(
        judged, read=0, observations=observations, origins=[], derived=derived, changes=changes,
        rejected=[], duplicates=[], verdicts=[], floods=[], levels=levels, withdrawn=withdrawn, doubts=doubts, beats=0,
    )  # fmt: skip


def without(judged: Judged) -> Judged:
    """A batch less the silences: they are told by `hear`, after the outage that may be behind them."""
    kept = [one for one in judged.changes if one.kind is not Kind.SILENT]
    return judged if len(kept) == len(judged.changes) else msgspec.structs.replace(judged, changes=kept)


def hear(scene: Scene, memory: Memory, judged: Judged) -> Judged:
    """Take what one partition has judged; the changes of the places' alerts, of the link, and the neighbours' verdicts."""
    verdicts: list[Verdict] = []
    for one in judged.observations:
        at_ms = round(one.at.timestamp() * 1000)
        if (one.source, one.parameter) in scene.neighbours and one.flag < Flag.FAIL:
            verdicts += _beside(scene, memory, one.source, one.parameter, at_ms, one.value)
        if one.flag < Flag.FAIL and at_ms >= memory.latest.get((one.source, one.parameter), (at_ms,))[0]:
            memory.latest[one.source, one.parameter] = (at_ms, one.value)
    earliest = memory.said.take(judged)
    changes = link.heard(memory.link, judged.heard)
    fallen = [one for one in judged.changes if one.change is Change.RAISE and not one.over]
    if fallen:
        changes += link.silent(memory.link, scene.pace_ms, judged.now_ms)
    changes += judged.changes
    for place in scene.places:
        # In the place of the earliest word that is new of any of its witnesses.
        from_ms = min((earliest[one] for one in times_of(scene, place) if one in earliest), default=_GONE)
        if from_ms != _GONE:
            memory.words_ms[place.id] = judged.now_ms
            changes += _judged(scene, memory, place, from_ms, judged)
        elif judged.now_ms - memory.words_ms.get(place.id, judged.now_ms) >= QUIET_MS:
            changes += _settled(scene, memory, place, judged.now_ms)
    if earliest:
        memory.said.forget(judged.now_ms - KEPT_MS)
    return Judged(
        judged.topic, judged.partition, judged.next_offset, 0, [], [], [], changes, [], [], verdicts
    )  # fmt: skip


class _PlaceRule:
    """A place's levels from its findings, in the shape of a rule; a `Point`'s value is the time of a finding."""

    __slots__ = ("_findings", "_hold_ms")

    def __init__(self, findings: dict[int, tuple[Finding, bool]], hold_ms: int) -> None:
        self._findings, self._hold_ms = findings, hold_ms

    def judge(self, state: LevelState, at_ms: int, _value: float, _use: Use = Use.BOTH) -> Step | None:
        found, law = self._findings[at_ms]
        flood, calm = _said(found, State.FLOOD), _said(found, State.NO_FLOOD)
        level = NEEDED if law else min(flood, NEEDED)
        before = state.reached
        # An alarm that a gauge alone made by law is ended by that gauge; else as many must say so as the level falls.
        heard = max(state.steps[-1].value, 1.0) if state.steps else before
        if level == before or (level < before and calm < min(before - level, heard)):
            state.easing_since = None
            return None
        if level < before:
            state.easing_since = at_ms if state.easing_since is None else state.easing_since
            if at_ms - state.easing_since < self._hold_ms:
                return None
        state.reached, state.easing_since = level, None
        return Step(before, level, float(max(level, before)), at_ms, float(flood))


def _said(found: Finding, state: State) -> int:
    return len({one.kind for one in found.heard if one.state is state})


def _judged(
    scene: Scene, memory: Memory, place: FloodPlace, from_ms: int, batch: Judged
) -> list[AlertChange]:
    """The changes that what was said since `from_ms` brings, the newest of it in `batch`."""
    now_ms = batch.now_ms
    state = memory.places.setdefault(place.id, LevelState())
    times = sorted({at for one in times_of(scene, place) for at in memory.said.since(one, from_ms)})
    findings = {at: finding(scene, memory.said, place, at) for at in times}
    again = bool(state.trail) and state.trail[-1][0] >= from_ms
    rewind(state, from_ms)
    hold_ms = max((scene.rules[one][1] for one in place.gauges if one in scene.rules), default=0)
    points: list[Point] = [(at, 0.0, Use.BOTH) for at in times]
    follow(_PlaceRule(findings, hold_ms), state, points)
    forget(state, now_ms - KEPT_MS)
    wait = bool(times) and now_ms - times[-1] > LATE_MS and _catching_up(memory, place, times[-1], now_ms)
    in_time = not batch.late and not again and not state.waiting
    news = settle(state, state.reached, Telling(now_ms, in_time, wait and not in_time, again))
    return [_change(place, one, finding(scene, memory.said, place, one.step.at_ms)[0]) for one in news]


def _catching_up(memory: Memory, place: FloodPlace, newest_ms: int, now_ms: int) -> bool:
    """Whether words of a place run faster than time: a backlog is being read; so are its first words, while they are old."""
    then_ms, came_ms, fast = memory.newest.get(place.id, (0, now_ms, True))
    if newest_ms > then_ms:
        fast = newest_ms - then_ms > 2 * (now_ms - came_ms)
        memory.newest[place.id] = newest_ms, now_ms, fast
    return fast


def _settled(scene: Scene, memory: Memory, place: FloodPlace, now_ms: int) -> list[AlertChange]:
    """No more of a backlog comes: tell what is late."""
    state = memory.places.get(place.id)
    if state is None or not state.waiting:
        return []
    news = settle(state, state.reached, Telling(now_ms))
    return [_change(place, one, finding(scene, memory.said, place, one.step.at_ms)[0]) for one in news]


def _change(place: FloodPlace, news: News, found: Finding) -> AlertChange:
    where = Place(BY, place.id, PARAMETER, "1")
    return of_news(where, RULE, Kind.FLOOD, news, [Evidence(line.vi, line.en) for line in found.evidence])


def _beside(scene: Scene, memory: Memory, station: str, code: str, at_ms: int, value: float) -> list[Verdict]:
    """QARTOD's neighbour test (test 13): too far from what the neighbour says at the same time is SUSPECT."""
    neighbour = scene.neighbours[station, code]
    known = memory.latest.get((neighbour.station, code))
    if known is None or abs(known[0] - at_ms) > BESIDE_MS or abs(known[1] - value) <= neighbour.apart:
        return []
    # Nobody knows which of the two is wrong.
    return [
        Verdict(instant(at_ms), station, code, Test.NEIGHBOUR.value, Flag.SUSPECT),
        Verdict(instant(known[0]), neighbour.station, code, Test.NEIGHBOUR.value, Flag.SUSPECT),
    ]
