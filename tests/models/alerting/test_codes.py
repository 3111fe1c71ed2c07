"""The number by which a contact answers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.alerting.codes import FIRST, LAST, choose

CODES = [
    pytest.param([], 10, id="the first of all"),
    pytest.param([10, 11, 13], 12, id="a gap is filled"),
    pytest.param([11, 99], 10, id="the smallest"),
    pytest.param([3, 100, -1], 10, id="what is no code of two digits takes nothing"),
    pytest.param(range(10, 99), 99, id="the last"),
]


@pytest.mark.parametrize(("taken", "code"), CODES)
def test_the_smallest_free_code_is_given(taken: list[int], code: int) -> None:
    assert choose(taken) == code


@given(st.sets(st.integers(FIRST, LAST), max_size=LAST - FIRST))
def test_a_code_has_two_digits_and_is_nobody_elses(taken: set[int]) -> None:
    code = choose(taken)

    assert code in range(FIRST, LAST + 1)
    assert code not in taken


def test_where_none_is_free_there_is_none() -> None:
    assert choose(range(FIRST, LAST + 1)) is None
