"""Any schedule of arrivals gives the derived values, levels, floods and places' levels of delivery on time."""

from __future__ import annotations

import random
from functools import lru_cache

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from infra.lab.measure.arrivals import HOUR, MINUTE, SECOND, T0, Told, World, in_time, played, same
from infra.lab.measure.ways import Schedule
from tests.models.lateness.storm import SENSORS, day

HOURS = 9.0
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
"""A day takes a second: to look for the least that fails would take an hour."""


@lru_cache(maxsize=8)
def on_time(hours: float, seed: int, from_hour: float) -> tuple[tuple[Told, ...], World]:
    """A day and its world."""
    told = tuple(day(hours, seed=seed, from_hour=from_hour))
    return told, played(in_time(told))


spans = st.tuples(st.integers(0, 8 * 60), st.integers(10, 12 * 60)).map(
    lambda pair: (T0 + 6 * HOUR + pair[0] * MINUTE, T0 + 6 * HOUR + (pair[0] + pair[1]) * MINUTE)
)
schedules = st.builds(
    Schedule,
    delay_ms=st.sampled_from([0, SECOND, 6 * MINUTE, 20 * MINUTE, 3 * HOUR]),
    jitter_ms=st.sampled_from([0, 9 * MINUTE, 2 * HOUR, 20 * HOUR]),
    lost=st.lists(
        st.tuples(st.sampled_from(["", "phu-oc", "bo-la-van", "air-la-van-ha"]), spans).map(
            lambda pair: (pair[0], *pair[1])
        ),
        max_size=2,
    ),
    order=st.sampled_from(["kept", "backwards", "shuffled"]),
    pace_ms=st.sampled_from([0, 500]),
    bridge=st.lists(spans, max_size=1),
    flow=st.lists(spans, max_size=1),
    step_ms=st.sampled_from([5 * MINUTE, 17 * MINUTE, HOUR, 5 * HOUR]),
    ticks=st.booleans(),
    seed=st.integers(0, 1000),
    twice=st.sampled_from([0.0, 0.05]),
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow], phases=PHASES)
@given(schedule=schedules, seed=st.integers(1, 4))
def test_any_schedule_tells_what_delivery_on_time_tells(schedule: Schedule, seed: int) -> None:
    told, right = on_time(HOURS, seed, 6.0)

    found = schedule.play(told)

    assert found.refused == []
    assert same(found, right) == []


NAMED = {
    "20 minutes behind": Schedule(20 * MINUTE),
    "6 to 15 minutes behind": Schedule(6 * MINUTE, 9 * MINUTE),
    "two hours in any order": Schedule(jitter_ms=2 * HOUR, step_ms=20 * MINUTE),
    "no link for twelve hours, then backwards": Schedule(
        lost=[("", T0 + 8 * HOUR, T0 + 20 * HOUR)], order="backwards", step_ms=10 * MINUTE
    ),
    "our bridge away for twelve hours": Schedule(
        bridge=[(T0 + 8 * HOUR, T0 + 20 * HOUR)], step_ms=10 * MINUTE
    ),
    "our flow away for three hours": Schedule(flow=[(T0 + 8 * HOUR, T0 + 11 * HOUR)], step_ms=10 * MINUTE),
    "all of two days in few batches": Schedule(jitter_ms=20 * HOUR, step_ms=6 * HOUR, ticks=False),
}


@pytest.mark.parametrize("schedule", NAMED.values(), ids=NAMED.keys())
def test_a_day_and_a_half_over_midnight_is_as_on_time(schedule: Schedule) -> None:
    told, right = on_time(31.0, 5, 4.0)

    found = schedule.play(told)

    assert any(code.startswith("trust_") for _, code, _ in right.derived)
    assert same(found, right) == []


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow], phases=PHASES)
@given(
    seed=st.integers(0, 10_000),
    every=st.sampled_from([10 * SECOND, MINUTE, 5 * MINUTE, 11 * MINUTE]),
    schedule=schedules,
)
def test_random_values_at_any_pace_are_as_on_time(seed: int, every: int, schedule: Schedule) -> None:
    # Broken loops, stuck values, calibrations: whatever a reading hangs on.
    chance = random.Random(seed)  # noqa: S311 (no secret)
    told = []
    for station, code in chance.sample(SENSORS, 2):
        value = 5.0
        for i in range(150):
            if chance.random() < 0.2:
                value = chance.choice(
                    [0.0, 0.046, 1.6, 3.1, 4.6, 4.7, 6.0, 9.9, 60.0, 90.0, 500.0, value + 0.02]
                )
            if chance.random() < 0.9:
                status = chance.choice([0] * 12 + [1, 2])
                told.append(Told(T0 + 6 * HOUR + i * every, station, code, value, status, i + 1))
    told.sort()
    right = played(in_time(told))

    assert same(schedule.play(told), right) == []
