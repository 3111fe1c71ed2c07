"""What the store and the stages of the alerts flow hand each other.

    store ── Arrived ──> route ── Routed ──> look-up ── Around ──> gather ── Gathering ─┐
                                        └──> look-up ── Known ──> group <───────────────┘
                                  group ── Grouping ──> code ── codes ──> word ── Outgoing ──> store

The stages are models/alerting/stages.py, their order is flows/alerts.py; the look-up and the store are
connectors/timescale/notifications.py, in one transaction.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Protocol

import msgspec

from models.alerting.alert import AlertChange
from models.alerting.around import Around, EventCode
from models.alerting.event import Event
from models.alerting.grouping import Decision
from models.alerting.routing import Notification
from models.alerting.stage import Stage
from models.commune.configuration import Contact

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from models.alerting.open_alert import Open, Stored


class Arrived(msgspec.Struct, frozen=True):
    """A change that the store did not have; `peak` is the highest level its alert has had, this change included."""

    change: AlertChange
    peak: int


class Routed(msgspec.Struct, frozen=True):
    """A change, the place that it is news of (models/alerting/places.py), and the contacts concerned, perhaps none."""

    change: AlertChange
    place: str
    contacts: list[Contact]


class Earlier(msgspec.Struct, frozen=True):
    """An earlier notification of a contact, from which something may still follow: a row of the outbox.

    `shown` are the alerts that it tells of and `seqs` the change of each that it tells; `stage` is why it was no message of
    its own, `held_by` the alert that inhibits it. `attempts` counts the calls of a gateway, `claimed_at` is when a sender took it. `done`: nothing follows
    from it. `place` is None in rows older than grouping.
    """

    id: str
    alert: str
    seq: int
    contact: str
    place: str | None
    state: str
    attempts: int
    next_at: datetime
    claimed_at: datetime | None
    shown: list[str]
    seqs: list[int]
    stage: str | None
    done: bool
    held_by: str | None = None
    event: str | None = None


class Known(msgspec.Struct, frozen=True):
    """What the store knows for a batch of changes.

    `earlier`: oldest first, the notifications of the contacts concerned about these places, not yet done, and about
    these alerts. `changes`: by alert and seq, all changes of all alerts in them, and of the batch's own.
    """

    earlier: list[Earlier] = []
    changes: dict[str, dict[int, AlertChange]] = {}


class Grouped(msgspec.Struct, frozen=True):
    """One change for one contact, and what becomes of it; `id` is the idempotency key of its notification.

    `event`: what it belongs to, as it is once the change is in.
    """

    id: str
    change: AlertChange
    place: str
    contact: Contact
    decision: Decision
    event: Event | None = None


class Grouping(msgspec.Struct, frozen=True):
    """What becomes of each change for each contact, in order, and the earlier notifications from which nothing follows any more."""

    news: list[Grouped]
    done: list[str]


class OutboxRow(msgspec.Struct, frozen=True):
    """A notification as it stands in the outbox: `pending` and due at `next_at`, or `muted` with stage and reason.

    `shown` and `seqs`: the alerts that it tells of and the change of each; empty where it is muted. `event` by its id, `code` the
    contact's number of it. `silence`: the number of the one that hid it. `held_by`: the alert that inhibits it. `held_until`: it was put
    off until then, and is no older than that. `exercise`: it is of a drill.
    """

    notification: Notification
    place: str
    state: str
    next_at: datetime
    shown: list[str]
    seqs: list[int]
    stage: Stage | None = None
    reason: str | None = None
    event: str | None = None
    code: int | None = None
    silence: int | None = None
    held_by: str | None = None
    held_until: datetime | None = None
    exercise: bool = False


class Merged(msgspec.Struct, frozen=True):
    """A notification that waited and whose news another one tells too: it is no message of its own any more."""

    id: str
    into: str
    reason: str


class Outgoing(msgspec.Struct, frozen=True):
    """What the store writes, in this order: events, the event of each alert, codes; new rows; those merged; ids of those done."""

    rows: list[OutboxRow] = []
    merged: list[Merged] = []
    done: list[str] = []
    events: list[Event] = []
    alerts: dict[str, str] = {}
    codes: list[EventCode] = []


class Closed(msgspec.Struct, frozen=True):
    """Alerts closed by name: their last changes, a message for each contact who has to hear why, and the events that end with them."""

    changes: list[AlertChange]
    rows: list[OutboxRow]
    events: list[Event] = []


class Lookup(Protocol):
    """What the stages ask of the store; reads within the transaction that will hold what they answer."""

    def around(
        self,
        changes: Sequence[AlertChange],
        places: Sequence[str],
        contacts: Sequence[str],
        inhibiting: Collection[str],
        at: datetime,
        /,
    ) -> Around:
        """What went on before `changes`, at these places and for these contacts; `at` is the platform's time.

        `inhibiting`: kinds of which every open alert is wanted.
        """
        ...

    def look_up(self, routed: Sequence[Routed], /) -> Known:
        """What the contacts know. A message that no sender has taken stays so until the transaction ends."""
        ...

    def closed_before(self, alerts: Sequence[str], /) -> list[Stored]:
        """All changes of those of the alerts that were once closed by name."""
        ...

    def open_alerts(self) -> list[Open]:
        """The alerts that go on, in the order in which they were raised; nobody else changes them meanwhile."""
        ...

    def heard(self, alerts: Sequence[str], /) -> dict[str, set[str]]:
        """By alert, the contacts who have a message about it."""
        ...


class Stages(Protocol):
    """What the store calls between reading and writing; flows/alerts.py has the only one. Pure but for the look-ups."""

    def number(self, changes: Sequence[AlertChange], store: Lookup, /) -> list[AlertChange]:
        """The changes with the numbers under which they are stored."""
        ...

    def notify(self, arrived: Sequence[Arrived], store: Lookup, now: datetime, /, head: str = "") -> Outgoing:
        """The notifications that new changes make, with `head` in front of every text."""
        ...

    def close(self, store: Lookup, at: datetime, now: datetime, /) -> Closed:
        """What closes open alerts that nobody is left to judge: `at` the platform's time, `now` the senders'."""
        ...
