"""Reads an event for its phone page and writes what a contact does there: opened, answered. The writer's own connections.

All of it belongs to one link whose signature was read before; the reader's role must see no texts to persons and must write nothing.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, LiteralString, TypeVar

import msgspec
import psycopg
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool, PoolTimeout, TooManyRequests

from connectors.page.now import Place
from connectors.page.phone.answering import store_answer
from connectors.page.phone.situation import Announced, OpenAlert, Person, Photograph, Situation
from connectors.timescale.approvals import decide
from models.alerting.closing import CLOSED
from models.alerting.event import Answer, Event

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from psycopg import AsyncConnection

    from connectors.page.phone.answering import PageAnswer
    from connectors.timescale.approvals import Decided, Decision
    from models.commune.configuration import Commune

T = TypeVar("T")

CONNECT_S, STATEMENT_MS, WAIT_S, REMARK_S = 3, 5_000, 4.0, 1.0
"""How long somebody waits for the store; a refused link need not be audited at any price."""
OPTIONS = f"-c search_path=phusa,public -c statement_timeout={STATEMENT_MS}"
CONNECTIONS, WAITING = 4, 64
"""Of the pool; who would be one more waiting is told that the store is away."""
RECENT = timedelta(days=2)
MOST_ALERTS, MOST_PEOPLE, MOST_ANNOUNCED = 4, 40, 6

EVENT: LiteralString = """
select id, place, opened_at, risen_at, closed_at, level, peak_level, exercise from event where number = %(number)s
"""
ALERTS: LiteralString = """
select o.alert, o.kind, o.kind_vi, o.place, coalesce(o.name, o.place) as name, coalesce(o.parameter_vi, '') as parameter_vi, o.level,
  coalesce(o.level_vi, '') as level_vi, o.state, o.since, coalesce(o.value_vi, '') as value_vi, datum.at as datum_at
from open_alerts_at(%(at)s) o
join alert a on a.alert = o.alert and a.event = %(event)s
left join alert_kind k on k.code = o.kind
left join lateral (
  select coalesce(max(newest.at), a.changed_at) as at from (
    (select b.at from observation b where b.station = a.station and b.parameter = a.parameter and b.flag in (1, 3)
      and b.at <= %(at)s and b.at > %(from)s order by b.at desc limit 1)
    union all
    (select d.at from derived d where d.station = a.station and d.parameter = a.parameter and d.flag < 4
      and d.at <= %(at)s and d.at > %(from)s order by d.at desc limit 1)
  ) newest
) datum on k.about = 'value' and k.state is null
order by o.rank, o.level desc, o.since, o.alert limit %(most)s
"""
NAMED: LiteralString = """
select a.kind, a.peak_level, coalesce(p.name, a.station) as name from alert a left join place p on p.id = a.station
where a.event = %(event)s order by a.peak_level desc, a.raised_at limit 1
"""
UNWATCHED: LiteralString = """
select exists (select from alert a join alert_change c on c.alert = a.alert and c.level = 0 and c.evidence -> 0 ->> 'vi' like %(closed)s
  where a.event = %(event)s)
