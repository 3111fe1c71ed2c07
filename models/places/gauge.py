"""A gauge: the level against the alarm levels, how fast it goes, when it is at the next one; not while it falls or stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from models.alerting.words import quantity
from models.envelope.bilingual import Bilingual, span
from models.envelope.period import HOUR_MS
from models.envelope.recent import Recent
from models.places.saying import joined, scale
from models.river.arrival import arrival
from models.telemetry.river import WINDOWS_MS

if TYPE_CHECKING:
    from models.commune.configuration import Commune
    from models.places.facts import Datum, Facts
    from models.places.listed import Listed
    from models.river.arrival import Habit

LEAST_CM = 2
"""Centimetres an hour, rounded, below which the water stands: waves and the instrument's noise."""


class Trend(NamedTuple):
    """Metres an hour over the last `hours`; positive: it rises."""

    m_h: float
    hours: int

    @property
    def cm_h(self) -> int:
        """As it is told."""
        return round(100 * self.m_h)


def name(place: Listed, commune: Commune) -> Bilingual:
    """Its full name ("Sông Bồ tại Phú Ốc"), where the configuration names the river."""
    river = next((gauge.river for gauge in commune.gauges if gauge.station == place.station), "")
    if not river:
        return Bilingual(f"Trạm {place.name}", place.name)
    capital = river[:1].upper() + river[1:]
    return Bilingual(f"{capital} tại {place.name}", f"{capital} at {place.name}")


def figures(place: Listed, facts: Facts, usable: Datum, commune: Commune) -> Bilingual:
    """The level, where it is against the alarm levels, its trend, the next level."""
    levels = scale(commune, place.station, place.main)
    trend = trend_of(place, facts, commune)
    value = Bilingual(quantity(usable.value, usable.unit, "vi"), quantity(usable.value, usable.unit, "en"))
    return joined([
        value, levels.compared(usable.value, usable.unit), _trend(trend), _next(place, usable, trend, commune)
    ])  # fmt: skip


def trend_of(place: Listed, facts: Facts, commune: Commune) -> Trend | None:
    """The one rate that is told: of the gauge's shortest window; None where the readings of it are too few.

    `river_rise`, the steepest of the windows, still rises for hours after the peak: right for an alarm, wrong for a sentence.
    """
    window = min(_windows(place, commune))
    recent = Recent(window)
    for one in facts.sensor(place.main).recent:
        recent.add(_ms(one), one.value)
    slope = recent.slope(window)
    return None if slope is None else Trend(slope, round(window / HOUR_MS))


def _windows(place: Listed, commune: Commune) -> tuple[int, ...]:
    habit = _habit(place, commune)
    return habit.windows_ms if habit is not None else WINDOWS_MS


def _habit(place: Listed, commune: Commune) -> Habit | None:
    return next((gauge.habit for gauge in commune.gauges if gauge.station == place.station), None)


def _ms(datum: Datum) -> int:
    return round(datum.at.timestamp() * 1000)


def _trend(trend: Trend | None) -> Bilingual:
    if trend is None:
        return Bilingual("chưa rõ xu thế", "no trend known")
    over = Bilingual(f"trong {trend.hours} giờ qua", f"over the last {trend.hours} h")
    if abs(trend.cm_h) < LEAST_CM:
        return Bilingual(f"đứng {over.vi}", f"steady {over.en}")
    verb = ("lên", "rising") if trend.cm_h > 0 else ("xuống", "falling")
    return Bilingual(
        f"{verb[0]} {abs(trend.cm_h)} cm/giờ {over.vi}", f"{verb[1]} {abs(trend.cm_h)} cm/h {over.en}"
    )


def _next(place: Listed, usable: Datum, trend: Trend | None, commune: Commune) -> Bilingual | None:
    """When it is at the next level by the rate that is told, as the gauge's habit says; nothing while it falls or stands."""
    habit, following = (
        _habit(place, commune),
        scale(commune, place.station, place.main).following(usable.value),
    )
    if habit is None or following is None or trend is None or trend.cm_h < LEAST_CM:
        return None
    coming = arrival(_ms(usable), usable.value, trend.m_h, following.raise_at, habit)
    if coming is None or coming.likely_ms is None:
        return None
    ahead = span(coming.likely_ms - _ms(usable))
    return Bilingual(f"tới {following.name} khoảng {ahead.vi}", f"{following.name} in about {ahead.en}")
