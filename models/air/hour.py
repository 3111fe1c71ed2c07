"""The index of an hour and of a day from hourly means (Decision 1459/QD-TCMT).

An hour is labelled with its end; the day of a date is the hours labelled 01:00 to 00:00 of the next date, local time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.air.aqi import PARTICLES, Aqi, Pollutant, index, ozone_8h, subindex
from models.air.nowcast import HOURS, nowcast

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

EIGHT, DAY = 8, 24
LEAST_SHARE = 0.75
"""Of a day's hours, and of eight: fewer give no mean. Our choice; the Decision names none."""


def hourly(newest_first: Mapping[Pollutant, Sequence[float | None]]) -> Aqi | None:
    """The index of the hour that stands first: particles by NowCast, gases by the hour's own mean.

    Sequences are hourly means in ug/m3, the newest first, None where an hour has none. None: no index.
    """
    parts: dict[Pollutant, float | None] = {}
    for pollutant, means in newest_first.items():
        now = nowcast(means[:HOURS]) if pollutant in PARTICLES else (means[0] if means else None)
        parts[pollutant] = None if now is None else subindex(pollutant, now)
    return index(parts)


def daily(by_label: Mapping[Pollutant, Sequence[float | None]]) -> Aqi | None:
    """The index of a day; each sequence has the 7 hours before it and its 24 hours, oldest first (31 values).

    PM: mean of 24 hours. Gases: highest hour. Ozone: the higher of its highest hour and its highest eight hours
    (labelled with their last), where those count.
    """
    parts: dict[Pollutant, float | None] = {}
    for pollutant, means in by_label.items():
        day = means[-DAY:]
        if pollutant in PARTICLES:
            mean = _mean(day)
            parts[pollutant] = None if mean is None else subindex(pollutant, mean)
            continue
        known = [mean for mean in day if mean is not None]
        if len(known) < LEAST_SHARE * DAY:
            parts[pollutant] = None
            continue
        part = subindex(pollutant, max(known))
        if pollutant is Pollutant.O3:
            eights = [hour for hour in eight_hours(means) if hour is not None]
            longer = ozone_8h(max(eights)) if eights else None
            part = part if longer is None else max(part, longer)
        parts[pollutant] = part
    return index(parts)


def eight_hours(oldest_first: Sequence[float | None]) -> list[float | None]:
    """Running means of eight hours, each at its last hour; 31 values give 24."""
    return [_mean(oldest_first[i - EIGHT : i]) for i in range(EIGHT, len(oldest_first) + 1)]


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known and len(known) >= LEAST_SHARE * len(values) else None
