"""Waves that a reservoir lets go, and when they are at the gauge."""

from __future__ import annotations

import pytest

from models.river.release import Releases, Reservoir, Travel, Wave

HOUR_MS = 3_600_000
SLOW, FAST = Travel(0, 6 * HOUR_MS, 8 * HOUR_MS), Travel(500, 3 * HOUR_MS, 4 * HOUR_MS)
OWN = Reservoir("Hương Điền", "phu-oc", 100, (SLOW, FAST))


def waves(reports: list[tuple[int, float]]) -> list[Wave]:
    """What reports (hour, m³/s) begin."""
    state = Releases()
    found = [state.add(OWN, hour * HOUR_MS, flow) for hour, flow in reports]
    return [wave for wave in found if wave is not None]


REPORTS = [
    pytest.param([(1, 900)], [], id="the first report begins none"),
    pytest.param([(1, 50), (2, 149)], [], id="less than notable"),
    pytest.param([(1, 50), (2, 150)], [(2, 50, 150, 8, 10)], id="notable, slow"),
    pytest.param([(1, 50), (2, 500)], [(2, 50, 500, 5, 6)], id="a great one runs faster"),
    pytest.param([(1, 200), (2, 120), (3, 230)], [(3, 120, 230, 9, 11)], id="from the lowest on"),
    pytest.param([(1, 50), (2, 150), (3, 240)], [(2, 50, 150, 8, 10)], id="then from the new height"),
    pytest.param([(2, 50), (1, 900), (2, 900)], [], id="out of order nothing begins"),
]


@pytest.mark.parametrize(("reports", "found"), REPORTS)
def test_a_wave(reports: list[tuple[int, float]], found: list[tuple[int, float, float, int, int]]) -> None:
    assert waves(reports) == [
        Wave(hour * HOUR_MS, before, flow, least * HOUR_MS, most * HOUR_MS)
        for hour, before, flow, least, most in found
    ]


def test_a_wave_whose_window_is_over_comes_no_more() -> None:
    state = Releases()
    state.add(OWN, 1 * HOUR_MS, 50)
    wave = state.add(OWN, 2 * HOUR_MS, 600)

    assert state.coming(6 * HOUR_MS) == [wave]
    assert state.coming(6 * HOUR_MS + 1) == []


WRONG = [
    pytest.param((), "must be given", id="no travel times"),
    pytest.param((FAST, SLOW), "by rising release", id="not sorted"),
    pytest.param((Travel(0, 8, 6),), "ends before it begins", id="ends before it begins"),
    pytest.param((Travel(0, -1, 6),), "ends before it begins", id="arrives before it left"),
]


@pytest.mark.parametrize(("travels", "words"), WRONG)
def test_travel_times_that_cannot_be(travels: tuple[Travel, ...], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Reservoir("Hương Điền", "phu-oc", 100, travels)
