"""What must stand of answers, ladders and events after all kills: nothing lost, nobody rung twice for one step; pure.

It is held against what people said and what their phones have, not against what the platform says of itself.
"""

from __future__ import annotations

import enum
from collections import Counter, defaultdict
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from models.alerting.codes import FIRST, LAST
from models.alerting.event import AnswerKind, StepKind
from models.alerting.routing import key
from models.alerting.step import Message

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from infra.lab.faults.answering import Spoken

UNDERSTOOD = frozenset({AnswerKind.TAKEN, AnswerKind.FALSE, AnswerKind.HELP})
REPLY = "reply"
OF_ANSWER = "answer:"
WRITES = {StepKind.CALLED: Message.CALL, StepKind.REPEATED: Message.REPEAT, StepKind.OVER: Message.ENDED}
"""Steps to a contact that write a message, and the message's kind."""
RUNG = frozenset({"sent", "delivered"})
"""States of which the gateway has told that it took the message."""
ALL_CODES = LAST - FIRST + 1


class Answered(NamedTuple):
    """A row of `answer`."""

    id: int
    key: str
    contact: str | None
    event: str | None
    kind: str


class Stepped(NamedTuple):
    """A row of `event_step`."""

    event: str
    key: str
    step: str
    contact: str | None
    notification: str | None


class Written(NamedTuple):
    """A row of `notification`; `kind` is its column step: None is news."""

    id: str
    event: str | None
    contact: str
    kind: str | None
    code: int | None
    state: str
    rings: bool
    """News of a danger or a call that was to go out while its event was open: its contact must be able to answer."""


class Happened(NamedTuple):
    """A row of `event`, and how many of its alerts are open."""

    id: str
    closed: bool
    open_alerts: int


class Coded(NamedTuple):
    """A row of `event_code`."""

    contact: str
    event: str
    code: int


class Rung(NamedTuple):
    """A message on a phone."""

    channel: str
    key: str


class Standing(NamedTuple):
    """All that stands."""

    answers: Sequence[Answered]
    steps: Sequence[Stepped]
    written: Sequence[Written]
    events: Sequence[Happened]
    codes: Sequence[Coded]
    rung: Sequence[Rung]
    alone: Sequence[str] = ()
    """Alerts that belong to no event, and were not over when they came."""
    due: Sequence[str] = ()
    """Steps that the ladders would still take: event and key."""


class Fault(enum.StrEnum):
    """What may be wrong; the value is what people read."""

    ANSWER_LOST = "câu trả lời bị mất (an answer lost)"
    ANSWER_TWICE = "câu trả lời hai lần (an answer twice)"
    ANSWER_UNSAID = "câu trả lời không ai nói (an answer that nobody gave)"
    ANSWER_OTHER = (
        "câu trả lời của người khác, hay ý khác (an answer of somebody else, or of another meaning)"
    )
    ANSWER_STEP = "câu trả lời không có đúng một bước (an answer without its one step)"
    REPLY_LOST = "không ai đáp lại câu trả lời (an answer without a reply)"
    REPLY_TWICE = "đáp lại hai lần (a reply twice)"
    REPLY_UNASKED = "đáp lại câu không có (a reply to no answer)"
    STEP_TWICE = "bước đi hai lần (a step twice)"
    STEP_LEFT = "bước tới hạn mà chưa làm (a step that is due and not taken)"
    MESSAGE_LOST = "bước không có đúng một tin (a step without its one message)"
    MESSAGE_ALONE = "tin gọi không có bước (a call without its step)"
    RUNG_TWICE = "reo hai lần cho một bước (rung twice for one step)"
    RUNG_NEVER = "ghi là đã gửi mà máy không có (said to be sent, and on no phone)"
    CODE_LOST = "được báo mà không có mã trả lời (told, and without a code)"
    CODE_OTHER = "tin mang mã của việc khác (a message with another code)"
    CODE_TWICE = "một mã cho hai việc (one code for two events)"
    EVENT_LOST = "cảnh báo không thuộc việc nào (an alert of no event)"
    EVENT_OPEN = "việc mở không có cảnh báo mở (an open event without an open alert)"
    EVENT_CLOSED = "việc đã đóng còn cảnh báo mở (a closed event with an open alert)"


class Gap(NamedTuple):
    """One fault and what it is of."""

    fault: Fault
    of: str


def gaps(said: Sequence[Spoken], standing: Standing) -> list[Gap]:
    """Everything that is not as it must be, sorted."""
    found = chain(
        _answers(said, standing.answers),
        _steps_of_answers(standing),
        _replies(standing),
        _steps(standing),
        _phones(standing),
        _codes(standing),
        _events(standing),
        (Gap(Fault.STEP_LEFT, one) for one in standing.due),
    )
    return sorted(set(found))


