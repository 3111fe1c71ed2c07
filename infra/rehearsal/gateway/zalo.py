"""Zalo as it documents itself: template messages, tokens that serve once, receipts and texts of people by a signed POST."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import time
import unicodedata
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors import clock, http
from connectors.zalo.client import PATH
from connectors.zalo.replies import USERS
from connectors.zalo.token import PATH as TOKEN_PATH
from infra.rehearsal.gateway.service import Intake, Written, new
from models.alerting.long_text import long_text
from models.alerting.wording import TEMPLATES
from models.catalogue.channels import CHANNELS, Channel

if TYPE_CHECKING:
    from collections.abc import Sequence

    import httpx
    from starlette.requests import Request

    from connectors.settings import Settings
    from infra.rehearsal.gateway.archive import Taken

TOKEN_LIFE = timedelta(hours=25)
QUOTA = 2000
FIRST_TEMPLATE = 300_001


class Service:
    """One official account."""

    def __init__(self, settings: Settings, intake: Intake) -> None:
        self._folder, self._intake = settings.secrets_dir, intake
        self._app = http.secret(self._folder / "zalo.json")
        tokens = http.secret(settings.secrets_dir / "zalo_token.json")
        self._access, self._refresh = {tokens["access_token"]}, tokens["refresh_token"]
        self._templates = {number: name for name, number in self._app["templates"].items()}
        self._webhook = f"http://127.0.0.1:{settings.receipts_port}/receipts/zalo"

    @staticmethod
    def secrets(_settings: Settings, _contacts: Sequence[str]) -> dict[str, dict[str, Any]]:
        """An app with all templates approved, and its first pair of tokens."""
        app = {
            "app_id": str(secrets.randbelow(10**15)),
            "app_secret": secrets.token_hex(16),
            "oa_id": str(secrets.randbelow(10**15)),
            "oa_secret": secrets.token_hex(16),
            "templates": {name: str(FIRST_TEMPLATE + i) for i, name in enumerate(TEMPLATES)},
            "link_prefix": "",
        }
        token = {
            "access_token": secrets.token_urlsafe(48),
            "refresh_token": secrets.token_urlsafe(48),
            "expires_at": (clock.system() + TOKEN_LIFE).isoformat(),
        }
        return {"zalo.json": app, "zalo_token.json": token}

    def routes(self) -> list[Route]:
        """Messages, tokens, and what tests need: that no access token is taken any more."""
        return [
            Route(PATH, self._send, methods=["POST"]),
            Route(TOKEN_PATH, self._token, methods=["POST"]),
            Route("/_revoke", self._revoke, methods=["POST"]),
        ]

    async def _send(self, request: Request) -> Response:
        """POST /message/template; HTTP 200 also on errors."""
        body = await request.json()
        code = self._refusal(request.headers.get("access_token", ""), body)
        if code is not None:
            return JSONResponse({"error": code, "message": f"error {code}"})
        await self._intake.wait()
        fields = {str(name): str(value) for name, value in body["template_data"].items()}
        text = long_text(self._templates[body["template_id"]], fields)
        taken = new(Channel.ZALO, str(body.get("tracking_id", "")), str(body["phone"]), text, fields=fields)
        quota = {"dailyQuota": str(QUOTA), "remainingQuota": str(QUOTA)}
        sent = str(round(taken.received_at * 1000))
        return self._intake.take(
            taken,
            lambda message: {
                "error": 0,
                "message": "Success",
                "data": {"msg_id": str(message), "sent_time": sent, "quota": quota},
            },
        )

    def _refusal(self, token: str, body: dict[str, Any]) -> str | int | None:
        fault = self._intake.fault(Channel.ZALO)
        if fault is not None:
            return fault
        if token not in self._access:
            return -216
        if body.get("template_id") not in self._templates:
            return -109
        if str(body.get("phone", "")) not in self._intake.phones:
            return -108
        if len(str(body.get("tracking_id", ""))) > (CHANNELS[Channel.ZALO].longest_key or 0):
            return -111
        values = [str(value) for value in body.get("template_data", {}).values()]
        if not values or any(unicodedata.normalize("NFC", value) != value for value in values):
            return -1124
        return None

    async def _token(self, request: Request) -> Response:
        """POST /v4/oa/access_token: a refresh token serves once."""
        form = dict(parse_qsl((await request.body()).decode()))
        if not hmac.compare_digest(request.headers.get("secret_key", ""), self._app["app_secret"]):
            return JSONResponse({"error": -14003, "error_name": "Invalid secret key"})
        if form.get("refresh_token") != self._refresh or form.get("app_id") != self._app["app_id"]:
            return JSONResponse({"error": -14014, "error_name": "Invalid refresh token"})
        access, self._refresh = secrets.token_urlsafe(48), secrets.token_urlsafe(48)
        self._access.add(access)
        life = str(round(TOKEN_LIFE.total_seconds()))
        return JSONResponse({"access_token": access, "refresh_token": self._refresh, "expires_in": life})

    async def _revoke(self, _request: Request) -> Response:
        self._access.clear()
        return Response(status_code=204)

    async def tell(self, client: httpx.AsyncClient, taken: Taken, *, failed: bool) -> httpx.Response | None:
        """A signed POST. Zalo tells deliveries only: what does not arrive is silence."""
        if failed:
            return None
        stamp = str(round(time.time() * 1000))
        event = {
            "event_name": "user_received_message",
            "sender": {"id": self._app["oa_id"]},
            "recipient": {"id": hashlib.sha256(taken.phone.encode()).hexdigest()},
            "message": {"delivery_time": stamp, "msg_id": str(taken.id), "tracking_id": taken.key},
        }
        return await self._call(client, event, stamp)

    async def hear(self, client: httpx.AsyncClient, written: Written) -> httpx.Response:
        """A text to the account; Zalo calls its writer by an id of its own, which zalo_users.json may know."""
        stamp = str(round(time.time() * 1000))
        event = {
            "event_name": "user_send_text",
            "sender": {"id": self._user(written)},
            "recipient": {"id": self._app["oa_id"]},
            "message": {"text": written.text, "msg_id": written.id},
        }
        return await self._call(client, event, stamp)

    def _user(self, written: Written) -> str:
        users = http.secret(self._folder / USERS) if (self._folder / USERS).exists() else {}
        return str(users.get(written.contact) or hashlib.sha256(written.phone.encode()).hexdigest())

    async def _call(self, client: httpx.AsyncClient, event: dict[str, Any], stamp: str) -> httpx.Response:
        app = self._app
        body = json.dumps({"app_id": app["app_id"], **event, "timestamp": stamp}).encode()
        mac = hashlib.sha256(app["app_id"].encode() + body + (stamp + app["oa_secret"]).encode()).hexdigest()
        headers = {
            "X-ZEvent-Signature": f"mac={mac}",
            "X-ZEvent-Server": "ZNS",
            "content-type": "application/json",
        }
        return await client.post(self._webhook, content=body, headers=headers)
