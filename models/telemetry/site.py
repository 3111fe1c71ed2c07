"""What a station's readings say together: air, water, river, rain.

good reading ──┬── air ────> vn_aqi, over_qcvn05   (hours)
               ├── water ──> qcvn08, wqi, pm25_dry (hours); oxygen_saturation, nh3 (each)
               ├── fish ───> oxygen_fall, oxygen_dawn, oxygen_limit
                   ├── river ──> river_rise, river_next, floods
               ├── street ─> street_10min, street_30min
               └── rain ───> rain_1h ... rain_24h
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.telemetry import air, fish, river, station_hours, water
from models.telemetry.derived import AMMONIA, HOURLY_WATER, OXYGEN, RAIN, RELEASE, RIVER, STREET
from models.telemetry.sensor import SITE, SensorState, SiteState

if TYPE_CHECKING:
    from models.telemetry.consequence import Out
    from models.telemetry.sensor import Sensor, Shard, Site

_HOURLY = HOURLY_WATER | {"water_temperature", "humidity"}
_TOGETHER = frozenset({"dissolved_oxygen", "water_temperature", "ph", *AMMONIA})


def follow(
    site: Site, shard: Shard, sensor: Sensor, at_ms: int, now_ms: int, value: float, *, newest: bool, out: Out
) -> None:
    """A reading came that may be used. A late one counts into its open hour and its gap of rain, and nowhere else."""
    state = site_state(shard, site.station)
    code = sensor.parameter.code
    if newest:
        state.latest[code] = (at_ms, value)
    if sensor.pollutant is not None:
        air.breathe(site, state.air, shard, sensor, at_ms, now_ms, value, out)
    if code in _HOURLY or sensor.parameter.kappa is not None:
        water.pass_hours(site, state, now_ms, out)
        station_hours.add(state.hours, code, at_ms, value)
    if code == RAIN:
        river.rain(site, state, shard, sensor, at_ms, value, newest=newest, out=out)
    elif newest and code == RIVER:
        river.rise(site, state, shard, at_ms, value, out)
    elif newest and code == STREET:
        river.street(site, state, shard, at_ms, value, out)
    elif newest and code == RELEASE:
        river.release(site, state, shard, at_ms, value, out)
    elif newest and code in _TOGETHER:
        water.react(site, state, shard, code, at_ms, out)
    if newest and code == OXYGEN:
        fish.breathe(site, state, shard, at_ms, value, out)


def site_state(shard: Shard, station: str) -> SiteState:
    """The memory of the station as a whole."""
    own = shard.get((station, SITE))
    if own is None:
        own = shard[station, SITE] = SensorState()
    if own.site is None:
        own.site = SiteState()
    return own.site


def pass_hours(site: Site, shard: Shard, now_ms: int, out: Out) -> None:
    """Nothing came and it is `now_ms`: tell the hours that are over."""
    own = shard.get((site.station, SITE))
    if own is not None and own.site is not None:
        air.pass_hours(site, own.site.air, shard, now_ms, out)
        water.pass_hours(site, own.site, now_ms, out)
