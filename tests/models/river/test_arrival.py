"""When the water will be at a level."""

from __future__ import annotations

from itertools import pairwise

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.envelope.bilingual import Bilingual
from models.envelope.period import HOUR_MS
from models.river.arrival import Band, Habit, arrival
from models.river.habit import ForecastResult, learned, outcomes, reached_after

HABIT = Habit(
    windows_ms=(HOUR_MS,),
    horizon_ms=12 * HOUR_MS,
    bands=(Band(2 * HOUR_MS, 0.5, 1.5, 4.0, 0.25), Band(12 * HOUR_MS, 0.25, 1.0, 2.0)),
    fastest=0.5,
)
LEVEL_II = Bilingual("báo động II", "level II")


@pytest.mark.parametrize(
    ("level", "slope", "expected"),
    [
        pytest.param(2.5, 0.5, (0.5, 1.5, 4.0, 0.25), id="an hour by the trend, the first band"),
        pytest.param(2.0, 0.25, (1.0, 4.0, 8.0, None), id="four hours by the trend, the second band"),
        pytest.param(2.0, 0.05, (2.0, None, None, None), id="beyond the horizon: only the earliest"),
        pytest.param(2.0, 0.0, (2.0, None, None, None), id="still"),
        pytest.param(2.0, -0.3, (2.0, None, None, None), id="falling"),
        pytest.param(2.0, None, (2.0, None, None, None), id="no slope known"),
    ],
)
def test_the_time_to_a_level(
    level: float, slope: float | None, expected: tuple[float, float | None, float | None, float | None]
) -> None:
    hours = [None if one is None else round(one * HOUR_MS) for one in expected[:3]]

    assert arrival(0, level, slope, 3.0, HABIT) == (*hours, expected[3])


@pytest.mark.parametrize("level", [3.0, 3.4])
def test_a_level_that_is_reached_is_not_awaited(level: float) -> None:
    assert arrival(0, level, 0.5, 3.0, HABIT) is None


@given(st.floats(0, 2.99), st.floats(-1, 5), st.integers(0, 10**12))
def test_the_likely_time_lies_in_its_interval(level: float, slope: float, at_ms: int) -> None:
    coming = arrival(at_ms, level, slope, 3.0, HABIT)

    assert coming is not None
    known = [one for one in coming[:3] if one is not None]
    assert known == sorted(known)
    assert known[0] >= at_ms


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"bands": ()}, id="no bands"),
        pytest.param({"windows_ms": ()}, id="no windows"),
        pytest.param({"fastest": 0.0}, id="a gauge that never rises"),
        pytest.param({"bands": (Band(1, 2.0, 1.0, 3.0),)}, id="likely before the earliest"),
    ],
)
def test_a_habit_that_contradicts_itself_is_refused(changed: dict[str, object]) -> None:
    raw = msgspec.to_builtins(HABIT) | {k: msgspec.to_builtins(v) for k, v in changed.items()}

    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(raw, Habit)


def test_one_reading_above_alone_has_not_reached_the_level() -> None:
    readings = [(0, 1.0), (1, 2.5), (2, 1.1), (3, 2.0), (4, 2.1)]

    assert reached_after(readings, 0, 2.0, 10) == 3
    assert reached_after(readings, 0, 2.0, 2) is None


def test_a_river_that_keeps_its_slope_teaches_factors_of_one() -> None:
    quarter = HOUR_MS // 4
    readings = [(i * quarter, 0.1 * (i % 400)) for i in range(1200)]
    windows = (HOUR_MS,)
    seen = [
        outcome
        for outcome in outcomes(readings, [float(i) + 0.05 for i in range(39)], windows, 8 * HOUR_MS)
        if outcome.ahead_ms
    ]

    habit = learned(seen, windows, 8 * HOUR_MS, (2 * HOUR_MS,))

    assert [band.likely for band in habit.bands] == pytest.approx([1.0, 1.0], abs=0.15)  # a step of 15 min
    assert habit.fastest == pytest.approx(0.4, abs=0.1)


@given(st.lists(st.tuples(st.floats(0.1, 10), st.floats(0.2, 5)), min_size=60, max_size=120))
def test_bands_hold_their_share_of_what_taught_them(seen: list[tuple[float, float]]) -> None:
    said = [ForecastResult(ahead * HOUR_MS, round(ahead * ratio * HOUR_MS), 1.0) for ahead, ratio in seen]
    habit = learned(said, (HOUR_MS,), 10 * HOUR_MS, ())
    band = habit.bands[0]

    held = sum(
        band.low - 1e-6 <= forecast_result.true_ms / forecast_result.ahead_ms <= band.high + 1e-6
        for forecast_result in said
        if forecast_result.true_ms and forecast_result.ahead_ms
    )

    assert held >= 0.75 * len(said)
    assert band.came == 1.0


def test_few_outcomes_teach_nothing_but_the_usual() -> None:
    habit = learned([ForecastResult(HOUR_MS, 3 * HOUR_MS, 1.0)] * 9, (HOUR_MS,), 12 * HOUR_MS, ())

    assert habit.bands == (Band(12 * HOUR_MS, 0.5, 1.0, 2.0),)


def test_a_gauge_that_never_rose_has_no_habit() -> None:
    with pytest.raises(ValueError, match="no level was ever reached"):
        learned([ForecastResult(None, None, 1.0)], (HOUR_MS,), 12 * HOUR_MS, ())


def test_bands_cover_the_whole_horizon_in_order() -> None:
    habit = learned([ForecastResult(HOUR_MS, HOUR_MS, 1.0)], (HOUR_MS,), 12 * HOUR_MS, (HOUR_MS, 4 * HOUR_MS))

    assert [band.upto_ms for band in habit.bands] == [HOUR_MS, 4 * HOUR_MS, 12 * HOUR_MS]
    assert all(a.upto_ms < b.upto_ms for a, b in pairwise(habit.bands))
