"""What is remembered of a station's air between two readings, and what follows when an hour is over.

All pollutants of a station close an hour together, five minutes after its end (models/telemetry/hourly.py): what comes
later is stored and counts into no index. So the order of arrival before that decides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from models.air.aqi import Aqi, Pollutant
from models.air.hour import daily, hourly
from models.air.limits import Exceedance, exceedances
from models.air.nowcast import HOURS
from models.telemetry.hourly import GRACE_MS, HOUR_MS, Hours

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

KEPT = 31
"""Hourly means: a day and the seven hours before it, which its first running mean of eight needs."""
ZONE = timedelta(hours=7)
"""The day of the Decision is Vietnam's; it has no summer time."""
DAY_MS = 24 * HOUR_MS


@dataclass(slots=True)
class AirState:
    """Open hours and the last KEPT means of each pollutant; `told_ms` is the last hour that was reckoned (its end)."""

    hours: dict[Pollutant, Hours] = field(default_factory=dict)
    means: dict[Pollutant, dict[int, float]] = field(default_factory=dict)
    told_ms: int = 0


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


def inhale(state: AirState, pollutant: Pollutant, at_ms: int, ug_m3: float) -> None:
    """Count a good reading into its hour."""
    if not state.told_ms:
        state.told_ms = (at_ms - 1) // HOUR_MS * HOUR_MS
    if at_ms <= state.told_ms:
        return
    hours = state.hours.get(pollutant)
    if hours is None:
        hours = state.hours[pollutant] = Hours()
    hours.add(at_ms, ug_m3)


def due(state: AirState, now_ms: int) -> bool:
    """Whether an hour is over that was not yet reckoned."""
    return 0 < state.told_ms <= now_ms - GRACE_MS - HOUR_MS


def exhale(state: AirState, now_ms: int, expected: Mapping[Pollutant, float]) -> Iterator[AirHour | AirDay]:
    """The hours that are over by `now_ms`, and the days that end with one; `expected`: readings an hour.

    After a long silence only the last KEPT hours are reckoned: those before have nothing to tell.
    """
    last = (now_ms - GRACE_MS) // HOUR_MS * HOUR_MS
    for pollutant, hours in state.hours.items():
        means = state.means.setdefault(pollutant, {})
        for one in hours.close(now_ms, expected[pollutant]):
            means[one.end_ms] = one.mean
    for end_ms in range(max(state.told_ms, last - KEPT * HOUR_MS) + HOUR_MS, last + 1, HOUR_MS):
        yield AirHour(
            end_ms, hourly({one: _back(means, end_ms, HOURS) for one, means in state.means.items()})
        )
        if (end_ms + ZONE // timedelta(milliseconds=1)) % DAY_MS == 0:
            yield _day(state, end_ms)
    state.told_ms = last
    for means in state.means.values():
        for end_ms in [one for one in means if one <= last - KEPT * HOUR_MS]:
            del means[end_ms]


def _day(state: AirState, end_ms: int) -> AirDay:
    by_label = {one: _back(means, end_ms, KEPT)[::-1] for one, means in state.means.items()}
    start = datetime.fromtimestamp((end_ms - DAY_MS) / 1000, UTC) + ZONE
    return AirDay(end_ms, start.date(), daily(by_label), exceedances(start.date(), by_label))


def _back(means: Mapping[int, float], end_ms: int, hours: int) -> list[float | None]:
    """The means of the hour that ends at `end_ms` and those before it, newest first."""
    return [means.get(end_ms - i * HOUR_MS) for i in range(hours)]
