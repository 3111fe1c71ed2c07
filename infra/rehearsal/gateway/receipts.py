"""The services' receipts, on their way back as each tells them; repeated when not taken."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import httpx
import structlog

from models.catalogue.channels import Channel

if TYPE_CHECKING:
    from collections.abc import Mapping

    from infra.rehearsal.gateway.archive import Archive, Taken
    from infra.rehearsal.gateway.faults import Chance
    from infra.rehearsal.gateway.service import Service

log = structlog.get_logger(__name__)

WITHIN_S = 3.0
WAITS_S = (1.0, 2.0, 4.0, 8.0, 16.0)
"""The services wait minutes to hours between their repetitions; a demo has two minutes in all."""
LONGEST_SLEEP_S = 5.0


class Courier:
    """Tells receipts when they are due, until stopped."""

    def __init__(self, services: Mapping[Channel, Service], archive: Archive, chance: Chance) -> None:
        """`services` may be filled after this, before `run`."""
        self._services, self._archive, self._chance = services, archive, chance
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """Something new is due."""
        self._wake.set()

    async def run(self) -> None:
        """For ever; the server's end cancels it."""
        async with httpx.AsyncClient(timeout=WITHIN_S) as client:
            while True:
                self._wake.clear()
                for one, tries in self._archive.due():
                    await self._tell(client, one, tries)
                await self._pause()

    async def _pause(self) -> None:
        due = self._archive.next_due()
        left = LONGEST_SLEEP_S if due is None else min(LONGEST_SLEEP_S, max(0.0, due - time.time()))
        try:
            await asyncio.wait_for(self._wake.wait(), left)
        except TimeoutError:
            return

    async def _tell(self, client: httpx.AsyncClient, message: Taken, tries: int) -> None:
        failed = self._chance.hits(self._chance.faults.failed_receipt)
        try:
            answer = await self._services[Channel(message.channel)].tell(client, message, failed=failed)
        except httpx.HTTPError:
            taken = False
        else:
            if answer is None:
                self._archive.receipt_again(message.id, None)
                return
            taken = answer.is_success
        if taken:
            self._archive.receipt_told(message.id)
        else:
            again = time.time() + WAITS_S[min(tries, len(WAITS_S) - 1)]
            log.warning("receipt_not_taken", message=message.id, channel=message.channel)
            self._archive.receipt_again(message.id, again)
