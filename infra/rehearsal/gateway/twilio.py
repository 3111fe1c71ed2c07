"""Twilio as it documents itself: Messages.json with HTTP Basic, errors as JSON under 4xx, signed status callbacks."""

from __future__ import annotations

import base64
import hmac
import secrets
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors import http
from connectors.twilio.callback import HEADER, signature
from connectors.twilio.sender import path
from connectors.webhook import fields
from infra.rehearsal.gateway.service import Intake, new
from models.catalogue.channels import Channel

if TYPE_CHECKING:
    from collections.abc import Sequence

    import httpx
    from starlette.requests import Request

    from connectors.settings import Settings
    from infra.rehearsal.gateway.archive import Taken

WRONG_LOGIN = 20003
UNREACHABLE = "30003"
"""The error of a phone that is off."""


class Service:
    """One account."""

    def __init__(self, settings: Settings, intake: Intake) -> None:
        self._account, self._intake = http.secret(settings.secrets_dir / "twilio.json"), intake

    @staticmethod
    def secrets(settings: Settings, _contacts: Sequence[str]) -> dict[str, dict[str, Any]]:
        """An account whose callbacks come to our own receipts' port."""
        return {
            "twilio.json": {
                "account_sid": f"AC{secrets.token_hex(16)}",
                "auth_token": secrets.token_hex(16),
                "sender": "PhuSa",
                "callback_url": f"http://127.0.0.1:{settings.receipts_port}/receipts/twilio",
            }
        }

    def routes(self) -> list[Route]:
        """The one call."""
        return [Route(path(self._account["account_sid"]), self._send, methods=["POST"])]

    async def _send(self, request: Request) -> Response:
        form = fields.form(await request.body())
        code = self._refusal(request, form)
        if code is not None:
            status = 401 if code == WRONG_LOGIN else 400
            return JSONResponse({"code": code, "message": f"error {code}", "status": status}, status)
        await self._intake.wait()
        callback = form.get("StatusCallback", "")
        # Its API carries no key: it stands in the callback's address.
        key = callback.rpartition("?key=")[2]
        taken = new(Channel.TWILIO, key, form["To"].removeprefix("+"), form["Body"], callback=callback)
        return self._intake.take(
            taken, lambda message: {"sid": _sid(message), "status": "queued", "price": None}
        )

    def _refusal(self, request: Request, form: dict[str, str]) -> int | None:
        fault = self._intake.fault(Channel.TWILIO)
        if fault is not None:
            return int(fault)
        own = self._account
        login = base64.b64encode(f"{own['account_sid']}:{own['auth_token']}".encode()).decode()
        if not hmac.compare_digest(request.headers.get("authorization", ""), f"Basic {login}"):
            return WRONG_LOGIN
        if not form.get("Body"):
            return 21602
        if not form.get("To", "").startswith("+") or form["To"].removeprefix("+") not in self._intake.phones:
            return 21211
        return None

    async def tell(self, client: httpx.AsyncClient, taken: Taken, *, failed: bool) -> httpx.Response | None:
        """A signed form by POST."""
        form = {
            "MessageSid": _sid(taken.id),
            "MessageStatus": "undelivered" if failed else "delivered",
            "To": f"+{taken.phone}",
            "AccountSid": self._account["account_sid"],
            **({"ErrorCode": UNREACHABLE} if failed else {}),
        }
        headers = {HEADER: signature(taken.callback, form, self._account["auth_token"])}
        return await client.post(taken.callback, data=form, headers=headers)


def _sid(message: int) -> str:
    """Twilio's id of a message: SM and 32 hex digits."""
    return f"SM{message:032x}"
