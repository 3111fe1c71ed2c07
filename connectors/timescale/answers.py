"""What people say back: one answer a key, its step, what it settles, and one polite reply, in one transaction.

Delivery: exactly once. `key` is unique; a call that is repeated, or applied again after a crash, finds itself and does nothing.
Takes of one contact wait for each other, so that "one reply" and "three lessons an hour" hold for two that come at once.

The step is `answer:<id>`. The reply is a row of the outbox with step `reply` that tells of no alert (`shown` is empty), so that no
news is merged with it, waits for it or is overtaken by it; its level is 0, as nothing is less urgent.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from connectors.timescale import audit
from connectors.timescale.alerts import WAKE
from connectors.timescale.locks import ONE_CONTACT
from models.alerting.codes import PLAIN
from models.alerting.event import AnswerKind
from models.alerting.reply import read_reply
from models.alerting.reply_words import SAID, About, confirmed, lesson, over
from models.alerting.routing import key
from models.alerting.said import Said, Taken
from models.catalogue.channels import CHANNELS

if TYPE_CHECKING:
    from psycopg import AsyncConnection

    from models.alerting.together import Text

UNDERSTOOD = (AnswerKind.TAKEN, AnswerKind.FALSE, AnswerKind.HELP)
LESSONS = 3
"""In an hour, for one contact: who is still not understood then is rung by a person, not by more messages."""
HOUR = timedelta(hours=1)
KNOWN_FOR = timedelta(days=2)
"""So long after its end an event is known by its code."""


class _Known(msgspec.Struct, frozen=True):
    """An event of the contact's; `name` is where it is, as the contact was told. `told`: it is none of a drill that reaches no phone."""

    event: str
    code: int | None
    level: int
    risen_at: datetime
    closed_at: datetime | None
    exercise: bool
    told: bool
    name: str

    @property
    def about(self) -> About:
        return About(self.code, self.name, self.exercise)


_KNOWN = """
select e.id as event, c.code, e.level, e.risen_at, e.closed_at, e.exercise, goes_out(e.exercise, e.id, %(contact)s) as told, coalesce((
    select n.template_data ->> 'tram' from notification n
    where n.contact = %(contact)s and n.event = e.id and n.step is distinct from 'reply' order by n.created_at desc limit 1
  ), e.place) as name
from event e left join event_code c on c.event = e.id and c.contact = %(contact)s
where case when %(event)s::text is null then c.code is not null and coalesce(e.closed_at > %(since)s, true) else e.id = %(event)s end
order by e.closed_at is null desc, e.exercise, e.level desc, coalesce(e.closed_at, e.risen_at) desc, e.id
"""

_INSERT = """
insert into answer (key, at, way, contact, event, kind, level) values (%s, %s, %s, %s, %s, %s, %s)
on conflict (key) do nothing returning id
"""

_STEP = """
insert into event_step (event, key, at, level, step, contact, notification, vi, en)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s) on conflict do nothing
"""

# In the order of their ids, as the flow locks them.
_ANSWERED = """
update notification set answered_at = %(at)s where id in (
  select id from notification where contact = %(contact)s and event = %(event)s and step is distinct from 'reply'
    and answered_at is null order by id for update)
"""

_SAID_BEFORE = """
select exists (select from answer where contact = %s and event = %s and kind = %s and at >= %s and id <> %s)
"""

_NOT_UNDERSTOOD = """
select count(*) from answer where contact = %s and kind in ('unread', 'closed') and at > %s and id <> %s
"""

_REPLY = """
insert into notification (id, alert, seq, contact, kind, level, channels, channel, sms_text, template_id, template_data,
  done, event, code, step, exercise)
select %(id)s, coalesce(a.alert, %(event)s, %(key)s), coalesce(a.seq, 0), %(contact)s, coalesce(a.kind, ''), 0,
  %(channels)s, %(channel)s, %(said)s, %(template)s, %(fields)s, true, %(event)s, %(code)s, 'reply', %(exercise)s
from (select 1) one left join lateral (
  select w.alert, w.kind, (select max(c.seq) from alert_change c where c.alert = w.alert) as seq from alert w
  where w.event = %(event)s order by w.level desc, w.peak_level desc, w.raised_at limit 1
) a on true
on conflict do nothing
"""


async def take(connection: AsyncConnection[Any], said: Said, now: datetime, pattern: str = PLAIN) -> Taken:
    """Store what was said and what follows; `now` is the platform's time. Said before: what became of it then.

    `pattern`: how people answer by the way by which this came, for the words of the reply.
    """
    async with connection.transaction():
        if said.contact is not None:
            await connection.execute(
                "select pg_advisory_xact_lock(%s, hashtext(%s))", [ONE_CONTACT, said.contact]
            )
        return await _earlier(connection, said.key) or await _take(connection, said, now, pattern)


async def _earlier(connection: AsyncConnection[Any], said_key: str) -> Taken | None:
    cursor = await connection.execute("select id, kind, event from answer where key = %s", [said_key])
    row = await cursor.fetchone()
    return None if row is None else Taken(int(row[0]), AnswerKind(row[1]), row[2], repeated=True)