def _answers(said: Sequence[Spoken], answers: Sequence[Answered]) -> Iterator[Gap]:
    by_key = {one.key: one for one in said}
    counts = Counter(one.key for one in answers)
    yield from (Gap(Fault.ANSWER_LOST, one) for one in by_key.keys() - counts.keys())
    yield from (Gap(Fault.ANSWER_UNSAID, one) for one in counts.keys() - by_key.keys())
    yield from _twice(Fault.ANSWER_TWICE, counts)
    for one in answers:
        spoken = by_key.get(one.key)
        # Of an event that is over by then, understood words are too late; words that say nothing say nothing then too.
        meant = (
            {spoken.kind, AnswerKind.CLOSED} if spoken and spoken.kind in UNDERSTOOD else {AnswerKind.UNREAD}
        )
        if spoken is not None and (one.contact != spoken.contact or one.kind not in meant):
            yield Gap(Fault.ANSWER_OTHER, one.key)


def _steps_of_answers(standing: Standing) -> Iterator[Gap]:
    wanted = {
        (one.event, f"{OF_ANSWER}{one.id}", one.kind, one.contact)
        for one in standing.answers
        if one.kind in UNDERSTOOD
    }
    found: Counter[tuple[str | None, str, str, str | None]] = Counter(
        (one.event, one.key, one.step, one.contact) for one in standing.steps if one.key.startswith(OF_ANSWER)
    )
    yield from (Gap(Fault.ANSWER_STEP, f"{one[0]} {one[1]}") for one in wanted if found[one] != 1)
    yield from (Gap(Fault.ANSWER_STEP, f"{one[0]} {one[1]}") for one in found if one not in wanted)


def _replies(standing: Standing) -> Iterator[Gap]:
    """At most one for each answer, at least one for each thing that a person said of an event."""
    of_answer = {key(one.key, 0, str(one.contact)): one for one in standing.answers}
    replies = Counter(one.id for one in standing.written if one.kind == REPLY)
    yield from _twice(Fault.REPLY_TWICE, replies)
    yield from (Gap(Fault.REPLY_UNASKED, one) for one in replies if one not in of_answer)
    replied = {_said(of_answer[one]) for one in replies if one in of_answer}
    yield from (
        Gap(Fault.REPLY_LOST, one.key)
        for one in standing.answers
        if one.kind in UNDERSTOOD and _said(one) not in replied
    )


def _said(one: Answered) -> tuple[str | None, str | None, str]:
    return one.contact, one.event, one.kind


def _steps(standing: Standing) -> Iterator[Gap]:
    yield from _twice(Fault.STEP_TWICE, Counter(f"{one.event} {one.key}" for one in standing.steps))
    # Whatever the keys say: of one rise nobody is called twice, nor told again twice.
    ours = [one for one in standing.steps if not one.key.startswith(OF_ANSWER)]
    yield from _twice(
        Fault.STEP_TWICE,
        Counter(
            f"{one.event} {one.key.partition(':')[0]} {one.step} {one.contact}"
            for one in ours
            if one.contact and one.step in WRITES
        ),
    )
    found = Counter((one.id, one.event, one.contact, one.kind) for one in standing.written)
    wanted = set()
    for one in ours:
        kind = WRITES.get(StepKind(one.step)) if one.contact else None
        if kind is None:
            continue
        row = (str(one.notification), one.event, str(one.contact), str(kind))
        wanted.add(row)
        if found[row] != 1:
            yield Gap(Fault.MESSAGE_LOST, f"{one.event} {one.key}")
    yield from (
        Gap(Fault.MESSAGE_ALONE, one.id)
        for one in standing.written
        if one.kind in WRITES.values() and (one.id, one.event, one.contact, one.kind) not in wanted
    )


def _phones(standing: Standing) -> Iterator[Gap]:
    twice = {one.key for one, times in Counter(standing.rung).items() if times > 1}
    keys = {one.key for one in standing.rung}
    # News is held against what was expected, by kill.py.
    for one in standing.written:
        if one.kind is not None and one.id in twice:
            yield Gap(Fault.RUNG_TWICE, one.id)
        if one.kind is not None and one.state in RUNG and one.id not in keys:
            yield Gap(Fault.RUNG_NEVER, one.id)


def _codes(standing: Standing) -> Iterator[Gap]:
    given = {(one.contact, one.event): one.code for one in standing.codes}
    of_contact: defaultdict[str, list[int]] = defaultdict(list)
    for coded in standing.codes:
        of_contact[coded.contact].append(coded.code)
    for one in standing.written:
        code = given.get((one.contact, str(one.event)))
        if code is None and one.rings and len(of_contact[one.contact]) < ALL_CODES:
            yield Gap(Fault.CODE_LOST, f"{one.contact} {one.event}")
        if one.code is not None and one.code != code:
            yield Gap(Fault.CODE_OTHER, one.id)
    # The test is shorter than the day after which a code may be given again.
    yield from _twice(Fault.CODE_TWICE, Counter(f"{one.contact} {one.code}" for one in standing.codes))


def _events(standing: Standing) -> Iterator[Gap]:
    yield from (Gap(Fault.EVENT_LOST, one) for one in standing.alone)
    for one in standing.events:
        if not one.closed and not one.open_alerts:
            yield Gap(Fault.EVENT_OPEN, one.id)
        if one.closed and one.open_alerts:
            yield Gap(Fault.EVENT_CLOSED, one.id)


def _twice(fault: Fault, counts: Counter[str]) -> Iterator[Gap]:
    return (Gap(fault, one) for one, number in counts.items() if number > 1)
