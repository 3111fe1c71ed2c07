"""What gateways answered, written together: while one transaction is on its way, the answers that come meanwhile gather for the next."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from connectors.timescale import outbox

if TYPE_CHECKING:
    from psycopg_pool import AsyncConnectionPool

    from connectors.timescale.outbox import Answered


class AnswerWriter:
    """One transaction at a time: alone an answer is written at once, of many each waits for two transactions at most."""

    def __init__(self, pool: AsyncConnectionPool) -> None:
        self._pool = pool
        self._waiting: list[tuple[Answered, asyncio.Future[None]]] = []
        self._some = asyncio.Event()

    async def store(self, answered: Answered) -> None:
        """Until it is in the store."""
        stored: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((answered, stored))
        self._some.set()
        await stored

    async def run(self) -> None:
        """Until cancelled; ends with the store's error, and who waits is then cancelled by whoever runs this."""
        while True:
            await self._some.wait()
            self._some.clear()
            batch, self._waiting = self._waiting, []
            async with self._pool.connection() as db:
                await outbox.finish(db, [answered for answered, _ in batch])
            for _, stored in batch:
                if not stored.done():
                    stored.set_result(None)
