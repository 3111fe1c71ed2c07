"""Run one rule over one sensor's history with the very judgement of the flow: quality, status, trust, levels.

    measured ── judge_readings ───────────────────────────┐
    reckoned ─┬─ what it hangs on ── judge_readings ──────┼──> changes ── episodes
              └─ as it was stored, with its flag ── rule ─┘
Time is the history's own: each reading comes at its time and in its order, an hour closes when the next reading (or the end)
is late enough. So a replay tells the history of levels that the flow keeps in event time; what came late there has no age here.
"""

from __future__ import annotations

from heapq import merge
from itertools import repeat
from operator import itemgetter
from typing import TYPE_CHECKING

import msgspec

from models.air.aqi import Pollutant
from models.alerting.change import Place, instant, told
from models.alerting.history import Telling, follow, forget, settle
from models.alerting.rule import LevelState, Limits, Use
from models.catalogue.derived import UNITS
from models.commune.configuration import Commune, Parameter, Station
from models.envelope.period import HOUR_MS
from models.envelope.reading import SCHEMA_VERSION, Flag, Reading
from models.telemetry.hourly import GRACE_MS
from models.telemetry.judge import judge_readings
from models.telemetry.plan import HOURLY, plan
from models.telemetry.points import NAME
from models.telemetry.site import GROUPS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from models.alerting.alert import AlertChange
    from models.commune.configuration import Rule
    from models.quality.settings import Quality
    from models.telemetry.sensor import Shard

_NOBODY = Commune([], [], [], [], [])


class Track(msgspec.Struct, frozen=True):
    """What one sensor measured, in the order of event time: `at_ms` (UTC), `values` in the parameter's unit.

    `status`: the instrument's state (models.envelope.reading.Status) at each; none: it measured. `quality`: the settings of
    quality control of the sensor.
    """

    parameter: Parameter
    at_ms: Sequence[int]
    values: Sequence[float]
    status: Sequence[int] = ()
    quality: Quality | None = None


class Series(msgspec.Struct, frozen=True):
    """The history of what a rule watches at one station, in the order of event time: `at_ms` (UTC), `values` in its unit.

    `status` and `quality` as of `Track`. `parameter`: as this station has it, where that is not what the rule's first one has. Of
    what nobody sends: `flags` (models.envelope.reading.Flag) as it was stored, and `measured`, what it is reckoned from, the
    first of it before `from_ms`, where the history that is asked for begins; `commune` then says what else it hangs on.
    """

    station: str
    at_ms: Sequence[int]
    values: Sequence[float]
    status: Sequence[int] = ()
    quality: Quality | None = None
    parameter: Parameter | None = None
    flags: Sequence[int] = ()
    measured: Sequence[Track] = ()
    from_ms: int | None = None
    commune: Commune | None = None


class Episode(msgspec.Struct, frozen=True):
    """One alert from its raise to its end (None: still open at the end of the history)."""

    station: str
    start_ms: int
    end_ms: int | None
    reached: dict[int, int]
    """Level -> when it was first in force (ms)."""

    @property
    def peak(self) -> int:
        """The highest level."""
        return max(self.reached)


def changes(rule: Rule, parameter: Parameter, series: Series) -> list[AlertChange]:
    """What the flow would have put on `alerts` for this rule; silences are left out.

    What is reckoned from several readings is reckoned anew where those are at hand (`series.measured`). Else the stored
    values are judged with their flags: what is suspect ("at least") may raise and never lowers, as in the flow.
    """
    own = msgspec.structs.replace(rule, stations=[series.station])
    if series.measured:
        return _since(_judged(own, series.measured, series.station, series.commune), series.from_ms)
    watched = series.parameter or parameter
    if series.flags:
        return _followed(own, watched, series)
    track = Track(watched, series.at_ms, series.values, series.status, series.quality)
    return _judged(own, [track], series.station, None)


