"""A service that Apprise calls by json://, each contact at a secret path of its own."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from connectors import http
from infra.rehearsal.gateway.service import Intake, new
from models.catalogue.channels import Channel

if TYPE_CHECKING:
    from collections.abc import Sequence

    import httpx
    from starlette.requests import Request

    from connectors.settings import Settings
    from infra.rehearsal.gateway.archive import Taken

PATH = "/apprise/"


class Service:
    """The other end of all addresses."""

    def __init__(self, settings: Settings, intake: Intake) -> None:
        addresses, phones = (
            http.secret(settings.secrets_dir / "apprise.json"),
            http.phones(settings.secrets_dir),
        )
        self._intake = intake
        # The page of phones shows these messages too, by the person's number.
        self._phones = {
            urlsplit(url).path: phones[contact] for contact, url in addresses.items() if contact in phones
        }

    @staticmethod
    def secrets(settings: Settings, contacts: Sequence[str]) -> dict[str, dict[str, Any]]:
        """An address of each contact at the local gateway."""
        base = f"json://127.0.0.1:{settings.gateway_port}{PATH}"
        return {"apprise.json": {contact: base + secrets.token_urlsafe(16) for contact in contacts}}

    def routes(self) -> list[Route]:
        """The one call."""
        return [Route(PATH + "{token}", self._send, methods=["POST"])]

    async def _send(self, request: Request) -> Response:
        phone = self._phones.get(request.url.path.rstrip("/"))
        if phone is None:
            return PlainTextResponse("nobody here", 404)
        told = await request.json()
        await self._intake.wait()
        text = f"{told['title']}\n{told['message']}"
        return self._intake.take(new(Channel.APPRISE, "", phone, text), lambda _: {})

    async def tell(self, _client: httpx.AsyncClient, _taken: Taken, *, failed: bool) -> None:
        """Nothing is told."""
        del failed
