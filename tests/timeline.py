"""Stories on a time line: changes go in at their minute, out come the messages each contact gets, and when.

The same story through the stages alone (`Pure`) and through the real store (`Stored`).
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Protocol

import psycopg
from psycopg.rows import class_row

from connectors.timescale import outbox, silences
from connectors.timescale.alerts import AlertWriter
from connectors.timescale.events import COLUMNS
from flows.alerts import Notifying
from models.alerting.alert import AlertChange, Change
from models.alerting.delivery import Step
from models.alerting.event import Event
from models.alerting.intake import Intake
from models.alerting.sending import Answer, Sent
from models.alerting.silence import Silence
from models.commune.configuration import Commune
from tests.memory_store import MemoryStore
from tests.messages import AT, change

INTERVAL_S = 300.0
Message = tuple[float, str, str]
"""Minute, contact, text."""


class Story(Protocol):
    """Where a story is told."""

    messages: list[Message]

    def at(self, minute: float, *changes: AlertChange) -> None:
        """Changes of one batch; first everything goes out that was due before."""

    def stages(self) -> dict[str, int]:
        """How many notifications were no message of their own, by stage."""

    def silence(self, minute: float, until: float, **chosen: Any) -> None:
        """Somebody sets a silence at a minute of the story, until another."""

    def events(self) -> list[tuple[str, float, float | None, int, int]]:
        """Each event's place, the minutes of its last rise and of its end, its level and its highest, in order of their beginning."""

    def codes(self) -> dict[tuple[str, str], int]:
        """The code of each contact for each event."""

    def hidden(self) -> dict[int, list[str]]:
        """By silence, the alerts that it hid."""


def clock(minute: float) -> datetime:
    """The time of a minute of the story."""
    return AT + timedelta(minutes=minute)


def minutes(at: datetime) -> float:
    """The other way round."""
    return round((at - AT).total_seconds() / 60, 2)


def _listed(events: Iterable[Event]) -> list[tuple[str, float, float | None, int, int]]:
    return [
        (
            event.place,
            minutes(event.risen_at),
            None if event.closed_at is None else minutes(event.closed_at),
            event.level,
            event.peak_level,
        )
        for event in sorted(events, key=lambda event: (event.opened_at, event.id))
    ]


class Alert:
    """One alert that changes; each change is the next of its seq."""

    def __init__(self, name: str, **fields: Any) -> None:
        self._fields = {"alert": name} | fields
        self._seq = self._level = 0

    def goes(self, level: int, minute: float, **changed: Any) -> AlertChange:
        """To a level, at a minute of the story."""
        verb = (
            Change.CLEAR if level == 0 else Change.RAISE if not self._level
            else Change.WORSE if level > self._level else Change.BETTER
        )  # fmt: skip
        self._seq += 1
        made = {
            "seq": self._seq,
            "at": clock(minute),
            "change": verb,
            "level": level,
            "previous": self._level,
        }
        self._level = level
        return change(**(self._fields | made | changed))


class Pure:
    """The stages alone on a store in memory, with a sender that takes what is due at once."""

    def __init__(
        self, commune: Commune, interval_s: float = INTERVAL_S, patterns: dict[str, str] | None = None
    ) -> None:
        self._stages, self._store = Notifying(commune, interval_s, patterns), MemoryStore()
        self.messages: list[Message] = []

    def at(self, minute: float, *changes: AlertChange) -> None:
        now = clock(minute)
        self._send(now)
        self._store.write(self._stages, changes, now)
        self._send(now)

    def _send(self, now: datetime) -> None:
        for at, row in self._store.send(now):
            text = self._store.texts[row.id].notification.sms_text
            self.messages.append(((at - AT).total_seconds() / 60, row.contact, text))

    def stages(self) -> dict[str, int]:
        return dict(Counter(row.stage for row in self._store.rows.values() if row.stage is not None))

    def silence(self, minute: float, until: float, **chosen: Any) -> None:
        number = len(self._store.silences) + 1
        self._store.silences.append(Silence(number, clock(minute), clock(until), "thử", "an", **chosen))

    def events(self) -> list[tuple[str, float, float | None, int, int]]:
        return _listed(self._store.events.values())

    def codes(self) -> dict[tuple[str, str], int]:
        return {(code.contact, code.event): code.code for code in self._store.codes}

    def hidden(self) -> dict[int, list[str]]:
        found: dict[int, list[str]] = {}
        for row in self._store.texts.values():
            if row.silence is not None:
                found.setdefault(row.silence, []).append(row.notification.alert)
        return {number: sorted(set(alerts)) for number, alerts in found.items()}


