"""The judge of answers and ladders in the fault test: each kind of gap is found, and nothing where all is right."""

from __future__ import annotations

from typing import Any

import pytest

from infra.lab.faults.answering import People, Spoken, code_of
from infra.lab.faults.attended import (
    ALL_CODES,
    Answered,
    Coded,
    Fault,
    Gap,
    Happened,
    Rung,
    Standing,
    Stepped,
    Written,
    gaps,
)
from infra.lab.faults.counted import WORDS, counted
from models.alerting.event import AnswerKind
from models.alerting.routing import key

EVENT = "water:ven-song@1761955200000"
CALL = "1761955200000:call:an"
SAID = Spoken("sms:a1", "an", AnswerKind.TAKEN)
ANSWER = Answered(1, SAID.key, "an", EVENT, "taken")
OF_ANSWER = Stepped(EVENT, "answer:1", "taken", "an", "r")
STEP = Stepped(EVENT, CALL, "called", "an", "call")
REPLY = Written(key(SAID.key, 0, "an"), EVENT, "an", "reply", 10, "delivered", False)
CALLED = Written("call", EVENT, "an", "call", 10, "delivered", True)
NEWS = Written("news", EVENT, "an", None, 10, "delivered", True)
OPEN = Happened(EVENT, False, 1)
CODE = Coded("an", EVENT, 10)
RUNG = [Rung("sms", CALLED.id), Rung("sms", REPLY.id), Rung("sms", NEWS.id)]
RIGHT = Standing([ANSWER], [OF_ANSWER, STEP], [REPLY, CALLED, NEWS], [OPEN], [CODE], RUNG)


def without(rows: Any, one: Any) -> list[Any]:
    return [row for row in rows if row != one]


