"""People who answer: what a person writes on a phone is handed on to us as the service hands it on."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import httpx
import msgspec
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from infra.rehearsal.gateway.service import Hears, Service, Written
from models.catalogue.channels import Channel

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

STRANGER = "84000999999"
"""The number of who is no contact."""
WITHIN_S = 10.0
"""A service waits so long for us to take what it hands on."""


class Spoken(msgspec.Struct):
    """What a person writes: `contact` empty is a stranger; `id` the service's own of it, made where a test names none."""

    contact: str
    channel: Channel
    text: str
    id: str = ""


class People:
    """Who may answer, and by what."""

    def __init__(self, services: Mapping[Channel, Service], phones: Mapping[str, str]) -> None:
        """`services` may be filled after this; `phones` by contact."""
        self._services, self._phones = services, phones

    def heard_by(self) -> list[Channel]:
        """The channels whose services hand on what people write."""
        return [channel for channel, service in self._services.items() if isinstance(service, Hears)]

    def route(self) -> Route:
        """POST /_answer: JSON of a test, or the form of the page."""
        return Route("/_answer", self._answer, methods=["POST"])

    async def _answer(self, request: Request) -> Response:
        body = await request.body()
        of_page = request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded")
        try:
            found: object = dict(parse_qsl(body.decode())) if of_page else msgspec.json.decode(body)
            spoken = msgspec.convert(found, Spoken)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            return PlainTextResponse(str(error), 400)
        service, phone = self._services[spoken.channel], self._phones.get(spoken.contact, STRANGER)
        if not isinstance(service, Hears):
            return PlainTextResponse(f"{spoken.channel}: không nhận tin trả lời (hears nobody)", 404)
        written = Written(spoken.id or secrets.token_hex(10), spoken.contact, phone, spoken.text)
        async with httpx.AsyncClient(timeout=WITHIN_S) as client:
            told = await service.hear(client, written)
        return RedirectResponse("/", 303) if of_page else PlainTextResponse(told.text, told.status_code)
