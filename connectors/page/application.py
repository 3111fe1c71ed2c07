"""The ASGI application of the information page. Start: phusa run page.

One read of the store serves everybody for `fresh_s`. Nothing here writes, and nobody logs in: what must not be seen by
everybody (/wall, its pictures) answers only to this machine and the networks of PHUSA_WALL_NETWORKS. What is behind the links of
messages (/e/) is a small application of its own, which writes answers: connectors/page/phone.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import asynccontextmanager
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import structlog
import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route

from connectors import clock
from connectors import commune as files
from connectors.page import cap, figures, playbook, shapes, views, watcher
from connectors.page.map_file import geojson, sketch_of
from connectors.page.now import Now, sound
from connectors.page.phone.opening import opened
from connectors.page.room import Room
from connectors.page.store import Source, unread
from connectors.page.tiles import origin
from connectors.playbook import pages_of
from models.alerting.link import FOLDER
from models.places.listed import listed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from starlette.requests import Request

    from connectors.caller import Network
    from connectors.page.phone.application import Phone
    from connectors.settings import Settings
    from models.commune.configuration import Commune

log = structlog.get_logger(__name__)

STATIC = {
    "states.css": "text/css",
    "page.css": "text/css",
    "wall.css": "text/css",
    "phone.css": "text/css",
    "wall.js": "text/javascript",
}
FOR_CITIZENS_S, PLAYED_S = 60, 5
"""The page of citizens is loaded again after so many seconds; where the day is a play's, which passes in minutes, sooner."""
CACHED_S = 15
A_DAY_S = 86_400
MOST_AT_ONCE = 1000
OPEN = "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors *"
ROOM = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'"
)
SAFE = {"x-content-type-options": "nosniff", "referrer-policy": "no-referrer"}


def application(
    source: Source,
    commune: views.Commune,
    *,
    played: bool = False,
    trusted: Sequence[Network] = (),
    room: Sequence[Network] = (),
    phone: Phone | None = None,
    more: Sequence[Route] = (),
) -> Starlette:
    """The page.

    `played`: the clock is a play's; `trusted` are our own proxies; `room` are networks that may see the wall; `phone`: pages of links;
    `more`: other pages.
    """
    desk = _Desk(
        source,
        commune,
        PLAYED_S if played else FOR_CITIZENS_S,
        1 if played else CACHED_S,
        Room(trusted, room),
    )

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        source.close()
        if phone is not None:
            await phone.close()

    return Starlette(
        routes=[
            Route("/", desk.citizens),
            Route("/data.json", desk.data_json),
            Route("/data.csv", desk.data_csv),
            Route("/map.geojson", desk.sketch),
            Route("/wall", desk.wall),
            Route("/wall/picture/{alert:path}/{seq:int}.jpg", desk.picture),
            Route("/wall/newest/{camera}.jpg", desk.newest),
            Route("/health", desk.health),
            Route("/static/{name}", _static),
            *([] if phone is None else [Mount(f"/{FOLDER}", phone.app)]),
            *playbook.routes(commune.playbook, commune.name, _page),
            *more,
        ],
        exception_handlers={HTTPException: _told, Exception: _failed},
        lifespan=lifespan,
    )


class _Desk(NamedTuple):
    """The answers; `kept_s` is how long anybody between may keep one."""

    source: Source
    commune: views.Commune
    refresh_s: int
    kept_s: int
    room: Room

    async def _known(self) -> Now:
        return sound(await self.source.now())

    def _policy(self, policy: str) -> str:
        """What the page may load: itself, and the pictures of the tile server that the settings name."""
        return policy.replace(
            "img-src 'self' data:", f"img-src 'self' data: {origin(self.commune.tiles)}".rstrip()
        )

    async def citizens(self, request: Request) -> Response:
        embedded = request.query_params.get("embed") == "1"
        # Who reads slowly may stop it (WCAG 2.2.1).
        refresh_s = 0 if request.query_params.get("still") == "1" else self.refresh_s
        made = views.citizens(await self._known(), self.commune, embedded=embedded, refresh_s=refresh_s)
        answer = _kept(request, made, "text/html; charset=utf-8", self.kept_s, self._policy(OPEN))
        if refresh_s:
            answer.headers["refresh"] = str(refresh_s)
        return answer

    async def data_json(self, request: Request) -> Response:
        now = await self._known()
        made = json.dumps(figures.data(now), ensure_ascii=False, indent=1)
        return _kept(
            request, made, "application/json", self.kept_s, OPEN, 200 if now.trouble is None else 503
        )

    async def data_csv(self, request: Request) -> Response:
        now = await self._known()
        status = 200 if now.trouble is None else 503
        return _kept(request, figures.table(now), "text/csv; charset=utf-8", self.kept_s, OPEN, status)

    async def wall(self, request: Request) -> Response:
        self.room.admit(request)
        made = views.wall(await self._known(), self.commune, part="part" in request.query_params)
        return _kept(request, made, "text/html; charset=utf-8", 0, self._policy(ROOM))

    async def picture(self, request: Request) -> Response:
        self.room.admit(request)
        found = await self.source.picture(request.path_params["alert"], request.path_params["seq"])
        if found is None:
            raise HTTPException(404, "không có ảnh này (no such picture)")
        headers = SAFE | {"cache-control": "private, max-age=86400, immutable"}
        return Response(found, 200, headers, media_type="image/jpeg")

    async def newest(self, request: Request) -> Response:
        self.room.admit(request)
        found = await self.source.newest(request.path_params["camera"])
        if found is None:
            raise HTTPException(404, "không có ảnh này (no such picture)")
        return Response(found, 200, SAFE | {"cache-control": "no-store"}, media_type="image/jpeg")

    async def health(self, _request: Request) -> Response:
        fine, told = figures.health(await self._known())
        made = json.dumps(told, ensure_ascii=False, indent=1)
        return Response(
            made, 200 if fine else 503, SAFE | {"cache-control": "no-store"}, media_type="application/json"
        )

    async def sketch(self, request: Request) -> Response:
        made = json.dumps(geojson(self.commune.sketch, self.commune.hamlets), ensure_ascii=False)
        return _kept(request, made, "application/geo+json", A_DAY_S, OPEN)


