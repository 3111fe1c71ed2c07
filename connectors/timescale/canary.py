"""The sink gateway of the canary: where its message ends, inside the delivery, and what is known of how old it is.

    outbox ── delivery ──> Sink ──> canary(sent_at, seen_at) ──> canary_at(t): every screen, the watcher

Delivery: a message that comes twice is one row. The canary's rows of the outbox and the table are kept for a while only.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec
import psycopg
from psycopg.rows import class_row

from models.alerting.canary import sent_at
from models.alerting.sending import Answer, Order, Sent
from models.commune.canary import CANARY

if TYPE_CHECKING:
    from psycopg_pool import AsyncConnectionPool

KEPT = timedelta(days=30)
"""So far back a screen can ask how old the canary was."""
OUTBOX_KEPT = timedelta(minutes=10)
"""Its messages are 1,440 a day and nobody's: longer they do not stand beside those of people."""


class CanaryState(msgspec.Struct, frozen=True):
    """A row of canary_at: seconds since the reading was made that came through last (None: never), a state, and a sentence."""

    age_s: float | None
    sent_at: datetime | None
    state: str
    vi: str
    en: str


class Sink:
    """A sender that sends nothing: the message has come through when it is asked."""

    idempotent = True

    def __init__(self, pool: AsyncConnectionPool) -> None:
        self._pool = pool

    async def send(self, order: Order) -> Sent:
        """Note that it came, mark its message as delivered, and forget old ones."""
        try:
            at = sent_at(order.template_data)
        except (KeyError, ValueError):
            return Sent(Answer.REFUSED, "no-canary", "không phải tin thử (no message of the canary)")
        try:
            async with self._pool.connection() as db, db.transaction():
                await db.execute(
                    "insert into canary (sent_at, seen_at) values (%s, now()) on conflict do nothing", [at]
                )
                await db.execute(
                    "update notification set state = 'delivered', delivered_at = now() where id = %s and contact = %s",
                    [order.key, CANARY],
                )
                await db.execute(
                    "delete from notification where contact = %s and created_at < now() - %s",
                    [CANARY, OUTBOX_KEPT],
                )
                await db.execute("delete from canary where sent_at < now() - %s", [KEPT])
        except psycopg.Error as error:
            return Sent(
                Answer.RETRY, type(error).__name__, "không ghi được tin thử (the canary was not noted)"
            )
        return Sent(Answer.SENT, "sink", "tin thử đã tới (the canary came through)")

    async def close(self) -> None:
        """The pool is the delivery's."""


def canary_state(connection: psycopg.Connection[Any], at: datetime) -> CanaryState:
    """How old the canary was at `at`, in the words of all screens."""
    with connection.cursor(row_factory=class_row(CanaryState)) as cursor:
        row = cursor.execute("select age_s, sent_at, state, vi, en from phusa.canary_at(%s)", [at]).fetchone()
    if row is None:
        msg = "canary_at: expected one row, found none"
        raise LookupError(msg)
    return row
