"""What is reckoned at a station from its readings, and the readings that it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.catalogue.parameters import PARAMETERS, reckoned
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
UNITS = {code: row.unit for code, row in PARAMETERS.items() if row.of}
"""Derived parameters that rules may watch, with their units."""


def derivable(measured: Iterable[str]) -> dict[str, str]:
    """Which of UNITS a station with these parameters has; code -> unit."""
    return reckoned(frozenset(measured))
