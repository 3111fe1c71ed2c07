"""What rules may use of a sensor's readings, in the order of their time, and what they were told of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from models.alerting.change import Place, told
from models.alerting.history import follow, forget, rewind, settle
from models.alerting.rule import LevelState, Use
from models.envelope.reading import Flag
from models.quality.trust import trusted
from models.telemetry.batch import Derived, LevelRow, Withdrawn
from models.telemetry.seen import FLAG
from models.telemetry.sensor import SensorState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.alerting.history import Point, Telling
    from models.alerting.rule import Limits
    from models.telemetry.out import Out
    from models.telemetry.sensor import Sensor, Shard, Site

NAME = "telemetry"
_FAIL, _SUSPECT = int(Flag.FAIL), int(Flag.SUSPECT)
_BOTH, _RAISE_ONLY = Use.BOTH, Use.RAISE_ONLY


def usable(state: SensorState, after_ms: int, until_ms: int = 2**62) -> list[Point]:
    """The readings after `after_ms` that may be used: none that failed a test or whose sensor is not trusted that day.

    What is suspect may raise a level and never lowers one.
    """
    seen, trust = state.seen, state.trust
    times, values, marks = seen.times, seen.values, seen.marks
    places = seen.between(after_ms, until_ms)
    if not trust.poor:
        return [
            (times[i], values[i], _BOTH if mark < _SUSPECT else _RAISE_ONLY)
            for i in places
            if (mark := marks[i] & FLAG) < _FAIL
        ]
    return [
        (times[i], values[i], _BOTH if mark < _SUSPECT else _RAISE_ONLY)
        for i in places
        if (mark := marks[i] & FLAG) < _FAIL and trusted(trust, times[i])
    ]


def of(shard: Shard, site: Site, code: str, after_ms: int, until_ms: int = 2**62) -> list[Point]:
    """The same of a parameter of a station; nothing where it never spoke."""
    state = shard.get((site.station, code))
    return [] if state is None else usable(state, after_ms, until_ms)


def previous(shard: Shard, site: Site, code: str, before_ms: int) -> int | None:
    """The time of the last reading before `before_ms` that may be used, as far as readings are remembered."""
    state = shard.get((site.station, code))
    if state is None:
        return None
    seen = state.seen
    for i in range(seen.place(before_ms) - 1, -1, -1):
        if seen.marks[i] & FLAG < _FAIL and trusted(state.trust, seen.times[i]):
            return seen.times[i]
    return None


def watch(
    sensor: Sensor, state: SensorState, rules: Sequence[Limits], from_ms: int, points: list[Point], out: Out,
    telling: Telling,
) -> None:  # fmt: skip
    """Let rules see the values of `sensor` from `from_ms` on: `points` are all of them, in the order of time."""
    for limits in rules:
        level = state.levels.get(limits.rule.id)
        if level is None:
            level = state.levels[limits.rule.id] = LevelState()
        moved = bool(level.trail) and level.trail[-1][0] >= from_ms
        if moved:
            if level.steps and level.steps[-1].at_ms >= from_ms:
                span = instant(from_ms), instant(level.steps[-1].at_ms)
                out.withdrawn.append(Withdrawn(sensor.station, [], *span, rule=limits.rule.id))
            rewind(level, from_ms)
        steps = follow(limits, level, points)
        code = sensor.parameter.code
        out.levels += [
            LevelRow(instant(step.at_ms), sensor.station, code, limits.rule.id, step.level, step.value)
            for step in steps
        ]
        if steps or moved or level.waiting:
            # What was held back of a backlog is late, though the reading that ends it came in time.
            how = telling._replace(in_time=False) if level.waiting else telling
            tell(sensor, limits, level, out, how)
            forget(level, from_ms - sensor.span_ms)


def tell(sensor: Sensor, limits: Limits, level: LevelState, out: Out, telling: Telling) -> None:
    """Tell the steps of a rule that people have not been told."""
    news = settle(level, limits.number(level.reached), telling)
    if news:
        place = Place(NAME, sensor.station, sensor.parameter.code, sensor.parameter.unit)
        out.changes += [told(place, limits.rule, one) for one in news]


class Reckoning:
    """Values that are reckoned of one station from `from_ms` on: rows for the store, points for the rules on them."""

    __slots__ = ("from_ms", "out", "points", "shard", "site")

    def __init__(self, site: Site, shard: Shard, from_ms: int, out: Out) -> None:
        self.site, self.shard, self.from_ms, self.out = site, shard, from_ms, out
        self.points: dict[str, list[Point]] = {}

    def emit(
        self, code: str, at_ms: int, value: float, unit: str, count: int, *, at_least: bool = False
    ) -> None:
        """A value of `at_ms` (event time); `count` is what it was made from.

        `at_least`: the truth may be higher. It is flagged SUSPECT, and may raise an alert but ends none.
        """
        flag = Flag.SUSPECT if at_least else Flag.GOOD
        self.out.derived.append(Derived(instant(at_ms), self.site.station, code, value, unit, flag, count))
        self.see(code, at_ms, value, _RAISE_ONLY if at_least else _BOTH)

    def see(self, code: str, at_ms: int, value: float, use: Use) -> None:
        """Show a value to the rules on `code` alone."""
        if code in self.site.watched:
            self.points.setdefault(code, []).append((at_ms, value, use))

    def close(self, codes: Sequence[str], again_until_ms: int | None, telling: Telling) -> None:
        """All of `codes` (a `*` ends a prefix) are told; `again_until_ms`: up to there they had been told before."""
        if again_until_ms is not None:
            station, start = self.site.station, instant(self.from_ms)
            self.out.withdrawn.append(Withdrawn(station, list(codes), start, instant(again_until_ms)))
        for code in self.site.watched:
            if _among(code, codes) and (code in self.points or again_until_ms is not None):
                sensor = self.site.derived[code]
                state = self.shard.get(sensor.key)
                if state is None:
                    state = self.shard[sensor.key] = SensorState()
                points = self.points.get(code, [])
                how = telling._replace(again=again_until_ms is not None)
                watch(sensor, state, sensor.each, self.from_ms, points, self.out, how)


def _among(code: str, codes: Sequence[str]) -> bool:
    return any(code.startswith(one[:-1]) if one.endswith("*") else code == one for one in codes)


def instant(at_ms: int) -> datetime:
    """Milliseconds after the epoch as an instant."""
    return datetime.fromtimestamp(at_ms / 1000, UTC)
