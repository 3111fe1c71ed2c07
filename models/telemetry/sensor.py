"""What is remembered of one sensor (a parameter of a station) between two readings."""

from __future__ import annotations

import math
from dataclasses import MISSING, dataclass, field, fields
from typing import TYPE_CHECKING, Any

import msgspec

from models.air.aqi import Pollutant
from models.air.limits import to_ug_m3
from models.air.memory import AirState
from models.alerting.rule import LevelState, Limits
from models.commune.configuration import Average, Level, Parameter
from models.fish.night import NightHabit
from models.quality.checks import reach
from models.quality.clockwork import Clockwork
from models.quality.settings import Quality
from models.quality.trust import Trust
from models.river.configuration import Gauge
from models.river.flood import Flood, FloodState
from models.river.rain import Rain
from models.river.release import Releases, Reservoir
from models.river.rise import Recent
from models.telemetry.check import LATE_MS
from models.telemetry.derived import AMMONIA, HOURLY_WATER, OXYGEN, RAIN, RELEASE, RIVER, STREET, derivable
from models.telemetry.hourly import HOUR_MS, Hours
from models.telemetry.seen import Seen
from models.telemetry.station_hours import HourlyState

if TYPE_CHECKING:
    from models.commune.configuration import Commune, Station


@dataclass(slots=True)
class Silence:
    """`heard_ms` is the newest event time; `onset_ms` the deadline it missed, 0 while it speaks."""

    heard_ms: int = 0
    onset_ms: int = 0


@dataclass(slots=True)
class SensorState:
    """All memory of one sensor; `levels` and `hours` by rule id. It is pickled at each snapshot."""

    seen: Seen = field(default_factory=Seen)
    silence: Silence = field(default_factory=Silence)
    doubt: Silence = field(default_factory=Silence)
    """The same of readings that rules may use."""
    clockwork: Clockwork = field(default_factory=Clockwork)
    trust: Trust = field(default_factory=Trust)
    levels: dict[str, LevelState] = field(default_factory=dict)
    hours: dict[str, Hours] = field(default_factory=dict)
    site: SiteState | None = None
    """Of the whole station, under the key (station, SITE)."""

    def __setstate__(self, state: tuple[None, dict[str, Any]]) -> None:
        """Take a snapshot of an earlier version too: what it did not know begins anew."""
        _restore(self, state[1])


@dataclass(slots=True)
class SiteState:
    """What is remembered of a station as a whole; `latest`: the newest usable (time in ms, value) of each parameter."""

    latest: dict[str, tuple[int, float]] = field(default_factory=dict)
    air: AirState = field(default_factory=AirState)
    hours: HourlyState = field(default_factory=HourlyState)
    rise: Recent | None = None
    night: Recent | None = None
    releases: Releases | None = None
    rain: Rain | None = None
    street: Recent | None = None
    flood: FloodState = field(default_factory=FloodState)
    told_flood: Flood | None = None

    def __setstate__(self, state: tuple[None, dict[str, Any]]) -> None:
        """As of SensorState."""
        _restore(self, state[1])


def _restore(one: SensorState | SiteState, known: dict[str, Any]) -> None:
    for each in fields(one):
        made = each.default if each.default_factory is MISSING else each.default_factory()
        setattr(one, each.name, known.get(each.name, made))


SITE = ""
"""No parameter's code: the place of what belongs to a station as a whole."""
Shard = dict[tuple[str, str], SensorState]
"""The memory of one partition: (station, parameter) -> state."""


class Sensor(msgspec.Struct, frozen=True):
    """What the configuration says of one sensor: its parameter and the rules that watch it."""

    station: str
    parameter: Parameter
    key: tuple[str, str]
    each: tuple[Limits, ...]
    hourly: tuple[Limits, ...]
    pollutant: Pollutant | None = None
    to_ug_m3: float = 1.0
    """What the index reckons with, and the factor from the station's unit."""
    quality: Quality | None = None
    reach: int = 1
    span_ms: int = LATE_MS
    """Settings of quality control, how many readings back a flag may hang on, and how long readings are remembered."""
    site: Site | None = None
    """Its station, where something is reckoned from this parameter; None: the reading stands for itself."""


class Site(msgspec.Struct, frozen=True):
    """A station: its sensors, and those that are reckoned (rules may watch them; nobody sends them)."""

    station: str
    sensors: dict[str, Sensor]
    derived: dict[str, Sensor]
    gauge: Gauge | None = None
    alarms: tuple[Level, ...] = ()
    """The alarm levels of its gauge, the lowest first."""
    nights: NightHabit | None = None
    oxygen_limit: float | None = None
    reservoir: Reservoir | None = None
    """Of stations at cages: how nights go there, and the lowest limit of its oxygen rule."""


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
Plan = dict[str, dict[str, Sensor]]
"""station -> parameter -> Sensor, looked up for every reading."""


def plan(commune: Commune) -> Plan:
    """Lay out the configuration for the lookups of the hot path."""
    limits = [Limits(rule) for rule in commune.rules]
    return {station.id: _sensors(commune, station, limits) for station in commune.stations}


def _sensors(commune: Commune, station: Station, limits: list[Limits]) -> dict[str, Sensor]:
    gauge = next((one for one in commune.gauges if one.station == station.id), None)
    caged = any(one.station == station.id for one in commune.cages)
    nights = commune.nights if caged else None
    reservoir = next((one for one in commune.reservoirs if one.station == station.id), None)
    site = Site(
        station.id, {}, {}, gauge, _alarms(commune, station.id), nights, _lowest(commune, station.id), reservoir
    )  # fmt: skip
    reckoned = derivable(one.code for one in station.parameters)
    for one in station.parameters:
        own = site if one.code in FOLLOWED else None
        site.sensors[one.code] = _sensor(commune, station.id, one, limits, own)
    for code, unit in reckoned.items():
        # Nobody sends it, so nothing of it can be out of range or silent.
        nominal = Parameter(code, unit, -math.inf, math.inf, HOUR_MS // 1000, 2 * HOUR_MS // 1000)
        site.derived[code] = _sensor(commune, station.id, nominal, limits, None)
    return site.sensors


def _alarms(commune: Commune, station: str) -> tuple[Level, ...]:
    rules = [one for one in commune.rules if one.parameter == RIVER and station in one.stations]
    return tuple(sorted(rules[0].levels, key=lambda one: one.raise_at)) if rules else ()


def _lowest(commune: Commune, station: str) -> float | None:
    rules = [one for one in commune.rules if one.parameter == OXYGEN and station in one.stations]
    return min((level.raise_at for one in rules for level in one.levels), default=None)


def quality_of(commune: Commune, station: str, parameter: str) -> Quality | None:
    """The settings for one sensor: those that name its station before those for all."""
    fitting = [one for one in commune.quality if one.parameter == parameter]
    own = [one for one in fitting if station in one.stations]
    return next(iter([*own, *(one for one in fitting if not one.stations)]), None)


def _sensor(
    commune: Commune, station: str, parameter: Parameter, limits: list[Limits], site: Site | None
) -> Sensor:
    own = [one for one in limits if one.rule.parameter == parameter.code and station in one.rule.stations]
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
        LATE_MS + (back + 1) * parameter.interval_s * 1000,
        site,
    )
