"""Every partition has exactly one owner, and no owner has more than one partition more than another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.envelope.ownership import WHOLE, Ownership, everyone, owner_of, read_ownership

WRITTEN = [
    ("the only one", "1/1", WHOLE),
    ("the first of four", "1/4", Ownership(1, 4)),
    ("the last of four", "4/4", Ownership(4, 4)),
]
REFUSED = [
    ("none", ""),
    ("counted from nought", "0/4"),
    ("beyond the last", "5/4"),
    ("of none", "1/0"),
    ("no number", "a/b"),
    ("a name", "1-of-4"),
    ("a blank", "1 /4"),
    ("three parts", "1/2/3"),
    ("a sign", "-1/4"),
    ("other digits", "١/٤"),
]


@given(st.integers(1, 64), st.integers(1, 64))
def test_every_partition_has_exactly_one_owner_and_all_have_as_many(partitions: int, of: int) -> None:
    own = [[p for p in range(partitions) if ownership.owns(p)] for ownership in everyone(of)]

    assert sorted(p for each in own for p in each) == list(range(partitions))
    assert max(map(len, own)) - min(map(len, own)) <= 1


@given(st.integers(0, 1000), st.integers(1, 64))
def test_the_owner_of_a_partition_owns_it(partition: int, of: int) -> None:
    assert [ownership for ownership in everyone(of) if ownership.owns(partition)] == [owner_of(partition, of)]


@pytest.mark.parametrize(
    ("written", "expected"), [one[1:] for one in WRITTEN], ids=[one[0] for one in WRITTEN]
)
def test_it_is_read_as_it_is_written(written: str, expected: Ownership) -> None:
    assert read_ownership(written) == expected
    assert str(expected) == written


@pytest.mark.parametrize("written", [one[1] for one in REFUSED], ids=[one[0] for one in REFUSED])
def test_what_names_no_share_is_refused_with_what_was_found(written: str) -> None:
    with pytest.raises(ValueError, match="expected number/of"):
        read_ownership(written)
