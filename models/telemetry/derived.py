"""What is reckoned at a station from its readings, and the readings that it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.air.aqi import Pollutant
from models.river.rain import WINDOWS_H
from models.river.street import TRENDS
from models.water.quality import AT_MOST, HEALTH
from models.water.wqi import FALLING, STEPPED, STRICT

if TYPE_CHECKING:
    from collections.abc import Iterable

AMMONIA = ("tan_n", "ammonium_n", "nh4")
"""Forms of ammonia that a probe gives, by parameter (models.water.ammonia.Form); measured `nh3` needs no reckoning."""
WATER = frozenset(
    {"dissolved_oxygen", "ph"} | set(AT_MOST) | {"tss"} | set(FALLING) | set(STEPPED) | set(STRICT)
)
"""What QCVN 08 (table 2) and VN_WQI judge."""
HOURLY_WATER = WATER | set(HEALTH)
RIVER, RAIN, OXYGEN, RELEASE = "river_level", "rain", "dissolved_oxygen", "reservoir_release"
STREET = "street_depth"
UNITS = {
    "oxygen_saturation": "%",
    "nh3": "mg/L",
    "oxygen_fall": "mg/L/h",
    "oxygen_dawn": "mg/L",
    "river_rise": "m/h",
    "vn_aqi": "AQI",
    "vn_aqi_day": "AQI",
    **{f"rain_{hours}h": "mm" for hours in WINDOWS_H},
    **{one.code: "cm" for one in TRENDS},
}
"""Derived parameters that rules may watch, with their units."""


def derivable(measured: Iterable[str]) -> dict[str, str]:
    """Which of UNITS a station with these parameters has; code -> unit."""
    own = set(measured)
    found = set()
    if {"dissolved_oxygen", "water_temperature"} <= own:
        found.add("oxygen_saturation")
    if OXYGEN in own:
        found |= {"oxygen_fall", "oxygen_dawn"}
    if {"ph", "water_temperature"} <= own and own & set(AMMONIA) and "nh3" not in own:
        found.add("nh3")
    if RIVER in own:
        found.add("river_rise")
    if RAIN in own:
        found |= {f"rain_{hours}h" for hours in WINDOWS_H}
    if STREET in own:
        found |= {one.code for one in TRENDS}
    if own & set(Pollutant):
        found |= {"vn_aqi", "vn_aqi_day"}
    return {code: unit for code, unit in UNITS.items() if code in found}
