"""An event: what goes on at one place, from the first of its alerts to the end of the last, and what people answer to it."""

from __future__ import annotations

import enum
from datetime import datetime

import msgspec


class AnswerKind(enum.StrEnum):
    """What a person answers, and what an answer may turn out to be.

    TAKEN: I have received it and go. FALSE: a false alarm. HELP: I need help. UNREAD: not understood. CLOSED: to an event that is
    over. STRANGER: from somebody who is no contact.
    """

    TAKEN = "taken"
    FALSE = "false"
    HELP = "help"
    UNREAD = "unread"
    CLOSED = "closed"
    STRANGER = "stranger"


class StepKind(enum.StrEnum):
    """A step on the way from an event to a person who acts."""

    TOLD = "told"
    CALLED = "called"
    REPEATED = "repeated"
    TAKEN = "taken"
    FALSE = "false"
    HELP = "help"
    NOBODY = "nobody"
    OVER = "over"


class Event(msgspec.Struct, frozen=True):
    """`id` is `place@onset` in ms of the first alert; `level` the highest of its open alerts, 0 when it is over.

    `risen_at` is the platform's time of its last rise (a raise or worse above what it was): answers before it do not count.
    """

    id: str
    place: str
    opened_at: datetime
    risen_at: datetime
    level: int
    peak_level: int
    closed_at: datetime | None = None
    exercise: bool = False


class Answer(msgspec.Struct, frozen=True):
    """An answer of `contact` to `event` at `at`, the platform's time; `level` is that of the event then."""

    event: str
    contact: str
    kind: AnswerKind
    at: datetime
    level: int
    way: str


def event_id(place: str, onset: datetime) -> str:
    """The natural key of an event.

    >>> from datetime import UTC
    >>> event_id("water:ven-song", datetime(2025, 11, 1, tzinfo=UTC))
    'water:ven-song@1761955200000'
    """
    return f"{place}@{round(onset.timestamp() * 1000)}"
