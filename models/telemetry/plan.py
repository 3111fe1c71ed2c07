"""Who is watched for what: the configuration laid out by station and sensor, once at the start of a flow."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from models.air.aqi import Pollutant
from models.air.limits import to_ug_m3
from models.alerting.rule import Limits
from models.catalogue.derived import OXYGEN, RAIN, RELEASE, RIVER, STREET, derivable
from models.commune.configuration import Average, Level, Parameter, Rule
from models.envelope.period import DAY_MS, HOUR_MS
from models.envelope.refusal import LATE_MS
from models.quality.checks import reach
from models.quality.settings import Quality
from models.telemetry.derived import AMMONIA, HOURLY_WATER
from models.telemetry.sensor import BRIDGE, INTAKE, Plan, Sensor, Site

if TYPE_CHECKING:
    from models.commune.configuration import Commune, Station


PERSON = "nguoi-"
"""Ids of stations that are persons begin so; their forms come through the intake."""
JUMP = 8
"""Our choice: 12 m an hour at Phu Oc, where a metre an hour is the fastest rise that is assumed."""
HOURLY = HOURLY_WATER | {"water_temperature", "humidity"}
FOLLOWED = frozenset(
    {
        *Pollutant,
        "humidity",
        "water_temperature",
        *HOURLY_WATER,
        *AMMONIA,
        "nh3",
        RIVER,
        RAIN,
        RELEASE,
        STREET,
    }
)
"""Parameters from which something is reckoned."""


def plan(commune: Commune, late_s: int = LATE_MS // 1000) -> Plan:
    """Lay out the configuration for the lookups of the hot path; a reading may come `late_s` after its time, a day at most."""
    limits = [Limits(rule) for rule in commune.rules]
    late_ms = min(late_s * 1000, LATE_MS)
    return {station.id: _sensors(commune, station, limits, late_ms) for station in commune.stations}


def _sensors(commune: Commune, station: Station, limits: list[Limits], late_ms: int) -> dict[str, Sensor]:
    gauge = next((gauge for gauge in commune.gauges if gauge.station == station.id), None)
    caged = any(cage.station == station.id for cage in commune.cages)
    nights = commune.nights if caged else None
    reservoir = next((reservoir for reservoir in commune.reservoirs if reservoir.station == station.id), None)
    site = Site(
        station.id, {}, {}, gauge, _alarms(commune, station.id), nights, _lowest(commune, station.id), reservoir,
        [], [],
    )  # fmt: skip
    reckoned = derivable(parameter.code for parameter in station.parameters)
    for parameter in station.parameters:
        if parameter.code in HOURLY or parameter.code in set(Pollutant) or parameter.kappa is not None:
            site.hourly.append(parameter.code)
        own = site if parameter.code in FOLLOWED or parameter.kappa is not None else None
        site.sensors[parameter.code] = _sensor(commune, station, parameter, limits, own, late_ms)
    for code, unit in reckoned.items():
        # Nobody sends it, so nothing of it can be out of range or silent.
        nominal = Parameter(code, unit, -math.inf, math.inf, HOUR_MS // 1000, 2 * HOUR_MS // 1000)
        site.derived[code] = _sensor(commune, station, nominal, limits, None, late_ms)
        if site.derived[code].each:
            site.watched.append(code)
    return site.sensors


def _alarms(commune: Commune, station: str) -> tuple[Level, ...]:
    rules = [rule for rule in commune.rules if rule.parameter == RIVER and station in rule.stations]
    return tuple(sorted(rules[0].levels, key=lambda level: level.raise_at)) if rules else ()


def _lowest(commune: Commune, station: str) -> float | None:
    rules = [rule for rule in commune.rules if rule.parameter == OXYGEN and station in rule.stations]
    return min((level.raise_at for rule in rules for level in rule.levels), default=None)


def quality_of(commune: Commune, station: str, parameter: str) -> Quality | None:
    """The settings for one sensor: those that name its station before those for all."""
    fitting = [one for one in commune.quality if one.parameter == parameter]
    own = [one for one in fitting if station in one.stations]
    return next(iter([*own, *(one for one in fitting if not one.stations)]), None)


def _sensor(
    commune: Commune, of: Station, parameter: Parameter, limits: list[Limits], site: Site | None, late_ms: int
) -> Sensor:
    station = of.id
    own = [
        limit for limit in limits if limit.rule.parameter == parameter.code and station in limit.rule.stations
    ]
    pollutant = Pollutant(parameter.code) if parameter.code in set(Pollutant) else None
    factor = None if pollutant is None else to_ug_m3(pollutant, parameter.unit)
    quality = quality_of(commune, station, parameter.code)
    back = reach(parameter.interval_s, quality)
    return Sensor(
        station,
        parameter,
        (station, parameter.code),
        tuple(one for one in own if one.rule.average is Average.NONE),
        tuple(one for one in own if one.rule.average is Average.HOUR),
        None if factor is None else pollutant,
        factor or 1.0,
        quality,
        back,
        late_ms + max((back + 1) * parameter.interval_s * 1000, _behind(parameter.code, site)),
        site,
        late_ms,
        of.clock_offset_s * 1000,
        _jump(parameter, quality, [one.rule for one in own]),
        INTAKE if of.file_names or station.startswith(PERSON) else BRIDGE,
    )


def _behind(code: str, site: Site | None) -> int:
    """How far before a late reading what is reckoned from it reaches: a day of rain, three hours of most, an hour's mean."""
    if site is None:
        return HOUR_MS
    habit = site.gauge.habit if site.gauge is not None else None
    longest = max(habit.windows_ms) if habit is not None else 0
    return DAY_MS if code == RAIN else max(4 * HOUR_MS, longest + HOUR_MS)


def _jump(parameter: Parameter, quality: Quality | None, rules: list[Rule]) -> float:
    """A change an hour that cannot be: eight times what is already suspect, or a whole ladder of three levels between two readings."""
    rate = quality.rate if quality is not None else None
    if rate is not None:
        return JUMP * rate.suspect
    spans = [
        max(level.raise_at for level in rule.levels) - min(level.raise_at for level in rule.levels)
        for rule in rules
        if len(rule.levels) > 2
    ]
    return max((abs(span) for span in spans), default=math.inf) * HOUR_MS / (parameter.interval_s * 1000)
