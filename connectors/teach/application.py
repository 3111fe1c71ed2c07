"""The page on which a person draws zones, marks, a board and the ground plane over a camera's picture, labels crops, and has it learn.

Served on loopback by `phusa camera teach`, for as long as that runs. Every question carries the key that the command printed with the address:
another page in the same browser cannot ask. Pictures are shown with people and plates pixelated.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from connectors.request_body import TooBigError, body_of
from connectors.teach.pictures import UnusableError
from connectors.teach.proposal import snippet
from connectors.teach.session import Work
from models.catalogue.analytics import ZONE_KINDS
from models.vision.teach import NotTaught

if TYPE_CHECKING:
    from starlette.requests import Request

    from connectors.teach.session import Session
    from models.vision.taught import Taught

HERE = Path(__file__).resolve().parent
MAX_BYTES = 512 * 1024
Accept = Callable[["Taught"], None]
"""Stores what was learned; raises nothing that a person can mend."""
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; img-src 'self' data:; script-src 'self'; style-src 'unsafe-inline'; connect-src 'self'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class Desk:
    """Answers for one session."""

    def __init__(self, session: Session, key: str, now_ms: Callable[[], int], accept: Accept) -> None:
        self._session, self._key, self._now_ms, self._accept = session, key, now_ms, accept
        loader = FileSystemLoader(HERE)
        page = Environment(
            loader=loader, undefined=StrictUndefined, autoescape=select_autoescape(default=True)
        )
        self._page = page.get_template("page.html.j2")

    async def page(self, request: Request) -> Response:
        if not self._may(request.query_params.get("key", "")):
            return _refused(403, "khóa không đúng", "wrong key")
        kinds = [(kind.value, row.vi) for kind, row in ZONE_KINDS.items()]
        shown = self._page.render(name=self._session.own.name, key=self._key, kinds=kinds)
        return HTMLResponse(shown, headers=_HEADERS)

    async def script(self, _request: Request) -> Response:
        return Response(
            (HERE / "teach.js").read_text(encoding="utf-8"), media_type="text/javascript", headers=_HEADERS
        )

    async def picture(self, request: Request) -> Response:
        if not self._may(request.query_params.get("key", "")):
            return _refused(403, "khóa không đúng", "wrong key")
        try:
            shown = await run_in_threadpool(self._session.picture, request.path_params["number"])
        except (IndexError, UnusableError) as error:
            return _refused(404, f"không có ảnh này: {error}", f"no such picture: {error}")
        return Response(shown, media_type="image/jpeg", headers=_HEADERS)

    async def state(self, request: Request) -> Response:
        if not self._may(request.headers.get("x-key", "")):
            return _refused(403, "khóa không đúng", "wrong key")
        session = self._session
        return _json(
            {
                "camera": session.camera,
                "pictures": [{"name": taken.name, "at_ms": taken.at_ms} for taken in session.taken],
                "work": session.work,
                "snippet": snippet(session.camera),
            }
        )

    async def work(self, request: Request) -> Response:
        """Take what was drawn and labelled; mistakes by name."""
        if not self._may(request.headers.get("x-key", "")):
            return _refused(403, "khóa không đúng", "wrong key")
        try:
            work = msgspec.json.decode(await body_of(request, MAX_BYTES), type=Work)
        except (msgspec.MsgspecError, UnicodeDecodeError, TooBigError) as error:
            return _refused(400, f"không đọc được: {error}", f"cannot be read: {error}")
        wrong = self._session.put(work)
        if wrong:
            return _json({"wrong": [_mistake(each) for each in wrong]}, 422)
        return _json({"wrong": [], "snippet": snippet(self._session.camera)})

    async def learn(self, request: Request) -> Response:
        if not self._may(request.headers.get("x-key", "")):
            return _refused(403, "khóa không đúng", "wrong key")
        by = request.query_params.get("by", "").strip()[:64]
        if not by:
            return _refused(422, "thiếu tên người dạy", "who teaches?")
        try:
            found = await run_in_threadpool(self._session.learn, by, self._now_ms())
            if isinstance(found, NotTaught):
                return _json({"wrong": [{"vi": why.vi, "en": why.en} for why in found.reasons]}, 422)
            said = await run_in_threadpool(self._session.would_have_said, found)
        except UnusableError as error:
            return _refused(422, str(error), str(error))
        return _json({"wrong": [], "said": said})

    async def accept(self, request: Request) -> Response:
        if not self._may(request.headers.get("x-key", "")):
            return _refused(403, "khóa không đúng", "wrong key")
        learned = self._session.learned
        if learned is None:
            return _refused(409, "chưa học gì để nhận", "nothing was learned that could be accepted")
        await run_in_threadpool(self._accept, learned)
        return _json({"wrong": []})

    def _may(self, key: str) -> bool:
        return hmac.compare_digest(key.encode(), self._key.encode())


def application(session: Session, key: str, now_ms: Callable[[], int], accept: Accept) -> Starlette:
    """The page for one session; `accept` stores what was learned."""
    desk = Desk(session, key, now_ms, accept)
    return Starlette(
        routes=[
            Route("/", desk.page, methods=["GET"]),
            Route("/teach.js", desk.script, methods=["GET"]),
            Route("/picture/{number:int}.jpg", desk.picture, methods=["GET"]),
            Route("/state", desk.state, methods=["GET"]),
            Route("/work", desk.work, methods=["POST"]),
            Route("/learn", desk.learn, methods=["POST"]),
            Route("/accept", desk.accept, methods=["POST"]),
        ]
    )


def _mistake(each: Any) -> dict[str, str]:
    where = ".".join(str(part) for part in each.path[2:])
    return {
        "vi": f"{where}: {each.found}; cần {each.expected_vi}",
        "en": f"{where}: {each.found}; expected {each.expected_en}",
    }


def _json(value: object, status: int = 200) -> Response:
    return Response(msgspec.json.encode(value), status, media_type="application/json", headers=_HEADERS)


def _refused(status: int, vi: str, en: str) -> Response:
    if status == 403:
        return PlainTextResponse(f"{vi} ({en})", status, headers=_HEADERS)
    return _json({"wrong": [{"vi": vi, "en": en}]}, status)
