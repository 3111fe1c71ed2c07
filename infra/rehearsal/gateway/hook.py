"""A service of the commune's own, as connectors/hook/sender.py asks of one: it checks the signature and sends a key once."""

from __future__ import annotations

import base64
import secrets
from typing import TYPE_CHECKING, Any

import msgspec
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from connectors import clock
from connectors.hook.sender import PATH
from connectors.hook.signing import ID, PREFIX, is_signed, key_of, signed
from infra.rehearsal.gateway.service import Intake, new
from models.catalogue.channels import Channel

if TYPE_CHECKING:
    from collections.abc import Sequence

    import httpx
    from starlette.requests import Request

    from connectors.settings import Settings
    from infra.rehearsal.gateway.archive import Taken


class Service:
    """One receiver."""

    def __init__(self, settings: Settings, intake: Intake) -> None:
        self._key, self._intake = key_of(settings), intake
        self._callback = f"http://127.0.0.1:{settings.receipts_port}/receipts/hook"

    @staticmethod
    def secrets(_settings: Settings, _contacts: Sequence[str]) -> dict[str, dict[str, Any]]:
        """A key of 32 bytes."""
        return {"hook.json": {"key": PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()}}

    def routes(self) -> list[Route]:
        """The one call."""
        return [Route(PATH, self._send, methods=["POST"])]

    async def _send(self, request: Request) -> Response:
        body = await request.body()
        if not is_signed(self._key, request.headers, body):
            return PlainTextResponse("wrong signature", 401)
        fault = self._intake.fault(Channel.HOOK)
        if fault is not None:
            return JSONResponse({"status": str(fault)})
        told, key = msgspec.json.decode(body)["data"], request.headers[ID]
        if told["phone"] not in self._intake.phones:
            return JSONResponse({"status": "refused", "reason": "unknown phone"})
        known = await self._intake.known(Channel.HOOK, key)
        if known is not None:
            return JSONResponse({"status": "taken", "id": str(known)})
        return self._intake.take(
            new(Channel.HOOK, key, told["phone"], told["text"], fields=told["fields"]),
            lambda message: {"status": "taken", "id": str(message)},
        )

    async def tell(self, client: httpx.AsyncClient, taken: Taken, *, failed: bool) -> httpx.Response | None:
        """A signed POST."""
        told = {"key": taken.key, "outcome": "failed" if failed else "delivered", "id": str(taken.id)}
        body = msgspec.json.encode(told)
        headers = signed(self._key, f"receipt-{taken.id}", clock.system(), body)
        return await client.post(self._callback, content=body, headers=headers)
