"""Limits of ambient air: QCVN 05:2023/BTNMT (Circular 01/2023/TT-BTNMT, in force from 12 September 2023), table 1.

ug/Nm3 at 25 C and 760 mmHg. There is no limit for an hour of particles: an hourly PM value is never "over QCVN".
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import msgspec

from models.air.aqi import Pollutant
from models.air.hour import LEAST_SHARE, eight_hours
from models.catalogue.parameters import PARAMETERS
from models.catalogue.units import canonical

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

HOUR: dict[Pollutant, float] = {
    Pollutant.SO2: 350,
    Pollutant.CO: 30_000,
    Pollutant.NO2: 200,
    Pollutant.O3: 200,
}
EIGHT_HOURS: dict[Pollutant, float] = {Pollutant.CO: 10_000, Pollutant.O3: 120}
DAY: dict[Pollutant, float] = {
    Pollutant.SO2: 125,
    Pollutant.NO2: 100,
    Pollutant.PM10: 100,
    Pollutant.PM25: 50,
}
STRICTER_FROM, PM25_DAY = date(2026, 1, 1), 45.0
"""PM2.5 over a day: 50 until 31 December 2025, 45 after."""
MOLAR_G = {one: grams for one in Pollutant if (grams := PARAMETERS[one].molar_g) is not None}
WEIGHTS = {"ug/m3": 1.0, "mg/m3": 1000.0}
SHARES = {"ppb": 1.0, "ppm": 1000.0}
LITRES_A_MOL = 24.45
"""Of an ideal gas at 25 C and 1 atm."""


class Exceedance(msgspec.Struct, frozen=True):
    """A mean over `hours` (1, 8, 24) that is over its limit; `value` is the highest of the day."""

    pollutant: Pollutant
    hours: int
    value: float
    limit: float

    @property
    def vi(self) -> str:
        """In words."""
        return f"{self.pollutant} trung bình {self.hours} giờ {self.value:.0f} µg/m³, QCVN 05:2023 cho phép tối đa {self.limit:g}"

    @property
    def en(self) -> str:
        """In words."""
        return f"{self.pollutant} mean of {self.hours} h {self.value:.0f} ug/m3, QCVN 05:2023 allows {self.limit:g}"


def day_limit(pollutant: Pollutant, day: date) -> float | None:
    """The limit of the mean of 24 hours on that date; None where there is none."""
    if pollutant is Pollutant.PM25 and day >= STRICTER_FROM:
        return PM25_DAY
    return DAY.get(pollutant)


def exceedances(day: date, by_label: Mapping[Pollutant, Sequence[float | None]]) -> list[Exceedance]:
    """What of a day was over its limit; sequences as of `models.air.hour.daily` (31 hourly means, oldest first)."""
    found = []
    for pollutant, means in by_label.items():
        own = [mean for mean in means[-24:] if mean is not None]
        eights = [hour for hour in eight_hours(means) if hour is not None]
        enough = len(own) >= LEAST_SHARE * 24
        for hours, value, limit in (
            (1, max(own, default=None), HOUR.get(pollutant)),
            (8, max(eights, default=None), EIGHT_HOURS.get(pollutant)),
            (24, sum(own) / len(own) if enough else None, day_limit(pollutant, day)),
        ):
            # A mean of 45 comes out of the machine as 45.00000000000001.
            if value is not None and limit is not None and round(value, 6) > limit:
                found.append(Exceedance(pollutant, hours, value, limit))
    return found


def from_ppb(pollutant: Pollutant, ppb: float) -> float:
    """ug/m3 at 25 C and 1 atm of a gas in ppb. KeyError for particles, which have no ppb."""
    return ppb * MOLAR_G[pollutant] / LITRES_A_MOL


def to_ug_m3(pollutant: Pollutant, unit: str) -> float | None:
    """The factor from a station's unit to ug/m3; None for a unit in which the pollutant cannot be told."""
    unit = canonical(unit)
    if unit in WEIGHTS:
        return WEIGHTS[unit]
    gas = pollutant in MOLAR_G and unit in SHARES
    return from_ppb(pollutant, SHARES[unit]) if gas else None
