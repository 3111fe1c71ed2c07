"""Nights of the example commune: what happens at its time of day, and what each phone received by then, by which way.

The alerts flow, the ladder, the answers and the sender run together on a real store, all on one clock that is moved on and never waited
for: the store's now() too.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any, NamedTuple

import psycopg
import pytest
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from connectors import clock
from connectors.settings import Settings
from connectors.timescale import answers, outbox
from connectors.timescale.alerts import AlertWriter
from connectors.timescale.receipts import apply_receipt
from flows import delivery
from flows.alerts import Notifying
from flows.attending import Attending
from flows.delivery import Delivery
from models.alerting.intake import Intake
from models.alerting.receipt import Outcome, Receipt
from models.alerting.said import Said
from models.alerting.sending import Answer, Order, Sender, Sent
from models.commune.configuration import Commune
from tests.timeline import INTERVAL_S, Alert, minutes

DAY = datetime(2026, 10, 12, tzinfo=clock.VIETNAM)
"""A Monday in the flood season; the hours of a story count from its midnight, "26:30" is half past two of the next night."""
PLAIN = {"sms": "{}", "zalo": "{}"}
SECOND = timedelta(seconds=1)


class Goes(NamedTuple):
    """An alert changes to a level."""

    alert: Alert
    level: int
    changed: dict[str, Any]


class Says(NamedTuple):
    """A person writes back."""

    contact: str
    text: str
    way: str = "sms"


class Told(NamedTuple):
    """A message that reached a phone: when, whose, what, by which way."""

    at: str
    contact: str
    text: str
    way: str = ""


Happens = Goes | Says | Callable[[], object]


def at(text: str) -> datetime:
    """The time of "HH:MM" or "HH:MM:SS" of the story."""
    hours, minute, second, *_ = (*map(int, text.split(":")), 0)
    return DAY + timedelta(hours=hours, minutes=minute, seconds=second)


def label(moment: datetime) -> str:
    """The other way round; seconds only where there are some."""
    whole = round((moment - DAY).total_seconds())
    shown = f"{whole // 3600:02}:{whole // 60 % 60:02}"
    return f"{shown}:{whole % 60:02}" if whole % 60 else shown


def goes(alert: Alert, level: int, **changed: Any) -> Goes:
    """So the alert changes."""
    return Goes(alert, level, changed)


def sms(when: str, contacts: str | Iterable[str], *begins: str) -> list[Told]:
    """These contacts are told this, in as many messages as there are beginnings."""
    names = [contacts] if isinstance(contacts, str) else contacts
    return [Told(when, name, begin) for name in names for begin in begins]


class Gateway:
    """A way to the phones that answers as it is told, and says of what it took that it was delivered, if it gives receipts."""

    def __init__(self, *, idempotent: bool = True, receipts: bool = True) -> None:
        self.idempotent, self.receipts = idempotent, receipts
        self.answers: Sent | None = None
        """Of everything it is asked from now on; None: it takes the message."""
        self.asked = 0

    def says(self, answer: Sent | None) -> Callable[[], None]:
        """From then on it answers so."""

        def change() -> None:
            self.answers = answer

        return change

    async def send(self, order: Order) -> Sent:
        self.asked += 1
        return self.answers or Sent(Answer.SENT, "0", "", order.key)

    async def close(self) -> None:
        """It has nothing to give back."""


GONE = Sent(Answer.RETRY, "unreachable", "không tới được")
AWAY = Sent(Answer.AWAY, "token", "không lấy được mã")
TOO_FAST = Sent(Answer.RETRY, "-32", "too fast")


class _Noted:
    """A sender whose messages are written down: those that it took, and those of which nobody knows."""

    def __init__(self, own: Sender, note: Callable[[Order, Sent], None]) -> None:
        self._own, self._note, self.idempotent = own, note, own.idempotent

    async def send(self, order: Order) -> Sent:
        sent = await self._own.send(order)
        self._note(order, sent)
        return sent

    async def close(self) -> None:
        await self._own.close()


class _Clerk(Delivery):
    """The sender of the platform, one turn at a time."""

    async def turn(self, now: datetime) -> bool:
        """Take all that is due and ask the gateways; whether there was anything."""
        claimed = []
        async with self._pool.connection() as db:
            for channel in self._senders:
                async with db.transaction():
                    found = await outbox.claim(db, 1000, channel, now)
                    await outbox.begin_attempts(db, found)
                claimed += found
        if claimed:
            writing = asyncio.create_task(self._writer.run())
            await asyncio.gather(*(self._send_one(one) for one in claimed))
            writing.cancel()
        return bool(claimed)


class Night:
    """One story: `at` says what happens, `play` lets it happen; then `told` is what reached the phones.

    `senders` by channel: by default gateways that take everything. `dsn` is of a store whose now() is `played.now()`.
    """

    def __init__(self, dsn: str, commune: Commune, settings: Settings, patch: pytest.MonkeyPatch) -> None:
        self._dsn, self._commune, self._settings, self.now = dsn, commune, settings, DAY
        self.sms, self.zalo = Gateway(), Gateway(idempotent=False)
        self.senders: dict[str, Sender] = {"sms": self.sms, "zalo": self.zalo}
        self.told: list[Told] = []
        self._happenings: list[tuple[datetime, list[Happens]]] = []
        self._receipts: list[tuple[str, str]] = []
        self._offset = 0
        patch.setattr(delivery, "clock", SimpleNamespace(system=lambda: self.now))

    def at(self, when: str, *happens: Happens) -> None:
        """All of it happens then, the changes of alerts in one batch."""
        self._happenings.append((at(when), list(happens)))

    def play(self, until: str) -> None:
        """Let all of it happen; times move from one thing that is due to the next, and whole minutes while an event is open."""
        asyncio.run(self._play(at(until)))

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What the store says."""
        with psycopg.connect(self._dsn) as db:
            return db.execute(query.encode()).fetchall()

    def steps(self, *kinds: str) -> list[tuple[str, str, str]]:
        """When the ladder did what for whom, of these kinds; (time, step, contact)."""
        found = self.rows("select at, step, coalesce(contact, '') from event_step order by at, key")
        return [(label(at), step, name) for at, step, name in found if step in kinds]

    def states(self) -> dict[str, int]:
        """How many notifications are left in which state, those apart that were never to be messages."""
        return dict(
            self.rows("select state, count(*) from notification where stage is null group by 1 order by 1")
        )

    async def _play(self, until: datetime) -> None:
        writer = AlertWriter(self._dsn, Notifying(self._commune, INTERVAL_S, PLAIN), now=lambda: self.now)
        async with AsyncConnectionPool(
            self._dsn, min_size=1, max_size=4, open=False, kwargs={"autocommit": True}
        ) as pool:
            ladder = Attending(self._dsn, self._commune, pool, None, PLAIN)
            noted: dict[str, Sender] = {
                way: _Noted(own, self._noting(way, own)) for way, own in self.senders.items()
            }
            clerk = _Clerk(self._settings, noted, pool)
            left = sorted(self._happenings, key=lambda one: one[0])
            self._happenings = []
            self.now = left[0][0] if left else self.now
            while self.now <= until:
                async with pool.connection() as db:
                    await db.execute("update played.clock set at = %s, since = clock_timestamp()", [self.now])
                    while left and left[0][0] <= self.now:
                        await self._happen(db, writer, left.pop(0)[1])
                look_at = await ladder.look(self.now)
                await clerk.look_for_receipts()
                while await clerk.turn(self.now):
                    await self._deliver(pool)
                async with pool.connection() as db:
                    due = await self._due(db)
                wanted = [
                    until + SECOND,
                    *due,
                    *(one[0] for one in left[:1]),
                    *([look_at] if look_at else []),
                ]
                self.now = min(moment for moment in wanted if moment > self.now)
        writer.close()
        for own in self.senders.values():
            await own.close()

    async def _happen(
        self, db: AsyncConnection[Any], writer: AlertWriter, happens: Sequence[Happens]
    ) -> None:
        changes = [
            one.alert.goes(one.level, minutes(self.now), **one.changed)
            for one in happens
            if isinstance(one, Goes)
        ]
        start, self._offset = self._offset, self._offset + len(changes)
        if changes:
            places = list(range(start, self._offset))
            writer.write([Intake("alerts", 0, self._offset, len(changes), changes, places, [])])
        for one in happens:
            if isinstance(one, Says):
                key = f"{one.way}:{one.contact}:{label(self.now)}:{one.text}"
                await answers.take(db, Said(key, self.now, one.way, one.contact, one.text), self.now)
            elif not isinstance(one, Goes):
                one()

    def _noting(self, way: str, own: Sender) -> Callable[[Order, Sent], None]:
        def note(order: Order, sent: Sent) -> None:
            if sent.answer is Answer.SENT:
                self.told.append(Told(label(self.now), order.contact, order.sms_text, way))
                if not isinstance(own, Gateway) or own.receipts:
                    self._receipts.append((way, order.key))

        return note

    async def _deliver(self, pool: AsyncConnectionPool) -> None:
        """The receipts of what was taken come at once."""
        async with pool.connection() as db:
            while self._receipts:
                way, key = self._receipts.pop(0)
                await apply_receipt(db, Receipt(1, way, 0, self.now, key, "", Outcome.DELIVERED, None, ""))

    async def _due(self, db: AsyncConnection[Any]) -> list[datetime]:
        """When a message is due next, and when a receipt is late."""
        found = await db.execute(
            """
            select min(next_at) from notification where state = 'pending' and next_at > %(now)s
            union all
            select min(coalesce(sent_at, claimed_at)) + make_interval(secs => %(wait)s) from notification
            where state in ('sent', 'doubt') and next_at <= %(now)s
            """,
            {"now": self.now, "wait": self._settings.receipt_wait_s + 1},
        )
        return [row[0] for row in await found.fetchall() if row[0] is not None]


