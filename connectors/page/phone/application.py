"""The pages below /e/: an event as one contact sees it, and their answer.

    GET /e/TOKEN            the event, now        POST /e/TOKEN            an answer, then 303 to the page
    GET /e/TOKEN/anh.jpg    its picture           GET  /e/TOKEN/lam-gi     what to do, step by step
                                                  POST /e/TOKEN/loa        let the loudspeakers speak, or not; then 303

Nobody logs in: the token in the path is the authority (models/alerting/link.py). Looking never answers: chats fetch previews of links.
This is the one part of the process `page` that writes, with the writer's own connections; the rest of it reads as the reader.
"""

from __future__ import annotations

import time
from datetime import datetime
from typing import TYPE_CHECKING

import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from connectors import clock
from connectors.caller import brake_key, caller_address
from connectors.page.phone import forms, playbook, refusals, views
from connectors.page.phone.answering import WAY, PageAnswer
from connectors.page.phone.forms import ToldError
from connectors.page.phone.store import Remark, StoreAwayError
from connectors.payments.memory import Brake
from connectors.timescale.approvals import Decision
from models.alerting.approval import who_may
from models.alerting.link import FOLDER
from models.alerting.offering import answer_key, episode
from models.alerting.reader import is_person

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request

    from connectors.caller import Network
    from connectors.clock import Now
    from connectors.page.phone.situation import Situation
    from connectors.page.phone.store import PhoneStore
    from models.alerting.event import Event
    from models.alerting.link import Claim, Links

log = structlog.get_logger(__name__)

REFRESH_S = 60
PICTURE_S = 3600
HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    # The address is a secret: no other site, search engine or memory of a phone that is lent is to have it.
    "referrer-policy": "no-referrer",
    "x-robots-tag": "noindex",
    "cache-control": "no-store",
}
_WHY = ("purpose", "sec-purpose", "x-purpose", "x-moz")


