"""What is remembered of one sensor (a parameter of a station) between two readings."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from models.alerting.rule import LevelState, Limits
from models.commune.configuration import Average, Parameter
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
    levels: dict[str, LevelState] = field(default_factory=dict)
    hours: dict[str, Hours] = field(default_factory=dict)


Shard = dict[tuple[str, str], SensorState]
"""The memory of one partition: (station, parameter) -> state."""


class Sensor(msgspec.Struct, frozen=True):
    """What the configuration says of one sensor: its parameter and the rules that watch it."""

    station: str
    parameter: Parameter
    key: tuple[str, str]
    each: tuple[Limits, ...]
    hourly: tuple[Limits, ...]


Plan = dict[str, dict[str, Sensor]]
"""station -> parameter -> Sensor, looked up for every reading."""


def plan(commune: Commune) -> Plan:
    """Lay out the configuration for the lookups of the hot path."""
    limits = [Limits(rule) for rule in commune.rules]
    return {
        station.id: {one.code: _sensor(station.id, one, limits) for one in station.parameters}
        for station in commune.stations
    }


def _sensor(station: str, parameter: Parameter, limits: list[Limits]) -> Sensor:
    own = [one for one in limits if one.rule.parameter == parameter.code and station in one.rule.stations]
    return Sensor(
        station,
        parameter,
        (station, parameter.code),
        tuple(one for one in own if one.rule.average is Average.NONE),
        tuple(one for one in own if one.rule.average is Average.HOUR),
    )
