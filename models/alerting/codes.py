"""Codes by which people answer, and the line of an SMS that says how. Pure."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from models.alerting.around import EventCode
from models.alerting.gsm7 import BASIC, SINGLE, septets

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from models.alerting.outbox import Grouping

FIRST, LAST = 10, 99
"""Two digits: people say them, a wrong key is seen, and a single one is what is answered."""
NOT_AGAIN = timedelta(days=1)
"""For so long after the end of an event its codes are given to no other event of the contact."""
FIELD = "ma_tra_loi"
"""The code in the fields of a Zalo template, for a button or a reply to carry."""
PLAIN = "{}"
"""The pattern of a number that people simply answer."""
MEANING = ": toi di, 2: bao nham, 3: can giup"
"""Behind the line that says how to answer, where there is room: what the answers mean."""
LONGEST_PATTERN = 40
"""Septets: what is longer leaves no room for the message."""


def choose(taken: Collection[int]) -> int | None:
    """The smallest number from FIRST to LAST that is not in `taken`, the numbers by which the contact may still answer; None: no such.

    >>> choose([]), choose([10, 12]), choose(range(10, 30))
    (10, 11, 30)
    """
    return next((code for code in range(FIRST, LAST + 1) if code not in taken), None)


def code_for(contact: str, event: str, given: Iterable[EventCode], at: datetime) -> EventCode | None:
    """The contact's code for the event: the one it has, else the smallest that is free; None where all are taken.

    `given` are the codes of events that are open or ended less than NOT_AGAIN ago.

    >>> from datetime import UTC, datetime
    >>> now = datetime(2026, 10, 12, tzinfo=UTC)
    >>> code_for("head", "b", [EventCode("head", "a", 10, now), EventCode("room", "b", 11, now)], now).code
    11
    """
    own = [each for each in given if each.contact == contact]
    has = next((each for each in own if each.event == event), None)
    if has is not None:
        return has
    free = choose({each.code for each in own})
    return None if free is None else EventCode(contact, event, free, at)


def give_codes(
    grouping: Grouping, given: Iterable[EventCode], at: datetime
) -> tuple[dict[tuple[str, str], int], list[EventCode]]:
    """The codes of all contacts and events, and those of them that are new: each contact who is told of an open event has one."""
    known = list(given)
    codes = {(each.contact, each.event): each.code for each in known}
    new: list[EventCode] = []
    for made in grouping.news:
        event = made.event
        if made.decision.stage is not None or event is None or event.closed_at is not None:
            continue
        if (made.contact.id, event.id) in codes:
            continue
        code = code_for(made.contact.id, event.id, known, at)
        if code is not None:
            codes[code.contact, code.event] = code.code
            known.append(code)
            new.append(code)
    return codes, new


def pattern_mistake(pattern: str) -> str | None:
    """Why a pattern of an account cannot be used, in two languages; None where it can.

    >>> pattern_mistake("PHUSA {} gui 8079"), pattern_mistake("{}"), pattern_mistake("PHUSA")
    (None, None, 'cần đúng một {} và chữ không dấu (expected one {} and plain letters)')
    """
    letters = pattern.replace(PLAIN, "", 1)
    if pattern.count(PLAIN) != 1 or "{" in letters or "}" in letters or not set(letters) <= BASIC:
        return "cần đúng một {} và chữ không dấu (expected one {} and plain letters)"
    if len(pattern) > LONGEST_PATTERN:
        return f"dài quá {LONGEST_PATTERN} chữ (longer than {LONGEST_PATTERN})"
    return None


def answer_line(pattern: str, code: int, *, explained: bool = False) -> str:
    """How to answer, as the end of an SMS; `pattern` says what to write and to which number, `{}` stands for code and answer.

    >>> answer_line("{}", 12), answer_line("PHUSA {} gui 8079", 12)
    (' Tra loi 12 1', ' Tra loi PHUSA 12 1 gui 8079')
    >>> answer_line("{}", 12, explained=True)
    ' Tra loi 12 1: toi di, 2: bao nham, 3: can giup'
    """
    line = f" Tra loi {pattern.replace(PLAIN, f'{code} 1')}"
    return f"{line}{MEANING}" if explained else line


def room(pattern: str | None) -> int:
    """Septets that are left of one SMS for its text, beside the shortest line of the pattern; None: no line."""
    return SINGLE if pattern is None else SINGLE - septets(answer_line(pattern, LAST))


def answerable(text: str, pattern: str, code: int) -> str:
    """The text with how to answer, and with what the answers mean where one SMS has the room."""
    longer = text + answer_line(pattern, code, explained=True)
    return longer if septets(longer) <= SINGLE else text + answer_line(pattern, code)