async def _take(connection: AsyncConnection[Any], said: Said, now: datetime, pattern: str) -> Taken:
    known = await _events(connection, said, now)
    kind, event = _understood(said, known)
    values = [
        said.key,
        said.at,
        said.way,
        said.contact,
        event and event.event,
        kind,
        event.level if event else 0,
    ]
    row = await (await connection.execute(_INSERT, values)).fetchone()
    if row is None:
        # Two calls of one stranger at once: the other was first, and has committed.
        return await _earlier(connection, said.key) or Taken(0, kind, None, repeated=True)
    taken = Taken(int(row[0]), kind, event.event if event else None)
    if kind not in UNDERSTOOD or event is None or said.contact is None:
        await _note(connection, said, taken)
    text = await _words(connection, said, (taken, event), known, (now, pattern))
    reply = None if text is None else await _reply(connection, said, event, text)
    if event is not None and said.contact is not None and kind in UNDERSTOOD:
        name, (vi, en) = await _name(connection, said.contact), SAID[kind]
        step = [event.event, f"answer:{taken.answer}", said.at, event.level, kind, said.contact, reply]
        await connection.execute(_STEP, [*step, f"{name}: {vi}", f"{name}: {en}"])
        await connection.execute(_ANSWERED, {"at": said.at, "contact": said.contact, "event": event.event})
    return msgspec.structs.replace(taken, replied=reply is not None)


async def _events(connection: AsyncConnection[Any], said: Said, now: datetime) -> list[_Known]:
    """Those by which the contact may mean something: open and over, what is real and the worst first; on a page, the one."""
    if said.contact is None:
        return []
    values = {"contact": said.contact, "since": now - KNOWN_FOR, "event": said.event}
    async with connection.cursor(row_factory=class_row(_Known)) as cursor:
        await cursor.execute(_KNOWN, values)
        return await cursor.fetchall()


def _understood(said: Said, known: list[_Known]) -> tuple[AnswerKind, _Known | None]:
    if said.contact is None:
        return AnswerKind.STRANGER, None
    if said.kind is not None:
        event = known[0] if known else None
        return (said.kind if event is not None and event.closed_at is None else AnswerKind.CLOSED), event
    standing = {one.code: one for one in known if one.closed_at is None and one.code is not None}
    # The newest of those that had the code, and none whose code stands for what is open now.
    past: dict[int, _Known] = {}
    for one in known:
        if one.code is not None and one.code not in standing:
            past.setdefault(one.code, one)
    open_codes = [one.code for one in _meant(known) if one.code is not None]
    reply = read_reply(said.text, open_codes, past)
    if reply.kind is AnswerKind.UNREAD:
        reply = read_reply(said.text, list(standing), past)
    return reply.kind, (standing | past).get(reply.code) if reply.code is not None else None


def _meant(known: list[_Known]) -> list[_Known]:
    """What is open and may be meant without a code: nobody answers to a drill that reached no phone as long as there is anything else."""
    standing = [one for one in known if one.closed_at is None]
    return [one for one in standing if one.told] or standing


async def _words(
    connection: AsyncConnection[Any],
    said: Said,
    found: tuple[Taken, _Known | None],
    known: list[_Known],
    told: tuple[datetime, str],
) -> Text | None:
    """What the person is told; None: nothing. A page shows it at once, a stranger is told nothing, nobody is told the same twice."""
    (taken, event), (now, pattern) = found, told
    if said.contact is None or said.kind is not None:
        return None
    if taken.kind in UNDERSTOOD and event is not None:
        values = [said.contact, event.event, taken.kind, event.risen_at, taken.answer]
        if await _one(connection, _SAID_BEFORE, values):
            return None
        return confirmed(taken.kind, event.about, said.at, pattern)
    if await _one(connection, _NOT_UNDERSTOOD, [said.contact, now - HOUR, taken.answer]) >= LESSONS:
        return None
    if taken.kind is AnswerKind.CLOSED:
        return over(event.about if event else None, said.at)
    return lesson([one.about for one in _meant(known)], said.at, pattern)


async def _reply(
    connection: AsyncConnection[Any], said: Said, event: _Known | None, text: Text
) -> str | None:
    """Put the reply into the outbox; its id, or None where the contact has no channel."""
    channels = await _channels(connection, said)
    if not channels:
        return None
    values = {
        "id": key(said.key, 0, str(said.contact)), "key": f"answer:{said.key}", "contact": said.contact, "channels": channels,
        "channel": channels[0], "said": text.sms, "template": text.template, "fields": Jsonb(text.fields),
        "event": event and event.event, "code": event and event.code, "exercise": event is not None and event.exercise,
    }  # fmt: skip
    await connection.execute(_REPLY, values)
    await connection.execute(WAKE)
    return str(values["id"])


async def _channels(connection: AsyncConnection[Any], said: Said) -> list[str]:
    """The contact's own, the one by which the person has just been heard before the others."""
    cursor = await connection.execute(
        """
        select coalesce((select channels from contact where id = %(contact)s), (
          select channels from notification where contact = %(contact)s order by created_at desc limit 1), '{}')
        """,
        {"contact": said.contact},
    )
    row = await cursor.fetchone()
    own = [str(one) for one in row[0]] if row else []
    first = [said.way] if said.way in CHANNELS else []
    return [*first, *(one for one in own if one not in first)]


async def _name(connection: AsyncConnection[Any], contact: str) -> str:
    cursor = await connection.execute("select name from contact where id = %s", [contact])
    row = await cursor.fetchone()
    return contact if row is None else str(row[0])


async def _note(connection: AsyncConnection[Any], said: Said, taken: Taken) -> None:
    """A line of the audit log of what led to nothing; the words of a person stay out of it."""
    vi, en = SAID[taken.kind]
    who = said.contact or ""
    line = audit.Line(
        said.way, str(taken.kind), f"Trả lời: {vi} {who}".strip(), f"An answer: {en} {who}".strip()
    )
    line = msgspec.structs.replace(line, contact=said.contact, event=taken.event)
    await audit.note(connection, line, said.at)


async def _one(connection: AsyncConnection[Any], query: Any, values: list[object]) -> int:
    row = await (await connection.execute(query, values)).fetchone()
    return int(row[0]) if row else 0