class Stored:
    """The real writer and outbox on an empty store; its sender takes what is due at its minute."""

    def __init__(
        self,
        dsn: str,
        commune: Commune,
        interval_s: float = INTERVAL_S,
        patterns: dict[str, str] | None = None,
    ) -> None:
        self._dsn, self._offset, self._now = dsn, 0, AT
        self._writer = AlertWriter(dsn, Notifying(commune, interval_s, patterns), now=lambda: self._now)
        self.messages: list[Message] = []

    def at(self, minute: float, *changes: AlertChange) -> None:
        until = clock(minute)
        self._send(until)
        self._now = until
        start, self._offset = self._offset, self._offset + len(changes)
        places = list(range(start, self._offset))
        if changes:
            intake = Intake("alerts", 0, self._offset, len(changes), list(changes), places, [])
            self._writer.write([intake, intake])
        self._send(until)

    def _send(self, until: datetime) -> None:
        while (due := self._next()) is not None and due <= until:
            asyncio.run(self._claim(due))

    def _next(self) -> datetime | None:
        with psycopg.connect(self._dsn) as db:
            row = db.execute("select min(next_at) from notification where state = 'pending'").fetchone()
        return row[0] if row else None

    async def _claim(self, now: datetime) -> None:
        async with await psycopg.AsyncConnection.connect(self._dsn, autocommit=True) as db:
            for message in await outbox.claim(db, 1000, now=now):
                await outbox.begin_attempts(db, [message])
                step = Step("sent", message.channel, now, "")
                await outbox.finish(db, [outbox.Answered(message, Sent(Answer.SENT, "0", "", "id"), step)])
                self.messages.append(((now - AT).total_seconds() / 60, message.contact, message.sms_text))
        self.messages.sort(key=lambda message: message[:2])

    def stages(self) -> dict[str, int]:
        with psycopg.connect(self._dsn) as db:
            return dict(
                db.execute(
                    "select stage, count(*) from notification where stage is not null group by 1"
                ).fetchall()
            )

    def silence(self, minute: float, until: float, **chosen: Any) -> None:
        silences.add(self._dsn, Silence(0, clock(minute), clock(until), "thử", "an", **chosen))

    def events(self) -> list[tuple[str, float, float | None, int, int]]:
        with psycopg.connect(self._dsn) as db, db.cursor(row_factory=class_row(Event)) as cursor:
            return _listed(cursor.execute(f"select {COLUMNS} from event e").fetchall())

    def codes(self) -> dict[tuple[str, str], int]:
        with psycopg.connect(self._dsn) as db:
            rows = db.execute("select contact, event, code from event_code").fetchall()
        return {(contact, event): code for contact, event, code in rows}

    def hidden(self) -> dict[int, list[str]]:
        """The first silence of the story is number 1, whatever its number in the store is."""
        with psycopg.connect(self._dsn) as db:
            numbers = [row[0] for row in db.execute("select id from silence order by id").fetchall()]
        found: dict[int, list[str]] = {}
        for row in silences.hidden(self._dsn, numbers):
            found.setdefault(numbers.index(row.silence) + 1, []).append(row.alert)
        return found

    def close(self) -> None:
        self._writer.close()


def want(told: Story, expected: list[tuple[float, str, str]]) -> None:
    """The messages, as (minute, contact, beginning of the text), in their order."""
    found = sorted(told.messages)
    cut = [
        (round(minute, 2), name, text[: len(start)])
        for (minute, name, text), (_, _, start) in zip(found, expected, strict=False)
    ]
    extra = found[len(expected) :]
    assert (cut, extra) == (expected, [])