"""
# The advice that came with the message: the contact's own where there is one.
ADVICE: LiteralString = """
select n.template_data ->> 'viec_can_lam' from notification n
where n.event = %(event)s and n.level > 0 and n.step is distinct from 'reply' and n.template_data ->> 'viec_can_lam' <> ''
order by (n.contact = %(contact)s) desc, n.created_at desc limit 1
"""
PEOPLE: LiteralString = """
select coalesce(c.name, n.contact) as name, n.contact = %(contact)s as own, n.arrived, n.read, n.failed, w.kind as answer, w.at as answered_at
from (
  select contact, min(created_at) as first, bool_or(state = 'delivered') as arrived, bool_or(read_at is not null) as read,
    bool_and(state in ('refused', 'expired')) as failed
  from notification where event = %(event)s and state not in ('muted', 'merged') and step is distinct from 'reply' group by contact
) n
left join contact c on c.id = n.contact
left join lateral (
  select kind, at from answer where event = %(event)s and contact = n.contact and at >= %(risen)s and kind in ('taken', 'false', 'help')
  order by at desc, id desc limit 1
) w on true
order by own desc, w.at nulls last, n.first, name limit %(most)s
"""
ANSWERS: LiteralString = """
select event, contact, kind, at, level, way from answer
where event = %(event)s and contact = %(contact)s and kind in ('taken', 'false', 'help') order by at, id
"""
PHOTOGRAPH: LiteralString = """
select s.alert, s.seq, s.at, coalesce(c.name, s.camera) as name from snapshot s join alert a on a.alert = s.alert
left join camera c on c.id = s.camera where a.event = %(event)s order by s.at desc, s.seq desc limit 1
"""
JPEG: LiteralString = """
select s.jpeg from snapshot s join alert a on a.alert = s.alert join event e on e.id = a.event
where e.number = %s order by s.at desc, s.seq desc limit 1
"""
PLACES: LiteralString = """
select kind, place, name, hamlets, latitude, longitude, camera, state, since, datum_at, parameter, value, unit, vi, en, level
from places_at(%(at)s) where place = any(%(stations)s) or camera = any(%(stations)s)
"""
# The event's own, and what a person asked for, which is the commune's: while it waits, and an hour after it was decided.
ANNOUNCED: LiteralString = """
select n.id, n.state, n.asked_by, n.expires_at, n.hamlets, e.number as event, n.level > 0 and coalesce(e.closed_at is not null, false) as over,
  coalesce(n.approved_by, n.refused_by) as decided_by, coalesce(n.approved_at, n.refused_at) as decided_at, n.text, n.seconds, n.exercise,
  coalesce((select jsonb_agg(jsonb_build_object('loudspeaker', p.loudspeaker, 'state', p.state, 'reason', p.reason) order by p.loudspeaker)
    from announcement_play p where p.announcement = n.id), '[]') as plays
from announcement n left join event e on e.id = n.event
where n.state <> 'overtaken' and (n.event = %(event)s or n.event is null and n.exercise = %(exercise)s
  and coalesce(n.approved_at, n.refused_at, n.expires_at) > now() - interval '1 hour')
order by n.event is null, n.id desc limit %(most)s
"""
OPENED: LiteralString = """
update notification set read_at = now() where event = %s and contact = %s and read_at is null and state in ('sending', 'sent', 'delivered', 'doubt')
"""
AUDIT: LiteralString = (
    "insert into audit (at, source, what, contact, event, vi, en) values (%s, 'page', %s, %s, %s, %s, %s)"
)
# The alerts flow may not let the event rise or end between what is compared and what is written.
HELD: LiteralString = EVENT + " for share"


class StoreAwayError(Exception):
    """The store could not be asked; the text is the server's own and stands in the log only."""


class Remark(msgspec.Struct, frozen=True):
    """A line of the audit log; it never holds a link."""

    at: datetime
    what: str
    vi: str
    en: str
    contact: str | None = None
    event: str | None = None


