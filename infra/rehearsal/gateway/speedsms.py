"""SpeedSMS as it documents itself: /sms/send with HTTP Basic, a price in the answer, reports by POST that name its own id."""

from __future__ import annotations

import base64
import hmac
import secrets
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors import http
from connectors.speedsms.sender import BRANDNAME, PATH, RANDOM_NUMBER
from infra.rehearsal.gateway.service import Intake, Written, new
from models.catalogue.channels import Channel

if TYPE_CHECKING:
    from collections.abc import Sequence

    import httpx
    from starlette.requests import Request

    from connectors.settings import Settings
    from infra.rehearsal.gateway.archive import Taken

PRICE_VND = 250
"""That of the example in its documents; contracts differ."""
LOST = 64
"""The first status of a report that means: not delivered."""


class Service:
    """One account."""

    def __init__(self, settings: Settings, intake: Intake) -> None:
        self._account, self._intake = http.secret(settings.secrets_dir / "speedsms.json"), intake

    @staticmethod
    def secrets(settings: Settings, _contacts: Sequence[str]) -> dict[str, dict[str, Any]]:
        """An account whose webhook is our own receipts' port."""
        callbacks = f"http://127.0.0.1:{settings.receipts_port}/receipts"
        return {
            "speedsms.json": {
                "token": secrets.token_urlsafe(24),
                "sender": "PhuSa",
                "callback_url": f"{callbacks}/speedsms/{secrets.token_urlsafe(16)}",
            }
        }

    def routes(self) -> list[Route]:
        """The one call."""
        return [Route(PATH, self._send, methods=["POST"])]

    async def _send(self, request: Request) -> Response:
        body = await request.json()
        code = self._refusal(request, body)
        if code is not None:
            return JSONResponse({"status": "error", "code": code, "message": f"code {code}"})
        await self._intake.wait()
        # It knows no key: each call is a message of its own.
        taken = new(Channel.SPEEDSMS, "", str(body["to"][0]), str(body["content"]))
        return self._intake.take(
            taken,
            lambda message: {
                "status": "success",
                "code": "00",
                "data": {"tranId": message, "totalSMS": 1, "totalPrice": PRICE_VND, "invalidPhone": []},
            },
        )

    def _refusal(self, request: Request, body: dict[str, Any]) -> str | int | None:
        fault = self._intake.fault(Channel.SPEEDSMS)
        if fault is not None:
            return fault
        wanted = "Basic " + base64.b64encode(f"{self._account['token']}:x".encode()).decode()
        if not hmac.compare_digest(request.headers.get("authorization", ""), wanted):
            return "008"
        if body.get("sms_type") not in (RANDOM_NUMBER, BRANDNAME) or not body.get("content"):
            return "101"
        if not set(body.get("to") or [""]) <= self._intake.phones:
            return "105"
        return None

    async def hear(self, client: httpx.AsyncClient, written: Written) -> httpx.Response:
        """An answer to one of its numbers, by the same webhook."""
        told = {"type": "sms", "phone": written.phone, "content": written.text}
        return await client.post(self._account["callback_url"], json=told)

    async def tell(self, client: httpx.AsyncClient, taken: Taken, *, failed: bool) -> httpx.Response | None:
        """A POST with its own id; our key it has never heard."""
        status = LOST if failed else 0
        report = {"type": "report", "tranId": taken.id, "phone": taken.phone, "status": status}
        return await client.post(self._account["callback_url"], json=report)
