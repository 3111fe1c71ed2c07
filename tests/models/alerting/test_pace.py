"""How fast a gateway is asked: never more a minute than it takes, and slower when it says so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.alerting.pace import CHUNK_S, MINUTE_S, QUIET_S, RECOVERS_S, SLOWEST, Pace


def asked(pace: Pace, until_s: float, step_s: float = 0.05, start_s: float = 0.0) -> list[float]:
    """When requests go if all that may go goes at once."""
    found: list[float] = []
    for n in range(round((until_s - start_s) / step_s)):
        now_s = start_s + n * step_s
        room = pace.room(now_s)
        pace.take(room, now_s)
        found += [now_s] * room
    return found


def most_in_a_minute(times: list[float]) -> int:
    return max(sum(start <= at < start + MINUTE_S for at in times) for start in times)


@pytest.mark.parametrize("per_min", [2, 60, 600, 4000])
def test_in_no_minute_are_there_more_than_the_gateway_takes(per_min: int) -> None:
    times = asked(Pace(per_min), 150.0)

    assert most_in_a_minute(times) <= per_min
    assert len(times) >= per_min


@given(st.integers(2, 20_000), st.lists(st.floats(0.0, 30.0), min_size=1, max_size=200))
def test_whatever_pauses_there_are_in_no_minute_are_there_more(per_min: int, pauses: list[float]) -> None:
    pace, now_s, times = Pace(per_min), 0.0, list[tuple[float, int]]()
    for pause in pauses:
        now_s += pause
        room = pace.room(now_s)
        pace.take(room, now_s)
        times.append((now_s, room))

    assert max(sum(n for at, n in times if start <= at < start + MINUTE_S) for start, _ in times) <= per_min


def test_the_first_of_a_quiet_gateway_go_at_once_a_second_of_them() -> None:
    assert Pace(4000).room(0.0) == 66
    assert Pace(1).room(0.0) == 1


def test_a_gateway_that_says_too_fast_has_a_second_of_nothing_and_then_half() -> None:
    pace = Pace(6000)
    asked(pace, 10.0)
    pace.slowed(0.0, 10.0)
    after = asked(pace, 21.0, start_s=10.0)

    assert min(after) >= 10.0 + QUIET_S
    assert 0.5 * 1000 <= len(after) <= 0.75 * 1000


def test_the_seconds_that_a_gateway_names_are_kept_and_a_time_beyond_a_minute_is_not_believed() -> None:
    pace = Pace(600)
    pace.slowed(20.0, 0.0)
    assert (pace.room(19.9), pace.room(20.1) > 0) == (0, True)
    pace.slowed(1e9, 100.0)
    assert pace.room(161.0) > 0


def test_many_answers_to_one_pace_slow_it_once() -> None:
    once, often = Pace(6000), Pace(6000)
    once.slowed(0.0, 1.0)
    for n in range(30):
        often.slowed(0.0, 1.0 + n / 100)

    assert often.room(5.0) == once.room(5.0)


def test_again_and_again_too_fast_it_never_stops_and_becomes_whole_again() -> None:
    pace = Pace(6000)
    for n in range(40):
        pace.slowed(0.0, 2.0 * n)
    slow = len(asked(pace, 82.0, start_s=80.0))
    whole = len(asked(pace, 80.0 + RECOVERS_S + 30.0, start_s=80.0 + RECOVERS_S + 10.0))

    assert slow >= SLOWEST * 99
    assert whole >= 0.95 * 20 * 98


@pytest.mark.parametrize("per_min", [1, 60, 4000, 20_000])
def test_after_its_wait_a_chunk_may_go_and_not_a_moment_before(per_min: int) -> None:
    pace = Pace(per_min)
    pace.take(pace.room(0.0), 0.0)
    wait_s = pace.wait_s(0.0)

    assert wait_s > 0
    assert pace.room(wait_s + 1e-6) >= max(1, int(per_min / 60 * CHUNK_S * 0.9))
    assert pace.wait_s(wait_s + 1e-6) == 0.0
