"""The record of a flood: its beginning, its peak, its end, and what was not measured of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.river.flood import Flood, FloodLimits, FloodState

MINUTE_MS = 60_000
LIMITS = FloodLimits(start=1.5, end=1.4, merge_ms=30 * MINUTE_MS, silent_ms=15 * MINUTE_MS)


def taken(readings: list[tuple[int, float]]) -> tuple[list[Flood], FloodState]:
    """What is told of readings (minute, m), and the state after them."""
    state = FloodState()
    found = [state.add(LIMITS, minute * MINUTE_MS, level) for minute, level in readings]
    return [flood for flood in found if flood is not None], state


def minutes(flood: Flood) -> tuple[int, int, float, int | None, int]:
    """Begin, peak, height, end, not measured; times in minutes."""
    end = None if flood.end_ms is None else flood.end_ms // MINUTE_MS
    return (
        flood.start_ms // MINUTE_MS,
        flood.peak_ms // MINUTE_MS,
        flood.peak,
        end,
        flood.blind_ms // MINUTE_MS,
    )


STORIES = [
    pytest.param([(10, 1.49), (20, 1.45)], None, id="below its beginning"),
    pytest.param([(10, 1.5)], (10, 10, 1.5, None, 0), id="begins at the limit"),
    pytest.param([(10, 1.5), (20, 2.0), (30, 1.8)], (10, 20, 2.0, None, 0), id="the peak is the highest"),
    pytest.param([(10, 1.5), (20, 1.45), (60, 1.45)], (10, 10, 1.5, None, 40), id="between the limits it lasts; a gap is not measured"),
    pytest.param([(10, 1.5), (20, 1.3), (30, 1.3), (40, 1.3), (50, 1.3)], (10, 10, 1.5, 20, 0), id="ends when below for long enough"),
    pytest.param([(10, 1.5), (20, 1.3), (30, 1.6), (40, 1.3)], (10, 30, 1.6, None, 0), id="a pause is the same flood"),
    pytest.param([(10, 1.5), (20, 1.3), (80, 1.3)], (10, 10, 1.5, None, 0), id="silence does not end it"),
    pytest.param([(10, 1.5), (20, 1.3), (80, 1.6)], (10, 80, 1.6, None, 60), id="silence in a pause was not measured"),
    pytest.param([(10, 1.5), (60, 1.3)], (10, 10, 1.5, None, 50), id="the gap before its fall belongs to it"),
    pytest.param([(10, 1.5), (5, 9.0), (10, 9.0)], (10, 10, 1.5, None, 0), id="out of order nothing changes"),
]  # fmt: skip


@pytest.mark.parametrize(("readings", "flood"), STORIES)
def test_a_flood(
    readings: list[tuple[int, float]], flood: tuple[int, int, float, int | None, int] | None
) -> None:
    told, state = taken(readings)
    known = state.flood or (told[-1] if told else None)

    assert (None if known is None else minutes(known)) == flood
    assert (state.flood is None) == (flood is None or flood[3] is not None)


def test_a_second_flood_is_another_one() -> None:
    told, _ = taken([(10, 1.5), (20, 1.3), (30, 1.3), (40, 1.3), (50, 1.3), (60, 1.7)])

    assert minutes(told[-1]) == (60, 60, 1.7, None, 0)


def test_a_flood_cannot_end_above_its_beginning() -> None:
    with pytest.raises(ValueError, match="above its beginning"):
        FloodLimits(start=1.5, end=1.6, merge_ms=1, silent_ms=1)


@given(st.lists(st.tuples(st.integers(1, 60), st.floats(0, 4)), max_size=60))
def test_a_flood_has_its_peak_within_it_and_no_more_unmeasured_time_than_time(
    steps: list[tuple[int, float]],
) -> None:
    minute, readings = 0, []
    for ahead, level in steps:
        minute += ahead
        readings.append((minute, level))
    told, _ = taken(readings)

    for flood in told:
        last_ms = minute * MINUTE_MS if flood.end_ms is None else flood.end_ms
        assert flood.start_ms <= flood.peak_ms <= last_ms
        assert LIMITS.start <= flood.peak
        assert 0 <= flood.blind_ms <= last_ms - flood.start_ms
