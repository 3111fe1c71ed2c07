"""What messages cost, and that it was told once: the views message_ledger and message_month, the table budget_notice. SQL only."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import msgspec
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from connectors.timescale import audit
from models.alerting.budget import cheapest_first, told
from models.alerting.routing import key

if TYPE_CHECKING:
    from collections.abc import Sequence

    import psycopg
    from psycopg import AsyncConnection

    from models.alerting.budget import Reached
    from models.commune.configuration import Contact
    from models.commune.routing import Budget


class Month(msgspec.Struct, frozen=True):
    """The month that it is in Vietnam, by its first day, its budget and what of it is spent, in VND."""

    month: date
    month_vnd: int
    warn_share: float
    spent_vnd: int


class Message(msgspec.Struct, frozen=True):
    """A row of the ledger; `at` is the time of what it tells, `reckoned` says that the price was not told by the service."""

    at: datetime
    name: str
    channel: str
    state: str
    text: str
    price_vnd: int | None
    reckoned: bool
    exercise: bool
    event_number: int | None
    sent_at: datetime | None
    delivered_at: datetime | None
    read_at: datetime | None
    answered_at: datetime | None


_MONTH = "select month, month_vnd, warn_share, spent_vnd from message_month"
_LEDGER = """
select at, name, channel, state, text, price_vnd, reckoned, exercise, event_number, sent_at, delivered_at, read_at, answered_at
from message_ledger
where state not in ('merged', 'muted') and (%(event)s::bigint is null or event_number = %(event)s)
  and (%(since)s::timestamptz is null or at >= %(since)s)
  and (%(contact)s::text is null or %(contact)s in (contact, name))
order by at desc, created_at desc limit %(limit)s
"""
_NOTICE = """
insert into budget_notice (month, reached, spent_vnd) values (%s, %s, %s) on conflict do nothing returning month
"""
_TELL = """
insert into notification (id, alert, seq, contact, kind, level, channels, channel, sms_text, template_id, template_data, done)
values (%s, %s, 0, %s, '', 0, %s, %s, %s, %s, %s, true) on conflict do nothing
"""


def month(connection: psycopg.Connection) -> Month | None:
    """The month as it stands; None without a budget."""
    with connection.cursor(row_factory=class_row(Month)) as cursor:
        return cursor.execute(_MONTH).fetchone()


async def month_now(connection: AsyncConnection[Any]) -> Month | None:
    """The same, for who waits for nothing else."""
    async with connection.cursor(row_factory=class_row(Month)) as cursor:
        await cursor.execute(_MONTH)
        return await cursor.fetchone()


def ledger(
    connection: psycopg.Connection, event: int | None, since: datetime | None, contact: str | None, limit: int
) -> list[Message]:
    """Messages, the newest first: of an event by its number, from a time on, of a contact by id or name."""
    with connection.cursor(row_factory=class_row(Message)) as cursor:
        values = {"event": event, "since": since, "contact": contact, "limit": limit}
        return cursor.execute(_LEDGER, values).fetchall()


async def tell_once(
    connection: AsyncConnection[Any],
    what: Reached,
    now: Month,
    budget: Budget,
    contacts: Sequence[Contact],
    at: datetime,
) -> bool:
    """A message for each of the contacts and a line of the audit log, in one transaction; False: that was told before."""
    async with connection.transaction():
        cursor = await connection.execute(_NOTICE, [now.month, what, now.spent_vnd])
        if await cursor.fetchone() is None:
            return False
        text = told(what, now.spent_vnd, budget, now.month)
        name = f"budget:{now.month:%Y-%m}:{what}"
        for contact in contacts:
            channels = cheapest_first([str(one) for one in contact.channels], budget)
            row = [key(name, 0, contact.id), name, contact.id, channels, channels[0]]
            await connection.execute(_TELL, [*row, text.sms, text.template, Jsonb(text.fields)])
        english = f"Budget of messages: {what}, {now.spent_vnd} of {now.month_vnd} VND"
        await audit.note(connection, audit.Line("delivery", f"budget_{what}", text.sms, english), at)
    return True
