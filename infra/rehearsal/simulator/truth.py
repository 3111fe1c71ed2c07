"""What the simulator knows: each message it sends, what must become of it, and when levels are crossed."""

from __future__ import annotations

import enum
from datetime import datetime

import msgspec

from models.alerting.alert import Kind
from models.envelope.rejected import Reason

TOPIC = "phusa/v1/readings/"
"""MQTT topic of a station's readings, without the station."""


class Fault(enum.StrEnum):
    """What was done to a reading, or to the day."""

    SPIKE = "spike"
    STUCK = "stuck"
    GAP = "gap"
    SILENT = "silent"
    DUPLICATE = "duplicate"
    LATE = "late"
    OUT_OF_ORDER = "out_of_order"
    DAY_LATE = "day_late"
    FUTURE = "future"
    WRONG_UNIT = "wrong_unit"
    UNKNOWN_STATION = "unknown_station"
    UNKNOWN_PARAMETER = "unknown_parameter"
    WRONG_SOURCE = "wrong_source"
    WRONG_VERSION = "wrong_version"
    GARBAGE = "garbage"
    WRONG_TYPE = "wrong_type"
    MISSING_FIELD = "missing_field"
    NAN = "nan"
    CONFLICT = "conflict"
    TEN_MEGABYTES = "ten_megabytes"


class ExpectedEnd(enum.StrEnum):
    """Where a message must end."""

    STORED = "stored"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"


class Event(msgspec.Struct, frozen=True, gc=False):
    """One message: when it is sent (simulated time), where to, its bytes, and what must become of it."""

    send_at: datetime
    station: str
    payload: bytes
    outcome: ExpectedEnd
    fault: Fault | None = None
    reason: Reason | None = None

    @property
    def topic(self) -> str:
        """MQTT topic of the message."""
        return TOPIC + self.station


class Crossing(msgspec.Struct, frozen=True, gc=False):
    """When the true value (without noise and faults) first crosses a level of a rule.

    `peak_at`, `peak` are the worst true value of the day, in the rule's direction.
    """

    rule: str
    kind: Kind
    station: str
    parameter: str
    level: int
    name: str
    limit: float
    unit: str
    at: datetime
    peak_at: datetime
    peak: float


class Silence(msgspec.Struct, frozen=True, gc=False):
    """A sensor that sends nothing between two of its readings."""

    station: str
    parameter: str
    since: datetime
    until: datetime


class Curve(msgspec.Struct, frozen=True, gc=False):
    """The true values of a sensor, one each `step_s` seconds from the day's start."""

    station: str
    parameter: str
    unit: str
    step_s: int
    values: list[float]


class Truth(msgspec.Struct, frozen=True):
    """What the pipeline must say at the end of the day; counts are messages."""

    start: datetime
    sent: int
    stored: int
    duplicates: int
    rejected: dict[Reason, int]
    faults: dict[Fault, int]
    crossings: list[Crossing]
    silences: list[Silence]
    curves: list[Curve]


class Day(msgspec.Struct, frozen=True):
    """A day to play: messages in the order of sending, and the truth beside them."""

    events: list[Event]
    truth: Truth
