"""The CAP 1.2 feed of the page: /cap/feed.xml (Atom) and /cap/IDENTIFIER.xml, for whoever passes warnings on.

A store that is away gives 503 with words: an empty feed would say that all is well.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

import msgspec
import psycopg
import structlog
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from connectors import clock
from connectors.page.map_file import sketch_of
from connectors.timescale import bulletins
from models.cap import xml
from models.cap.chain import Sender, messages
from models.cap.mistakes import mistakes
from models.cap.names import alert_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

    from connectors.clock import Now
    from connectors.settings import Settings
    from models.cap.chain import Chain
    from models.cap.message import Message
    from models.commune.configuration import Commune

log = structlog.get_logger(__name__)

KEPT_S = 15
"""As long as this the answer serves everybody, and anybody between may keep it."""
SHOWN = timedelta(days=7)
"""What is over stays in the feed for so long."""
AWAY = (
    "Không đọc được cơ sở dữ liệu: không biết cảnh báo nào đang có hiệu lực "
    "(the database cannot be read: which warnings hold is not known)"
)
HEADERS = {"x-content-type-options": "nosniff", "access-control-allow-origin": "*"}


class Told(NamedTuple):
    """All messages of the feed as of `at`."""

    at: datetime
    messages: list[Message]


class Bulletins:
    """Reads the store at most once in KEPT_S, whoever asks."""

    def __init__(self, dsn: Callable[[], str], sender: Sender, now: Now | None) -> None:
        """`now` None: history is replayed, there is no time but that of the newest change."""
        self._dsn, self.sender, self._now = dsn, sender, now
        self._lock, self._kept, self._read_at = asyncio.Lock(), None, 0.0

    _kept: Told | None

    async def told(self) -> Told:
        """The messages of the last days and all that hold; 503 where the store is away."""
        async with self._lock:
            if self._kept is None or time.monotonic() - self._read_at > KEPT_S:
                self._kept = await self._ask(None)
                self._read_at = time.monotonic()
            return self._kept

    async def of(self, alert: str) -> list[Message]:
        """All messages of one alert, however old; 503 where the store is away."""
        return (await self._ask(alert)).messages

    async def _ask(self, alert: str | None) -> Told:
        try:
            at, found = await asyncio.to_thread(self._read, alert)
        except (psycopg.Error, OSError, ValueError, msgspec.ValidationError) as error:
            log.warning("cap_without_store", reason=(str(error).splitlines() or [type(error).__name__])[0])
            self._kept = None
            raise HTTPException(503, AWAY) from None
        made = [one for chain in found for one in self._checked(chain, at)]
        if alert is None:
            made = [one for one in made if one.sent > at - SHOWN or one.expires > at]
        return Told(at, made)

    def _read(self, alert: str | None) -> tuple[datetime, list[Chain]]:
        at = self._now() if self._now is not None else bulletins.newest(self._dsn()) or clock.system()
        return at, bulletins.chains(self._dsn(), at - SHOWN, at, alert)

    def _checked(self, chain: Chain, at: datetime) -> list[Message]:
        """A message that breaks a rule is told all the same, and logged: silence about a flood would be worse."""
        made = messages(chain, self.sender, at)
        for n, message in enumerate(made):
            for wrong in mistakes(message, made[:n]):
                log.error("cap_message_wrong", identifier=message.identifier, wrong=wrong)
        return made

    async def feed(self, request: Request) -> Response:
        """The Atom feed."""
        told = await self.told()
        links = {one.identifier: f"{quote(one.identifier)}.xml" for one in told.messages}
        minute = told.at.replace(second=0, microsecond=0)
        body = xml.feed(told.messages, self.sender.name, self.sender.id, links, minute)
        return _answer(request, body, "application/atom+xml")

    async def message(self, request: Request) -> Response:
        """One message; 404 where nobody sent it."""
        name = request.path_params["identifier"]
        for one in await self.of(alert_of(name)):
            if one.identifier == name:
                return _answer(request, xml.cap(one), "application/cap+xml")
        raise HTTPException(404, "không có bản tin này (no such message)")


def routes(settings: Settings, commune: Commune, now: Now | None) -> list[Route]:
    """The feed's own pages."""
    sender = Sender(settings.cap_sender, commune, sketch_of(settings.commune))
    own = Bulletins(lambda: settings.dsn("reader"), sender, now)
    return [Route("/cap/feed.xml", own.feed), Route("/cap/{identifier:path}.xml", own.message)]


def _answer(request: Request, body: bytes, kind: str) -> Response:
    """The document, or 304 to who has it already."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:24]}"'
    headers = HEADERS | {"etag": tag, "cache-control": f"public, max-age={KEPT_S}"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(body, 200, headers, media_type=f"{kind}; charset=utf-8")
