"""The outbox: claim what is due, note each attempt before it is made, record what came of it.

Delivery: an attempt is written down before the gateway is called, so that after a crash it is
known that the gateway may have got it; the idempotency key settles the doubt where the gateway takes one.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from psycopg.rows import class_row

from connectors.timescale.claimed import COLUMNS, Claimed
from connectors.timescale.locks import ONE_SENDER
from models.alerting.alert import DANGER
from models.alerting.delivery import KEPT, TOO_OLD

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence

    from psycopg import AsyncConnection

    from models.alerting.delivery import Step
    from models.alerting.sending import Sent

CHANNEL = "phusa_outbox"


OVERTAKEN = "có tin mới hơn của cùng cảnh báo (overtaken by newer news of the same alert)"
NOT_OUT = "chưa nhắc lại: tin đầu còn chưa gửi được (not told again: what it repeats is not out yet)"


async def claim(
    connection: AsyncConnection[Any],
    limit: int,
    channel: str | None = None,
    now: datetime | None = None,
    *,
    least: int = 0,
) -> list[Claimed]:
    """Take up to `limit` notifications (of one channel, if named) that are due at `now` (None: the server's), the worst level first.

    `least`: none below this level.

    Of one level the oldest first. Another claim skips them.

    One contact hears of one alert in order: news waits until what came before it is through, and
    what failed before and waits for its next try is given up when newer news of all that it tells is there. What is not out yet is
    not repeated: the repetition is given up, and the first message says all. A reply tells of no alert (`shown` is empty): it waits
    for nothing, and nothing waits for it or overtakes it.
    """
    values = {
        "limit": limit,
        "channel": channel,
        "too_old": TOO_OLD,
        "kept": KEPT,
        "overtaken": OVERTAKEN,
        "not_out": NOT_OUT,
        "now": now,
        "least": least,
    }
    # Written out only where it is asked: so that the index by channel serves.
    of = "" if channel is None else "and channel = %(channel)s"
    # One way to the server and back, and one transaction.
    async with connection.pipeline():
        await connection.execute(
            f"""
            update notification set state = 'expired', reason = %(too_old)s
            where state = 'pending' and greatest(created_at, held_until) < now() - %(kept)s {of}
            """,
            values,
        )
        await connection.execute(
            f"""
            update notification o set state = 'expired', reason = %(not_out)s
            where o.state = 'pending' and o.step = 'repeat' {of}
              and exists (select from notification n where n.contact = o.contact and n.event = o.event and n.created_at < o.created_at
                and n.state in ('pending', 'sending') and n.step is distinct from 'reply' and n.shown && o.shown)
            """,
            values,
        )
        await connection.execute(
            f"""
            update notification o set state = 'expired', reason = %(overtaken)s
            where o.state = 'pending' and o.attempts > 0 and o.shown <> '{{}}' {of}
              and exists (select from notification n where n.contact = o.contact and n.created_at > o.created_at
                and n.state not in ('merged', 'muted') and n.step is distinct from 'repeat' and n.shown @> o.shown)
            """,
            values,
        )
        found = await _claimed(
            connection,
            f"""
            with before as (
              select id, state from notification p where state = 'pending' and level >= %(least)s and next_at <= coalesce(%(now)s, now()) {of}
                and not exists (select from notification o where o.contact = p.contact and o.shown && p.shown
                  and o.created_at < p.created_at and o.state in ('pending', 'sending'))
              order by level desc, next_at, seq limit %(limit)s for update skip locked)
            update notification n set state = 'sending', claimed_at = coalesce(%(now)s, now()) from before where n.id = before.id
            returning {COLUMNS}
            """,
            values,
        )
    # An update gives its rows in no order.
    return sorted(found, key=lambda one: (-one.level, one.created_at))


async def due(connection: AsyncConnection[Any], channels: Sequence[str]) -> list[str]:
    """Which of the channels have something to claim now."""
    cursor = await connection.execute(
        """
        select c from unnest(%s::text[]) c
        where exists (select from notification n where n.channel = c and n.state = 'pending' and n.next_at <= now())
        """,
        [list(channels)],
    )
    return [row[0] for row in await cursor.fetchall()]


async def cheapest_first(connection: AsyncConnection[Any], channel: str, ranked: Sequence[str]) -> None:
    """Let news below level 3 that waits for `channel`, and was never tried, go by the contact's cheapest way first.

    `ranked` are all ways, the cheapest first; nobody loses a way by it.
    """
    await connection.execute(
        """
        update notification n set channels = o.channels, channel = o.channels[1] from (
          select id, array(select way from unnest(channels) with ordinality as w (way, place)
            order by array_position(%(ranked)s::text[], way), place) as channels
          from notification where state = 'pending' and attempts = 0 and level < %(danger)s and channel = %(channel)s
          for update skip locked) o
        where n.id = o.id and o.channels[1] <> n.channel
        """,
        {"ranked": list(ranked), "channel": channel, "danger": DANGER},
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


async def begin_attempts(connection: AsyncConnection[Any], claimed: Sequence[Claimed]) -> None:
    """Write down that the gateways are about to be called for all of these, in one statement; each one's key is its own id."""
    await connection.execute(
        """
        with begun as (
          update notification n set attempts = attempts + 1, channel = asked.channel
          from unnest(%s::text[], %s::text[]) as asked (id, channel) where n.id = asked.id
          returning n.id, n.attempts, n.channel)
        insert into attempt (notification, n, channel, key) select id, attempts, channel, id from begun
        """,
        [[one.notification for one in claimed], [one.channel for one in claimed]],
    )


class Answered(NamedTuple):
    """What a gateway said of a notification, and what follows."""

    claimed: Claimed
    sent: Sent
    step: Step


async def finish(connection: AsyncConnection[Any], answered: Sequence[Answered]) -> None:
    """Record the answers and what follows from them, in one transaction."""
    async with connection.transaction(), connection.cursor() as cursor:
        await cursor.executemany(
            """
            update attempt set finished_at = now(), answer = %s, code = %s, reason = %s, message = %s, price_vnd = %s
            where notification = %s and finished_at is null
            """,
            [
                (str(sent.answer), sent.code, sent.reason, sent.message, sent.price_vnd, claimed.notification)
                for claimed, sent, _step in answered
            ],
        )
        await cursor.executemany(_RECORD, [_recorded(*one) for one in answered])


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


async def record(connection: AsyncConnection[Any], claimed: Claimed, step: Step) -> None:
    """Record a step without an answer. A receipt may have overtaken it: what is delivered stays delivered."""
    await connection.execute(_RECORD, _recorded(claimed, None, step))


_RECORD = """
update notification set state = %(state)s, channel = %(channel)s, reason = nullif(%(reason)s, ''),
  next_at = %(next_at)s, message = coalesce(%(message)s, message), price_vnd = coalesce(%(price)s, price_vnd),
  failed = case when channel = %(channel)s then failed end,
  sent_at = case when %(answered)s and %(state)s = 'sent' then now() else sent_at end
where id = %(id)s and state <> 'delivered'
"""


def _recorded(claimed: Claimed, sent: Sent | None, step: Step) -> dict[str, object]:
    return {
        "state": step.state,
        "channel": step.channel,
        "reason": step.reason,
        "next_at": step.next_at,
        "message": sent.message if sent else None,
        "price": sent.price_vnd if sent else None,
        "answered": sent is not None,
        "id": claimed.notification,
    }


async def be_the_only_sender(connection: AsyncConnection[Any]) -> None:
    """Wait until no other process sends; the lock is held as long as `connection` lives."""
    await connection.execute("select pg_advisory_lock(%s)", [ONE_SENDER])


async def listen(connection: AsyncConnection[Any]) -> AsyncIterator[None]:
    """Yield at each commit that put something into the outbox; the connection serves nothing else."""
    await connection.execute(f"listen {CHANNEL}")
    async for _notify in connection.notifies():
        yield