def _page(request: Request, body: str, kept_s: int) -> Response:
    return _kept(request, body, "text/html; charset=utf-8", kept_s, OPEN)


async def _static(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in STATIC:
        raise HTTPException(404, "không có trang này (no such page)")
    made = "" if name == "states.css" else _text(name)
    if name in ("states.css", "phone.css"):
        made += shapes.stylesheet()
    return _kept(request, made, f"{STATIC[name]}; charset=utf-8", CACHED_S, OPEN)


def _kept(request: Request, body: str, kind: str, kept_s: int, policy: str, status: int = 200) -> Response:
    """The answer, or 304 to who has the same already."""
    tag = f'"{hashlib.sha256(body.encode()).hexdigest()[:24]}"'
    keep = f"public, max-age={kept_s}" if kept_s else "no-cache"
    headers = SAFE | {
        "etag": tag,
        "cache-control": keep if status == 200 else "no-store",
        "content-security-policy": policy,
    }
    if status == 200 and tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(body, status, headers, media_type=kind)


@cache
def _text(name: str) -> str:
    return (views.FOLDER / "static" / name).read_text(encoding="utf-8")


async def _told(_request: Request, error: Exception) -> Response:
    status, words = (error.status_code, error.detail) if isinstance(error, HTTPException) else (500, "")
    return _words(status, words)


async def _failed(_request: Request, error: Exception) -> Response:
    """What nobody thought of: words and no state, which a reader cannot take for a good one."""
    log.error("page_failed", error=f"{type(error).__name__}: {error}")
    return _words(
        503, "Không biết tình hình hiện tại: trang gặp lỗi (the present state is not known: the page failed)"
    )


def _words(status: int, words: str) -> Response:
    made = views.templates().get_template("words.html.j2").render(words=words)
    return HTMLResponse(made, status, SAFE | {"cache-control": "no-store", "content-security-policy": OPEN})


def known_commune(own: Commune, settings: Settings, today: date) -> views.Commune:
    """Its name and hamlets of `today`, and its map."""
    units = [
        unit
        for unit in own.units
        if unit.valid_from <= today and (unit.valid_to is None or unit.valid_to >= today)
    ]
    codes = {unit.code for unit in units}
    hamlets = {
        hamlet.code: hamlet.name
        for hamlet in own.hamlets
        if hamlet.unit in codes
        and hamlet.valid_from <= today
        and (hamlet.valid_to is None or hamlet.valid_to >= today)
    }
    name = ", ".join(unit.name for unit in units) or "Xã"
    return views.Commune(
        name, hamlets, sketch_of(settings.commune), settings.map_tiles, pages_of(settings.commune)
    )


def run(settings: Settings) -> None:
    """Serve on the loopback until SIGTERM."""
    own, now = files.load(settings.commune), clock.from_setting(settings.clock)
    source = Source(
        lambda: settings.dsn("reader"),
        now,
        [unread(one) for one in listed(own)],
        canary=settings.sends_canary,
    )
    played = isinstance(now, clock.Played)
    today = clock.system().astimezone(clock.VIETNAM).date()
    known = known_commune(own, settings, today)
    watcher.start(settings, known.name)
    app = application(
        source,
        known,
        played=played,
        trusted=settings.trusted,
        room=settings.room,
        phone=opened(settings, own, known),
        more=cap.routes(settings, own, now),
    )
    uvicorn.Server(
        uvicorn.Config(
            app, host="127.0.0.1", port=settings.page_port, log_level="warning", access_log=False, server_header=False,
            limit_concurrency=MOST_AT_ONCE, timeout_graceful_shutdown=5,
            # X-Forwarded-For is read in connectors/caller.py: uvicorn believes whoever calls from 127.0.0.1.
            proxy_headers=False,
        )
    ).run()  # fmt: skip
