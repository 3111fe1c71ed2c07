"""Gather changes into events: what goes on at a place from the first of its alerts to the end of the last. Pure.

An alert stays with its event: where the configuration calls its place otherwise meanwhile, its end still ends what it began.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec

from models.alerting.alert import DANGER
from models.alerting.around import Around, Standing
from models.alerting.event import Event, event_id
from models.alerting.grouping import SWING
from models.alerting.places import place_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from models.alerting.alert import AlertChange
    from models.catalogue.kinds import Kind
    from models.commune.configuration import Commune


class View(msgspec.Struct, frozen=True):
    """What goes on once a change is in: its event (None: it makes none), and the open alerts that may inhibit others."""

    event: Event | None = None
    inhibitors: tuple[Standing, ...] = ()


class Gathering(msgspec.Struct, frozen=True):
    """`views`: one a change, in order. `events`: those that the batch opened or changed, as they are after it.

    `alerts`: the event of each alert of the batch that has one. `known`: all events that were looked up or opened, by id.
    """

    views: list[View] = []
    events: list[Event] = []
    alerts: dict[str, str] = {}
    known: dict[str, Event] = {}


def gather(changes: Iterable[AlertChange], around: Around, commune: Commune, at: datetime) -> Gathering:
    """The events after each of the changes; `at` is the platform's time.

    An event is opened by the first rise of a place that has none, its level is the highest of its open alerts, and it ends with
    the last of them. What came as over opens and raises nothing.
    """
    book = _Book(around, inhibiting(commune))
    views = []
    for change in changes:
        before = book.standing.get(change.alert)
        level = (before.level if before else 0) if change.over and change.level else change.level
        event = book.event_of(change.alert)
        if level and (event is None or event.closed_at is not None):
            event = book.open_at(place_of(change, commune)) or book.begun(change, commune, at)
        book.put(
            Standing(
                change.alert,
                change.kind,
                change.station,
                level,
                event.id if event else None,
                change.parameters or (before.parameters if before else []),
            )
        )
        if event is not None:
            event = book.keep(_after(event, change, book.top(event.id), level, at))
            book.alerts[change.alert] = event.id
        views.append(View(event, book.inhibitors))
    return Gathering(views, list(book.changed.values()), book.alerts, book.events)


def inhibiting(commune: Commune) -> frozenset[Kind]:
    """The kinds that hold back others (routing.yaml)."""
    rules = commune.routing.inhibitions if commune.routing else []
    return frozenset(kind for rule in rules for kind in rule.by)


def moment(change: AlertChange, at: datetime) -> datetime:
    """When a change is known, the platform's time being `at`: never before it could be told."""
    return max(at, change.at + timedelta(seconds=change.late_s))


def _after(event: Event, change: AlertChange, top: int, level: int, at: datetime) -> Event:
    """The event once `change`, of an alert that is now at `level`, is in; `top` is the highest of its alerts.

    What swings around its limit below level 3 rises once: answers count on, and nobody is called anew.
    """
    known = moment(change, at)
    swings = level <= event.peak_level and known - event.risen_at < SWING and level < DANGER
    risen = max(event.risen_at, known) if level > event.level and not swings else event.risen_at
    ended = event.closed_at or max(risen, change.at + timedelta(seconds=change.late_s))
    return msgspec.structs.replace(
        event,
        risen_at=risen,
        level=top,
        peak_level=max(event.peak_level, top),
        closed_at=None if top else ended,
    )


class _Book:
    """Events and alerts as they are while a batch goes in."""

    def __init__(self, around: Around, kinds: frozenset[Kind]) -> None:
        self._kinds = kinds
        self.events = {event.id: event for event in around.events}
        self._open = {event.place: event.id for event in around.events if event.closed_at is None}
        self._levels: dict[str, Counter[int]] = defaultdict(Counter)
        self.standing: dict[str, Standing] = {}
        self.inhibitors: tuple[Standing, ...] = ()
        self.changed: dict[str, Event] = {}
        self.alerts: dict[str, str] = {}
        for each in around.standing:
            self.put(each)

    def event_of(self, alert: str) -> Event | None:
        """The event that the alert was last part of."""
        before = self.standing.get(alert)
        return self.events.get(before.event) if before and before.event else None

    def open_at(self, place: str) -> Event | None:
        """The open event of a place."""
        return self.events[self._open[place]] if place in self._open else None

    def begun(self, change: AlertChange, commune: Commune, at: datetime) -> Event:
        """A new event; one of the place that began at the same instant and is over goes on."""
        place = place_of(change, commune)
        name = event_id(place, change.at)
        before = self.events.get(name)
        return Event(name, place, change.at, moment(change, at), 0, before.peak_level if before else 0)

    def put(self, alert: Standing) -> None:
        """The alert as it is now."""
        before = self.standing.get(alert.alert)
        if before is not None and before.event:
            self._levels[before.event][before.level] -= 1
        if alert.event:
            self._levels[alert.event][alert.level] += 1
        self.standing[alert.alert] = alert
        if alert.kind in self._kinds:
            others = [each for each in self.inhibitors if each.alert != alert.alert]
            self.inhibitors = (*others, alert) if alert.level else tuple(others)

    def top(self, event: str) -> int:
        """The highest level of the event's alerts, 0 where all are over."""
        return max((level for level, count in self._levels[event].items() if count > 0), default=0)

    def keep(self, event: Event) -> Event:
        """The event as it is now, noted where it is another than before."""
        if self.events.get(event.id) != event:
            self.events[event.id] = self.changed[event.id] = event
        if event.closed_at is None:
            self._open[event.place] = event.id
        elif self._open.get(event.place) == event.id:
            del self._open[event.place]
        return event
