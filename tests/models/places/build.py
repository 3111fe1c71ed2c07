"""Facts of the example's places, as a test needs them."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from connectors import commune as folder
from models.places.facts import Datum, Facts, Raised, Sensor
from models.places.listed import Listed, listed

EXAMPLE = folder.load(Path(__file__).parents[3] / "infra" / "commune")
NOW = datetime.fromisoformat("2025-10-15T02:14:00+07:00")
PLACES = {one.place: one for one in listed(EXAMPLE)}
GAUGE, CAGES, AIR = PLACES["phu-oc"], PLACES["bo-la-van"], PLACES["air-la-van-ha"]
MARKET = PLACES["cho-quang-tho/san-cho"]
UNITS = {
    "river_level": "m",
    "dissolved_oxygen": "mg/L",
    "pm25": "ug/m3",
    "people/san-cho": "people",
    "street_depth": "cm",
}


def at(minutes_ago: float) -> datetime:
    return NOW - timedelta(minutes=minutes_ago)


def datum(parameter: str, value: float, minutes_ago: float = 4, flag: int = 1, **more: object) -> Datum:
    return Datum(at(minutes_ago), value, UNITS.get(parameter, "1"), flag, **more)


def derived(value: float, unit: str, minutes_ago: float = 4, count: int = 0) -> Datum:
    return Datum(at(minutes_ago), value, unit, 1, (), count)


def rising(level: float, cm_h: float, minutes_ago: float = 4, parameter: str = "river_level") -> Sensor:
    """The level now and its last three hours, every five minutes on a straight line."""
    past = tuple(
        datum(parameter, level - cm_h / 100 * k * 5 / 60, minutes_ago + 5 * k) for k in range(36, -1, -1)
    )
    return Sensor(past[-1], past[-1], past)


def sensor(parameter: str, value: float, minutes_ago: float = 4, flag: int = 1, **more: object) -> Sensor:
    one = datum(parameter, value, minutes_ago, flag, **more)
    return Sensor(one, one if one.usable else None, (one,) if one.usable else ())


def raised(
    kind: str, place: Listed, level: int, minutes_ago: float, parameter: str = "", **more: object
) -> Raised:
    given = {"rule": f"{kind}-rule", "value": 0.0, "unit": "s"} | more
    rule, value, unit = given.pop("rule"), given.pop("value"), given.pop("unit")
    return Raised(
        kind, rule, place.station, parameter or place.main, level, at(minutes_ago), value, unit, **given
    )


def facts(place: Listed, own: Sensor, *alerts: Raised, **more: Datum) -> Facts:
    return Facts(NOW, {place.main: own}, more, alerts)
