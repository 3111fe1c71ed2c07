"""The forms of the phone page: which bytes are an answer or a verdict on an announcement, and which are neither."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from connectors.page.phone import refusals
from connectors.request_body import TooBigError, body_of
from models.alerting.approval import Standing
from models.alerting.event import AnswerKind
from models.alerting.offering import BUTTONS, MOST

if TYPE_CHECKING:
    from starlette.requests import Request

MOST_BYTES = 2048
"""Of an answer; a form has some eighty."""
VERDICTS = (Standing.APPROVED, Standing.REFUSED)
MOST_NUMBER = 2**31
"""Above it there is no announcement."""


class ToldError(Exception):
    """The request ends with a page of words."""

    def __init__(self, told: refusals.Told) -> None:
        super().__init__(told.title.en)
        self.told = told


async def answer(request: Request) -> tuple[AnswerKind, int | None, int]:
    """Kind, episode that was shown, and answers that were counted; raises ToldError for a body that is no form of ours."""
    fields = await _fields(request)
    try:
        kind = AnswerKind(fields["kind"])
        shown = int(fields["episode"]) if "episode" in fields else None
        count = int(fields.get("count", "0"))
    except (ValueError, KeyError):
        raise ToldError(refusals.UNREADABLE) from None
    if kind not in BUTTONS or not 0 <= count < MOST:
        raise ToldError(refusals.UNREADABLE)
    return kind, shown, count


async def verdict(request: Request) -> tuple[int, Standing]:
    """The number of an announcement and what is said of it; raises ToldError for a body that is no form of ours."""
    fields = await _fields(request)
    try:
        number, said = int(fields["announcement"]), Standing(fields["verdict"])
    except (ValueError, KeyError):
        raise ToldError(refusals.UNREADABLE) from None
    if said not in VERDICTS or not 0 < number < MOST_NUMBER:
        raise ToldError(refusals.UNREADABLE)
    return number, said


async def _fields(request: Request) -> dict[str, str]:
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        raise ToldError(refusals.UNREADABLE)
    try:
        body = await body_of(request, MOST_BYTES)
        return dict(parse_qsl(body.decode("ascii"), strict_parsing=True, max_num_fields=8))
    except TooBigError:
        raise ToldError(refusals.TOO_BIG) from None
    except ValueError:
        raise ToldError(refusals.UNREADABLE) from None
