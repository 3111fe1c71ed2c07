"""Rain over hours, with and without gaps."""

from __future__ import annotations

import pickle
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.envelope.period import HOUR_MS
from models.river.rain import WINDOWS_H, Rain, RainSum
from models.river.rain_risk import RainBand, RainRisk, rain_risk, sentence

FIVE_MS = 300_000
DAY = 288
LAW = "Quyết định 18/2021/QĐ-TTg, Điều 44"
BANDS = (
    RainBand(1, 24, 100, "cấp 1", "level 1", source=LAW),
    RainBand(1, 12, 50, "cấp 1", "level 1", source=LAW),
    RainBand(2, 24, 200, "trên 200 mm", "over 200 mm", over=True, source=LAW),
    RainBand(3, 3, 100, "rất lớn 3 giờ", "extreme in 3 h", over=True, source="bản tin Huế"),
)


def gauge(amounts: dict[int, float] | list[float], step_ms: int = FIVE_MS) -> Rain:
    """A gauge that sent `amounts` of its intervals, numbered from 1."""
    rain = Rain(step_ms // 2)
    numbered = amounts if isinstance(amounts, dict) else dict(enumerate(amounts, 1))
    for number, mm in numbered.items():
        rain.add((number - 1) * step_ms, number * step_ms, mm)
    return rain


@given(st.lists(st.floats(0, 20, allow_nan=False), min_size=DAY, max_size=DAY))
def test_a_whole_day_sums_up_in_every_window(amounts: list[float]) -> None:
    rain = gauge(amounts)

    for hours in WINDOWS_H:
        total = rain.total(DAY * FIVE_MS, hours)
        assert total.mm == pytest.approx(sum(amounts[-12 * hours :]))
        assert total.whole


@given(st.lists(st.floats(0, 20), min_size=DAY, max_size=DAY))
def test_a_longer_window_never_holds_less(amounts: list[float]) -> None:
    sums = [total.mm or 0.0 for total in gauge(amounts).totals(DAY * FIVE_MS)]

    assert all(a <= b + 1e-9 for a, b in pairwise(sums))


@given(st.permutations(range(1, 25)), st.integers(1, 24))
def test_order_and_repetition_of_messages_change_nothing(order: list[int], twice: int) -> None:
    inorder = gauge([float(i) for i in range(1, 25)])
    shuffled = gauge({i: float(i) for i in order})

    assert not shuffled.add((twice - 1) * FIVE_MS, twice * FIVE_MS, float(twice))
    assert shuffled == inorder


def test_a_gap_makes_the_sum_at_least_and_never_zero() -> None:
    rain = gauge({1: 2.0, 2: 2.0, 12: 3.0})

    assert rain.total(12 * FIVE_MS, 1) == RainSum(1, 7.0, 0.25)
    assert not rain.total(12 * FIVE_MS, 1).whole


def test_a_window_without_any_message_has_no_sum() -> None:
    rain = gauge([1.0, 0.0])

    assert rain.total(3 * HOUR_MS, 1) == RainSum(1, None, 0.0)
    assert Rain(0).total(0, 24) == RainSum(24, None, 0.0)


def test_measured_dryness_is_zero() -> None:
    assert gauge([0.0] * 12).total(12 * FIVE_MS, 1) == RainSum(1, 0.0, 1.0)


def test_a_late_message_closes_its_gap() -> None:
    rain = gauge({1: 1.0, 3: 1.0})
    late = rain.add(FIVE_MS, 2 * FIVE_MS, 5.0)

    assert late
    assert rain.total(3 * FIVE_MS, 1) == RainSum(1, 7.0, 0.25)


def test_stations_that_are_seconds_late_leave_no_gaps() -> None:
    rain = Rain(FIVE_MS // 2)
    for i in range(14):
        late = 7000 * (i % 3)
        rain.add((i - 1) * FIVE_MS + late, i * FIVE_MS + late, 1.0)

    assert rain.total(13 * FIVE_MS, 1) == RainSum(1, pytest.approx(12.0, abs=0.1), pytest.approx(1.0))


def test_a_span_cut_by_the_window_counts_by_its_share() -> None:
    rain = Rain(0)
    rain.add(0, 2 * HOUR_MS, 10.0)

    assert rain.total(2 * HOUR_MS, 1) == RainSum(1, 5.0, 1.0)


@pytest.mark.parametrize(
    ("start", "end", "mm"), [pytest.param(0, 1, -0.2, id="negative"), pytest.param(1, 1, 0.2, id="no time")]
)
def test_what_cannot_fall_is_refused(start: int, end: int, mm: float) -> None:
    with pytest.raises(ValueError, match="mm of rain"):
        Rain(0).add(start, end, mm)


def test_a_day_is_kept_and_no_more() -> None:
    rain = gauge([1.0] * 1000)

    assert len(rain.ends) == DAY
    assert not rain.add(0, FIVE_MS, 1.0)
    assert pickle.loads(pickle.dumps(rain)) == rain


def sums(by_hours: dict[int, float | None], measured: float = 1.0) -> list[RainSum]:
    return [RainSum(hours, mm, measured if mm is not None else 0.0) for hours, mm in by_hours.items()]


@pytest.mark.parametrize(
    ("totals", "level", "sure"),
    [
        pytest.param(sums({3: 20, 12: 49.9, 24: 99.9}), None, True, id="below all"),
        pytest.param(sums({3: 20, 12: 50, 24: 60}), 1, True, id="50 mm in 12 h reach level 1"),
        pytest.param(sums({3: 20, 12: 40, 24: 100}), 1, True, id="100 mm in 24 h reach level 1"),
        pytest.param(sums({3: 20, 12: 90, 24: 200}), 1, True, id="200 mm are not over 200"),
        pytest.param(sums({3: 20, 12: 90, 24: 200.2}), 2, True, id="over 200 mm"),
        pytest.param(sums({3: 100.2, 12: 101, 24: 101}), 3, True, id="the highest counts"),
        pytest.param(sums({3: 20, 12: 20, 24: 20}, 0.9), None, False, id="gaps may hide a band: unknown"),
        pytest.param(sums({3: 5, 12: 60, 24: 60}, 0.9), 1, False, id="proved, and perhaps more"),
        pytest.param(sums({3: 120, 12: 120, 24: 120}, 0.5), 3, True, id="gaps cannot take back the highest"),
        pytest.param(sums({3: None, 12: None, 24: None}), None, False, id="nothing measured: unknown"),
        pytest.param([], None, False, id="no sums: unknown"),
    ],
)
def test_gaps_prove_a_band_but_never_its_absence(
    totals: list[RainSum], level: int | None, *, sure: bool
) -> None:
    risk = rain_risk(totals, BANDS)

    assert (risk.band.level if risk.band else None, risk.sure) == (level, sure)
    assert (risk.total is None) == (risk.band is None)


def test_a_commune_without_bands_has_no_risk_and_no_doubt() -> None:
    assert rain_risk(sums({24: 500}), ()) == RainRisk(None, None, sure=True)


@pytest.mark.parametrize(
    ("total", "vi", "en"),
    [
        pytest.param(RainSum(24, 312.4, 1.0), "mưa 24 giờ: 312,4 mm", "rain in 24 h: 312.4 mm", id="whole"),
        pytest.param(
            RainSum(3, 80.0, 0.7),
            "mưa 3 giờ: ít nhất 80,0 mm",
            "rain in 3 h: at least 80.0 mm",
            id="with gaps",
        ),
        pytest.param(
            RainSum(1, None, 0.0), "mưa 1 giờ: không có số liệu", "rain in 1 h: no data", id="nothing"
        ),
    ],
)
def test_rain_in_words(total: RainSum, vi: str, en: str) -> None:
    assert sentence(total) == (vi, en)
