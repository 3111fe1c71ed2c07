"""What follows from a gateway's answer, as a table."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from models.alerting.delivery import (
    HURRY,
    KEPT,
    PATIENCE,
    Situation,
    Step,
    after_answer,
    after_crash,
    after_silence,
)
from models.alerting.sending import Answer, Sent
from tests.messages import AT

ZALO = Situation("zalo", ["zalo", "sms"], 1, AT, idempotent=False)
SMS = Situation("sms", ["zalo", "sms"], 1, AT, idempotent=True)


def changed(situation: Situation, **fields: object) -> Situation:
    return msgspec.structs.replace(situation, **fields)


def answered(answer: Answer) -> Sent:
    return Sent(answer, "7", "because")


ANSWERS: dict[str, tuple[Situation, Answer, tuple[str, str]]] = {
    "sent waits for its receipt": (ZALO, Answer.SENT, ("sent", "zalo")),
    "refused by Zalo goes by SMS": (ZALO, Answer.REFUSED, ("pending", "sms")),
    "refused by the last channel is over": (SMS, Answer.REFUSED, ("refused", "sms")),
    "an account that is stopped at Zalo goes by SMS": (ZALO, Answer.STOPPED, ("pending", "sms")),
    "what an account that is stopped did not take waits for it, where there is no other way": (
        changed(SMS, tries=50, rises=True),
        Answer.STOPPED,
        ("pending", "sms"),
    ),
    "retry stays on its channel": (ZALO, Answer.RETRY, ("pending", "zalo")),
    "out of patience goes on": (changed(ZALO, tries=PATIENCE), Answer.RETRY, ("pending", "sms")),
    "the last channel is never given up": (changed(SMS, tries=50), Answer.RETRY, ("pending", "sms")),
    "a doubt is asked again where the key is known": (SMS, Answer.DOUBT, ("pending", "sms")),
    "a doubt is kept where it is not": (ZALO, Answer.DOUBT, ("doubt", "zalo")),
    "a channel that is down is left at once by what rises": (
        changed(ZALO, rises=True),
        Answer.AWAY,
        ("pending", "sms"),
    ),
    "what is over waits for a channel that is down": (ZALO, Answer.AWAY, ("pending", "zalo")),
    "out of patience what is over goes on too": (
        changed(ZALO, tries=PATIENCE),
        Answer.AWAY,
        ("pending", "sms"),
    ),
    "the last channel is waited for though it is down": (
        changed(SMS, rises=True),
        Answer.AWAY,
        ("pending", "sms"),
    ),
    "a channel that is busy has its time, also for what rises": (
        changed(ZALO, rises=True),
        Answer.RETRY,
        ("pending", "zalo"),
    ),
    "that time over, what rises goes on": (
        changed(ZALO, rises=True, created_at=AT - HURRY),
        Answer.RETRY,
        ("pending", "sms"),
    ),
    "that time over, what is over still waits": (
        changed(ZALO, created_at=AT - HURRY),
        Answer.RETRY,
        ("pending", "zalo"),
    ),
    "the time is the commune's": (
        changed(ZALO, rises=True, created_at=AT - timedelta(seconds=2), hurry=timedelta(seconds=2)),
        Answer.RETRY,
        ("pending", "sms"),
    ),
}


@pytest.mark.parametrize(("situation", "answer", "expected"), ANSWERS.values(), ids=ANSWERS.keys())
def test_the_step_after_an_answer(situation: Situation, answer: Answer, expected: tuple[str, str]) -> None:
    step = after_answer(situation, answered(answer), AT)

    assert (step.state, step.channel) == expected


def test_waiting_doubles_up_to_a_minute() -> None:
    waits = [
        (after_answer(changed(SMS, tries=n), answered(Answer.RETRY), AT).next_at - AT).seconds
        for n in range(1, 9)
    ]

    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]


@pytest.mark.parametrize("answer", [Answer.RETRY, Answer.STOPPED, Answer.AWAY])
def test_a_warning_of_yesterday_is_not_sent(answer: Answer) -> None:
    late = AT + KEPT + timedelta(seconds=1)

    assert after_answer(SMS, answered(answer), late).state == "expired"


SILENCES: dict[str, tuple[Situation, str, str, tuple[str, str]]] = {
    "no receipt from Zalo goes by SMS": (ZALO, "sent", "", ("pending", "sms")),
    "a doubt at Zalo goes by SMS": (ZALO, "doubt", "", ("pending", "sms")),
    "no receipt of the last stays sent": (SMS, "sent", "", ("sent", "sms")),
    "a failed receipt of the last is a refusal": (SMS, "sent", "blocked", ("refused", "sms")),
}


@pytest.mark.parametrize(("situation", "state", "reason", "expected"), SILENCES.values(), ids=SILENCES.keys())
def test_the_step_after_silence(
    situation: Situation, state: str, reason: str, expected: tuple[str, str]
) -> None:
    step = after_silence(situation, state, reason, AT)

    assert (step.state, step.channel) == expected
    assert step.reason


def test_news_of_yesterday_does_not_go_by_another_channel_for_want_of_a_receipt() -> None:
    assert after_silence(ZALO, "sent", "", AT + KEPT + timedelta(seconds=1)).state == "sent"


def test_what_has_no_receipt_and_no_other_way_is_not_looked_at_for_ever() -> None:
    assert after_silence(SMS, "sent", "", AT).next_at > AT + timedelta(days=365)


CRASHES: dict[str, tuple[Situation, Answer | None, bool, str]] = {
    "claimed and not yet asked: asked again": (changed(ZALO, tries=0), None, False, "pending"),
    "asked with a key that is known: asked again": (SMS, None, True, "pending"),
    "asked without: in doubt": (ZALO, None, True, "doubt"),
    "a doubt where the key is known: asked again": (SMS, Answer.DOUBT, False, "pending"),
    "held to look for a receipt: waits on": (ZALO, Answer.SENT, False, "sent"),
    "held in doubt: stays in doubt": (ZALO, Answer.DOUBT, False, "doubt"),
    "to be tried again: tried again": (ZALO, Answer.RETRY, False, "pending"),
}


@pytest.mark.parametrize(("situation", "last", "asked", "state"), CRASHES.values(), ids=CRASHES.keys())
def test_the_step_after_a_crash(situation: Situation, last: Answer | None, asked: bool, state: str) -> None:
    step = after_crash(situation, last, asked, AT)

    assert isinstance(step, Step)
    assert step.state == state


def test_a_gateway_that_says_when_it_takes_messages_again_is_not_asked_before() -> None:
    step = after_answer(SMS, Sent(Answer.RETRY, "429", "busy", again_s=37.0), AT)

    assert (step.state, step.channel, step.next_at) == ("pending", "sms", AT + timedelta(seconds=37))


@pytest.mark.parametrize(("again_s", "channel"), [(9.0, "zalo"), (10.0, "sms"), (37.0, "sms")])
def test_what_rises_does_not_wait_for_a_gateway_that_says_later(again_s: float, channel: str) -> None:
    step = after_answer(changed(ZALO, rises=True), Sent(Answer.RETRY, "429", "busy", again_s=again_s), AT)

    assert step.channel == channel


def test_what_rises_and_has_no_other_way_asks_again_within_a_minute() -> None:
    """A page of maintenance in front of a gateway likes to say an hour."""
    step = after_answer(changed(SMS, rises=True), Sent(Answer.RETRY, "HTTP 503", "busy", again_s=3600.0), AT)

    assert (step.channel, step.next_at) == ("sms", AT + timedelta(minutes=1))
