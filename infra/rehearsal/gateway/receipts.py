"""The services' receipts, on their way back: eSMS by GET, Zalo by a signed POST; repeated when not taken."""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
from typing import TYPE_CHECKING, Any

import httpx
import structlog

from connectors import http

if TYPE_CHECKING:
    from pathlib import Path

    from infra.rehearsal.gateway.archive import Archive, Taken
    from infra.rehearsal.gateway.faults import Chance

log = structlog.get_logger(__name__)

WAITS_S = (1.0, 2.0, 4.0, 8.0, 16.0)
"""The services wait minutes to hours between their repetitions; a demo has two minutes in all."""
LONGEST_SLEEP_S = 5.0
PRICE_VND = 500
"""An example, so that the price has its way through the tables; contracts differ."""


class Courier:
    """Tells receipts when they are due, until stopped."""

    def __init__(self, folder: Path, webhook: str, archive: Archive, chance: Chance) -> None:
        self._zalo, self._webhook = http.secret(folder / "zalo.json"), webhook
        self._archive, self._chance = archive, chance
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """Something new is due."""
        self._wake.set()

    async def run(self) -> None:
        """For ever; the server's end cancels it."""
        async with httpx.AsyncClient(timeout=3.0) as client:
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

    async def _tell(self, client: httpx.AsyncClient, one: Taken, tries: int) -> None:
        failed = self._chance.hits(self._chance.faults.failed_receipt)
        if one.channel == "zalo" and failed:
            # Zalo tells deliveries only: what does not arrive is silence.
            self._archive.receipt_again(one.id, None)
            return
        try:
            answer = await (
                self._zalo_call(client, one)
                if one.channel == "zalo"
                else self._esms_call(client, one, failed)
            )
            taken = answer.is_success
        except httpx.HTTPError:
            taken = False
        if taken:
            self._archive.receipt_told(one.id)
        else:
            again = time.time() + WAITS_S[tries] if tries < len(WAITS_S) else None
            log.warning("receipt_not_taken", message=one.id, channel=one.channel, again=again is not None)
            self._archive.receipt_again(one.id, again)

    async def _esms_call(self, client: httpx.AsyncClient, one: Taken, failed: bool) -> httpx.Response:
        query: dict[str, Any] = {
            "SMSID": one.id,
            "SendStatus": 5,
            "SendSuccess": int(not failed),
            "SendFailed": int(failed),
            "TotalReceiver": 1,
            "TotalSent": 1,
            "TotalPrice": PRICE_VND,
            "RequestId": one.key,
            "TypeId": 2,
            "telcoid": 1,
            "phonenumber": "0" + one.phone.removeprefix("84"),
        }
        return await client.get(one.callback, params=query)

    async def _zalo_call(self, client: httpx.AsyncClient, one: Taken) -> httpx.Response:
        own, stamp = self._zalo, str(round(time.time() * 1000))
        event = {
            "event_name": "user_received_message",
            "app_id": own["app_id"],
            "sender": {"id": own["oa_id"]},
            "recipient": {"id": hashlib.sha256(one.phone.encode()).hexdigest()},
            "message": {"delivery_time": stamp, "msg_id": str(one.id), "tracking_id": one.key},
            "timestamp": stamp,
        }
        body = json.dumps(event).encode()
        mac = hashlib.sha256(own["app_id"].encode() + body + (stamp + own["oa_secret"]).encode()).hexdigest()
        headers = {
            "X-ZEvent-Signature": f"mac={mac}",
            "X-ZEvent-Server": "ZNS",
            "content-type": "application/json",
        }
        return await client.post(self._webhook, content=body, headers=headers)
