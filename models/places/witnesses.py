"""What several sources say together: witnesses of a flood, neighbours that measure the same, and the link that all stations share.

    reports (all partitions) ── testimonies, by time ── finding ──> changes of the alert `witness:<place>:flood`
                             ├─ neighbours ───────────────────────> verdicts
                             └─ silences ─────────────────────────> outage of the link, then the silences
Two kinds of witnesses make an alarm (level 2), one a check (level 1); a gauge above the highest alarm level is an alarm by itself (Decision
18/2021). A gauge says flood as long as its own rule holds the level, with the rule's hold and hysteresis. A witness that falls silent or
cannot be used is unknown: the level is neither raised nor lowered by it. All is a function of what was said and when, not of what came first.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from models.alerting.alert import AlertChange, Change, Kind
from models.alerting.change import Place, instant, of_news
from models.alerting.history import LATE_MS, Telling, follow, forget, rewind, settle
from models.alerting.rule import LevelState, Step, Use
from models.envelope.evidence import Evidence
from models.envelope.reading import Flag
from models.places import link
from models.places.link import LinkState
from models.places.testimonies import KEPT_MS, Said, finding, times_of
from models.quality.checks import Test
from models.river.witness import NEEDED, Finding
from models.telemetry.batch import Verdict
from models.telemetry.consequence import QUIET_MS

if TYPE_CHECKING:
    from models.alerting.history import News, Point
    from models.places.report import PartitionReport
    from models.places.scene import Scene
    from models.river.configuration import FloodPlace

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


class Told(NamedTuple):
    """What follows from a report: changes of alerts, in order, and verdicts of the neighbours' test."""

    changes: list[AlertChange]
    verdicts: list[Verdict]


def hear(scene: Scene, memory: Memory, report: PartitionReport) -> Told:
    """Take what one partition reports; the changes of the places' alerts, of the link, and the neighbours' verdicts."""
    if report.only_progress:
        return Told([], [])
    verdicts = _neighbours(scene, memory, report)
    earliest = memory.said.take(report)
    changes = link.heard(memory.link, report.heard)
    if any(silence.change is Change.RAISE and not silence.over for silence in report.silences):
        changes += link.silent(memory.link, scene.pace_ms, report.now_ms)
    changes += report.silences
    for place in scene.places:
        # From the earliest time on of which any of its witnesses says something new.
        from_ms = min((earliest[key] for key in times_of(scene, place) if key in earliest), default=_GONE)
        if from_ms != _GONE:
            memory.words_ms[place.id] = report.now_ms
            changes += _judged(scene, memory, place, from_ms, report)
        elif report.now_ms - memory.words_ms.get(place.id, report.now_ms) >= QUIET_MS:
            changes += _settled(scene, memory, place, report.now_ms)
    if earliest:
        memory.said.forget(report.now_ms - KEPT_MS)
    return Told(changes, verdicts)


def _neighbours(scene: Scene, memory: Memory, report: PartitionReport) -> list[Verdict]:
    """Hold each new usable reading against its neighbour's, and remember the newest of each sensor."""
    verdicts: list[Verdict] = []
    for each in report.observations:
        key, at_ms = (each.source, each.parameter), round(each.at.timestamp() * 1000)
        if each.flag >= Flag.FAIL or memory.said.knows(each):
            continue
        if key in scene.neighbours:
            verdicts += _beside(scene, memory, key, at_ms, each.value)
        if at_ms >= memory.latest.get(key, (at_ms,))[0]:
            memory.latest[key] = (at_ms, each.value)
    return verdicts


