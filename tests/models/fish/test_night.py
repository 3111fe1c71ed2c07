"""Oxygen before dawn on a time line, and the sun."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from models.envelope.period import HOUR_MS
from models.envelope.recent import Recent
from models.fish.night import Dawn, NightBand, NightHabit, crossing, dawn
from models.fish.sun import next_sunrise, sunrise

HUE = (16.53, 107.52)
HABIT = NightHabit(*HUE, 3 * HOUR_MS, [NightBand(4, 1.0, -0.5, 0.5), NightBand(8, 0.5, -1.0, 1.0)])
# Local times of the almanac; UTC+7.
SUNRISES = {
    "Huế, midsummer": (HUE, (2026, 6, 21), (5, 15)),
    "Huế, midwinter": (HUE, (2026, 12, 21), (6, 15)),
    "Hà Nội, March": ((21.03, 105.85), (2026, 3, 20), (6, 1)),
    "Cà Mau, midsummer": ((9.18, 105.15), (2026, 6, 21), (5, 40)),
}


@pytest.mark.parametrize(("place", "day", "clock"), SUNRISES.values(), ids=SUNRISES.keys())
def test_the_sun_rises_within_four_minutes_of_the_almanac(
    place: tuple[float, float], day: tuple[int, int, int], clock: tuple[int, int]
) -> None:
    evening = datetime(*day, tzinfo=UTC) - timedelta(hours=12)
    rise = next_sunrise(evening, *place)

    assert rise is not None
    local = datetime(*day, *clock, tzinfo=UTC) - timedelta(hours=7)
    assert abs(rise - local) <= timedelta(minutes=4)


def test_beyond_the_polar_circle_there_is_a_day_without_sunrise() -> None:
    assert sunrise(datetime(2026, 12, 21, tzinfo=UTC), 80, 20) is None


def night(fall: float, until_h: float, first: float = 6.0) -> Recent:
    """Readings of three hours that end `until_h` before a sunrise of Huế, falling by `fall` an hour."""
    rise = next_sunrise(datetime(2026, 4, 10, 12, tzinfo=UTC), *HUE)
    assert rise is not None
    end = round(rise.timestamp() * 1000) - round(until_h * HOUR_MS)
    recent = Recent(3 * HOUR_MS)
    for i in range(37):
        recent.add(end - (36 - i) * HOUR_MS // 12, first - fall * i / 12)
    return recent


def test_the_fall_goes_on_to_sunrise_by_the_share_that_comes_true() -> None:
    near, far = dawn(night(0.5, 4), HABIT), dawn(night(0.5, 8), HABIT)

    assert near is not None
    assert far is not None
    assert [round(one, 2) for one in near[1:]] == [0.5, 2.5, 2.0, 3.0]
    assert [round(one, 2) for one in far[1:]] == [0.5, 2.5, 1.5, 3.5]


def test_by_day_nothing_is_said_of_the_next_dawn() -> None:
    assert dawn(night(0.5, 15), HABIT) is None


def test_water_holds_no_less_than_nothing() -> None:
    coming = dawn(night(1.5, 4), HABIT)

    assert coming is not None
    assert (coming.likely, coming.low) == (0.0, 0.0)


COMING = Dawn(8 * HOUR_MS, 0.5, 2.0, 1.0, 3.0)
CROSSINGS = {
    "likely and earliest, perhaps not": (2.5, (round(8 * HOUR_MS * 3.5 / 5), 7 * HOUR_MS, None)),
    "at the earliest only": (1.5, (round(8 * HOUR_MS * 4.5 / 5), None, None)),
    "surely": (3.0, (round(8 * HOUR_MS * 3 / 5), 6 * HOUR_MS, 8 * HOUR_MS)),
    "not this night": (0.5, None),
    "already": (6.0, None),
}


@pytest.mark.parametrize(("limit", "expected"), CROSSINGS.values(), ids=CROSSINGS.keys())
def test_when_a_limit_is_reached(limit: float, expected: tuple[int, int | None, int | None] | None) -> None:
    found = crossing(0, 6.0, limit, COMING)

    assert (None if found is None else tuple(found)) == expected
