"""When the sun rises: the equations of NOAA's solar calculator, to the minute at our latitude."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import acos, cos, degrees, pi, radians, sin, tan

ZENITH = 90.833
"""Of the centre of the sun when its upper edge shows, with the usual refraction; degrees."""
DAY = timedelta(days=1)


def sunrise(day: datetime, latitude: float, longitude: float) -> datetime | None:
    """The sunrise of the UTC day that `day` (midnight UTC) begins, degrees north and east; None beyond a polar circle.

    In Vietnam (UTC+7) the sun of a local morning rises on the UTC day before: take the day of the evening.
    """
    noon = day + timedelta(hours=12) - timedelta(hours=longitude / 15)
    angle = 2 * pi / 365 * (noon.timetuple().tm_yday - 1 + (noon.hour - 12) / 24)
    equation = 229.18 * (
        0.000075
        + 0.001868 * cos(angle)
        - 0.032077 * sin(angle)
        - 0.014615 * cos(2 * angle)
        - 0.040849 * sin(2 * angle)
    )
    declination = (
        0.006918 - 0.399912 * cos(angle) + 0.070257 * sin(angle) - 0.006758 * cos(2 * angle)
        + 0.000907 * sin(2 * angle) - 0.002697 * cos(3 * angle) + 0.00148 * sin(3 * angle)
    )  # fmt: skip
    north = radians(latitude)
    cosine = cos(radians(ZENITH)) / (cos(north) * cos(declination)) - tan(north) * tan(declination)
    if not -1 <= cosine <= 1:
        return None
    return day + timedelta(minutes=720 - 4 * (longitude + degrees(acos(cosine))) - equation)


def next_sunrise(at: datetime, latitude: float, longitude: float) -> datetime | None:
    """The first sunrise after `at`."""
    midnight = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    for shift in (-1, 0, 1, 2):
        rise = sunrise(midnight + shift * DAY, latitude, longitude)
        if rise is not None and rise > at:
            return rise
    return None
