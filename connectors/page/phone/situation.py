"""What the phone page knows of an event at a moment, as one value."""

from __future__ import annotations

from datetime import datetime

import msgspec

from connectors.page.now import Place, state
from models.alerting.approval import Asked
from models.alerting.event import Answer, Event
from models.catalogue.states import StateRow


class OpenAlert(msgspec.Struct, frozen=True):
    """A row of open_alerts_at that belongs to the event; `datum_at` is when its value was measured, None where it is none of a sensor."""

    alert: str
    kind: str
    kind_vi: str
    place: str
    name: str
    parameter_vi: str
    level: int
    level_vi: str
    state: str
    since: datetime
    value_vi: str
    datum_at: datetime | None = None

    @property
    def look(self) -> StateRow:
        """Its state."""
        return state(self.state)


class Person(msgspec.Struct, frozen=True):
    """A contact who was told of the event, by their role: what became of the message, and their newest answer in this episode."""

    name: str
    own: bool
    arrived: bool
    read: bool
    failed: bool
    answer: str | None = None
    answered_at: datetime | None = None


class Photograph(msgspec.Struct, frozen=True):
    """The newest picture of the event's alerts, people in it pixelated."""

    alert: str
    seq: int
    at: datetime
    name: str


class Play(msgspec.Struct, frozen=True):
    """An approved announcement at one loudspeaker; `reason` is that of its last step."""

    loudspeaker: str
    state: str
    reason: str


class Announced(Asked, frozen=True, kw_only=True):
    """An announcement with what it says, when it was approved or refused (wall time), and what became of it at each loudspeaker."""

    text: str
    seconds: float
    exercise: bool
    plays: list[Play]
    decided_at: datetime | None = None


class Situation(msgspec.Struct, frozen=True):
    """An event as `contact` sees it at `at`. `named` (kind, level, place, what) is its worst alert ever, where none stands open.

    `unwatched`: it was closed by name, nobody judges it any more, which is not over.
    """

    at: datetime
    number: int
    contact: str
    event: Event
    alerts: list[OpenAlert]
    advice: str
    people: list[Person]
    answers: list[Answer]
    photograph: Photograph | None = None
    places: list[Place] = []
    named: tuple[str, int, str] | None = None
    unwatched: bool = False
    announced: list[Announced] = []
