"""What is reckoned at a station from its readings, and the readings that it needs."""

from __future__ import annotations

from models.water.quality import AT_MOST, HEALTH
from models.water.wqi import FALLING, STEPPED, STRICT

AMMONIA = ("tan_n", "ammonium_n", "nh4")
"""Forms of ammonia that a probe gives, by parameter (models.water.ammonia.Form); measured `nh3` needs no reckoning."""
WATER = frozenset(
    {"dissolved_oxygen", "ph"} | set(AT_MOST) | {"tss"} | set(FALLING) | set(STEPPED) | set(STRICT)
)
"""What QCVN 08 (table 2) and VN_WQI judge."""
HOURLY_WATER = WATER | set(HEALTH)
