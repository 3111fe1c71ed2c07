"""A CAP 1.2 message as a value: the elements that we write, by the standard's own names.

Source: OASIS CAP 1.2, section 3.2. Required: identifier, sender, sent, status, msgType, scope; of each info category, event, urgency,
severity, certainty; of each area areaDesc.
"""

from __future__ import annotations

import enum
from datetime import datetime

import msgspec


class Status(enum.StrEnum):
    """ACTUAL: to be acted on. EXERCISE: a drill. SYSTEM: the platform's own (a canary), for nobody's ears."""

    ACTUAL = "Actual"
    EXERCISE = "Exercise"
    SYSTEM = "System"


class MsgType(enum.StrEnum):
    """ALERT begins, UPDATE supersedes those it refers to, CANCEL takes them back."""

    ALERT = "Alert"
    UPDATE = "Update"
    CANCEL = "Cancel"


class Area(msgspec.Struct, frozen=True):
    """Where: in words, as polygons of (latitude, longitude) whose last point is the first, and by codes of hamlets."""

    words: str
    polygons: tuple[tuple[tuple[float, float], ...], ...] = ()
    hamlets: tuple[str, ...] = ()


class Info(msgspec.Struct, frozen=True):
    """What is told, in one language."""

    language: str
    category: str
    event: str
    response: str
    urgency: str
    severity: str
    certainty: str
    effective: datetime
    onset: datetime
    expires: datetime
    sender_name: str
    headline: str
    description: str
    instruction: str
    area: Area


class Message(msgspec.Struct, frozen=True):
    """One message. `references`: (sender, identifier, sent) of earlier ones; `incident`: the event that it is about."""

    identifier: str
    sender: str
    sent: datetime
    status: Status
    type: MsgType
    infos: tuple[Info, ...]
    note: str = ""
    references: tuple[tuple[str, str, datetime], ...] = ()
    incident: str = ""

    @property
    def expires(self) -> datetime:
        """When it no longer holds."""
        return max(info.expires for info in self.infos)
