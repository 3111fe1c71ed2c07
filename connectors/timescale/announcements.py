"""The queue of the loudspeakers: announcements, and what became of each at each loudspeaker. Who approves them: approvals.py.

Delivery: an announcement is written before anybody hears of it, its playing before the player is asked; the player's key settles a doubt.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, LiteralString

import msgspec
from psycopg.rows import class_row, dict_row

from connectors.timescale.locks import ONE_ANNOUNCER
from models.alerting.alert import AlertChange
from models.alerting.announcement import PLATFORM, EventSeen
from models.alerting.approval import Standing
from models.catalogue.public import PUBLIC
from models.envelope.reading import SCHEMA_VERSION

if TYPE_CHECKING:
    from collections.abc import Sequence

    import psycopg

    from models.alerting.announcement import Wanted
    from models.alerting.delivery import Step

AGO = timedelta(hours=2)
"""Events that ended earlier are not looked at."""
_EVENTS: LiteralString = """
select e.id as event, e.risen_at, e.closed_at, e.exercise, %(version)s::int as v, 'store' as source, c.alert, c.seq, c.at, a.rule, a.kind,
  a.station, a.parameter, c.change, c.level, c.previous, c.value, c."limit", a.unit, coalesce(c.evidence, '[]') as evidence,
  coalesce(c.parameters, '{}') as parameters, c.late_s, c.over
from event e join alert a on a.event = e.id
join lateral (select * from alert_change x where x.alert = a.alert order by x.seq desc limit 1) c on true
where a.kind = any(%(kinds)s) and (e.closed_at is null or e.closed_at > %(from)s) and goes_out(e.exercise, e.id, null)
order by e.opened_at, a.raised_at
"""
_MADE: LiteralString = "select event, key, state from announcement where event = any(%s)"
_INSERT: LiteralString = """
insert into announcement (key, event, kind, level, hamlets, text, seconds, exercise, asked_by, made_at, expires_at)
values (%(key)s, %(event)s, %(kind)s, %(level)s, %(hamlets)s, %(text)s, %(seconds)s, %(exercise)s, %(asked_by)s, %(made_at)s, %(expires_at)s)
on conflict (key) do nothing returning id
"""
_OVERTAKE: LiteralString = """
update announcement set state = 'overtaken' where event = %s and id <> %s and state = 'waiting'
"""
_LIST: LiteralString = """
select n.id, n.state, n.level, n.kind, n.text, n.seconds, n.hamlets, n.exercise, n.asked_by, n.approved_by, n.refused_by, n.made_at,
  n.recorded_at, n.expires_at, coalesce((select array_agg(p.loudspeaker || ' ' || p.state || case when p.reason = '' then '' else ': ' || p.reason end
    order by p.loudspeaker) from announcement_play p where p.announcement = n.id), '{}') as plays
from announcement n where n.state = 'waiting' or n.recorded_at > now() - make_interval(hours => %s) order by n.id desc
"""
_CLAIM: LiteralString = """
with due as (
  select p.announcement, p.loudspeaker from announcement_play p where p.state = 'pending' and p.next_at <= %(now)s
  order by p.next_at limit %(limit)s for update skip locked)
update announcement_play p set state = 'sending', tries = tries + 1 from due, announcement n
where p.announcement = due.announcement and p.loudspeaker = due.loudspeaker and n.id = p.announcement
returning p.announcement, p.loudspeaker, p.key, p.tries, n.text, n.seconds, n.approved_at, p.sent_at
"""
_HELD: LiteralString = """
select p.announcement, p.loudspeaker, p.key, p.tries, n.text, n.seconds, n.approved_at, p.sent_at
from announcement_play p join announcement n on n.id = p.announcement
where p.state = %(state)s and p.next_at <= %(now)s order by p.next_at
"""
_STEP: LiteralString = """
update announcement_play set state = %(state)s, next_at = %(next_at)s, reason = %(reason)s,
  sent_at = case when %(state)s = 'sent' then coalesce(sent_at, %(now)s) when %(state)s = 'pending' then null else sent_at end,
  played_at = case when %(state)s in ('played', 'heard') then coalesce(played_at, %(now)s) else played_at end,
  heard_at = case when %(state)s = 'heard' then coalesce(heard_at, %(now)s) else heard_at end,
  heard_db = coalesce(%(heard_db)s, heard_db)
