"""What goes on around a batch of changes, as the store hands it to the stages: events, alerts, codes, silences."""

from __future__ import annotations

from datetime import datetime

import msgspec

from models.alerting.event import Event
from models.alerting.silence import Silence
from models.catalogue.kinds import Kind


class Standing(msgspec.Struct, frozen=True):
    """An alert as it stood before the batch: its level (0: over, or not yet begun) and its event.

    What was told as over does not count: `level` is that of its newest change that may ring. `parameters` as of AlertChange.
    """

    alert: str
    kind: Kind
    station: str
    level: int
    event: str | None = None
    parameters: list[str] = []


class EventCode(msgspec.Struct, frozen=True):
    """The number by which `contact` answers to `event`."""

    contact: str
    event: str
    code: int
    given_at: datetime


class Around(msgspec.Struct, frozen=True):
    """`events`: the open ones of the places of the batch, and those of its alerts; locked until the transaction ends.

    `standing`: the alerts of the batch, the open ones of these events, and those that may inhibit. `codes`: what the contacts
    have for events that are open or ended less than a day ago. `silences`: those in force.
    """

    events: list[Event] = []
    standing: list[Standing] = []
    codes: list[EventCode] = []
    silences: list[Silence] = []
