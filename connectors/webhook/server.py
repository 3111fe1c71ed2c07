"""The small HTTP endpoint on which gateways tell what became of a message, and what people send to us.

A call is answered 200 only after `take` has put what it brings into Kafka, and 503 when Kafka is away: a gateway repeats
what was not taken. What cannot be read is kept with its bytes, but for phone numbers, and answered 4xx.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus, urlencode

import structlog
import uvicorn
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from connectors.kafka.sink import DeliveryError
from connectors.request_body import TooBigError, body_of
from connectors.timescale.connection import LOST
from models.alerting.phone import phone
from models.envelope.rejected import Reason

if TYPE_CHECKING:
    from starlette.requests import Request

    from models.alerting.incoming import Incoming
    from models.alerting.receipt import Receipt

log = structlog.get_logger(__name__)

MAX_BYTES = 64 * 1024
"""A receipt has some hundred bytes."""
STRANGERS_BYTES = 1024
PERSONAL, MASK = ("phonenumber", "phone", "sender", "from"), "x"
"""Fields of a query that are a number by their name, whatever stands in them."""
_NUMBER = re.compile(
    rb"(?:(?<!\d)|(?<=%[2A][08]))(?:(?:(?:\+|%2B)?84|0084|0)(?:(?:[ .()_/+-]|%2[089F]|\xc2\xa0|%C2%A0){0,3}\d){8,10}|\d{9,10})(?!\d)"
)
"""As long as a number, however it is parted and a form has quoted that; whether it is one says `phone`."""
_WIDE = re.compile(rb"\xef\xbc([\x90-\x99])|%EF%BC%9(\d)|\\uff1(\d)", re.IGNORECASE)
"""A full-width digit in UTF-8, quoted as in a form, or escaped as in JSON: some phones write numbers so."""
STATUS = {Reason.TOO_BIG: 413, Reason.WRONG_SIGNATURE: 401}


class Refusal(ValueError):
    """A call that is no receipt of ours; says why in both languages."""

    def __init__(self, reason: Reason, vi: str, en: str) -> None:
        super().__init__(f"{vi} ({en})")
        self.reason, self.vi, self.en = reason, vi, en


Brought = Sequence["Receipt | Incoming"]
"""What a call brings: receipts, or messages of people."""
Parse = Callable[[bytes, dict[str, str], dict[str, str]], Brought]
"""(body, headers in lower case, query) -> what it brings; raises Refusal."""
Take = Callable[[Brought], Awaitable[None]]
Keep = Callable[[str, bytes, Refusal], Awaitable[None]]


def application(routes: Sequence[tuple[str, str, Parse]], take: Take, keep: Keep) -> Starlette:
    """One route a gateway: (name, path, parser). A path may hold a secret, so only the name is ever told."""
    return Starlette(
        routes=[
            Route(path, _endpoint(name, parse, take, keep), methods=["GET", "POST"])
            for name, path, parse in routes
        ],
        exception_handlers=dict.fromkeys((DeliveryError, *LOST), _not_kept),
    )


def _not_kept(_request: Request, error: Exception) -> Response:
    """Kafka or the store is away for the moment: not an error of ours, and the gateway comes again."""
    log.warning("call_not_kept", error=str(error))
    return PlainTextResponse("Chưa giữ được; hãy gửi lại. (Not kept; send it again.)", 503)


def _endpoint(name: str, parse: Parse, take: Take, keep: Keep) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        body = b""
        try:
            body = await _read(request)
            brought = parse(body, dict(request.headers), dict(request.query_params))
        except Refusal as why:
            log.warning("receipt_refused", gateway=name, reason=why.reason)
            await keep(name, _kept(body, dict(request.query_params), why), why)
            return PlainTextResponse(str(why), STATUS.get(why.reason, 400))
        await take(brought)
        return PlainTextResponse("ok")

    return answer


def _kept(body: bytes, query: dict[str, str], why: Refusal) -> bytes:
    """What is kept of a refused call: anybody may send one, so an unsigned one leaves little; no phone number."""
    asked = {name: MASK if name in PERSONAL else value for name, value in query.items()}
    whole = _NUMBER.sub(_masked, _WIDE.sub(_narrow, body or urlencode(asked).encode()))
    return whole[:STRANGERS_BYTES] if why.reason is Reason.WRONG_SIGNATURE else whole


def _narrow(found: re.Match[bytes]) -> bytes:
    return bytes([found[1][0] - 0x60]) if found[1] else found[2] or found[3]


def _masked(found: re.Match[bytes]) -> bytes:
    """Digits that are a phone number go; a time in milliseconds, an id of a message stay."""
    plain = unquote_plus(found[0].replace(b"+", b" ").decode())
    return MASK.encode() if phone(re.sub(r"[/_]", " ", plain)) else found[0]


async def _read(request: Request) -> bytes:
    try:
        return await body_of(request, MAX_BYTES)
    except TooBigError as error:
        raise Refusal(Reason.TOO_BIG, error.vi, error.en) from None


def server(app: Starlette, port: int) -> uvicorn.Server:
    """A server on the loopback; `await server.serve()` runs it inside the caller's loop."""
    return _Server(
        uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning", lifespan="off", workers=1)
    )


class _Server(uvicorn.Server):
    """The caller owns the signals."""

    def capture_signals(self) -> AbstractContextManager[None]:  # type: ignore[override]
        return nullcontext()
