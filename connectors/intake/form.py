"""A person's readings over HTTP: a page for a phone at /do, JSON at /api/readings.

Answered "taken" only after Kafka has them. Who it is, a code tells (VAR/secrets/members.json, {"nguoi-01": "code"}), which is never
logged and never shown again. Wrong codes from one address are held back; who calls, connectors/caller.py tells, not the caller.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import msgspec
import structlog
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from connectors.caller import caller_address
from connectors.clock import VIETNAM
from connectors.kafka.sink import DeliveryError
from connectors.payments.memory import Brake
from connectors.request_body import TooBigError, body_of
from models.alerting.words import PARAMETERS
from models.envelope.bilingual import Bilingual
from models.envelope.refusal import DoubledKeyError, once
from models.person.form import PREFIX, filled, labelled, rejected

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.requests import Request

    from connectors.caller import Network
    from connectors.clock import Now
    from models.commune.configuration import Commune, Station
    from models.envelope.reading import Reading
    from models.envelope.rejected import Rejected

log = structlog.get_logger(__name__)

MAX_BYTES = 16 * 1024
LONGEST_ID = 48
TRIES, A_SECOND = 10.0, 1 / 30
"""Wrong codes from one address at once, and how fast they are forgotten."""
_STRANGER = Bilingual("Mã người đo hoặc mật mã không đúng", "wrong id or code")
_AWAY = Bilingual("Hệ thống đang bận, thử lại sau một phút", "busy, try again in a minute")
_TOO_OFTEN = Bilingual("Sai nhiều lần, thử lại sau vài phút", "too many tries, wait some minutes")
_UNREADABLE = Bilingual("không đọc được lời gọi", "the request cannot be read")
_TWICE = Bilingual(
    "một ô được gửi hai lần, không biết lấy số nào", "a field was sent twice, nobody can tell which is meant"
)
TAPPED = timedelta(seconds=3)
"""The same form again within this: the button was tapped twice, and it is one measurement."""
A_MS = timedelta(milliseconds=1)


Put = Callable[["Sequence[Reading]", "Sequence[Rejected]", int], None]
"""(readings, what was refused, arrival in ms); returns when Kafka has both."""


class Refused(Exception):
    """Why a call is not taken, with its status."""

    def __init__(self, status: int, words: Bilingual) -> None:
        super().__init__(words.en)
        self.status, self.words = status, words


class Members:
    """Who may write, from the secrets file; read anew when it changes."""

    def __init__(self, path: Path, commune: Commune) -> None:
        self._path = path
        self._stations = {
            station.id: station for station in commune.stations if station.id.startswith(PREFIX)
        }
        self._codes: dict[str, str] = {}
        self._changed_ns = 0

    def station(self, member: str, code: str) -> Station | None:
        """The member's station if the code is right."""
        known = self._known().get(member, "")
        right = hmac.compare_digest(known.encode(), code.encode())
        return self._stations.get(member) if known and right else None

    def shown(self, member: str) -> Station | None:
        """The station whose fields the empty page shows: the member's, or the first. What is measured is no secret."""
        return self._stations.get(member) or next(iter(self._stations.values()), None)

    def _known(self) -> Mapping[str, str]:
        try:
            changed_ns = self._path.stat().st_mtime_ns
            if changed_ns != self._changed_ns:
                found = json.loads(self._path.read_text(encoding="utf-8"))
                self._codes = {str(key): str(value) for key, value in found.items()}
                self._changed_ns = changed_ns
        except FileNotFoundError:
            self._codes = {}
        except (OSError, ValueError, AttributeError) as error:
            log.warning("members_unreadable", file=self._path.name, reason=type(error).__name__)
        return self._codes


