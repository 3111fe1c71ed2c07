"""Run one rule over one sensor's history with the very judgement of the flow: quality, status, trust, levels, late readings.

Time is the history's own: an hour closes when the next reading (or the end) is late enough, as in the flow.
"""

from __future__ import annotations

from itertools import repeat
from typing import TYPE_CHECKING

import msgspec

from models.alerting.change import instant
from models.commune.configuration import Commune, Station
from models.telemetry.hourly import GRACE_MS, HOUR_MS
from models.telemetry.judge import judge_readings
from models.telemetry.reading import SCHEMA_VERSION, Reading
from models.telemetry.sensor import plan

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from models.alerting.alert import AlertChange
    from models.commune.configuration import Parameter, Rule
    from models.quality.settings import Quality
    from models.telemetry.sensor import Shard


class Series(msgspec.Struct, frozen=True):
    """One sensor's history in the order of event time: `at_ms` (UTC) and `values` in the parameter's unit.

    `status`: the instrument's state (models.telemetry.reading.Status) at each; none: it measured. `quality`: the settings of quality
    control of the sensor.
    """

    station: str
    at_ms: Sequence[int]
    values: Sequence[float]
    status: Sequence[int] = ()
    quality: Quality | None = None


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
    """What the flow would have put on `alerts` for this rule; silences are left out."""
    own = msgspec.structs.replace(rule, stations=[series.station])
    commune = Commune([], [], [Station(series.station, series.station, [], [parameter])], [own], [])
    if series.quality is not None:
        quality = msgspec.structs.replace(series.quality, stations=[], neighbour=None)
        commune = msgspec.structs.replace(commune, quality=[quality])
    shard: Shard = {}
    end_ms = max(series.at_ms, default=0) + HOUR_MS + GRACE_MS
    told = judge_readings(
        plan(commune), shard, _readings(parameter, series), end_ms if series.at_ms else None
    )
    return [one for one in told if one.rule == rule.id]


def _readings(parameter: Parameter, series: Series) -> Iterator[tuple[Reading, int]]:
    """Each reading with the moment at which it came: its own time. A number that counts up, so that nobody seems to repeat himself."""
    for i, (at_ms, value, status) in enumerate(
        zip(series.at_ms, series.values, series.status or repeat(0, len(series.at_ms)), strict=True)
    ):
        at = instant(at_ms)
        yield (
            Reading(
                SCHEMA_VERSION, series.station, i + 1, at, parameter.code, value, parameter.unit, int(status)
            ),
            at_ms,
        )


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
