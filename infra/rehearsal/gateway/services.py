"""The two services' HTTP contracts: eSMS SendMultipleMessage_V4, Zalo template message and token."""

from __future__ import annotations

import asyncio
import hmac
import secrets
import time
import unicodedata
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from starlette.responses import JSONResponse, PlainTextResponse, Response

from connectors import http
from infra.rehearsal.gateway.archive import Archive, Taken
from infra.rehearsal.gateway.faults import Chance
from models.alerting.words import beside
from models.catalogue.kinds import title

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from starlette.requests import Request

TRACKING_CHARACTERS = 48
TOKEN_LIFE_S = 90_000
QUOTA = 2000


class Services:
    """Both, over one archive. `secrets` is the folder with the same files that the senders read."""

    def __init__(self, folder: Path, archive: Archive, chance: Chance, wake: Callable[[], None]) -> None:
        self._archive, self._chance, self._wake = archive, chance, wake
        self._esms = http.secret(folder / "esms.json")
        self._zalo = http.secret(folder / "zalo.json")
        tokens = http.secret(folder / "zalo_token.json")
        self._phones = set(http.secret(folder / "contacts.json").values())
        self._access, self._refresh = {tokens["access_token"]}, tokens["refresh_token"]
        self._templates = {number: name for name, number in self._zalo["templates"].items()}

    async def esms(self, request: Request) -> Response:
        """POST /MainService.svc/json/SendMultipleMessage_V4_post_json/."""
        body = await request.json()
        code = self._esms_refusal(body)
        if code is not None:
            return JSONResponse({"CodeResult": code, "CountRegenerate": 0, "ErrorMessage": f"code {code}"})
        # Before the look at the key, so that two calls under way at once are still one message.
        await asyncio.sleep(self._chance.faults.delay_s)
        key = str(body["RequestId"])
        known = self._archive.known("sms", key)
        if known is not None:
            return JSONResponse(
                {"CodeResult": "124", "SMSID": str(known), "ErrorMessage": "duplicate RequestId"}
            )
        phone = "84" + str(body["Phone"]).removeprefix("0")
        return self._take(
            self._new("sms", key, phone, str(body["Content"]), str(body.get("CallbackUrl", ""))),
            lambda message: {"CodeResult": "100", "CountRegenerate": 0, "SMSID": str(message)},
        )

    def _esms_refusal(self, body: dict[str, Any]) -> str | None:
        faults = self._chance.faults
        if faults.sms_codes:
            return faults.sms_codes.pop(0)
        own = self._esms
        if body.get("ApiKey") != own["api_key"] or body.get("SecretKey") != own["secret_key"]:
            return "101"
        if body.get("Brandname") != own["brandname"]:
            return "104"
        if "84" + str(body.get("Phone", "")).removeprefix("0") not in self._phones:
            return "108"
        return None

    async def zalo(self, request: Request) -> Response:
        """POST /message/template; HTTP 200 also on errors."""
        body = await request.json()
        code = self._zalo_refusal(request.headers.get("access_token", ""), body)
        if code is not None:
            return JSONResponse({"error": code, "message": f"error {code}"})
        await asyncio.sleep(self._chance.faults.delay_s)
        fields = {str(name): str(value) for name, value in body["template_data"].items()}
        one = self._new(
            "zalo",
            str(body.get("tracking_id", "")),
            str(body["phone"]),
            _text(self._templates[body["template_id"]], fields),
            "",
            fields,
        )
        quota = {"dailyQuota": str(QUOTA), "remainingQuota": str(QUOTA)}
        sent = str(round(one.received_at * 1000))
        return self._take(
            one,
            lambda message: {
                "error": 0,
                "message": "Success",
                "data": {"msg_id": str(message), "sent_time": sent, "quota": quota},
            },
        )

    def _zalo_refusal(self, token: str, body: dict[str, Any]) -> int | None:
        faults = self._chance.faults
        if faults.zalo_codes:
            return faults.zalo_codes.pop(0)
        if token not in self._access:
            return -216
        if body.get("template_id") not in self._templates:
            return -109
        if str(body.get("phone", "")) not in self._phones:
            return -108
        if len(str(body.get("tracking_id", ""))) > TRACKING_CHARACTERS:
            return -111
        values = [str(value) for value in body.get("template_data", {}).values()]
        if not values or any(unicodedata.normalize("NFC", value) != value for value in values):
            return -1124
        return None

    async def token(self, request: Request) -> Response:
        """POST /v4/oa/access_token: a refresh token serves once."""
        form = dict(parse_qsl((await request.body()).decode()))
        if not hmac.compare_digest(request.headers.get("secret_key", ""), self._zalo["app_secret"]):
            return JSONResponse({"error": -14003, "error_name": "Invalid secret key"})
        if form.get("refresh_token") != self._refresh or form.get("app_id") != self._zalo["app_id"]:
            return JSONResponse({"error": -14014, "error_name": "Invalid refresh token"})
        access, self._refresh = secrets.token_urlsafe(48), secrets.token_urlsafe(48)
        self._access.add(access)
        return JSONResponse(
            {"access_token": access, "refresh_token": self._refresh, "expires_in": str(TOKEN_LIFE_S)}
        )

    def revoke(self) -> None:
        """No access token is taken any more (tests)."""
        self._access.clear()

    def _new(
        self,
        channel: str,
        key: str,
        phone: str,
        text: str,
        callback: str,
        fields: dict[str, str] | None = None,
    ) -> Taken:
        return Taken(0, channel, key, phone, text, time.time(), 1, callback, fields or {}, None)

    def _take(self, one: Taken, answer: Callable[[int], dict[str, Any]]) -> Response:
        chance = self._chance
        faults = chance.faults
        if chance.hits(faults.busy):
            return PlainTextResponse("busy", 503)
        due = None if chance.hits(faults.no_receipt) else time.time() + faults.receipt_delay_s
        message = self._archive.take(one, due)
        self._wake()
        if chance.hits(faults.drop_answer):
            return PlainTextResponse("bad gateway", 502)
        return JSONResponse(answer(message))


def _text(template: str, fields: dict[str, str]) -> str:
    """The template as a phone shows it: a title (registered with Zalo), the figures, what to do."""
    known = {
        name: fields.get(name, "")
        for name in ("muc", "tram", "hien_tuong", "gia_tri", "so_sanh", "thoi_gian")
    }
    head = f"{known['muc']} – {known['tram']}" if known["muc"] else known["tram"]
    figures = ", ".join(
        part for part in (beside(known["hien_tuong"], known["gia_tri"]), known["so_sanh"]) if part
    )
    return "\n".join(
        part
        for part in (
            title(template).registered,
            head,
            figures,
            known["thoi_gian"],
            fields.get("viec_can_lam", ""),
        )
        if part
    )
