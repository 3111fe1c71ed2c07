"""One way to the phones: claim the worst that is due, as many as there are places and as fast as the gateway takes.

due ── claim, write the attempts down (one transaction) ── each asks the gateway, in a place of its own ── place free
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from connectors.timescale import outbox
from models.alerting.alert import DANGER

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from psycopg_pool import AsyncConnectionPool

    from connectors.timescale.claimed import Claimed
    from flows.spending import Spending
    from models.alerting.pace import Pace

AT_ONCE = 32
"""Messages of one channel under way at the same time."""
FOR_DANGER = 8
"""Further places that level 3 alone takes: when all others hang at a gateway, an alarm is asked for all the same."""
SOON_S = 0.5
"""Between looks for retries that are due and receipts that are not there."""


class Line:
    """The sender of one channel; it claims for itself, so that none waits for another."""

    def __init__(
        self,
        channel: str,
        pool: AsyncConnectionPool,
        pace: Pace,
        stopping: asyncio.Event,
        spending: Spending | None = None,
    ) -> None:
        """`spending`: the month's budget, where there is one."""
        self._spending = spending
        self._channel, self._pool, self._pace, self._stopping = channel, pool, pace, stopping
        self._wake, self._due = asyncio.Event(), False

    def look(self) -> None:
        """Something may be due."""
        self._due = True
        self._wake.set()

    def slowed(self, again_s: float) -> None:
        """The gateway said that it is asked too fast; `again_s` as in an answer of RETRY."""
        self._pace.slowed(again_s, _now_s())

    async def run(self, send: Callable[[Claimed], Awaitable[None]]) -> None:
        """Until stopped; what is under way then is waited for. A message that takes long holds one place, and nobody else."""
        under_way: set[asyncio.Task[None]] = set()
        async with asyncio.TaskGroup() as tasks:
            while not self._stopping.is_set():
                self._wake.clear()
                under_way = {one for one in under_way if not one.done()}
                danger_only = len(under_way) >= AT_ONCE
                places = AT_ONCE + FOR_DANGER * danger_only - len(under_way)
                room = min(places, self._pace.room(_now_s()))
                if self._due and room:
                    for one in await self._claim(room, DANGER if danger_only else 0):
                        task = tasks.create_task(_awaited(send, one))
                        task.add_done_callback(lambda _: self._wake.set())
                        under_way.add(task)
                paced = self._due and len(under_way) < AT_ONCE + FOR_DANGER
                await pause(self._wake, min(SOON_S, self._pace.wait_s(_now_s())) if paced else SOON_S)

    async def _claim(self, room: int, least: int) -> list[Claimed]:
        """What is taken is written down as asked in the same transaction, before any gateway is called."""
        self._due = False  # before the claim: what comes while it runs is looked for once more
        async with self._pool.connection() as db, db.transaction():
            if self._spending is not None:
                await self._spending.save(db, self._channel)
            claimed = await outbox.claim(db, room, self._channel, least=least)
            if claimed:
                await outbox.begin_attempts(db, claimed)
        self._pace.take(len(claimed), _now_s())
        self._due = self._due or len(claimed) == room
        return claimed


async def pause(wake: asyncio.Event, most_s: float) -> None:
    """Until woken, at most `most_s`."""
    try:
        await asyncio.wait_for(wake.wait(), most_s)
    except TimeoutError:
        return


async def _awaited(send: Callable[[Claimed], Awaitable[None]], one: Claimed) -> None:
    await send(one)


def _now_s() -> float:
    return asyncio.get_running_loop().time()
