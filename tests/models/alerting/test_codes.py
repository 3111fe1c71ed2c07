"""Codes: two digits a contact and event, and the line of an SMS that says how to answer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.alerting.around import EventCode
from models.alerting.codes import (
    FIRST,
    LAST,
    LONGEST_PATTERN,
    answer_line,
    answerable,
    choose,
    code_for,
    pattern_mistake,
    room,
)
from models.alerting.gsm7 import SINGLE, septets
from models.alerting.together import text_of
from tests.messages import AT
from tests.stories.alerts import commune, rain, river


def has(contact: str, event: str, code: int) -> EventCode:
    return EventCode(contact, event, code, AT)


GIVEN: dict[str, tuple[list[EventCode], int | None]] = {
    "the first code is 10": ([], 10),
    "the smallest that is free": ([has("head", "a", 10), has("head", "b", 12)], 11),
    "what another contact has is free": ([has("room", "a", 10), has("room", "b", 11)], 10),
    "the event's own code stays": ([has("head", "a", 10), has("head", "new", 44)], 44),
    "where all are taken there is none": ([has("head", f"e{n}", n) for n in range(FIRST, LAST + 1)], None),
}


@pytest.mark.parametrize(("given", "code"), GIVEN.values(), ids=GIVEN.keys())
def test_the_code_of_a_contact_for_an_event(given: list[EventCode], code: int | None) -> None:
    found = code_for("head", "new", given, AT)

    assert (found and found.code) == code


CODES = [
    pytest.param([], 10, id="the first of all"),
    pytest.param([10, 11, 13], 12, id="a gap is filled"),
    pytest.param([11, 99], 10, id="the smallest"),
    pytest.param([3, 100, -1], 10, id="what is no code of two digits takes nothing"),
    pytest.param(range(10, 99), 99, id="the last"),
    pytest.param(range(FIRST, LAST + 1), None, id="where none is free there is none"),
]


@pytest.mark.parametrize(("taken", "code"), CODES)
def test_the_smallest_free_code_is_given(taken: list[int], code: int | None) -> None:
    assert choose(taken) == code


MISTAKES: dict[str, tuple[str, bool]] = {
    "a number that people answer": ("{}", True),
    "a word and a short number": ("PHUSA {} gui 8079", True),
    "no place for the code": ("PHUSA gui 8079", False),
    "two places": ("{} {}", False),
    "another brace": ("{} {x", False),
    "an accent would make it 70 characters": ("gửi {}", False),
    "too long": (f"{{}}{'x' * LONGEST_PATTERN}", False),
}


@pytest.mark.parametrize(("pattern", "good"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_pattern_that_cannot_be_used_is_told(pattern: str, good: bool) -> None:
    assert (pattern_mistake(pattern) is None) is good


PATTERNS = st.sampled_from(["{}", "PHUSA {} gui 8079", f"{'x' * (LONGEST_PATTERN - 2)}{{}}"])


@given(PATTERNS, st.integers(FIRST, LAST), st.integers(0, 2))
def test_a_message_with_its_answer_line_is_one_sms_and_ends_with_how_to_answer(
    pattern: str, code: int, others: int
) -> None:
    shown = [river().goes(2, 0), rain().goes(1, 0), rain().goes(2, 0)][: others + 1]
    text = answerable(text_of(shown, [], commune(), room(pattern)).sms, pattern, code)

    assert septets(text) <= SINGLE
    assert f" Tra loi {pattern.replace('{}', f'{code} 1')}" in text


def test_what_the_answers_mean_is_said_where_there_is_room() -> None:
    assert answerable("HET CANH BAO", "{}", 12).endswith(" Tra loi 12 1: toi di, 2: bao nham, 3: can giup")
    assert answerable("x" * room("{}"), "{}", 12).endswith("x Tra loi 12 1")


def test_without_a_pattern_the_whole_message_is_free() -> None:
    assert room(None) == SINGLE
    assert room("{}") == SINGLE - len(answer_line("{}", LAST))
