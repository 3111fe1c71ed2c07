"""What the hourly means of a station's pollutants say of an hour and of the day that ends with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from models.air.aqi import Aqi, Pollutant
from models.air.hour import daily, hourly
from models.air.limits import Exceedance, exceedances
from models.air.nowcast import HOURS
from models.envelope.period import DAY_MS, HOUR_MS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Means = Mapping[Pollutant, Mapping[int, float]]

KEPT = 31
"""Hourly means: a day and the seven hours before it, which its first running mean of eight needs."""
ZONE = timedelta(hours=7)
"""The day of the Decision is Vietnam's; it has no summer time."""


@dataclass(frozen=True, slots=True)
class AirHour:
    """An hour (its end) and its index, None where there is none."""

    end_ms: int
    index: Aqi | None


@dataclass(frozen=True, slots=True)
class AirDay:
    """A day (the end of its last hour), its index and what of it was over QCVN 05."""

    end_ms: int
    day: date
    index: Aqi | None
    over: list[Exceedance]


def hours(means: Means, after_ms: int, until_ms: int) -> Iterator[AirHour | AirDay]:
    """The hours that end after `after_ms` up to `until_ms`, and the days that end with one, from hourly means by their end (ug/m3).

    From KEPT hours after the newest mean on there is nothing to tell, however long the silence.
    """
    ends = [end_ms for own in means.values() for end_ms in own]
    if not ends:
        return
    first_ms = max(after_ms + HOUR_MS, min(ends))
    for end_ms in range(first_ms, min(until_ms, max(ends) + KEPT * HOUR_MS) + 1, HOUR_MS):
        yield AirHour(end_ms, hourly({one: _back(own, end_ms, HOURS) for one, own in means.items()}))
        if (end_ms + ZONE // timedelta(milliseconds=1)) % DAY_MS == 0:
            yield _day(means, end_ms)


def _day(means: Means, end_ms: int) -> AirDay:
    by_label = {one: _back(own, end_ms, KEPT)[::-1] for one, own in means.items()}
    start = datetime.fromtimestamp((end_ms - DAY_MS) / 1000, UTC) + ZONE
    return AirDay(end_ms, start.date(), daily(by_label), exceedances(start.date(), by_label))


def _back(means: Mapping[int, float], end_ms: int, hours: int) -> list[float | None]:
    """The means of the hour that ends at `end_ms` and those before it, newest first."""
    return [means.get(end_ms - i * HOUR_MS) for i in range(hours)]
