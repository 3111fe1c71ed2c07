"""Open alerts and their stored changes, as the store hands them to the rules."""

from __future__ import annotations

from datetime import datetime

import msgspec

from models.catalogue.kinds import Kind


class Open(msgspec.Struct, frozen=True):
    """An alert that is open, with its last change; `name` is what its place was called in its messages, "" if unknown."""

    alert: str
    rule: str
    kind: Kind
    station: str
    parameter: str
    level: int
    value: float
    unit: str
    seq: int
    limit: float
    name: str = ""


class Stored(msgspec.Struct, frozen=True):
    """A change of an alert as the store has it."""

    alert: str
    seq: int
    at: datetime
    level: int
    previous: int
