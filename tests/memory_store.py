"""The store of the alerts flow as a plain object: changes and outbox in lists, with a sender that takes what is due."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

import msgspec

from models.alerting.alert import AlertChange
from models.alerting.around import Around, EventCode, Standing
from models.alerting.closing import CLOSED
from models.alerting.codes import NOT_AGAIN
from models.alerting.event import Event
from models.alerting.open_alert import Open, Stored
from models.alerting.outbox import Arrived, Earlier, Known, OutboxRow, Outgoing, Routed, Stages
from models.alerting.silence import Silence


class MemoryStore:
    """What the stages ask of a store (models.alerting.outbox.Lookup), and what they answer, in order."""

    def __init__(self) -> None:
        self.changes: dict[str, dict[int, AlertChange]] = defaultdict(dict)
        self.rows: dict[str, Earlier] = {}
        self.texts: dict[str, OutboxRow] = {}
        self.events: dict[str, Event] = {}
        self.of_alerts: dict[str, str] = {}
        self.codes: list[EventCode] = []
        self.silences: list[Silence] = []

    # --- what the stages ask

    def look_up(self, routed: Sequence[Routed]) -> Known:
        places = {(contact.id, each.place) for each in routed for contact in each.contacts}
        alerts = {(contact.id, each.change.alert) for each in routed for contact in each.contacts}
        held = {name for _, name in alerts}
        places |= {
            (row.contact, row.place or "")
            for row in self.rows.values()
            if row.held_by in held and not row.done
        }
        earlier = [
            row
            for row in self.rows.values()
            if ((row.contact, row.place) in places and not row.done) or (row.contact, row.alert) in alerts
        ]
        names = {alert for _, alert in alerts} | {name for row in earlier for name in (row.alert, *row.shown)}
        return Known(earlier, {name: self.changes[name] for name in names if name in self.changes})

    def around(
        self,
        changes: Sequence[AlertChange],
        places: Sequence[str],
        contacts: Sequence[str],
        inhibiting: Collection[str],
        at: datetime,
    ) -> Around:
        alerts, batch = {each.alert for each in changes}, {(each.alert, each.seq) for each in changes}
        names = {self.of_alerts[alert] for alert in alerts if alert in self.of_alerts}
        names |= {row.event or "" for row in self.rows.values() if row.held_by in alerts and not row.done}
        events = [
            event
            for event in self.events.values()
            if event.id in names or (event.place in places and event.closed_at is None)
        ]
        own = {event.id for event in events}
        standing = []
        for alert, stored in self.changes.items():
            newest = stored[max(stored)] if stored else None
            if newest is None or not (
                alert in alerts
                or (newest.level and (self.of_alerts.get(alert) in own or newest.kind in inhibiting))
            ):
                continue
            before = [
                each
                for _, each in sorted(stored.items())
                if (alert, each.seq) not in batch and not (each.over and each.level)
            ]
            level, parameters = (before[-1].level, before[-1].parameters) if before else (0, [])
            standing.append(
                Standing(alert, newest.kind, newest.station, level, self.of_alerts.get(alert), parameters)
            )
        codes = [
            code
            for code in self.codes
            if code.contact in contacts and (code.event in own or not self._free(code.event, at))
        ]
        return Around(events, standing, codes, [each for each in self.silences if each.in_force(at)])

    def _free(self, event: str, at: datetime) -> bool:
        closed = self.events[event].closed_at
        return closed is not None and closed <= at - NOT_AGAIN

    def closed_before(self, alerts: Sequence[str]) -> list[Stored]:
        return [
            Stored(alert, seq, change.at, change.level, change.previous)
            for alert in alerts
            if any(each.evidence and each.evidence[0].vi.startswith(CLOSED) for each in self.changes[alert].values())
            for seq, change in sorted(self.changes[alert].items())
        ]  # fmt: skip

    def open_alerts(self) -> list[Open]:
        newest = [changes[max(changes)] for changes in self.changes.values() if changes]
        return [
            Open(
                alert=change.alert,
                rule=change.rule,
                kind=change.kind,
                station=change.station,
                parameter=change.parameter,
                level=change.level,
                value=change.value,
                unit=change.unit,
                seq=change.seq,
                limit=change.limit,
            )
            for change in newest
            if change.level
        ]

    def heard(self, alerts: Sequence[str]) -> dict[str, set[str]]:
        return {
            alert: {row.contact for row in self.rows.values() if row.alert == alert and row.stage is None}
            for alert in alerts
        }

    # --- what is written

    def write(self, stages: Stages, changes: Iterable[AlertChange], now: datetime) -> None:
        """One batch, in one transaction: what is there makes nothing."""
        arrived = []
        for change in stages.number(list(changes), self):
            if change.seq not in self.changes[change.alert]:
                self.changes[change.alert][change.seq] = change
                peak = max(stored.level for stored in self.changes[change.alert].values())
                arrived.append(Arrived(change, peak))
        self.store(stages.notify(arrived, self, now))

    def store(self, outgoing: Outgoing) -> None:
        self.events |= {event.id: event for event in outgoing.events}
        self.of_alerts |= outgoing.alerts
        self.codes += outgoing.codes
        for row in outgoing.rows:
            told = row.notification
            self.texts[told.id] = row
            self.rows[told.id] = Earlier(
                id=told.id,
                alert=told.alert,
                seq=told.seq,
                contact=told.contact,
                place=row.place,
                state=row.state,
                attempts=0,
                next_at=row.next_at,
                claimed_at=None,
                shown=row.shown,
                seqs=row.seqs,
                stage=row.stage,
                done=False,
                held_by=row.held_by,
                event=row.event,
            )
        for merged in outgoing.merged:
            assert self.rows[merged.id].state == "pending", "only what waits is merged away"
            self._set(merged.id, state="merged", stage="merged")
        for each in outgoing.done:
            self._set(each, done=True)

    def send(self, now: datetime) -> list[tuple[datetime, Earlier]]:
        """A sender takes all that is due, each at its time; when, and what."""
        due = [row for row in self.rows.values() if row.state == "pending" and row.next_at <= now]
        for row in due:
            self._set(row.id, state="sent", claimed_at=row.next_at, attempts=1)
        return sorted(((row.next_at, row) for row in due), key=lambda pair: (pair[0], pair[1].contact))

    def _set(self, each: str, **changed: object) -> None:
        self.rows[each] = msgspec.structs.replace(self.rows[each], **changed)