FAULTS: dict[str, tuple[Standing, Gap]] = {
    "an answer that was taken is not there": (
        RIGHT._replace(answers=[], steps=[STEP], written=[CALLED, NEWS]),
        Gap(Fault.ANSWER_LOST, SAID.key),
    ),
    "an answer told twice stands twice": (
        RIGHT._replace(
            answers=[ANSWER, ANSWER._replace(id=2)],
            steps=[OF_ANSWER, OF_ANSWER._replace(key="answer:2"), STEP],
        ),
        Gap(Fault.ANSWER_TWICE, SAID.key),
    ),
    "an answer that nobody gave": (
        RIGHT._replace(answers=[ANSWER, Answered(2, "sms:b", "an", None, "unread")]),
        Gap(Fault.ANSWER_UNSAID, "sms:b"),
    ),
    "an answer of somebody else": (
        RIGHT._replace(
            answers=[ANSWER._replace(contact="binh")],
            steps=[OF_ANSWER._replace(contact="binh"), STEP],
            written=[REPLY._replace(id=key(SAID.key, 0, "binh"), contact="an"), CALLED, NEWS],
            rung=[*RUNG, Rung("sms", key(SAID.key, 0, "binh"))],
        ),
        Gap(Fault.ANSWER_OTHER, SAID.key),
    ),
    "an answer with another meaning": (
        RIGHT._replace(answers=[ANSWER._replace(kind="false")], steps=[OF_ANSWER._replace(step="false"), STEP]),
        Gap(Fault.ANSWER_OTHER, SAID.key),
    ),
    "an answer without its step": (
        RIGHT._replace(steps=[STEP]),
        Gap(Fault.ANSWER_STEP, f"{EVENT} answer:1"),
    ),
    "a step of an answer that is not there": (
        RIGHT._replace(steps=[OF_ANSWER, OF_ANSWER._replace(key="answer:7"), STEP]),
        Gap(Fault.ANSWER_STEP, f"{EVENT} answer:7"),
    ),
    "an answer without a reply": (
        RIGHT._replace(written=[CALLED, NEWS]),
        Gap(Fault.REPLY_LOST, SAID.key),
    ),
    "a reply twice": (
        RIGHT._replace(written=[REPLY, REPLY, CALLED, NEWS]),
        Gap(Fault.REPLY_TWICE, REPLY.id),
    ),
    "a reply to no answer": (
        RIGHT._replace(written=[REPLY, REPLY._replace(id="other", state="pending"), CALLED, NEWS]),
        Gap(Fault.REPLY_UNASKED, "other"),
    ),
    "a step twice": (
        RIGHT._replace(steps=[OF_ANSWER, STEP, STEP]),
        Gap(Fault.STEP_TWICE, f"{EVENT} {CALL}"),
    ),
    "a person called twice for one rise under two keys": (
        RIGHT._replace(
            steps=[OF_ANSWER, STEP, STEP._replace(key="1761955200000:again:an", notification="call-2")],
            written=[REPLY, CALLED, CALLED._replace(id="call-2"), NEWS],
            rung=[*RUNG, Rung("sms", "call-2")],
        ),
        Gap(Fault.STEP_TWICE, f"{EVENT} 1761955200000 called an"),
    ),
    "a step that is due": (
        RIGHT._replace(due=[f"{EVENT} nobody"]),
        Gap(Fault.STEP_LEFT, f"{EVENT} nobody"),
    ),
    "a call without its message": (
        RIGHT._replace(written=[REPLY, NEWS]),
        Gap(Fault.MESSAGE_LOST, f"{EVENT} {CALL}"),
    ),
    "a call whose message goes to another": (
        RIGHT._replace(written=[REPLY, CALLED._replace(contact="binh", rings=False, code=None), NEWS]),
        Gap(Fault.MESSAGE_LOST, f"{EVENT} {CALL}"),
    ),
    "a call with two messages": (
        RIGHT._replace(written=[REPLY, CALLED, CALLED, NEWS]),
        Gap(Fault.MESSAGE_LOST, f"{EVENT} {CALL}"),
    ),
    "a message without its step": (
        RIGHT._replace(written=[REPLY, CALLED, NEWS, CALLED._replace(id="alone", state="pending")]),
        Gap(Fault.MESSAGE_ALONE, "alone"),
    ),
    "a phone that rang twice for one step": (
        RIGHT._replace(rung=[*RUNG, Rung("sms", CALLED.id)]),
        Gap(Fault.RUNG_TWICE, CALLED.id),
    ),
    "a call that no phone has": (
        RIGHT._replace(rung=without(RUNG, Rung("sms", CALLED.id))),
        Gap(Fault.RUNG_NEVER, CALLED.id),
    ),
    "somebody told of an open event without a code": (
        RIGHT._replace(written=[REPLY, CALLED, NEWS, NEWS._replace(id="n2", contact="binh", code=None)]),
        Gap(Fault.CODE_LOST, f"binh {EVENT}"),
    ),
    "a message with another code": (
        RIGHT._replace(written=[REPLY, CALLED, NEWS._replace(code=11)]),
        Gap(Fault.CODE_OTHER, NEWS.id),
    ),
    "one code for two events of a person": (
        RIGHT._replace(codes=[CODE, CODE._replace(event="fish:bo@1")]),
        Gap(Fault.CODE_TWICE, "an 10"),
    ),
    "an alert of no event": (
        RIGHT._replace(alone=["river@1"]),
        Gap(Fault.EVENT_LOST, "river@1"),
    ),
    "an event that stays open without an alert": (
        RIGHT._replace(events=[OPEN._replace(open_alerts=0)]),
        Gap(Fault.EVENT_OPEN, EVENT),
    ),
    "an event that was closed before its alerts": (
        RIGHT._replace(events=[OPEN._replace(closed=True)]),
        Gap(Fault.EVENT_CLOSED, EVENT),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("standing", "gap"), FAULTS.values(), ids=FAULTS.keys())
def test_each_kind_of_gap_is_named_with_what_it_is_of(standing: Standing, gap: Gap) -> None:
    assert gap in gaps([SAID], standing)


def test_each_fault_has_its_row() -> None:
    assert {gap.fault for _, gap in FAULTS.values()} == set(Fault)


ALL_RIGHT = {
    "all once": RIGHT,
    "an answer too late for its event": RIGHT._replace(
        answers=[ANSWER._replace(kind="closed")], steps=[STEP], written=[CALLED, NEWS]
    ),
    "the same rise is answered again, with one reply": RIGHT._replace(
        answers=[ANSWER, Answered(2, "sms:a2", "an", EVENT, "taken")],
        steps=[OF_ANSWER, Stepped(EVENT, "answer:2", "taken", "an", None), STEP],
    ),
    "called for each of two rises": RIGHT._replace(
        steps=[OF_ANSWER, STEP, STEP._replace(key="1761955300000:call:an", notification="call-2")],
        written=[REPLY, CALLED, CALLED._replace(id="call-2"), NEWS],
        rung=[*RUNG, Rung("sms", "call-2")],
    ),
    "by another way, after the first was in doubt": RIGHT._replace(rung=[*RUNG, Rung("zalo", CALLED.id)]),
    "a call that was over before it went out": RIGHT._replace(
        written=[REPLY, CALLED._replace(state="expired"), NEWS], rung=without(RUNG, Rung("sms", CALLED.id))
    ),
    "news that says it is over needs no code": RIGHT._replace(
        written=[REPLY, CALLED, NEWS, NEWS._replace(id="over", contact="binh", code=None, rings=False)]
    ),
    "no code is left for the person": RIGHT._replace(
        codes=[CODE, *(Coded("binh", f"fish:bo@{number}", number) for number in range(ALL_CODES))],
        written=[REPLY, CALLED, NEWS, NEWS._replace(id="n2", contact="binh", code=None)],
    ),
}


@pytest.mark.parametrize("standing", ALL_RIGHT.values(), ids=ALL_RIGHT.keys())
def test_nothing_is_named_where_nothing_is_lost_and_nobody_is_rung_twice(standing: Standing) -> None:
    said = [SAID, Spoken("sms:a2", "an", AnswerKind.TAKEN)][: len(standing.answers)]

    assert gaps(said, standing) == []


PHONES = {
    "a button of Zalo": ({"channel": "zalo", "text": "", "code": "12"}, "12"),
    "the line of an SMS": ({"channel": "sms", "text": "BD3. Tra loi PHUSA 12 1 gui 8041", "code": ""}, "12"),
    "an SMS without it": ({"channel": "sms", "text": "BD3.", "code": ""}, ""),
}


@pytest.mark.parametrize(("message", "code"), PHONES.values(), ids=PHONES.keys())
def test_people_answer_by_what_their_phone_shows(message: dict[str, Any], code: str) -> None:
    assert code_of(message) == code


def test_what_is_told_of_the_people_is_counted_from_what_stands() -> None:
    people = People("http://127.0.0.1:1", seed=1)
    people.accepted.append(SAID)
    standing = RIGHT._replace(rung=[*RUNG, Rung("zalo", CALLED.id), Rung("sms", CALLED.id)])

    found = counted(people, standing)

    assert found.keys() == WORDS.keys()
    assert {name: number for name, number in found.items() if number} == {
        "events": 1,
        "codes": 1,
        "answers": 1,
        "steps": 1,
        "called": 1,
        "replies": 1,
        "phones": 2,
        "two_ways": 1,
    }
