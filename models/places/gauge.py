"""A gauge: the level against the alarm levels, how fast it goes, when it is at the next one; not while it falls or stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from models.alerting.words import quantity
from models.places.saying import joined, scale
from models.river.bilingual import Bilingual, span
from models.river.rise import HOUR_MS, Recent
from models.telemetry.river import WINDOWS_MS

if TYPE_CHECKING:
    from models.commune.configuration import Commune
    from models.places.facts import Datum, Facts
    from models.places.listed import Listed

LEAST_CM = 1
"""Centimetres an hour, rounded, below which the water stands: waves and the instrument's noise."""


class Trend(NamedTuple):
    """Centimetres an hour over the last `hours`; positive: it rises."""

    cm_h: int
    hours: int


def name(place: Listed, commune: Commune) -> Bilingual:
    """"Sông Bồ tại Phú Ốc", where the configuration names the river."""
    river = next((one.river for one in commune.gauges if one.station == place.station), "")
    if not river:
        return Bilingual(f"Trạm {place.name}", place.name)
    capital = river[:1].upper() + river[1:]
    return Bilingual(f"{capital} tại {place.name}", f"{capital} at {place.name}")


def figures(place: Listed, facts: Facts, usable: Datum, commune: Commune) -> Bilingual:
    """The level, where it is against the alarm levels, its trend, the next level."""
    levels = scale(commune, place.station, place.main)
    trend = trend_of(place, facts, usable, commune)
    value = Bilingual(quantity(usable.value, usable.unit, "vi"), quantity(usable.value, usable.unit, "en"))
    return joined([
        value, levels.compared(usable.value, usable.unit), _trend(trend), _next(place, facts, usable, trend, commune)
    ])  # fmt: skip


def trend_of(place: Listed, facts: Facts, usable: Datum, commune: Commune) -> Trend | None:
    """The one rate that is told. Whether it rises at all the shortest window says; how fast, the rate that the forecast uses.

    After the peak the longest window still rises while the water falls: so it is heard only where the shortest agrees.
    """
    habit = next((one.habit for one in commune.gauges if one.station == place.station), None)
    windows = sorted(habit.windows_ms if habit is not None else WINDOWS_MS)
    recent = Recent(windows[-1])
    for one in facts.sensor(place.main).recent:
        recent.add(round(one.at.timestamp() * 1000), one.value)
    slopes = {window: slope for window in windows if (slope := recent.slope(window)) is not None}
    if windows[0] not in slopes:
        return None
    shortest = round(100 * slopes[windows[0]])
    told = facts.derived.get("river_rise")
    if shortest >= LEAST_CM and told is not None and told.at == usable.at:
        window = min(slopes, key=lambda one: (abs(slopes[one] - told.value), one))
        return Trend(round(100 * told.value), round(window / HOUR_MS))
    return Trend(shortest, round(windows[0] / HOUR_MS))


def _trend(trend: Trend | None) -> Bilingual:
    if trend is None:
        return Bilingual("chưa rõ xu thế", "no trend known")
    over = Bilingual(f"trong {trend.hours} giờ qua", f"over the last {trend.hours} h")
    if abs(trend.cm_h) < LEAST_CM:
        return Bilingual(f"đứng {over.vi}", f"steady {over.en}")
    verb = ("lên", "rising") if trend.cm_h > 0 else ("xuống", "falling")
    return Bilingual(f"{verb[0]} {abs(trend.cm_h)} cm/giờ {over.vi}", f"{verb[1]} {abs(trend.cm_h)} cm/h {over.en}")


def _next(place: Listed, facts: Facts, usable: Datum, trend: Trend | None, commune: Commune) -> Bilingual | None:
    coming = facts.derived.get("river_next")
    following = scale(commune, place.station, place.main).following(usable.value)
    if trend is None or trend.cm_h < LEAST_CM or following is None:
        return None
    if coming is None or coming.at != usable.at or coming.count != following.level:
        return None
    ahead = span(coming.value * HOUR_MS)
    return Bilingual(f"tới {following.name} khoảng {ahead.vi}", f"{following.name} in about {ahead.en}")