def inputs(code: str) -> frozenset[str] | None:
    """The parameters that a derived value of a rule is reckoned from; None: nobody reckons it, stations send it."""
    if code not in UNITS:
        return None
    for group in GROUPS:
        if any(code.startswith(one[:-1]) if one.endswith("*") else code == one for one in group.codes):
            return frozenset(group.of)
    return frozenset({*Pollutant, *HOURLY})


def _judged(rule: Rule, tracks: Sequence[Track], station: str, around: Commune | None) -> list[AlertChange]:
    """Through the judgement of the flow, with the other rules of the commune: a forecast hangs on their limits."""
    around = around or _NOBODY
    commune = msgspec.structs.replace(
        around,
        stations=[Station(station, station, [], [track.parameter for track in tracks])],
        rules=[rule, *(one for one in around.rules if one.id != rule.id)],
        quality=[
            msgspec.structs.replace(
                track.quality, parameter=track.parameter.code, stations=[], neighbour=None
            )
            for track in tracks
            if track.quality is not None
        ],
    )
    shard: Shard = {}
    last_ms = max((at_ms for track in tracks for at_ms in track.at_ms), default=None)
    end_ms = None if last_ms is None else last_ms + HOUR_MS + GRACE_MS
    told = judge_readings(plan(commune), shard, _readings(station, tracks), end_ms)
    # A replay reads months at a time: how late the end of that knows of a change is nobody's delay.
    return [
        msgspec.structs.replace(reading, late_s=0, over=False) for reading in told if reading.rule == rule.id
    ]


def _readings(station: str, tracks: Sequence[Track]) -> Iterator[tuple[Reading, int]]:
    """Each reading with the moment at which it came: its own time. A number that counts up, so that nobody seems to repeat himself."""
    rows = (_rows(track) for track in tracks)
    for i, (at_ms, value, status, parameter) in enumerate(merge(*rows, key=itemgetter(0))):
        row = (SCHEMA_VERSION, station, i + 1, instant(at_ms), parameter.code, value, parameter.unit)
        yield Reading(*row, int(status)), at_ms


def _rows(track: Track) -> Iterator[tuple[int, float, int, Parameter]]:
    statuses = track.status or repeat(0, len(track.at_ms))
    for at_ms, value, status in zip(track.at_ms, track.values, statuses, strict=True):
        yield at_ms, value, status, track.parameter


def _followed(rule: Rule, parameter: Parameter, series: Series) -> list[AlertChange]:
    """The rule on derived values as they were stored, one after the other."""
    limits, state, found = Limits(rule), LevelState(), []
    place = Place(NAME, series.station, parameter.code, parameter.unit)
    for at_ms, value, flag in zip(series.at_ms, series.values, series.flags, strict=True):
        use = Use.BOTH if flag < Flag.SUSPECT else Use.RAISE_ONLY
        if flag < Flag.FAIL and follow(limits, state, [(at_ms, value, use)]):
            news = settle(state, limits.number(state.reached), Telling(at_ms, in_time=True))
            found += [told(place, rule, one) for one in news]
            forget(state, at_ms)
    return found


def _since(told: list[AlertChange], from_ms: int | None) -> list[AlertChange]:
    """Without the alerts that were over before `from_ms`: what is reckoned needs readings of before."""
    if from_ms is None:
        return told
    past = {change.alert for change in told if not change.level and change.at < instant(from_ms)}
    return [change for change in told if change.alert not in past]


def episodes(told: Sequence[AlertChange]) -> list[Episode]:
    """The alerts that these changes make, in the order of their raise."""
    open_: dict[str, Episode] = {}
    done: list[Episode] = []
    for change in told:
        at_ms = round(change.at.timestamp() * 1000)
        if change.seq == 1:
            open_[change.alert] = Episode(change.station, at_ms, None, {change.level: at_ms})
        elif change.level == 0:
            done.append(msgspec.structs.replace(open_.pop(change.alert), end_ms=at_ms))
        else:
            open_[change.alert].reached.setdefault(change.level, at_ms)
    return sorted([*done, *open_.values()], key=lambda episode: (episode.start_ms, episode.station))