class Phone:
    """`links` reads tokens; `now` is the platform's clock, `wall` the one by which links end; `trusted` are our own proxies."""

    def __init__(
        self, links: Links, store: PhoneStore, facts: views.Facts, now: Now, *, wall: Now = clock.system, trusted: Sequence[Network] = (),
    ) -> None:  # fmt: skip
        self._links, self._store, self._facts, self._clock, self._wall = links, store, facts, now, wall
        self._trusted = trusted
        # Of refused links by address: many phones share one, so a rightly signed link is never held by it.
        self._strangers, self._remarks = Brake(0.5, 30), Brake(0.1, 100)
        self._visits, self._answers = Brake(1.0, 60), Brake(0.2, 10)
        self.app = Starlette(
            routes=[
                Route("/{token}", self._event, methods=["GET", "POST"]),
                Route("/{token}/anh.jpg", self._picture),
                Route("/{token}/lam-gi", self._guide),
                Route("/{token}/loa", self._loudspeakers, methods=["POST"]),
            ],
            exception_handlers={
                ToldError: self._told,
                StoreAwayError: self._away,
                HTTPException: self._no_page,
                Exception: self._failed,
            },
        )

    async def close(self) -> None:
        """Close the store's connections."""
        await self._store.close()

    async def _event(self, request: Request) -> Response:
        claim = await self._claim(request)
        if request.method == "POST":
            return await self._answer(request, claim)
        situation = await self._situation(claim)
        read = any(one.own and one.read for one in situation.people)
        if request.method == "GET" and not read and _looks(request):
            await self._store.opened(situation.event.id, claim.contact)
        still = "still" in request.query_params or situation.event.closed_at is not None
        refresh_s = 0 if still else REFRESH_S
        made = views.page(
            situation, self._facts, _here(request), wall=self._wall(), risen="risen" in request.query_params, guided=self._text(situation) is not None,
            refresh_s=refresh_s,
        )  # fmt: skip
        answer = HTMLResponse(made, headers=HEADERS)
        if refresh_s:
            # To the bare address: what is said once is not said for ever.
            answer.headers["refresh"] = f"{refresh_s}; url={_here(request)}"
        return answer

    async def _answer(self, request: Request, claim: Claim) -> Response:
        self._brake(claim)
        kind, shown, count = await forms.answer(request)
        risen = False

        def made(event: Event) -> PageAnswer | None:
            nonlocal risen
            # Who pressed has read of the episode that was on the screen; a rise meanwhile is for them to read first.
            risen = event.closed_at is None and shown is not None and shown != episode(event.risen_at)
            if risen:
                return None
            at = max(self._now(), event.risen_at)
            key = answer_key(event, claim.contact, kind, count)
            return PageAnswer(key, event.id, claim.contact, kind, at, event.level)

        try:
            event = await self._store.answer(claim.number, made)
        except StoreAwayError as error:
            log.warning("answer_not_stored", reason=str(error), contact=claim.contact)
            return self._words(refusals.NOT_STORED, back=_here(request))
        if event is None:
            raise ToldError(refusals.GONE)
        log.info("answered_on_the_page", number=claim.number, contact=claim.contact, kind=kind, risen=risen)
        return RedirectResponse(f"{_here(request)}{'?risen=1' if risen else ''}", 303, HEADERS)

    def _brake(self, claim: Claim) -> None:
        if not self._answers.free((claim.number, claim.contact), time.monotonic()):
            raise ToldError(refusals.TOO_OFTEN)

    async def _loudspeakers(self, request: Request) -> Response:
        """The contact lets an announcement be played, or not."""
        claim = await self._claim(request)
        self._brake(claim)
        number, verdict = await forms.verdict(request)
        who, commune = self._facts.contact(claim.contact), self._facts.configured
        if who not in who_may(commune):
            await self._remark(
                "no_approver", f"không có vai trò được duyệt, lời số {number}", f"may not approve, announcement {number}", who.id
            )  # fmt: skip
            raise ToldError(refusals.NOT_APPROVER)
        decision = Decision(number, who, verdict, WAY, claim.number)
        try:
            await self._situation(claim)
            found = await self._store.decide(decision, commune, self._wall())
        except StoreAwayError as error:
            log.warning("verdict_not_stored", reason=str(error), contact=who.id)
            return self._words(refusals.VERDICT_NOT_STORED, back=_here(request))
        if found.why is not None:
            return self._words(refusals.not_decided(found.why), back=_here(request))
        log.info(
            "decided_on_the_page",
            announcement=number,
            contact=who.id,
            verdict=verdict,
            repeated=found.repeated,
        )
        return RedirectResponse(_here(request), 303, HEADERS)

    async def _picture(self, request: Request) -> Response:
        claim = await self._claim(request)
        found = await self._store.picture(claim.number)
        if found is None:
            raise ToldError(refusals.NOTHING)
        # Its address has its time: a phone need not load the same picture each minute.
        keep = {"cache-control": f"private, max-age={PICTURE_S}"}
        return Response(found, 200, HEADERS | keep, media_type="image/jpeg")

    async def _guide(self, request: Request) -> Response:
        situation = await self._situation(await self._claim(request))
        text, of = self._text(situation), views.subject(situation)
        if text is None or of is None:
            raise ToldError(refusals.NOTHING)
        back = _here(request).removesuffix("/lam-gi")
        made = views.guide(views.guide_title(of[0]), playbook.html(text), self._facts, back)
        return HTMLResponse(made, headers=HEADERS)

    def _text(self, situation: Situation) -> str | None:
        of = views.subject(situation)
        return None if of is None else playbook.page(self._facts.folder, *of)

    async def _claim(self, request: Request) -> Claim:
        """What the link says; raises ToldError for one that is not ours, has ended, or is opened again and again."""
        claim = self._links.read(request.path_params["token"])
        if claim is None:
            peer = request.client.host if request.client else None
            caller = brake_key(caller_address(request.scope["headers"], peer, self._trusted))
            if not self._strangers.free(caller, time.monotonic()):
                raise ToldError(refusals.TOO_OFTEN)
            await self._remark(
                "forged_link", "link sai hoặc của người không còn là người nhận", "a link that nobody signed"
            )
            raise ToldError(refusals.FORGED)
        if claim.ends_at <= self._wall():
            await self._remark(
                "ended_link",
                f"link hết hạn, sự kiện số {claim.number}",
                f"a link after its end, event number {claim.number}",
                claim.contact,
            )
            raise ToldError(refusals.ENDED)
        if not self._visits.free((claim.number, claim.contact), time.monotonic()):
            raise ToldError(refusals.TOO_OFTEN)
        return claim

    async def _situation(self, claim: Claim) -> Situation:
        found = await self._store.situation(claim.number, claim.contact, self._now())
        if found is None:
            await self._remark(
                "link_without_event",
                f"không còn sự kiện số {claim.number}",
                f"no event number {claim.number} any more",
                claim.contact,
            )
            raise ToldError(refusals.GONE)
        return found

    async def _remark(self, what: str, vi: str, en: str, contact: str | None = None) -> None:
        """Into the audit log, and never so that a stranger could fill it or a store that is away change the answer."""
        log.warning("link_refused", what=what, contact=contact)
        if not self._remarks.free("remark", time.monotonic()):
            return
        try:
            await self._store.remark(Remark(self._now(), what, vi, en, contact))
        except StoreAwayError as error:
            log.warning("not_audited", what=what, reason=str(error))

    def _now(self) -> datetime:
        try:
            return self._clock()
        except (OSError, ValueError):  # a play's clock whose file is not there yet
            return clock.system()

    def _words(self, told: refusals.Told, back: str = "") -> Response:
        return HTMLResponse(views.told(told, self._facts, back), told.status, HEADERS)

    async def _told(self, request: Request, error: Exception) -> Response:
        told = error.told if isinstance(error, ToldError) else refusals.NOTHING
        return self._words(told, _here(request) if told in (refusals.UNREADABLE, refusals.TOO_OFTEN) else "")

    async def _away(self, request: Request, error: Exception) -> Response:
        log.warning("phone_page_without_store", reason=str(error))
        answer = self._words(refusals.AWAY, back=_here(request))
        if request.method == "GET":
            answer.headers["refresh"] = str(REFRESH_S)
        return answer

    async def _no_page(self, _request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 404
        return self._words(refusals.NOTHING._replace(status=status))

    async def _failed(self, request: Request, error: Exception) -> Response:
        """What nobody thought of: words and no state."""
        log.error("phone_page_failed", error=f"{type(error).__name__}: {error}")
        return self._words(refusals.AWAY, back=_here(request))


def _here(request: Request) -> str:
    """The path of the page, without what follows the question mark."""
    return f"/{FOLDER}/{request.path_params.get('token', '')}"


def _looks(request: Request) -> bool:
    """Whether somebody looks at the page, and no program at what is behind the link."""
    said = request.headers
    return is_person(
        said.get("user-agent", ""), said.get("accept", ""), " ".join(said.get(name, "") for name in _WHY)
    )