class PhoneStore:
    """`around` gives the stations and cameras of a station or flood place."""

    def __init__(self, dsn: Callable[[], str], around: Callable[[str], list[str]]) -> None:
        self._dsn, self._around = dsn, around
        self._pool: AsyncConnectionPool[AsyncConnection[Any]] | None = None
        self._lock = asyncio.Lock()

    async def situation(self, number: int, contact: str, at: datetime) -> Situation | None:
        """The event as it is at `at`, read in one transaction; None: there is no such event (any more)."""
        async with self._connection() as db, db.transaction():
            await db.execute("set transaction isolation level repeatable read")
            event = await _one(db, Event, EVENT, number=number)
            return None if event is None else await self._situation(db, event, number, contact, at)

    async def _situation(
        self, db: AsyncConnection[Any], event: Event, number: int, contact: str, at: datetime
    ) -> Situation:
        of = {"event": event.id, "contact": contact, "at": at}
        alerts = await _rows(db, OpenAlert, ALERTS, **of, most=MOST_ALERTS, **{"from": at - RECENT})
        stations = sorted({each for alert in alerts for each in self._around(alert.place)})
        named = await _first(db, NAMED, **of)
        unwatched = event.closed_at is not None and await _first(db, UNWATCHED, **of, closed=f"{CLOSED}%")
        advice = await _first(db, ADVICE, **of)
        return Situation(
            at,
            number,
            contact,
            event,
            alerts,
            advice[0] if advice else "",
            await _rows(db, Person, PEOPLE, **of, risen=event.risen_at, most=MOST_PEOPLE),
            await _rows(db, Answer, ANSWERS, **of),
            await _one(db, Photograph, PHOTOGRAPH, **of),
            await _rows(db, Place, PLACES, at=at, stations=stations) if stations else [],
            None if named is None else (named[0], named[1], named[2]),
            bool(unwatched and unwatched[0]),
            await _rows(db, Announced, ANNOUNCED, **of, exercise=event.exercise, most=MOST_ANNOUNCED),
        )

    async def picture(self, number: int) -> bytes | None:
        """The newest picture of the event's alerts as JPEG; None: there is none."""
        async with self._connection() as db:
            row = await (await db.execute(JPEG, [number])).fetchone()
            return None if row is None else bytes(row[0])

    async def opened(self, event: str, contact: str) -> None:
        """The contact has the page before their eyes: their messages of the event are read, from the first time on."""
        async with self._connection() as db:
            await db.execute(OPENED, [event, contact])

    async def answer(self, number: int, answer: Callable[[Event], PageAnswer | None]) -> Event | None:
        """Store what `answer` makes of the event as it stands now; None from it: nothing is stored. Returns that event, None: there is none."""
        async with self._connection() as db, db.transaction():
            event = await _one(db, Event, HELD, number=number)
            made = None if event is None else answer(event)
            if made is not None:
                await store_answer(db, made)
            return event

    async def decide(self, one: Decision, commune: Commune, now: datetime) -> Decided:
        """What a contact says of an announcement, if he may; on a connection of its own, for it is decided by the command line's function."""
        try:
            return await asyncio.to_thread(self._decided, one, commune, now)
        except (psycopg.Error, OSError) as error:
            raise StoreAwayError(str(error).partition("\n")[0] or type(error).__name__) from error

    def _decided(self, one: Decision, commune: Commune, now: datetime) -> Decided:
        with psycopg.connect(self._dsn(), connect_timeout=CONNECT_S, options=OPTIONS) as connection:
            return decide(connection, one, commune, now)

    async def remark(self, one: Remark) -> None:
        """A line into the audit log."""
        async with self._connection(REMARK_S) as db:
            await db.execute(AUDIT, [one.at, one.what, one.contact, one.event, one.vi, one.en])

    async def close(self) -> None:
        """Close the connections."""
        if self._pool is not None:
            await self._pool.close()
            self._pool = None

    @asynccontextmanager
    async def _connection(self, wait_s: float = WAIT_S) -> AsyncIterator[AsyncConnection[Any]]:
        try:
            async with (await self._opened()).connection(wait_s) as connection:
                yield connection
        except (psycopg.Error, PoolTimeout, TooManyRequests, OSError, msgspec.ValidationError) as error:
            raise StoreAwayError(str(error).partition("\n")[0] or type(error).__name__) from error

    async def _opened(self) -> AsyncConnectionPool[AsyncConnection[Any]]:
        """Opened at the first question, inside the loop that asks; it waits for no server."""
        async with self._lock:
            if self._pool is None:
                pool = AsyncConnectionPool(
                    self._dsn(), min_size=0, max_size=CONNECTIONS, max_waiting=WAITING, open=False, check=AsyncConnectionPool.check_connection,
                    kwargs={"autocommit": True, "connect_timeout": CONNECT_S, "options": OPTIONS}, reconnect_timeout=WAIT_S,
                )  # fmt: skip
                await pool.open()
                self._pool = pool
            return self._pool


async def _rows(db: AsyncConnection[Any], kind: type[T], query: LiteralString, **values: object) -> list[T]:
    async with db.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(query, values)
        return [msgspec.convert(row, kind) for row in await cursor.fetchall()]


async def _one(db: AsyncConnection[Any], kind: type[T], query: LiteralString, **values: object) -> T | None:
    rows = await _rows(db, kind, query, **values)
    return rows[0] if rows else None


async def _first(db: AsyncConnection[Any], query: LiteralString, **values: object) -> Any:
    return await (await db.execute(query, values)).fetchone()
