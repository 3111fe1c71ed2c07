"""What is remembered of one sensor (a parameter of a station) between two readings."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from models.alerting.rule import LevelState
from models.telemetry.hourly import Hours
from models.telemetry.seen import Seen

if TYPE_CHECKING:
    from models.commune.configuration import Commune, Parameter, Rule


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


@dataclass(frozen=True, slots=True)
class Sensor:
    """What the configuration says of one sensor: its parameter and the rules that watch it."""

    station: str
    parameter: Parameter
    rules: tuple[Rule, ...]


Plan = dict[str, dict[str, Sensor]]
"""station -> parameter -> Sensor, looked up for every reading."""


def plan(commune: Commune) -> Plan:
    """Lay out the configuration for the lookups of the hot path."""
    return {
        station.id: {
            one.code: Sensor(
                station.id,
                one,
                tuple(r for r in commune.rules if r.parameter == one.code and station.id in r.stations),
            )
            for one in station.parameters
        }
        for station in commune.stations
    }
