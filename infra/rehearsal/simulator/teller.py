"""Tells payments to the endpoint as providers do: over kept connections, again and again until it is answered."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from infra.rehearsal.simulator.market_day import CallKind
from infra.rehearsal.simulator.webhooks import simulated, webhook

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from connectors.clock import Now
    from infra.rehearsal.simulator.market_day import ProviderCall
    from infra.rehearsal.simulator.webhooks import Webhook
    from models.catalogue.providers import Provider
    from models.payments.contract import Secret

CONNECTIONS = 16
PAUSE_S = 0.2
"""Before a call that was not answered is made again; providers wait minutes, this test has none."""
ANSWER_S = 600.0
"""An endpoint that has died closes the connection; one that is slow is waited for: who forges does not call twice."""


@dataclass(slots=True)
class Tally:
    """What became of the calls; `answered` counts what each call was finally answered."""

    sent: int = 0
    retries: int = 0
    answered: Counter[str] = field(default_factory=Counter)


class CallSender:
    """Sends calls in order, each at its time if there is a clock; a forged one that was refused is not repeated."""

    def __init__(self, port: int, keys: Mapping[Provider, Secret], real: Now) -> None:
        """`real` is the wall clock: SePay and Casso sign the moment of sending."""
        self._port, self._keys, self._real = port, keys, real
        self.tally = Tally()

    async def send(self, calls: Iterable[ProviderCall], due: Now | None = None) -> Tally:
        """All of them over CONNECTIONS connections; `due` is the simulated clock that paces them."""
        queue: asyncio.Queue[ProviderCall | None] = asyncio.Queue(maxsize=4 * CONNECTIONS)
        workers = [asyncio.create_task(self._work(queue)) for _ in range(CONNECTIONS)]
        for call in calls:
            while due is not None and due() < call.send_at:  # noqa: ASYNC110 (a simulated clock wakes nobody)
                await asyncio.sleep(0.01)
            await queue.put(call)
        for _ in workers:
            await queue.put(None)
        await asyncio.gather(*workers)
        return self.tally

    async def _work(self, queue: asyncio.Queue[ProviderCall | None]) -> None:
        connection = _Connection(self._port)
        while (one := await queue.get()) is not None:
            await self._one(connection, one)
            self.tally.sent += 1
        connection.close()

    async def _one(self, connection: _Connection, provider_call: ProviderCall) -> None:
        secret = self._keys[provider_call.provider]
        if provider_call.kind is CallKind.FORGED:
            secret = msgspec.structs.replace(secret, key=secrets.token_hex(32))
        while True:
            try:
                status, body = await connection.call(
                    webhook(provider_call.provider, provider_call.transfer, secret, self._real())
                )
            except (OSError, EOFError, asyncio.IncompleteReadError, TimeoutError, ValueError):
                connection.close()
                status, body = 0, b""
            if status == 429 or b'"99"' in body:
                status = 0  # not kept: told again, whoever signed it
            good = status == 200 and any(part in body for part in simulated(provider_call.provider).SUCCESS)
            if good or (provider_call.kind is CallKind.FORGED and 0 < status < 500):
                self.tally.answered["success" if good else "refused"] += 1
                return
            if 0 < status < 500:
                # Answered, and not as a success: repeating it would change nothing. The verdict will say so.
                self.tally.answered["refused"] += 1
                return
            self.tally.retries += 1
            await asyncio.sleep(PAUSE_S)


class _Connection:
    """HTTP/1.1 with keep-alive: a status, a length, a body."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def call(self, one: Webhook) -> tuple[int, bytes]:
        """Status and body; OSError or EOFError when the server is gone, TimeoutError when it says nothing."""
        async with asyncio.timeout(ANSWER_S):
            if self._streams is None:
                self._streams = await asyncio.open_connection("127.0.0.1", self._port)
            reader, writer = self._streams
            headers = {"host": "127.0.0.1", **one.headers, "content-length": str(len(one.body))}
            head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
            writer.write(f"{one.method} {one.path} HTTP/1.1\r\n{head}\r\n".encode() + one.body)
            answer = await reader.readuntil(b"\r\n\r\n")
            length = int(answer.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
            return int(answer[9:12]), await reader.readexactly(length)

    def close(self) -> None:
        """Begin anew with the next call."""
        if self._streams is not None:
            with contextlib.suppress(OSError):
                self._streams[1].close()
            self._streams = None