def want(night: Night, *expected: list[Told]) -> None:
    """The messages that reached phones, exactly: when, whose, and how the text begins; by which way where it is named."""
    wanted = sorted(one for each in expected for one in each)
    found = sorted(night.told)
    odd = [
        f"{one} where {each} was wanted"
        for one, each in zip(found, wanted, strict=False)
        if one[:2] != each[:2] or not one.text.startswith(each.text) or each.way not in {"", one.way}
    ]
    assert not odd, odd[0]
    assert len(found) == len(wanted), (found[len(wanted) :], wanted[len(found) :])


PLAYED = """
create schema played;
create table played.clock (at timestamptz not null, since timestamptz not null);
insert into played.clock values ('2026-10-12', clock_timestamp());
create function played.now() returns timestamptz language sql stable
  as 'select at + (pg_catalog.now() - since) / 1000 from played.clock';
grant usage on schema played to public;
grant select, update on played.clock to public;
do $$ declare each record; begin
  for each in select d.adrelid::regclass as relation, a.attname from pg_attrdef d
    join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum join pg_class c on c.oid = d.adrelid
    where c.relnamespace = 'phusa'::regnamespace and pg_get_expr(d.adbin, d.adrelid) = 'now()'
  loop execute format('alter table %s alter %I set default played.now()', each.relation, each.attname); end loop;
  execute format('alter role phusa_writer in database %I set search_path = played, phusa, public, pg_catalog', current_database());
end $$
"""
"""The store's now() is the story's: who comes later in a minute of it is later by a thousandth of what it took."""
