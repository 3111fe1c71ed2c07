"""The tests of quality against vectors, and against ioos_qc on the same series."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.commune.configuration import Parameter
from models.envelope.reading import Flag
from models.quality import checks
from models.quality.settings import Flat, Quality, Rate, Spike

QUARTER_S = 900
FLAT = [1, 2, 2.0001, 2, 2.0001, 2, 2.0001, 2, 4, 5, 3, 3.0001, 3.0005, 3.00001]
"""The vector of ioos_qc's own documentation: 15 min, tolerance 0.01, suspect 3000 s, fail 4800 s."""


def flats(values: list[float], limits: Flat, interval_s: int = QUARTER_S) -> list[int]:
    times = [i * interval_s * 1000 for i in range(len(values))]
    return [int(checks.flat(times, values, i, interval_s, limits)) for i in range(len(values))]


def test_the_flat_line_is_that_of_the_documentation() -> None:
    found = flats(list(FLAT), Flat(0.01, 3000, 4800))

    assert found == [1, 1, 1, 1, 3, 3, 4, 4, 1, 1, 1, 1, 1, 3]


RANGES = {
    "below the instrument": (-0.1, Flag.FAIL),
    "its least": (0.0, Flag.SUSPECT),
    "usual": (3.0, Flag.GOOD),
    "the most that is usual": (4.0, Flag.GOOD),
    "more than usual": (4.5, Flag.SUSPECT),
    "its most": (5.0, Flag.SUSPECT),
    "beyond": (8.0, Flag.FAIL),
}


@pytest.mark.parametrize(("value", "flag"), RANGES.values(), ids=RANGES.keys())
def test_range(value: float, flag: Flag) -> None:
    usual = Quality("x", typical_low=1, typical_high=4)

    assert checks.gross_range(value, Parameter("x", "1", 0, 5, 60, 600), usual) is flag


def test_a_spike_is_unknown_until_the_next_value_comes() -> None:
    limits = Spike(1.0, 3.0)
    values = [1.0, 1.0, 9.0]

    assert checks.spike(values, 2, limits) is Flag.UNKNOWN
    assert checks.spike([*values, 1.0], 2, limits) is Flag.FAIL


def test_a_value_after_a_gap_is_suspect_and_the_next_is_not() -> None:
    times = [0, 900_000, 4_000_000, 4_900_000]

    assert [checks.gap(times, i, 1000) for i in range(4)] == [Flag.GOOD, Flag.GOOD, Flag.SUSPECT, Flag.GOOD]


# Tenths: ties with a limit must fall on the same side in both.
SERIES = st.lists(st.integers(-60, 60).map(lambda tenth: tenth / 10), min_size=3, max_size=60)


@settings(deadline=None)
@given(SERIES, st.sampled_from([60, 300, 900]))
def test_spike_rate_and_flat_line_are_those_of_ioos_qc(values: list[float], interval_s: int) -> None:
    qartod = pytest.importorskip("ioos_qc.qartod")
    seconds = [1_790_000_000 + i * interval_s for i in range(len(values))]
    times = [1000 * second for second in seconds]
    places = range(len(values))

    theirs = qartod.spike_test(values, suspect_threshold=1.0, fail_threshold=3.0)
    assert [int(checks.spike(values, i, Spike(1.0, 3.0))) for i in places] == list(theirs)

    suspect, fail = 3.6, 14.4  # an hour; 0.001 and 0.004 a second
    theirs = qartod.rate_of_change_test(values, seconds, suspect / 3600, fail / 3600)
    assert [int(checks.rate(times, values, i, Rate(suspect, fail))) for i in places] == list(theirs)

    window = Flat(2.05, 3 * interval_s, 6 * interval_s)
    theirs = qartod.flat_line_test(values, seconds, window.suspect_s, window.fail_s, window.tolerance)
    assert flats(values, window, interval_s) == list(theirs)


@settings(deadline=None)
@given(st.lists(st.integers(1, 40), min_size=2, max_size=40))
def test_gaps_stand_where_ioos_qc_has_them(minutes: list[int]) -> None:
    qartod = pytest.importorskip("ioos_qc.qartod")
    numpy = pytest.importorskip("numpy")
    times = [sum(minutes[: i + 1]) * 60_000 for i in range(len(minutes))]

    theirs = qartod.time_gap_test(numpy.array(times, dtype="datetime64[ms]"), fail_span=0.5)
    ours = [checks.gap(times, i, 1800) is not Flag.GOOD for i in range(len(times))]

    # Theirs gives the first reading the flag of the second.
    assert ours[1:] == [bool(one == Flag.FAIL) for one in theirs[1:]]


def test_a_window_shorter_than_the_interval_is_no_flat_line() -> None:
    assert flats([1.5, 1.5], Flat(0.005, 7200, 21600), interval_s=86400) == [1, 1]
