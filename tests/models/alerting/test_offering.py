"""Which answers the phone page offers: those of this episode count, a rise asks anew, what is over asks nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.alerting.event import Answer, AnswerKind, Event
from models.alerting.offering import BUTTONS, MOST, answer_key, episode, offer

AT = datetime(2026, 11, 25, 5, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
TAKEN, FALSE, HELP = BUTTONS


def event(**changed: Any) -> Event:
    return Event(**{"id": "fish:bo@1", "place": "fish:bo", "opened_at": AT, "risen_at": AT, "level": 3, "peak_level": 3} | changed)  # fmt: skip


def answer(kind: AnswerKind, after: float) -> Answer:
    return Answer("fish:bo@1", "an", kind, AT + after * MINUTE, 3, "page")


CASES = [
    pytest.param(event(), [], None, None, BUTTONS, id="nothing was answered"),
    pytest.param(event(), [(TAKEN, 1)], TAKEN, None, (FALSE, HELP), id="taken: what else may be said"),
    pytest.param(event(), [(TAKEN, 1), (FALSE, 2)], FALSE, None, (TAKEN, HELP), id="another mind"),
    pytest.param(event(), [(FALSE, 2), (TAKEN, 1)], FALSE, None, (TAKEN, HELP), id="in any order"),
    pytest.param(event(), [(TAKEN, 0)], TAKEN, None, (FALSE, HELP), id="in the moment of the rise"),
    pytest.param(event(), [(TAKEN, -1)], None, TAKEN, BUTTONS, id="a rise asks anew"),
    pytest.param(event(), [(TAKEN, -1), (HELP, 1)], HELP, TAKEN, (TAKEN, FALSE), id="before and now"),
    pytest.param(event(), [(AnswerKind.UNREAD, 1)], None, None, BUTTONS, id="what was not understood is no answer"),
    pytest.param(event(closed_at=AT + MINUTE), [], None, None, (), id="over"),
    pytest.param(event(closed_at=AT + MINUTE), [(TAKEN, 0.5)], TAKEN, None, (), id="over, and answered"),
]  # fmt: skip


@pytest.mark.parametrize(("own", "answers", "given", "before", "kinds"), CASES)
def test_what_is_offered(
    own: Event,
    answers: list[tuple[AnswerKind, float]],
    given: AnswerKind | None,
    before: AnswerKind | None,
    kinds: tuple[AnswerKind, ...],
) -> None:
    found = offer(own, [answer(*one) for one in answers])

    assert (found.given and found.given.kind, found.before and found.before.kind) == (given, before)
    assert found.kinds == kinds


@given(
    answers=st.lists(
        st.tuples(st.sampled_from(BUTTONS), st.floats(-100, 100, allow_nan=False)), max_size=MOST + 5
    )
)
def test_whatever_was_answered_the_answer_given_is_not_offered_and_ends_are_counted(
    answers: list[tuple[AnswerKind, float]],
) -> None:
    told = [answer(*one) for one in answers]
    found = offer(event(), told)

    assert found.count == sum(one.at >= AT for one in told)
    assert (found.given is None) == (found.count == 0)
    if found.given is not None:
        assert found.given.kind not in found.kinds
    assert (found.kinds == ()) == (found.count >= MOST)


@given(
    first=st.tuples(st.sampled_from(BUTTONS), st.integers(0, MOST), st.integers(0, 10**6)),
    second=st.tuples(st.sampled_from(BUTTONS), st.integers(0, MOST), st.integers(0, 10**6)),
)
def test_a_key_is_of_one_kind_of_one_episode_and_of_one_turn(
    first: tuple[AnswerKind, int, int], second: tuple[AnswerKind, int, int]
) -> None:
    keys = [
        answer_key(event(risen_at=AT + timedelta(milliseconds=ms)), "an", kind, count)
        for kind, count, ms in (first, second)
    ]

    assert (keys[0] == keys[1]) == (first == second)


def test_an_episode_is_named_by_the_ms_of_its_rise() -> None:
    assert episode(AT + timedelta(microseconds=1_400)) == round(AT.timestamp() * 1000) + 1
