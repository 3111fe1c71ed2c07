"""The ladder's store: events with what is known of them, their steps, and the messages that the steps write. SQL only.

Delivery: a step has its key in event_step, and only whoever has written that row writes the message, in the same transaction: two processes
at once, or one that died and came back, ring nobody twice for one step.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
import structlog
from psycopg import AsyncConnection
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from connectors.timescale.locks import CODES
from models.alerting.alert import AlertChange
from models.alerting.closing import CLOSED
from models.alerting.codes import choose
from models.alerting.event import Answer, Event
from models.alerting.step import Informed, Step, notification_key
from models.alerting.wording import CLOSED_BY
from models.envelope.reading import SCHEMA_VERSION

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from models.alerting.together import Text
    from models.catalogue.kinds import Words

log = structlog.get_logger(__name__)

T = TypeVar("T")
Db = AsyncConnection[Any]

WAKE = "notify phusa_outbox"
LATELY = timedelta(days=2)
"""An event that ended longer ago is not told of as over any more: it would only puzzle."""
NOT_GIVEN_AGAIN = timedelta(days=1)
"""A contact's code is free again so long after the end of its event."""
WITHDRAWN = "việc đã hết trước khi gọi được (over before the call went out)"
GIVEN_OUT = ["sending", "sent", "delivered", "doubt"]

_EVENTS = """
select e.id, e.place, e.opened_at, e.risen_at, e.level, e.peak_level, e.closed_at, e.exercise from event e
where (e.closed_at is null and e.level = any(%(levels)s))
  or (e.closed_at > %(since)s and exists (select from event_step s where s.event = e.id)
    and not exists (select from event_step s where s.event = e.id and s.key = 'over'))
order by e.level desc, e.risen_at, e.id
"""

_CHANGES = """
select a.event, %(version)s::int as v, case when c.evidence -> 0 ->> 'vi' like %(closed)s then %(closed_by)s else 'store' end
  as source, c.alert, c.seq, c.at, a.rule, a.kind, a.station, a.parameter, c.change, c.level, c.previous, c.value,
  c."limit", a.unit, coalesce(c.evidence, '[]') as evidence, coalesce(c.parameters, '{}') as parameters, c.late_s,
  c.over
from alert a
join lateral (select * from alert_change c where c.alert = a.alert order by c.seq desc limit 1) c on true
where a.event = any(%(events)s)
"""

_TOLD = """
select n.event, n.contact, case when n.created_at < e.risen_recorded_at then e.opened_at
    else greatest(e.risen_at, c.at + make_interval(secs => c.late_s)) end as at,
  n.created_at < e.risen_recorded_at as before, n.state in ('refused', 'expired') as failed
from notification n join event e on e.id = n.event left join alert_change c using (alert, seq)
where n.event = any(%(events)s) and n.step is null and n.stage is null and (n.level > 0 or e.closed_at is not null)
order by n.created_at, n.seq, n.contact
"""

_ANSWERS = """
select event, contact, kind, at, level, way from answer where event = any(%(events)s) and contact is not null order by at, id
"""

_STEPS = """
select event, key, at, step, level, rung, coalesce(contact, '') as contact from event_step where event = any(%(events)s) order by at, key
"""

_KEEP = """
insert into event_step (event, key, at, level, step, rung, contact, notification, vi, en)
values (%s, %s, %s, %s, %s, %s, nullif(%s, ''), %s, %s, %s) on conflict do nothing returning key
"""

_TELL = """
insert into notification (id, alert, seq, contact, kind, level, channels, channel, sms_text, template_id, template_data, state, next_at,
  place, shown, seqs, done, event, code, step, exercise)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 'pending', now(), %s, %s, %s, true, %s, %s, %s, %s) on conflict do nothing
"""


class Followed(msgspec.Struct, frozen=True):
    """An event that the ladder looks at; `changes` is the newest of each of its alerts."""

    event: Event
    changes: list[AlertChange]
    told: list[Informed]
    answers: list[Answer]
    steps: list[Step]


async def followed(connection: Db, levels: Collection[int], now: datetime) -> list[Followed]:
    """The open events of these levels, and those that have ended lately and whose ladder does not know it yet."""
    rows = await _rows(connection, _EVENTS, {"levels": list(levels), "since": now - LATELY})
    events = [msgspec.convert(row, Event) for row in rows]
    if not events:
        return []
    wanted = {"events": [event.id for event in events]}
    stamp = {"version": SCHEMA_VERSION, "closed": f"{CLOSED}%", "closed_by": CLOSED_BY}
    changes = _by_event(await _rows(connection, _CHANGES, wanted | stamp), AlertChange)
    told = _by_event(await _rows(connection, _TOLD, wanted), Informed)
    answers = _by_event(await _rows(connection, _ANSWERS, wanted), Answer)
    steps = _by_event(await _rows(connection, _STEPS, wanted), Step)
    return [
        Followed(event, changes[event.id], told[event.id], answers[event.id], steps[event.id])
        for event in events
    ]


