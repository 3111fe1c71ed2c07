"""How an answer from the phone page comes into the store: as every other that people give, by connectors/timescale/answers.py."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from connectors.timescale.answers import take
from models.alerting.event import AnswerKind
from models.alerting.said import Said

if TYPE_CHECKING:
    from psycopg import AsyncConnection

WAY = "page"
"""Of an answer: it came from the phone page."""


class PageAnswer(msgspec.Struct, frozen=True):
    """An answer of `contact` to `event` (its id) at `at`, the platform's time; `level` is the event's. A repeated `key` is the same answer."""

    key: str
    event: str
    contact: str
    kind: AnswerKind
    at: datetime
    level: int


async def store_answer(connection: AsyncConnection[Any], answer: PageAnswer) -> None:
    """Once, by the key, on a connection of the writer. To an event that was closed meanwhile it is no answer, but that somebody tried is kept."""
    said = Said(answer.key, answer.at, WAY, answer.contact, kind=answer.kind, event=answer.event)
    await take(connection, said, answer.at)
