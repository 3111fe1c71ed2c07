"""Run one rule over one sensor's history with the very functions of the flow.

Time is the history's own: an hour closes when the next reading (or the end) is late enough, as in the flow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from models.alerting.rule import Limits
from models.commune.configuration import Average
from models.telemetry.consequence import Out, pass_time, watch
from models.telemetry.hourly import GRACE_MS, HOUR_MS
from models.telemetry.sensor import Sensor, SensorState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.alerting.alert import AlertChange
    from models.commune.configuration import Parameter, Rule


class Series(msgspec.Struct, frozen=True):
    """One sensor's history in the order of event time: `at_ms` (UTC) and `values` in the parameter's unit."""

    station: str
    at_ms: Sequence[int]
    values: Sequence[float]


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

    A value outside the parameter's physical range is heard and judged by no rule, as in the flow.
    """
    limits = Limits(rule)
    hourly = rule.average is Average.HOUR
    sensor = Sensor(
        series.station,
        parameter,
        (series.station, parameter.code),
        () if hourly else (limits,),
        (limits,) if hourly else (),
    )
    state, out = SensorState(), Out([], [], [], [], [], [])
    newest, low, high = -1, parameter.low, parameter.high
    for at_ms, value in zip(series.at_ms, series.values, strict=True):
        watch(sensor, state, at_ms, at_ms, value, good=low <= value <= high, newest=at_ms > newest, out=out)
        newest = max(newest, at_ms)
    if newest >= 0:
        pass_time(sensor, state, newest + HOUR_MS + GRACE_MS, out)
    return [one for one in out.changes if one.rule == rule.id]


def episodes(told: Sequence[AlertChange]) -> list[Episode]:
    """The alerts that these changes make, in the order of their raise."""
    open_: dict[str, Episode] = {}
    done: list[Episode] = []
    for one in told:
        at_ms = round(one.at.timestamp() * 1000)
        if one.seq == 1:
            open_[one.alert] = Episode(one.station, at_ms, None, {one.level: at_ms})
        elif one.level == 0:
            done.append(msgspec.structs.replace(open_.pop(one.alert), end_ms=at_ms))
        else:
            open_[one.alert].reached.setdefault(one.level, at_ms)
    return sorted([*done, *open_.values()], key=lambda one: (one.start_ms, one.station))