async def keep(connection: Db, event: Event, step: Step, words: Words) -> bool:
    """Write the step; whether it is new. Only then is its message written, in the same transaction."""
    message = notification_key(event.id, step.key) if step.message is not None else None
    cursor = await connection.execute(
        _KEEP,
        [
            event.id, step.key, step.at, step.level, step.step.value, step.rung, step.contact, message, *words,
        ],
    )  # fmt: skip
    return await cursor.fetchone() is not None


async def tell(
    connection: Db,
    event: Event,
    step: Step,
    changes: Sequence[AlertChange],
    text: Text,
    channels: list[str],
    code: int | None,
) -> None:
    """Put the step's message into the outbox; it tells of `changes`, the worst first."""
    first = changes[0]
    await connection.execute(
        _TELL,
        [
            notification_key(event.id, step.key), first.alert, first.seq, step.contact, first.kind.value, step.level, channels, channels[0],
            text.sms, text.template, Jsonb(text.fields), event.place, [change.alert for change in changes],
            [change.seq for change in changes], event.id, code, step.message, event.exercise,
        ],
    )  # fmt: skip


async def withdraw(connection: Db, event: Event) -> None:
    """Calls that no gateway has taken by the end of the event are not made any more; one that a sender holds is waited for."""
    await connection.execute(
        "update notification set state = 'expired', reason = %s where event = %s and step in ('call', 'repeat') and state = 'pending'",
        [WITHDRAWN, event.id],
    )


async def reached(connection: Db, event: Event, contact: str) -> bool:
    """Whether a call of the event went out to the contact, as far as we can know."""
    cursor = await connection.execute(
        "select 1 from notification where event = %s and contact = %s and step in ('call', 'repeat') and state = any(%s) limit 1",
        [event.id, contact, GIVEN_OUT],
    )
    return await cursor.fetchone() is not None


async def code_of(connection: Db, event: Event, contact: str, now: datetime) -> int | None:
    """The contact's code of the event, given now if there is none; None where all are taken: the call goes out without."""
    # The alerts flow gives codes under the same lock: two events at once get two codes.
    await connection.execute("select pg_advisory_xact_lock(%s)", [CODES])
    cursor = await connection.execute(
        "select c.event, c.code from event_code c join event e on e.id = c.event"
        " where c.contact = %s and (c.event = %s or e.closed_at is null or e.closed_at > %s)",
        [contact, event.id, now - NOT_GIVEN_AGAIN],
    )
    given = dict(await cursor.fetchall())
    if event.id in given:
        return int(given[event.id])
    code = choose(given.values())
    if code is None:
        return None
    cursor = await connection.execute(
        "insert into event_code (contact, event, code, given_at) values (%s, %s, %s, %s)"
        " on conflict (contact, event) do update set code = event_code.code returning code",
        [contact, event.id, code, now],
    )
    row = await cursor.fetchone()
    return code if row is None else int(row[0])


async def wanted_of_play(connection: Db) -> datetime | None:
    """Up to when a play wants the ladder to look, if that was not done yet."""
    cursor = await connection.execute(
        "select wanted from attended where wanted > coalesce(at, '-infinity'::timestamptz)"
    )
    row = await cursor.fetchone()
    return None if row is None else row[0]


async def attended(connection: Db, at: datetime) -> None:
    """Say that the ladder has looked at all up to `at`."""
    await connection.execute("update attended set at = %s", [at])


async def _rows(connection: Db, query: Any, values: Mapping[str, object]) -> list[dict[str, Any]]:
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(query, values)
        return await cursor.fetchall()


def _by_event(rows: Sequence[dict[str, Any]], kind: type[T]) -> dict[str, list[T]]:
    """The rows as `kind`, by event; one that this version cannot read (a kind of a newer one) is left out, and told in the log."""
    found: dict[str, list[T]] = defaultdict(list)
    for row in rows:
        try:
            found[row["event"]].append(msgspec.convert(row, kind))
        except msgspec.ValidationError as error:
            log.warning("not_read", what=kind.__name__, of=row["event"], error=str(error))
    return found
