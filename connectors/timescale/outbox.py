"""The outbox: claim what is due, note each attempt before it is made, record what came of it.

Delivery: an attempt is written down before the gateway is called, so that after a crash it is
known that the gateway may have got it; the idempotency key settles the doubt where the gateway takes one.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

import msgspec
from psycopg.rows import class_row

from models.alerting.receipt import Outcome, Receipt

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from psycopg import AsyncConnection

CHANNEL = "phusa_outbox"


class Claimed(msgspec.Struct, frozen=True):
    """A notification that this sender holds; `attempts` counts those made before."""

    notification: str
    alert: str
    contact: str
    kind: str
    level: int
    channel: str
    channels: list[str]
    attempts: int
    sms_text: str
    template_id: str
    template_data: dict[str, str]
    state: str


class Next(Protocol):
    """What follows, as `models.alerting.delivery` decides it."""

    @property
    def state(self) -> str: ...
    @property
    def channel(self) -> str: ...
    @property
    def next_at(self) -> datetime: ...
    @property
    def reason(self) -> str: ...


COLUMNS = """n.id as notification, n.alert, n.contact, n.kind, n.level, n.channel, n.channels, n.attempts,
  n.sms_text, n.template_id, n.template_data, n.state"""


async def claim(connection: AsyncConnection[Any], limit: int) -> list[Claimed]:
    """Take up to `limit` due notifications, oldest first; another sender skips them."""
    return await _claimed(
        connection,
        f"""
        update notification n set state = 'sending', claimed_at = now()
        where id in (
          select id from notification where state = 'pending' and next_at <= now()
          order by next_at limit %s for update skip locked)
        returning {COLUMNS}
        """,
        [limit],
    )


async def orphans(connection: AsyncConnection[Any]) -> list[Claimed]:
    """Notifications that a dead sender held; call once at the start, before any claim."""
    return await _claimed(connection, f"select {COLUMNS} from notification n where state = 'sending'", [])


async def overdue(connection: AsyncConnection[Any], wait_s: float) -> list[Claimed]:
    """Sent (or in doubt) longer than `wait_s` ago, without a receipt; taken as 'sending'."""
    return await _claimed(
        connection,
        f"""
        update notification n set state = 'sending', claimed_at = now()
        where id in (
          select id from notification
          where state in ('sent', 'doubt') and coalesce(sent_at, claimed_at) < now() - make_interval(secs => %s)
            and next_at <= now()
          order by next_at limit 100 for update skip locked)
        returning {COLUMNS}
        """,
        [wait_s],
    )


async def _claimed(connection: AsyncConnection[Any], query: Any, values: list[object]) -> list[Claimed]:
    async with connection.cursor(row_factory=class_row(Claimed)) as cursor:
        await cursor.execute(query, values)
        return await cursor.fetchall()


async def begin_attempt(connection: AsyncConnection[Any], claimed: Claimed, key: str) -> int:
    """Write down that the gateway is about to be called; returns the attempt's number."""
    async with connection.transaction():
        cursor = await connection.execute(
            "update notification set attempts = attempts + 1, channel = %s where id = %s returning attempts",
            [claimed.channel, claimed.notification],
        )
        row = await cursor.fetchone()
        n = int(row[0]) if row else 1
        await connection.execute(
            "insert into attempt (notification, n, channel, key) values (%s, %s, %s, %s)",
            [claimed.notification, n, claimed.channel, key],
        )
    return n


async def finish(
    connection: AsyncConnection[Any],
    claimed: Claimed,
    *,
    answer: str,
    code: str,
    reason: str,
    message: str | None,
    step: Next,
) -> None:
    """Record the gateway's answer and what follows from it, in one transaction.

    A receipt may have overtaken the answer: what is delivered stays delivered.
    """
    async with connection.transaction():
        await connection.execute(
            """
            update attempt set finished_at = now(), answer = %s, code = %s, reason = %s, message = %s
            where notification = %s and n = (select max(n) from attempt where notification = %s)
            """,
            [answer, code, reason, message, claimed.notification, claimed.notification],
        )
        await connection.execute(
            """
            update notification set state = %s, channel = %s, next_at = %s, reason = %s,
              message = coalesce(%s, message), sent_at = case when %s = 'sent' then now() else sent_at end
            where id = %s and state <> 'delivered'
            """,
            [step.state, step.channel, step.next_at, step.reason, message, step.state, claimed.notification],
        )


async def apply_receipt(connection: AsyncConnection[Any], receipt: Receipt) -> bool:
    """Mark what the receipt says; True if the notification is known. A repeated receipt changes nothing."""
    if receipt.outcome is Outcome.DELIVERED:
        query = """
            update notification set state = 'delivered', delivered_at = coalesce(delivered_at, %s),
              price_vnd = coalesce(%s, price_vnd), message = coalesce(message, nullif(%s, '')) where id = %s returning id
            """
        values: list[object] = [receipt.at, receipt.price_vnd, receipt.message, receipt.key]
    elif receipt.outcome is Outcome.FAILED:
        # Due at once: the delivery falls back to the next channel, or gives up by name.
        query = """
            update notification set reason = %s, price_vnd = coalesce(%s, price_vnd), sent_at = '-infinity', next_at = now()
            where id = %s and state in ('sent', 'doubt', 'sending') and channel = %s returning id
            """
        values = [receipt.reason, receipt.price_vnd, receipt.key, receipt.source]
    else:
        query = "select id from notification where id = %s"
        values = [receipt.key]
    cursor = await connection.execute(query, values)
    return await cursor.fetchone() is not None


async def listen(connection: AsyncConnection[Any]) -> AsyncIterator[None]:
    """Yield at each commit that put something into the outbox; the connection serves nothing else."""
    await connection.execute(f"listen {CHANNEL}")
    async for _notify in connection.notifies():
        yield
