"""eSMS as it documents itself: SendMultipleMessage_V4, receipts and messages of people by GET."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors import clock, http
from connectors.sms.esms import PATH
from connectors.sms.replies import sign
from infra.rehearsal.gateway.service import Intake, Written, new
from models.catalogue.channels import Channel

if TYPE_CHECKING:
    from collections.abc import Sequence

    import httpx
    from starlette.requests import Request

    from connectors.settings import Settings
    from infra.rehearsal.gateway.archive import Taken

SHORT_NUMBER, KEYWORD = "8041", "PHUSA"
PRICE_VND = 500
"""An example, so that the price has its way through the tables; contracts differ."""


class Service:
    """One account."""

    def __init__(self, settings: Settings, intake: Intake) -> None:
        self._account, self._intake = http.secret(settings.secrets_dir / "esms.json"), intake

    @staticmethod
    def secrets(settings: Settings, _contacts: Sequence[str]) -> dict[str, dict[str, Any]]:
        """An account with a callback at our own receipts' port."""
        callbacks = f"http://127.0.0.1:{settings.receipts_port}/receipts"
        return {
            "esms.json": {
                "api_key": secrets.token_hex(16),
                "secret_key": secrets.token_hex(16),
                "brandname": "PhuSa",
                "callback_url": f"{callbacks}/esms/{secrets.token_urlsafe(16)}",
                "reply_url": f"{callbacks}/esms-replies/{secrets.token_urlsafe(16)}",
                "cpid": str(secrets.randbelow(10**6)),
                "private_key": secrets.token_hex(16),
            }
        }

    def routes(self) -> list[Route]:
        """The one call."""
        return [Route(PATH, self._send, methods=["POST"])]

    async def _send(self, request: Request) -> Response:
        body = await request.json()
        code = self._refusal(body)
        if code is not None:
            return JSONResponse({"CodeResult": code, "CountRegenerate": 0, "ErrorMessage": f"code {code}"})
        key = str(body["RequestId"])
        known = await self._intake.known(Channel.SMS, key)
        if known is not None:
            return JSONResponse(
                {"CodeResult": "124", "SMSID": str(known), "ErrorMessage": "duplicate RequestId"}
            )
        phone, callback = "84" + str(body["Phone"]).removeprefix("0"), str(body.get("CallbackUrl", ""))
        return self._intake.take(
            new(Channel.SMS, key, phone, str(body["Content"]), callback=callback),
            lambda message: {"CodeResult": "100", "CountRegenerate": 0, "SMSID": str(message)},
        )

    def _refusal(self, body: dict[str, Any]) -> str | int | None:
        fault = self._intake.fault(Channel.SMS)
        if fault is not None:
            return fault
        account = self._account
        if body.get("ApiKey") != account["api_key"] or body.get("SecretKey") != account["secret_key"]:
            return "101"
        if body.get("Brandname") != account["brandname"]:
            return "104"
        if "84" + str(body.get("Phone", "")).removeprefix("0") not in self._intake.phones:
            return "108"
        return None

    async def tell(self, client: httpx.AsyncClient, taken: Taken, *, failed: bool) -> httpx.Response | None:
        """A GET with all in the query."""
        query: dict[str, Any] = {
            "SMSID": taken.id,
            "SendStatus": 5,
            "SendSuccess": int(not failed),
            "SendFailed": int(failed),
            "TotalReceiver": 1,
            "TotalSent": 1,
            "TotalPrice": PRICE_VND,
            "RequestId": taken.key,
            "TypeId": 2,
            "telcoid": 1,
            "phonenumber": "0" + taken.phone.removeprefix("84"),
        }
        return await client.get(taken.callback, params=query)

    async def hear(self, client: httpx.AsyncClient, written: Written) -> httpx.Response:
        """A message to the short number, whose keyword says that it is for us: a signed GET."""
        query = {
            "sender": written.phone,
            "content": f"{KEYWORD} {written.text}",
            "serviceNumber": SHORT_NUMBER,
            "keyword": KEYWORD,
            "cpid": self._account["cpid"],
            "smsid": written.id,
            "receiverTime": f"{datetime.now(clock.VIETNAM):%Y%m%d%H%M%S}",
        }
        query["sign"] = sign(query, self._account["private_key"])
        return await client.get(self._account["reply_url"], params=query)
