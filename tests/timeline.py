"""Stories on a time line: changes go in at their minute, out come the messages each contact gets, and when.

The same story through the rules alone (`Pure`) and through the real store (`Stored`).
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

import psycopg

from connectors.timescale import outbox
from connectors.timescale.alerts import AlertWriter
from models.alerting.alert import AlertChange, Change
from models.alerting.delivery import Step
from models.alerting.grouping import Group, Stage, Standing, Verdict, Waiting, decide
from models.alerting.intake import Intake
from models.alerting.places import place_of
from models.alerting.routing import notifications
from models.alerting.sending import Answer, Sent
from models.alerting.together import text_of
from models.commune.configuration import Commune
from tests.messages import AT, change

INTERVAL_S = 300.0
Message = tuple[float, str, str]
"""Minute, contact, text."""


class Told(Protocol):
    """Where a story is told."""

    messages: list[Message]

    def at(self, minute: float, *changes: AlertChange) -> None:
        """Changes of one batch; first everything goes out that was due before."""

    def stages(self) -> dict[str, int]:
        """How many notifications were no message of their own, by stage."""


def clock(minute: float) -> datetime:
    """The time of a minute of the story."""
    return AT + timedelta(minutes=minute)


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


@dataclass
class _Contact:
    told: dict[str, int] = field(default_factory=dict)
    low: dict[str, int] = field(default_factory=dict)
    newest: dict[str, AlertChange] = field(default_factory=dict)
    muted: dict[str, str] = field(default_factory=dict)
    waiting: tuple[Verdict, str] | None = None
    last: datetime | None = None


class Pure:
    """The rules alone, with a sender that takes what is due at once."""

    def __init__(self, commune: Commune, interval_s: float = INTERVAL_S) -> None:
        self._commune, self._interval_s = commune, interval_s
        self._known: dict[tuple[str, str], _Contact] = {}
        self._peaks: dict[str, int] = {}
        self._counted: dict[str, int] = {}
        self.messages: list[Message] = []

    def at(self, minute: float, *changes: AlertChange) -> None:
        now = clock(minute)
        self._send(now)
        for one in changes:
            self._peaks[one.alert] = max(one.level, self._peaks.get(one.alert, 0))
            for each in notifications(one, self._commune, self._peaks[one.alert]):
                self._tell(one, each.contact, each.id, now)
        self._send(now)

    def _tell(self, one: AlertChange, name: str, key: str, now: datetime) -> None:
        place = place_of(one, self._commune)
        own = self._known.setdefault((name, place), _Contact())
        before = own.newest.get(one.alert)
        if before is not None and one.alert in own.told:
            own.low[one.alert] = min(own.low.get(one.alert, before.level), before.level)
        own.newest[one.alert] = one
        standings = {
            alert: Standing(newest, own.told.get(alert, 0), own.low.get(alert, own.told.get(alert, 0)), muted=own.muted.get(alert, ""))
            for alert, newest in own.newest.items()
        }  # fmt: skip
        waiting = own.waiting and Waiting(
            own.waiting[1], own.waiting[0].at, [s.alert for s in own.waiting[0].shown]
        )
        contact = next(each for each in self._commune.contacts if each.id == name)
        verdict = decide(
            one, Group(place, standings, waiting or None, own.last), contact, now, self._interval_s
        )
        if verdict.absorbs:
            assert own.waiting is not None
            assert verdict.absorbs == own.waiting[1]
            self._count(Stage.MERGED)
            own.waiting = None
        if verdict.stage is None:
            own.waiting = (verdict, key)
        else:
            self._count(verdict.stage)
            own.muted[one.alert] = verdict.stage.value

    def _count(self, stage: Stage) -> None:
        self._counted[stage.value] = self._counted.get(stage.value, 0) + 1

    def _send(self, now: datetime) -> None:
        due = [
            (own.waiting[0].at, name, own)
            for (name, _), own in self._known.items()
            if own.waiting is not None and own.waiting[0].at <= now
        ]
        for at, name, own in sorted(due, key=lambda one: one[:2]):
            assert own.waiting is not None
            verdict, _ = own.waiting
            own.waiting, own.last = None, at
            for one in verdict.shown:
                own.told[one.alert] = own.low[one.alert] = one.level
            text = text_of(verdict.shown, verdict.still, self._commune)
            self.messages.append(((at - AT).total_seconds() / 60, name, text.sms))

    def stages(self) -> dict[str, int]:
        return self._counted


class Stored:
    """The real writer and outbox on an empty store; its sender takes what is due at its minute."""

    def __init__(self, dsn: str, commune: Commune, interval_s: float = INTERVAL_S) -> None:
        self._dsn, self._offset, self._now = dsn, 0, AT
        self._writer = AlertWriter(dsn, commune, interval_s=interval_s, now=lambda: self._now)
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
            for one in await outbox.claim(db, 1000, now=now):
                await outbox.begin_attempt(db, one, one.notification)
                await outbox.finish(
                    db, one, Sent(Answer.SENT, "0", "", "id"), Step("sent", one.channel, now, "")
                )
                self.messages.append(((now - AT).total_seconds() / 60, one.contact, one.sms_text))
        self.messages.sort(key=lambda one: one[:2])

    def stages(self) -> dict[str, int]:
        with psycopg.connect(self._dsn) as db:
            return dict(
                db.execute(
                    "select stage, count(*) from notification where stage is not null group by 1"
                ).fetchall()
            )

    def close(self) -> None:
        self._writer.close()


def want(told: Told, expected: list[tuple[float, str, str]]) -> None:
    """The messages, as (minute, contact, beginning of the text), in their order."""
    found = sorted(told.messages)
    cut = [
        (round(minute, 2), name, text[: len(start)])
        for (minute, name, text), (_, _, start) in zip(found, expected, strict=False)
    ]
    extra = found[len(expected) :]
    assert (cut, extra) == (expected, [])
