"""A simulated sensor and one of its readings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import msgspec

from infra.rehearsal.simulator.hydrology import Series
from models.commune.configuration import Parameter
from models.envelope.reading import SCHEMA_VERSION, Reading


@dataclass(frozen=True, slots=True, eq=False)
class SimulatedSensor:
    """A parameter of a station, its true values per minute, and whether a rule watches it."""

    station: str
    parameter: Parameter
    true: Series
    watched: bool

    @property
    def code(self) -> str:
        """The parameter's code."""
        return self.parameter.code


@dataclass(slots=True, eq=False)
class Sample:
    """A reading before it is written: event time and value in the sensor's unit."""

    sensor: SimulatedSensor
    at: datetime
    value: float

    def reading(self, seq: int) -> Reading:
        """The reading with the station's counter."""
        sensor = self.sensor
        unit = sensor.parameter.unit
        return Reading(SCHEMA_VERSION, sensor.station, seq, self.at, sensor.code, self.value, unit)

    def encode(self, seq: int) -> bytes:
        """The reading's bytes on the wire."""
        return msgspec.json.encode(self.reading(seq))