class Desk:
    """Takes readings of members; `put` blocks until Kafka has them or raises DeliveryError."""

    def __init__(self, members: Members, put: Put, now: Now, trusted: Sequence[Network] = ()) -> None:
        self._members, self._put, self._now, self._trusted = members, put, now, trusted
        self._brake = Brake(A_SECOND, TRIES)
        self._last: dict[str, tuple[datetime, dict[str, str]]] = {}

    async def page(self, request: Request) -> Response:
        """The empty form; /do?m=nguoi-02 is that member's."""
        member = request.query_params.get("m", "")[:LONGEST_ID]
        return HTMLResponse(_page(self._members.shown(member), member, {}, {}))

    async def form(self, request: Request) -> Response:
        """A filled form: thanks, or the form again with what is wrong and what was typed."""
        station, member = self._members.shown(""), ""
        fields: dict[str, str] = {}
        try:
            pairs = parse_qsl((await _body(request)).decode(), keep_blank_values=True, max_num_fields=64)
            fields = _each_once(pairs)
            member, code = fields.pop("member", ""), fields.pop("code", "")
            station = self._members.shown(member)
            station = self._whose(request, member, code)
            taken, wrong = await self._store(station, fields)
        except ValueError:
            return HTMLResponse(_page(station, "", {}, {"": _UNREADABLE}), 400)
        except Refused as error:
            return HTMLResponse(_page(station, member, fields, {"": error.words}), error.status)
        if wrong:
            return HTMLResponse(_page(station, member, fields, wrong), 422)
        at = f"{self._now().astimezone(VIETNAM):%H:%M}"
        return HTMLResponse(_page(station, member, {}, {}, len(taken), at))

    async def api(self, request: Request) -> Response:
        """{"member": "nguoi-01", "values": {"dissolved_oxygen": 4.2}} with the code as bearer."""
        try:
            body = await _body(request)
            once(body)
            sent: Any = json.loads(body)
            values = {str(key): _text(value) for key, value in sent["values"].items()}
            bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
            taken, wrong = await self._store(self._whose(request, str(sent["member"]), bearer), values)
        except Refused as error:
            return _said(error.status, {"": error.words})
        except DoubledKeyError:
            return _said(400, {"": _TWICE})
        except (ValueError, msgspec.DecodeError, KeyError, TypeError, AttributeError, RecursionError):
            return _said(400, {"": _UNREADABLE})
        return _said(422, wrong) if wrong else JSONResponse({"stored": len(taken)})

    def _whose(self, request: Request, member: str, code: str) -> Station:
        station = self._members.station(member, code)
        if station is not None:
            return station
        peer = request.client.host if request.client else None
        address = caller_address(request.scope["headers"], peer, self._trusted)
        if not self._brake.free(address, time.monotonic()):
            raise Refused(429, _TOO_OFTEN)
        log.warning("member_refused")
        raise Refused(401, _STRANGER)

    async def _store(
        self, station: Station, fields: Mapping[str, str]
    ) -> tuple[list[Reading], dict[str, Bilingual]]:
        now = self._now()
        found = filled(station, fields, self._moment(station, fields, now))
        kept = rejected(station, fields, found, now)
        try:
            await asyncio.to_thread(self._put, found.readings, kept, round(now.timestamp() * 1000))
        except DeliveryError as error:
            log.warning("form_not_taken", station=station.id, reason=str(error))
            raise Refused(503, _AWAY) from error
        log.info("form_read", station=station.id, readings=len(found.readings), refused=len(kept))
        return found.readings, found.wrong

    def _moment(self, station: Station, fields: Mapping[str, str], now: datetime) -> datetime:
        """When this form was measured, to the ms: a later one of the station is later, the same one tapped twice is not."""
        at = now.replace(microsecond=now.microsecond // 1000 * 1000)
        last, sent = self._last.get(station.id, (None, {}))
        if last is not None and abs(at - last) <= TAPPED:
            at = last if sent == fields else max(at, last + A_MS)
        self._last[station.id] = at, dict(fields)
        return at


def application(members: Members, put: Put, now: Now, trusted: Sequence[Network] = ()) -> Starlette:
    """The page, the form and the endpoint; `trusted` are our own proxies."""
    desk = Desk(members, put, now, trusted)

    async def home(_request: Request) -> Response:
        return RedirectResponse("/do")

    return Starlette(
        routes=[
            Route("/", home),
            Route("/do", desk.page, methods=["GET"]),
            Route("/do", desk.form, methods=["POST"]),
            Route("/api/readings", desk.api, methods=["POST"]),
        ]
    )


async def _body(request: Request) -> bytes:
    try:
        return await body_of(request, MAX_BYTES)
    except TooBigError as error:
        raise Refused(413, Bilingual(error.vi, error.en)) from None


def _each_once(pairs: Sequence[tuple[str, str]]) -> dict[str, str]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise Refused(400, _TWICE)
    return fields


def _text(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise TypeError(type(value).__name__)
    return format(value, ".10g") if isinstance(value, float) else str(value)


def _said(status: int, wrong: Mapping[str, Bilingual]) -> Response:
    return JSONResponse(
        {"errors": {key: {"vi": words.vi, "en": words.en} for key, words in wrong.items()}}, status
    )


def _page(
    station: Station | None,
    member: str,
    values: Mapping[str, str],
    wrong: Mapping[str, Bilingual],
    stored: int = 0,
    at: str = "",
) -> str:
    fields = []
    for parameter in station.parameters if station is not None else []:
        vi, en = labelled(parameter, PARAMETERS)
        fields.append({"code": parameter.code, "vi": vi, "en": en, "value": values.get(parameter.code, "")})
    name = station.name if station is not None else ""
    rendered: str = _template().render(
        fields=fields, member=member, wrong=wrong, stored=stored, station=name, time=at
    )
    return rendered


@cache
def _template() -> Any:
    here = FileSystemLoader(Path(__file__).parent)
    return Environment(loader=here, undefined=StrictUndefined, autoescape=True).get_template("form.html.j2")
