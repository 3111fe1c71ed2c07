"""What the phone page offers a contact: which answers, given what they answered before.

An answer concerns one episode, from one rise of the event to the next: after a rise all answers are offered anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from models.alerting.event import Answer, AnswerKind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from models.alerting.event import Event

BUTTONS = (AnswerKind.TAKEN, AnswerKind.FALSE, AnswerKind.HELP)
"""What a person may answer, in the order of the page."""
MOST = 20
"""Answers of one contact in one episode that are stored: fingers are wet, nobody changes their mind more often."""


class Offer(msgspec.Struct, frozen=True):
    """`given` is the newest answer in this episode, `before` the newest of an earlier one; `kinds` may be answered now.

    `count` is how many answers of this episode there are: an answer's key names it, so that a button pressed twice is one answer.
    """

    given: Answer | None
    before: Answer | None
    kinds: tuple[AnswerKind, ...]
    count: int


def offer(event: Event, answers: Sequence[Answer]) -> Offer:
    """What is offered for the event; `answers` are the contact's own, in any order. What is over, or answered too often, offers nothing."""
    told = sorted((one for one in answers if one.kind in BUTTONS), key=lambda one: one.at)
    now = [one for one in told if one.at >= event.risen_at]
    earlier = [one for one in told if one.at < event.risen_at]
    given = now[-1] if now else None
    closed = event.closed_at is not None or len(now) >= MOST
    kinds = () if closed else tuple(kind for kind in BUTTONS if given is None or kind is not given.kind)
    return Offer(given, earlier[-1] if earlier else None, kinds, len(now))


def episode(risen_at: datetime) -> int:
    """The name of an episode: the ms of the rise that began it."""
    return round(risen_at.timestamp() * 1000)


def answer_key(event: Event, contact: str, kind: AnswerKind, count: int) -> str:
    """What makes an answer from the page one, however often its button is pressed; `count` as of the page it was pressed on.

    >>> from datetime import UTC, datetime
    >>> from models.alerting.event import Event
    >>> at = datetime(2025, 11, 1, tzinfo=UTC)
    >>> answer_key(Event("fish:bo@1", "fish:bo", at, at, 3, 3), "an", AnswerKind.TAKEN, 0)
    'page:fish:bo@1:an:taken:1761955200000'
    """
    key = f"page:{event.id}:{contact}:{kind}:{episode(event.risen_at)}"
    return f"{key}:{count}" if count else key
