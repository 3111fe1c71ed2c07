"""Oxygen before dawn: how fast it falls, what it will be at sunrise, when a limit is reached; with an interval.

Fish and plants breathe all night and in still water nothing gives oxygen back before the sun: the least of the day is just before sunrise. A
fall slows down as the night goes on, and running water may even recover, so `NightHabit` holds what share of the trend came true on
real nights (infra/lab/measure/figures.md), by how far ahead the sunrise is.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, NamedTuple

import msgspec

from models.envelope.period import HOUR_MS
from models.fish.sun import next_sunrise

if TYPE_CHECKING:
    from models.envelope.recent import Recent

DARK_MS = 11 * HOUR_MS
"""A forecast is made at most this long before sunrise: before that the sun still gives oxygen."""


class NightBand(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Up to `upto_h` before sunrise: `share` of the trend comes true; nine of ten nights lay within `low` and `high` mg/L of that."""

    upto_h: float
    share: float
    low: float
    high: float


class NightHabit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How nights go at a place (degrees north and east); `window_ms` is the length of the trend. Bands by rising `upto_h`."""

    latitude: Annotated[float, msgspec.Meta(ge=-66, le=66)]
    longitude: Annotated[float, msgspec.Meta(ge=-180, le=180)]
    window_ms: Annotated[int, msgspec.Meta(gt=0)]
    bands: Annotated[list[NightBand], msgspec.Meta(min_length=1)]


class Dawn(NamedTuple):
    """At `sunrise_ms` the water will hold `likely` mg/L, between `low` and `high`; `fall` is mg/L an hour (positive: it falls)."""

    sunrise_ms: int
    fall: float
    likely: float
    low: float
    high: float


class Crossing(NamedTuple):
    """When a limit is reached before sunrise, ms; `latest_ms` None: perhaps not this night."""

    earliest_ms: int
    likely_ms: int | None
    latest_ms: int | None


def dawn(recent: Recent, habit: NightHabit) -> Dawn | None:
    """What the readings so far say of the next sunrise; None by day, or with too few readings."""
    if not recent.times:
        return None
    at_ms, value = recent.times[-1], recent.values[-1]
    rise = next_sunrise(datetime.fromtimestamp(at_ms / 1000, UTC), habit.latitude, habit.longitude)
    slope = recent.slope(habit.window_ms)
    if rise is None or slope is None:
        return None
    sunrise_ms = round(rise.timestamp() * 1000)
    if sunrise_ms - at_ms > DARK_MS:
        return None
    return at_sunrise(value, slope, (sunrise_ms - at_ms) / HOUR_MS, sunrise_ms, habit)


def by_day(at_ms: int, habit: NightHabit) -> bool:
    """Whether the next sunrise is too far ahead for a forecast: what was forecast has come true, or not."""
    rise = next_sunrise(datetime.fromtimestamp(at_ms / 1000, UTC), habit.latitude, habit.longitude)
    return rise is None or round(rise.timestamp() * 1000) - at_ms > DARK_MS


def at_sunrise(value: float, slope: float, hours: float, sunrise_ms: int, habit: NightHabit) -> Dawn:
    """`value` mg/L with `slope` an hour, `hours` before sunrise; water holds no less than nothing."""
    band = next((band for band in habit.bands if hours <= band.upto_h), habit.bands[-1])
    likely = value + slope * hours * band.share
    low, high = likely + band.low, likely + band.high
    return Dawn(sunrise_ms, -slope, max(likely, 0.0), max(low, 0.0), max(high, 0.0))


def crossing(at_ms: int, value: float, limit: float, coming: Dawn) -> Crossing | None:
    """When `limit` is reached on the way from `value` to sunrise; None if it is already, or cannot be this night."""
    if value <= limit or coming.low > limit:
        return None
    span = coming.sunrise_ms - at_ms

    def when(end: float) -> int | None:
        return at_ms + round(span * (value - limit) / (value - end)) if end <= limit < value else None

    earliest = when(coming.low)
    return None if earliest is None else Crossing(earliest, when(coming.likely), when(coming.high))
