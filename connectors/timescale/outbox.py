"""The outbox: claim what is due, note each attempt before it is made, record what came of it.

Delivery: an attempt is written down before the gateway is called, so that after a crash it is
known that the gateway may have got it; the idempotency key settles the doubt where the gateway takes one.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec
from psycopg.rows import class_row

from models.alerting.delivery import KEPT, TOO_OLD
from models.alerting.receipt import Outcome, Receipt

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence

    from psycopg import AsyncConnection

    from models.alerting.delivery import Step
    from models.alerting.sending import Sent

CHANNEL = "phusa_outbox"
ONE_SENDER = 50211
"""Key of the advisory lock that the only sender holds."""


class Claimed(msgspec.Struct, frozen=True):
    """A notification that this sender holds; `tries` counts the attempts made on its channel.

    `state` is the one before it was claimed. `last` is the last noted answer, `asked` whether an
    attempt was begun whose answer is not noted; `failed` is what a receipt said went wrong. `rises`: it
    tells that something got worse. `simulated`: it is of a drill that stops before the gateways. `created_at`: what was put off is as old as from when it was due.
    """

    notification: str
    alert: str
    contact: str
    kind: str
    level: int
    channel: str
    channels: list[str]
    tries: int
    created_at: datetime
    sms_text: str
    template_id: str
    template_data: dict[str, str]
    state: str
    last: str | None
    asked: bool
    failed: str
    rises: bool
    simulated: bool = False


# Of the row as it was: `before` is locked by the caller's selection.
COLUMNS = """n.id as notification, n.alert, n.contact, n.kind, n.level, n.channel, n.channels, greatest(n.created_at, n.held_until) as created_at,
  n.sms_text, n.template_id, n.template_data, before.state,
  (select count(*) from attempt a where a.notification = n.id and a.channel = n.channel) as tries,
  (select a.answer from attempt a where a.notification = n.id and a.channel = n.channel and a.answer is not null
    order by a.n desc limit 1) as last,
  exists (select from attempt a where a.notification = n.id and a.finished_at is null) as asked,
  coalesce(n.failed, '') as failed,
  coalesce((select c.level > c.previous from alert_change c where c.alert = n.alert and c.seq = n.seq), n.level > 0)
    as rises,
  n.exercise and not coalesce((select d.real from drill d where d.id = coalesce(substring(n.alert from '^drill-([0-9]+)'),
    substring(n.event from '^drill-([0-9]+)'))::bigint), false) as simulated"""

OVERTAKEN = "có tin mới hơn của cùng cảnh báo (overtaken by newer news of the same alert)"


async def claim(
    connection: AsyncConnection[Any], limit: int, channel: str | None = None, now: datetime | None = None
) -> list[Claimed]:
    """Take up to `limit` notifications (of one channel, if named) that are due at `now` (None: the server's), oldest first.

    Another claim skips them.

    One contact hears of one alert in order: news waits until what came before it is through, and
    what failed before and waits for its next try is given up when newer news of all that it tells is there.
    """
    values = {
        "limit": limit,
        "channel": channel,
        "too_old": TOO_OLD,
        "kept": KEPT,
        "overtaken": OVERTAKEN,
        "now": now,
    }
    await connection.execute(
        """
        update notification set state = 'expired', reason = %(too_old)s
        where state = 'pending' and greatest(created_at, held_until) < now() - %(kept)s and (%(channel)s::text is null or channel = %(channel)s)
        """,
        values,
    )
    await connection.execute(
        """
        update notification o set state = 'expired', reason = %(overtaken)s
        where o.state = 'pending' and o.attempts > 0 and (%(channel)s::text is null or o.channel = %(channel)s)
          and exists (select from notification n where n.contact = o.contact and n.created_at > o.created_at
            and n.state not in ('merged', 'muted') and n.shown @> o.shown)
        """,
        values,
    )
    return await _claimed(
        connection,
        f"""
        with before as (
          select id, state from notification p where state = 'pending' and next_at <= coalesce(%(now)s, now())
            and (%(channel)s::text is null or channel = %(channel)s)
            and not exists (select from notification o where o.contact = p.contact and o.shown && p.shown
              and o.created_at < p.created_at and o.state in ('pending', 'sending'))
          order by next_at, seq limit %(limit)s for update skip locked)
        update notification n set state = 'sending', claimed_at = coalesce(%(now)s, now()) from before where n.id = before.id
        returning {COLUMNS}
        """,
        values,
    )


async def orphans(connection: AsyncConnection[Any]) -> list[Claimed]:
    """Notifications that a dead sender held; call once at the start, before any claim."""
    return await _claimed(
        connection,
        f"select {COLUMNS} from notification n join notification before using (id) where n.state = 'sending'",
        [],
    )


async def overdue(connection: AsyncConnection[Any], wait_s: float) -> list[Claimed]:
    """Sent (or in doubt) longer than `wait_s` ago without a receipt, or with one that says it failed."""
    return await _claimed(
        connection,
        f"""
        with before as (
          select id, state from notification
          where state in ('sent', 'doubt') and next_at <= now()
            and (failed is not null or coalesce(sent_at, claimed_at) < now() - make_interval(secs => %s))
          order by next_at limit 100 for update skip locked)
        update notification n set state = 'sending', claimed_at = now() from before where n.id = before.id
        returning {COLUMNS}
        """,
        [wait_s],
    )


async def _claimed(
    connection: AsyncConnection[Any], query: Any, values: Sequence[object] | Mapping[str, object]
) -> list[Claimed]:
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


async def finish(connection: AsyncConnection[Any], claimed: Claimed, sent: Sent, step: Step) -> None:
    """Record the gateway's answer and what follows from it, in one transaction."""
    async with connection.transaction():
        await connection.execute(
            """
            update attempt set finished_at = now(), answer = %s, code = %s, reason = %s, message = %s
            where notification = %s and finished_at is null
            """,
            [str(sent.answer), sent.code, sent.reason, sent.message, claimed.notification],
        )
        await record(connection, claimed, step, sent)


async def settle(connection: AsyncConnection[Any], claimed: Claimed, step: Step) -> None:
    """Record what follows for a notification whose sender died; its open attempt gets no answer any more."""
    async with connection.transaction():
        await connection.execute(
            """
            update attempt set finished_at = now(), answer = 'doubt', code = 'crash' where notification = %s
              and finished_at is null
            """,
            [claimed.notification],
        )
        await record(connection, claimed, step)


async def record(
    connection: AsyncConnection[Any], claimed: Claimed, step: Step, sent: Sent | None = None
) -> None:
    """Record a step. A receipt may have overtaken the answer: what is delivered stays delivered."""
    await connection.execute(
        """
        update notification set state = %(state)s, channel = %(channel)s, reason = nullif(%(reason)s, ''),
          next_at = %(next_at)s, message = coalesce(%(message)s, message), price_vnd = coalesce(%(price)s, price_vnd),
          failed = case when channel = %(channel)s then failed end,
          sent_at = case when %(answered)s and %(state)s = 'sent' then now() else sent_at end
        where id = %(id)s and state <> 'delivered'
        """,
        {
            "state": step.state,
            "channel": step.channel,
            "reason": step.reason,
            "next_at": step.next_at,
            "message": sent.message if sent else None,
            "price": sent.price_vnd if sent else None,
            "answered": sent is not None,
            "id": claimed.notification,
        },
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
            update notification set failed = %s, price_vnd = coalesce(%s, price_vnd), next_at = now()
            where id = %s and state in ('sent', 'doubt', 'sending') and channel = %s returning id
            """
        values = [receipt.reason, receipt.price_vnd, receipt.key, receipt.source]
    else:
        query = "select id from notification where id = %s"
        values = [receipt.key]
    cursor = await connection.execute(query, values)
    return await cursor.fetchone() is not None


async def be_the_only_sender(connection: AsyncConnection[Any]) -> None:
    """Wait until no other process sends; the lock is held as long as `connection` lives."""
    await connection.execute("select pg_advisory_lock(%s)", [ONE_SENDER])


async def listen(connection: AsyncConnection[Any]) -> AsyncIterator[None]:
    """Yield at each commit that put something into the outbox; the connection serves nothing else."""
    await connection.execute(f"listen {CHANNEL}")
    async for _notify in connection.notifies():
        yield
