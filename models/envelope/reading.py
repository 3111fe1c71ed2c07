"""A reading as a station sends it, and the observation we make of it."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Annotated

import msgspec

from models.catalogue.flags import Flag

__all__ = ["BEAT", "SCHEMA_VERSION", "Count", "Flag", "Observation", "Reading", "Status", "Zoned"]

SCHEMA_VERSION = 1
BEAT = "beat"
"""In the place of a parameter: what carries readings to us says that it lives (models/telemetry/ways.py)."""

Count = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
"""A counter as the store keeps it: JSON knows larger integers, a bigint does not."""
Zoned = Annotated[datetime, msgspec.Meta(tz=True)]
"""Event time: RFC 3339 with an offset; a stamp without a zone is refused."""


class Status(enum.IntEnum):
    """State of the instrument while it measured, as stations tell it: Circular 10/2021, Art 39."""

    MEASURING = 0
    CALIBRATING = 1
    ERROR = 2


class Reading(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """Topic `readings`: one value of one parameter of one station, as sent.

    `source` is the station's id, `seq` its own counter, `at` the time of measurement,
    `value` is in `unit`; whether that is the station's unit is checked by the flow.
    `status` is the instrument's state (Status); 0, measuring, is not written. Two marks are ours, written only where true,
    and refused from a station: `asked`, that somebody asked for it again (`phusa rejected replay`), so that its age is no reason to
    refuse it; `retimed`, that the gateway's clock was wrong and `at` is the network server's time (models/lorawan/uplink.py).
    """

    v: Annotated[int, msgspec.Meta(ge=1)]
    source: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    seq: Count
    at: Zoned
    parameter: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    value: float
    unit: Annotated[str, msgspec.Meta(max_length=16)]
    status: Annotated[int, msgspec.Meta(ge=0, le=2)] = 0
    asked: bool = False
    retimed: bool = False


class Observation(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """Topic `observations`: a reading that was checked; its value is never altered.

    `received_at` is when our broker took it (record time), `flag` a QARTOD flag. `confidence` 0..1 is written only where who observed
    it has one: of water that a camera sees.
    """

    v: int
    source: str
    seq: int
    at: Zoned
    parameter: str
    value: float
    unit: str
    flag: int
    received_at: Zoned
    confidence: Annotated[float, msgspec.Meta(ge=0, le=1)] | None = None
