"""A station's air in the telemetry flow: hourly and daily VN_AQI as derived values.

vn_aqi, vn_aqi_pm25 ...              the index of the hour that ends at `at`, and its sub-indices
vn_aqi_day, vn_aqi_day_pm25 ...      the index of the day that ends at `at`
over_qcvn05_pm25_24h ...             a mean that was over its limit that day
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.air.memory import AirDay, hours
from models.envelope.reading import Flag
from models.envelope.rounding import half_up
from models.telemetry.batch import Derived
from models.telemetry.points import instant

if TYPE_CHECKING:
    from models.air.aqi import Aqi, Pollutant
    from models.telemetry.points import Reckoning

UNIT = "AQI"


def tell(told: Reckoning, means: dict[Pollutant, dict[int, float]], after_ms: int, until_ms: int) -> None:
    """Tell the hours that end after `after_ms` up to `until_ms`; `means` in ug/m3 by the end of their hour."""
    station, derived = told.site.station, told.out.derived
    for hour in hours(means, after_ms, until_ms):
        if isinstance(hour, AirDay):
            _index(told, hour.end_ms, "vn_aqi_day", hour.index)
            for over in hour.over:
                code = f"over_qcvn05_{over.pollutant}_{over.hours}h"
                row = (instant(hour.end_ms), station, code, over.value, "ug/m3")
                derived.append(Derived(*row, Flag.GOOD, over.hours))
        else:
            _index(told, hour.end_ms, "vn_aqi", hour.index)


def _index(told: Reckoning, end_ms: int, code: str, index: Aqi | None) -> None:
    """The index and its sub-indices, rounded as the Decision rounds; nothing where there is none."""
    if index is None:
        return
    known = len(index.parts)
    told.emit(code, end_ms, float(index.value), UNIT, known)
    at = instant(end_ms)
    told.out.derived.extend(
        Derived(at, told.site.station, f"{code}_{pollutant}", float(half_up(part)), UNIT, Flag.GOOD, known)
        for pollutant, part in index.parts.items()
    )