class _PlaceRule:
    """A place's levels from its findings by time, in the shape of a rule: a `Point` carries only the time."""

    __slots__ = ("_findings", "_hold_ms")

    def __init__(self, findings: dict[int, tuple[Finding, bool]], hold_ms: int) -> None:
        self._findings, self._hold_ms = findings, hold_ms

    def judge(self, state: LevelState, at_ms: int, _value: float, _use: Use = Use.BOTH) -> Step | None:
        found, law = self._findings[at_ms]
        level, before = NEEDED if law else found.level, state.reached
        # An alarm that a gauge alone made by law may be ended by that gauge alone.
        raised_by = max(int(state.steps[-1].value), 1) if state.steps else before
        if level == before or (level < before and not found.may_fall(min(before - level, raised_by))):
            state.easing_since = None
            return None
        if level < before:
            state.easing_since = at_ms if state.easing_since is None else state.easing_since
            if at_ms - state.easing_since < self._hold_ms:
                return None
        state.reached, state.easing_since = level, None
        return Step(before, level, float(max(level, before)), at_ms, float(found.flood))


def _judged(
    scene: Scene, memory: Memory, place: FloodPlace, from_ms: int, report: PartitionReport
) -> list[AlertChange]:
    """The changes that follow from what was said of the time since `from_ms`, the newest of it in `report`."""
    now_ms = report.now_ms
    state = memory.places.setdefault(place.id, LevelState())
    times = sorted({at_ms for key in times_of(scene, place) for at_ms in memory.said.since(key, from_ms)})
    findings = {at_ms: finding(scene, memory.said, place, at_ms) for at_ms in times}
    again = bool(state.trail) and state.trail[-1][0] >= from_ms
    rewind(state, from_ms)
    hold_ms = max((scene.rules[gauge][1] for gauge in place.gauges if gauge in scene.rules), default=0)
    points: list[Point] = [(at_ms, 0.0, Use.BOTH) for at_ms in times]
    follow(_PlaceRule(findings, hold_ms), state, points)
    forget(state, now_ms - KEPT_MS)
    wait = bool(times) and now_ms - times[-1] > LATE_MS and _catching_up(memory, place, times[-1], now_ms)
    in_time = not report.late and not again and not state.waiting
    news = settle(state, state.reached, Telling(now_ms, in_time, wait and not in_time, again))
    return [_change(place, each, finding(scene, memory.said, place, each.step.at_ms)[0]) for each in news]


def _catching_up(memory: Memory, place: FloodPlace, newest_ms: int, now_ms: int) -> bool:
    """Whether the words of a place run faster than time: then a backlog is being read. Its first words, while they are old, count as one."""
    then_ms, came_ms, fast = memory.newest.get(place.id, (0, now_ms, True))
    if newest_ms > then_ms:
        fast = newest_ms - then_ms > 2 * (now_ms - came_ms)
        memory.newest[place.id] = newest_ms, now_ms, fast
    return fast


def _settled(scene: Scene, memory: Memory, place: FloodPlace, now_ms: int) -> list[AlertChange]:
    """Nothing more comes of a backlog: the changes that were held back as late."""
    state = memory.places.get(place.id)
    if state is None or not state.waiting:
        return []
    news = settle(state, state.reached, Telling(now_ms))
    return [_change(place, each, finding(scene, memory.said, place, each.step.at_ms)[0]) for each in news]


def _change(place: FloodPlace, news: News, found: Finding) -> AlertChange:
    where = Place(BY, place.id, PARAMETER, "1")
    return of_news(where, RULE, Kind.FLOOD, news, [Evidence(line.vi, line.en) for line in found.evidence])


def _beside(scene: Scene, memory: Memory, key: tuple[str, str], at_ms: int, value: float) -> list[Verdict]:
    """QARTOD's neighbour test (test 13): too far from what the neighbour says at the same time is SUSPECT."""
    (station, code), neighbour = key, scene.neighbours[key]
    known = memory.latest.get((neighbour.station, code))
    if known is None or abs(known[0] - at_ms) > BESIDE_MS or abs(known[1] - value) <= neighbour.apart:
        return []
    # Nobody knows which of the two is wrong.
    return [
        Verdict(instant(at_ms), station, code, Test.NEIGHBOUR.value, Flag.SUSPECT),
        Verdict(instant(known[0]), neighbour.station, code, Test.NEIGHBOUR.value, Flag.SUSPECT),
    ]