where announcement = %(announcement)s and loudspeaker = %(loudspeaker)s and state in ('sending', 'sent')
"""


class New(msgspec.Struct, frozen=True):
    """An announcement to keep; `event` None: a person asked for it."""

    key: str
    text: str
    seconds: float
    hamlets: list[str]
    asked_by: str
    made_at: datetime
    event: str | None = None
    kind: str | None = None
    level: int = 0
    exercise: bool = False


class Listed(msgspec.Struct, frozen=True):
    """An announcement as `phusa announce list` shows it."""

    id: int
    state: Standing
    level: int
    kind: str | None
    text: str
    seconds: float
    hamlets: list[str]
    exercise: bool
    asked_by: str
    approved_by: str | None
    refused_by: str | None
    made_at: datetime
    recorded_at: datetime
    expires_at: datetime
    plays: list[str]


class Held(msgspec.Struct, frozen=True):
    """A sound at one loudspeaker that this process has in its hands; `tries` includes the present one."""

    announcement: int
    loudspeaker: str
    key: str
    tries: int
    text: str
    seconds: float
    approved_at: datetime
    sent_at: datetime | None = None


def be_the_only_announcer(connection: psycopg.Connection[Any]) -> None:
    """Wait until no other process announces; the lock is held as long as `connection` lives."""
    connection.execute("select pg_advisory_lock(%s)", [ONE_ANNOUNCER])


def events(connection: psycopg.Connection[Any], now: datetime) -> list[EventSeen]:
    """The events that go on, or ended not long before `now` of the platform's clock, with their public alerts."""
    values = {"version": SCHEMA_VERSION, "kinds": [kind.value for kind in PUBLIC], "from": now - AGO}
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(_EVENTS, values).fetchall()
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["event"], []).append(row)
    own = ("event", "risen_at", "closed_at", "exercise")
    return [
        EventSeen(
            name,
            of_one[0]["risen_at"],
            of_one[0]["closed_at"],
            [
                msgspec.convert(
                    {field: value for field, value in row.items() if field not in own}, AlertChange
                )
                for row in of_one
            ],
            of_one[0]["exercise"],
        )
        for name, of_one in found.items()
    ]


def made(connection: psycopg.Connection[Any], ids: Sequence[str]) -> dict[str, dict[str, str]]:
    """By event, the keys of its announcements with their states."""
    found: dict[str, dict[str, str]] = {}
    for event, key, state in connection.execute(_MADE, [list(ids)]).fetchall():
        found.setdefault(event, {})[key] = state
    return found


def new_of(wanted: Wanted, text: str, seconds: float, made_at: datetime) -> New:
    """What the platform makes of an event, spoken in so many seconds."""
    return New(
        wanted.key, text, seconds, wanted.hamlets, PLATFORM, made_at, wanted.event, wanted.kind.value, wanted.level, wanted.exercise
    )  # fmt: skip


def add(connection: psycopg.Connection[Any], new: New, now: datetime, waits_s: float) -> int | None:
    """Keep it for approval, in the place of what still waits of its event; None where the key is there. `now` is wall time."""
    values = msgspec.to_builtins(new, builtin_types=(datetime,)) | {
        "expires_at": now + timedelta(seconds=waits_s)
    }
    row: tuple[int] | None = connection.execute(_INSERT, values).fetchone()
    if row is None:
        return None
    if new.event is not None:
        connection.execute(_OVERTAKE, [new.event, row[0]])
    return row[0]


def expire(connection: psycopg.Connection[Any], now: datetime) -> int:
    """What nobody approved in time is not played any more; how many."""
    update = "update announcement set state = 'expired' where state = 'waiting' and expires_at <= %s"
    return connection.execute(update, [now]).rowcount


def listed(connection: psycopg.Connection[Any], hours: int) -> list[Listed]:
    """What waits, and all of the last `hours`, the newest first."""
    with connection.cursor(row_factory=dict_row) as cursor:
        return msgspec.convert(cursor.execute(_LIST, [hours]).fetchall(), list[Listed])


def claim(connection: psycopg.Connection[Any], now: datetime, limit: int) -> list[Held]:
    """Take what is due, and write down that its player is about to be asked."""
    with connection.cursor(row_factory=class_row(Held)) as cursor:
        return cursor.execute(_CLAIM, {"now": now, "limit": limit}).fetchall()


def under_way(connection: psycopg.Connection[Any], now: datetime) -> list[Held]:
    """What players took and is due to be looked at."""
    with connection.cursor(row_factory=class_row(Held)) as cursor:
        return cursor.execute(_HELD, {"state": "sent", "now": now}).fetchall()


def orphans(connection: psycopg.Connection[Any], now: datetime) -> list[Held]:
    """What a dead process had in its hands; call once at the start, before any claim."""
    with connection.cursor(row_factory=class_row(Held)) as cursor:
        return cursor.execute(_HELD, {"state": "sending", "now": now}).fetchall()


def record(
    connection: psycopg.Connection[Any], held: Held, step: Step, now: datetime, heard_db: float | None = None
) -> None:
    """Record what follows; what is played stays played."""
    connection.execute(
        _STEP,
        {
            "state": step.state,
            "next_at": step.next_at,
            "reason": step.reason,
            "now": now,
            "heard_db": heard_db,
            "announcement": held.announcement,
            "loudspeaker": held.loudspeaker,
        },
    )
