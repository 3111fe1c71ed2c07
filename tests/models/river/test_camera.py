"""What a camera at the river says: flood, no flood, or why its picture says nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.river.camera import Region, Sight, WaterRule, dark, seen
from models.river.witness import State

BANK, BRIDGE = Region(1000, 0.5), Region(200, 0.4)
RULE = WaterRule((BANK, BRIDGE), night_from=20, night_to=5, full_share=0.95, empty_share=0.05)
NOON, NIGHT = datetime(2026, 10, 12, 12, 0, tzinfo=UTC), datetime(2026, 10, 12, 2, 0, tzinfo=UTC)

PICTURES = [
    pytest.param(NOON, (499, 79), State.NO_FLOOD, Sight.CALM, id="below the flood's share in both regions"),
    pytest.param(NOON, (500, 80), State.FLOOD, Sight.FLOOD, id="the share itself is a flood"),
    pytest.param(NOON, (500, 79), State.UNKNOWN, Sight.SPLIT, id="one region says flood, one does not"),
    pytest.param(NOON, (950, 80), State.UNKNOWN, Sight.FULL, id="a saturated picture"),
    pytest.param(NOON, (500, 9), State.UNKNOWN, Sight.EMPTY, id="no river in one region"),
    pytest.param(NIGHT, (500, 80), State.UNKNOWN, Sight.NIGHT, id="at night nothing is judged"),
    pytest.param(NIGHT, (1000, 0), State.UNKNOWN, Sight.NIGHT, id="night goes before full and empty"),
]


@pytest.mark.parametrize(("local", "pixels", "state", "sight"), PICTURES)
def test_what_a_picture_says(local: datetime, pixels: tuple[int, int], state: State, sight: Sight) -> None:
    assert seen(RULE, local, pixels) == (state, sight)


def test_counts_of_another_number_of_regions_are_an_error() -> None:
    with pytest.raises(ValueError, match="zip"):
        seen(RULE, NOON, (1, 2, 3))


HOURS = [
    pytest.param(20, 5, {20, 21, 22, 23, 0, 1, 2, 3, 4, 5}, id="past midnight, both ends within"),
    pytest.param(0, 4, {0, 1, 2, 3, 4}, id="after midnight"),
    pytest.param(3, 3, {3}, id="one hour"),
]


@pytest.mark.parametrize(("start", "end", "night"), HOURS)
def test_the_hours_of_the_night(start: int, end: int, night: set[int]) -> None:
    rule = WaterRule((BANK,), start, end, 0.95, 0.05)

    assert {hour for hour in range(24) if dark(rule, hour)} == night


@given(st.integers(0, 1000), st.integers(0, 200))
def test_only_a_judged_picture_says_flood_or_no_flood(bank: int, bridge: int) -> None:
    judgement = seen(RULE, NOON, (bank, bridge))

    assert (judgement.state is State.UNKNOWN) == (judgement.sight not in {Sight.FLOOD, Sight.CALM})
