"""A station's air in the telemetry flow: hourly and daily VN_AQI as derived values.

vn_aqi, vn_aqi_pm25 ...              the index of the hour that ends at `at`, and its sub-indices
vn_aqi_day, vn_aqi_day_pm25 ...      the index of the day that ends at `at`
over_qcvn05_pm25_24h ...             a mean that was over its limit that day
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from models.air.memory import AirDay, AirState, due, exhale, inhale
from models.rounding import half_up
from models.telemetry.batch import Derived
from models.telemetry.emit import emit
from models.telemetry.hourly import HOUR_MS
from models.telemetry.reading import Flag

if TYPE_CHECKING:
    from models.air.aqi import Aqi
    from models.telemetry.consequence import Out
    from models.telemetry.sensor import Sensor, Shard, Site

UNIT = "AQI"


def breathe(
    site: Site, state: AirState, shard: Shard, sensor: Sensor, at_ms: int, now_ms: int, value: float, out: Out
) -> None:
    """Let the station's air see one good reading of a pollutant; first what is over by now, then the reading."""
    if sensor.pollutant is None:
        return
    pass_hours(site, state, shard, now_ms, out)
    inhale(state, sensor.pollutant, at_ms, value * sensor.to_ug_m3)


def pass_hours(site: Site, state: AirState, shard: Shard, now_ms: int, out: Out) -> None:
    """It is `now_ms`: tell the hours that are over."""
    if due(state, now_ms):
        _tell(site, state, shard, now_ms, out)


def _tell(site: Site, state: AirState, shard: Shard, now_ms: int, out: Out) -> None:
    expected = {
        one.pollutant: HOUR_MS / 1000 / one.parameter.interval_s
        for one in site.sensors.values()
        if one.pollutant is not None
    }
    # A pollutant that the configuration has lost is forgotten.
    for gone in [one for one in state.hours if one not in expected]:
        del state.hours[gone]
        state.means.pop(gone, None)
    for one in exhale(state, now_ms, expected):
        at = datetime.fromtimestamp(one.end_ms / 1000, UTC)
        if isinstance(one, AirDay):
            _index(site, shard, one.end_ms, "vn_aqi_day", one.index, out)
            for over in one.over:
                code = f"over_qcvn05_{over.pollutant}_{over.hours}h"
                out.derived.append(
                    Derived(at, site.station, code, over.value, "ug/m3", Flag.GOOD, over.hours)
                )
        else:
            _index(site, shard, one.end_ms, "vn_aqi", one.index, out)


def _index(site: Site, shard: Shard, end_ms: int, code: str, index: Aqi | None, out: Out) -> None:
    """The index and its sub-indices, rounded as the Decision rounds; nothing where there is none."""
    if index is None:
        return
    known = len(index.parts)
    emit(site, shard, code, end_ms, float(index.value), UNIT, known, out)
    at = datetime.fromtimestamp(end_ms / 1000, UTC)
    out.derived.extend(
        Derived(at, site.station, f"{code}_{pollutant}", float(half_up(part)), UNIT, Flag.GOOD, known)
        for pollutant, part in index.parts.items()
    )
