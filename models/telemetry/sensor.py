"""What is remembered of one sensor (a parameter of a station) between two readings."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from models.air.aqi import Pollutant
from models.air.limits import to_ug_m3
from models.air.memory import AirState
from models.alerting.rule import LevelState, Limits
from models.commune.configuration import Average, Parameter
from models.quality.checks import reach
from models.quality.clockwork import Clockwork
from models.quality.settings import Quality
from models.quality.trust import Trust
from models.telemetry.check import LATE_MS
from models.telemetry.hourly import Hours
from models.telemetry.seen import Seen

if TYPE_CHECKING:
    from models.commune.configuration import Commune


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
    air: AirState | None = None
    """Of the whole station, under the key (station, AIR)."""


AIR = ""
"""No parameter's code: the place of what belongs to all pollutants of a station."""
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


Plan = dict[str, dict[str, Sensor]]
"""station -> parameter -> Sensor, looked up for every reading."""


def plan(commune: Commune) -> Plan:
    """Lay out the configuration for the lookups of the hot path."""
    limits = [Limits(rule) for rule in commune.rules]
    return {
        station.id: {one.code: _sensor(commune, station.id, one, limits) for one in station.parameters}
        for station in commune.stations
    }


def quality_of(commune: Commune, station: str, parameter: str) -> Quality | None:
    """The settings for one sensor: those that name its station before those for all."""
    fitting = [one for one in commune.quality if one.parameter == parameter]
    own = [one for one in fitting if station in one.stations]
    return next(iter([*own, *(one for one in fitting if not one.stations)]), None)


def _sensor(commune: Commune, station: str, parameter: Parameter, limits: list[Limits]) -> Sensor:
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
    )
