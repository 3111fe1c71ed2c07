"""How fast the water rises."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.envelope.period import HOUR_MS
from models.envelope.recent import Recent

MINUTE_MS = 60_000


def steady(slope: float, readings: int = 13, every_ms: int = 15 * MINUTE_MS) -> Recent:
    """`readings` of a river that rises by `slope` an hour."""
    recent = Recent(3 * HOUR_MS)
    for i in range(readings):
        recent.add(i * every_ms, 1.0 + slope * i * every_ms / HOUR_MS)
    return recent


@given(st.floats(-2, 2, allow_nan=False), st.sampled_from([HOUR_MS, 2 * HOUR_MS, 3 * HOUR_MS]))
def test_a_steady_rise_is_found_in_every_window(slope: float, window_ms: int) -> None:
    assert steady(slope).slope(window_ms) == pytest.approx(slope, abs=1e-9)


@given(st.integers(0, 12), st.floats(-50, 50, allow_nan=False))
def test_one_wrong_reading_does_not_turn_the_slope(place: int, wrong: float) -> None:
    recent = steady(0.3)
    recent.values[place] += wrong

    assert recent.slope(3 * HOUR_MS) == pytest.approx(0.3, abs=1e-9)


@given(st.permutations(range(13)))
def test_readings_out_of_order_give_the_same_slope(order: list[int]) -> None:
    recent = Recent(3 * HOUR_MS)
    for i in order:
        recent.add(i * 15 * MINUTE_MS, float(i * i))

    assert recent.times == [i * 15 * MINUTE_MS for i in range(13)]
    assert recent.values == [float(i * i) for i in range(13)]


def test_a_reading_told_twice_counts_once() -> None:
    recent = steady(0.3)

    assert not recent.add(0, 99.0)
    assert recent.values[0] == 1.0


def test_what_is_older_than_the_memory_is_forgotten_and_stays_out() -> None:
    recent = steady(0.3)
    recent.add(10 * HOUR_MS, 2.0)

    assert recent.times == [10 * HOUR_MS]
    assert not recent.add(6 * HOUR_MS, 5.0)


def test_readings_each_second_are_thinned() -> None:
    recent = Recent(HOUR_MS, spacing_ms=MINUTE_MS)
    for second in range(3600):
        recent.add(second * 1000, 0.0)

    assert len(recent.times) == 60


@pytest.mark.parametrize(
    "times",
    [
        pytest.param([], id="nothing"),
        pytest.param([0, 15, 30], id="three readings"),
        pytest.param([0, 40, 45, 50, 55, 60], id="none in the first half but one out of the window"),
    ],
)
def test_too_little_has_no_slope_rather_than_zero(times: list[int]) -> None:
    recent = Recent(HOUR_MS // 2)
    for minute in times:
        recent.add(minute * MINUTE_MS, float(minute))

    assert recent.slope(HOUR_MS) is None
    assert recent.fastest((HOUR_MS, 2 * HOUR_MS)) is None


def test_a_rise_that_just_began_shows_in_the_shortest_window() -> None:
    recent = Recent(3 * HOUR_MS)
    for i in range(13):
        recent.add(i * 15 * MINUTE_MS, max(0, i - 8) * 0.1)

    assert recent.slope(3 * HOUR_MS) == pytest.approx(0.1 / 6 * 4, abs=0.05)
    assert recent.fastest((HOUR_MS, 3 * HOUR_MS)) == pytest.approx(0.4)


def test_the_state_survives_a_snapshot() -> None:
    recent = steady(0.3)

    assert pickle.loads(pickle.dumps(recent)) == recent
    assert len(pickle.dumps(recent)) < 1000
