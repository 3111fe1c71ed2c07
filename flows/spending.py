"""What messages cost this month: looked at now and then, told once when the budget warns and once when it is spent.

State: none in memory but the last look. Delivery: once, by the key of month and share (connectors/timescale/spending.py).
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog

from connectors import clock
from connectors.timescale import outbox, spending
from models.alerting.budget import cheapest_first, reached, saves
from models.catalogue.channels import CHANNELS

if TYPE_CHECKING:
    from typing import Any

    from psycopg import AsyncConnection
    from psycopg_pool import AsyncConnectionPool

    from connectors.clock import Now
    from models.commune.configuration import Commune

log = structlog.get_logger(__name__)

EVERY_S = 60.0
"""Between two looks; forty messages a second for a minute are about as much as a commune spends in a month, and nothing is stopped."""


class Spending:
    """The budget of a commune; without one it does nothing."""

    def __init__(self, commune: Commune, pool: AsyncConnectionPool, now: Now = clock.system) -> None:
        self._budget = None if commune.routing is None else commune.routing.budget
        self._pool, self._now = pool, now
        self._told = [one for one in commune.contacts if self._budget and one.role in self._budget.roles]
        self._ranked = [] if self._budget is None else cheapest_first(CHANNELS, self._budget)
        self._spent_vnd = 0

    async def run(self, stopping: asyncio.Event) -> None:
        """Look until stopped."""
        while self._budget is not None and not stopping.is_set():
            await self.look()
            try:
                await asyncio.wait_for(stopping.wait(), EVERY_S)
            except TimeoutError:
                continue

    async def look(self) -> None:
        """Look once, and tell what is reached."""
        if self._budget is None:
            return
        async with self._pool.connection() as db:
            month = await spending.month_now(db)
            if month is None:
                # The store has the budget from the last `phusa up`.
                return
            self._spent_vnd = month.spent_vnd
            for what in reached(month.spent_vnd, self._budget):
                if await spending.tell_once(db, what, month, self._budget, self._told, self._now()):
                    log.warning("budget", reached=what, spent_vnd=self._spent_vnd)

    async def save(self, db: AsyncConnection[Any], channel: str) -> None:
        """Before `channel` claims: where the budget is spent, what may go by a cheaper way goes by that first."""
        if self._budget is not None and saves(self._spent_vnd, self._budget, self._now()):
            await outbox.cheapest_first(db, channel, self._ranked)
