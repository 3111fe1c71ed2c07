"""Time is the reading's, not the arrival's: the table of section 1 of issue 13, row by row."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from infra.lab.measure.arrivals import HOUR, MINUTE, SECOND, T0, Arrival, in_time, played, same
from models.commune.configuration import Commune
from models.envelope.reading import Flag
from tests.models.lateness.tales import (
    AIR,
    CAGE,
    GAUGE,
    T,
    about,
    at_once,
    behind,
    changed,
    series,
    stamped,
    with_station,
)
from tests.models.lateness.tales import only as only_stations


def dust(minutes: float) -> float:
    """PM2.5 that moves as it does, between 36 and 60 ug/m3."""
    return round(48 + 12 * math.sin(minutes / 37) + (minutes * 7 % 11) / 10, 2)


def test_36_readings_of_three_hours_in_one_batch_make_three_means_and_two_indices() -> None:
    found = played(at_once(series(AIR, "pm25", dust), T + 3 * HOUR + SECOND), end_ms=T + 4 * HOUR)

    assert list(found.values("pm25_1h")) == [T + HOUR, T + 2 * HOUR, T + 3 * HOUR]
    assert list(found.values("vn_aqi")) == [T + 2 * HOUR, T + 3 * HOUR]


@pytest.mark.parametrize(
    "late",
    [lambda _i: 20 * MINUTE, lambda i: (6 + i * 5 % 10) * MINUTE, lambda i: (i * 37 % 120) * MINUTE],
    ids=["20 minutes behind, all day", "6 to 15 minutes behind", "up to two hours, in any order"],
)
def test_a_sensor_that_is_behind_has_every_mean_as_in_time(late: Callable[[int], int]) -> None:
    told = series(AIR, "pm25", dust, start=T0, hours=24)
    on_time = played(in_time(told))

    found = played([Arrival(one.at_ms + late(i), one) for i, one in enumerate(told)])

    assert len(on_time.values("pm25_1h")) == 24
    assert same(found, on_time) == []


def test_thirty_late_readings_after_three_hours_without_link_are_two_changes() -> None:
    told = series(GAUGE, "river_level", 1.0, start=T - HOUR, hours=7)
    lost = [one for one in told if T < one.at_ms <= T + 3 * HOUR]
    came = [arrival for arrival in in_time(told) if arrival.told not in lost]
    came += at_once(lost[-30:], T + 3 * HOUR + 2 * MINUTE, gap_ms=500)

    found = played(came, commune=_gauge_of_level(), step_ms=2 * SECOND, end_ms=T + 6 * HOUR)

    assert about(found, GAUGE) == [("silent", "raise", 1), ("silent", "clear", 0)]


def test_a_clock_that_is_65_minutes_slow_for_a_day_is_one_message() -> None:
    told = stamped(series(GAUGE, "river_level", 1.0, hours=24), -65 * MINUTE)

    found = played(in_time(told), commune=_gauge_of_level(), end_ms=T + 24 * HOUR)

    assert about(found, GAUGE) == [("clock", "raise", 1)]
    assert found.values("clock_offset") == pytest.approx(
        {next(iter(found.values("clock_offset"))): 3901}, abs=2
    )


def _gauge_of_level() -> Commune:
    own = only_stations(GAUGE)
    (station,) = own.stations
    return changed(own, stations=[changed(station, parameters=station.parameters[:1])])  # type: ignore[no-any-return]


def _rain(minutes: float) -> float:
    return 12.0 if 0 < minutes <= 120 else 5.0 if minutes <= 300 else 0.0


def test_heavy_rain_a_gauge_that_is_away_for_three_hours_and_a_burst_change_nothing() -> None:
    rain = series(GAUGE, "rain", _rain, start=T, hours=12)
    river = series(GAUGE, "river_level", lambda m: 2.0 + min(m, 120) / 60, start=T, hours=12)
    away = T + 3 * HOUR, T + 6 * HOUR
    came = in_time(rain)
    came += [
        Arrival(away[1] + 1 if away[0] < one.at_ms < away[1] else one.at_ms + 1000, one) for one in river
    ]

    found = played(came, commune=only_stations(GAUGE), end_ms=T + 12 * HOUR)

    assert [(step.at_ms, step.level) for step in found.memory.places["bo-phu-oc"].steps][-1][1] == 2
    # The gauge's silence lowers nothing, and its burst ends nothing.
    assert [verb for verb, _ in found.told("witness")] == ["raise", "worse"]
    assert found.told("river-phu-oc") == [("raise", 1), ("worse", 2)]


def test_a_gauge_whose_clock_is_40_minutes_slow_and_rain_are_two_witnesses() -> None:
    rain = series(GAUGE, "rain", 12.0, start=T, hours=5)
    river = stamped(
        series(GAUGE, "river_level", lambda m: min(2.0 + m / 100, 4.2), start=T, hours=5), -40 * MINUTE
    )

    found = played(in_time([*rain, *river]), commune=only_stations(GAUGE), end_ms=T + 5 * HOUR)

    assert found.told("witness")[-1][1] == 2
    assert [(rule, verb) for rule, verb, _ in about(found, GAUGE) if rule in ("clock", "silent")] == [
        ("clock", "raise")
    ]


@pytest.mark.parametrize("every", [20 * SECOND, MINUTE, 5 * MINUTE], ids=["20 s", "a minute", "5 minutes"])
def test_a_gauge_that_is_always_late_is_told_at_its_flood_however_often_it_sends(every: int) -> None:
    told = stamped(
        series(GAUGE, "river_level", lambda m: min(2.0 + m / 60, 4.8), start=T, hours=5, every=every),
        -40 * MINUTE,
    )

    found = played(in_time(told), commune=only_stations(GAUGE), step_ms=20 * SECOND, end_ms=T + 5 * HOUR)

    assert found.told("river-phu-oc")[-1][1] == 3
    assert found.told("witness")[-1][1] == 2


def test_a_clock_that_is_six_minutes_fast_is_told_and_shown_and_its_flood_judged() -> None:
    told = stamped(series(GAUGE, "river_level", 4.9, hours=2), 6 * MINUTE)

    found = played(behind(told, 0), commune=_gauge_of_level(), end_ms=T + 2 * HOUR)

    assert not found.refused
    assert found.told("clock") == [("raise", 1)]
    assert found.told("river-phu-oc") == [("raise", 3)]
    assert list(found.values("clock_offset").values()) == [-360.0]


def test_a_clock_that_is_seven_hours_ahead_is_named_as_such_and_judged() -> None:
    told = stamped(series(GAUGE, "river_level", 4.9, hours=2), 7 * HOUR)

    found = played(behind(told, 0), commune=_gauge_of_level(), end_ms=T + 2 * HOUR)

    assert not found.refused
    (clock,) = [one for one in found.rung if one.rule == "clock"]
    assert "clock_offset_s: 25200" in clock.evidence[0].vi
    assert found.told("river-phu-oc") == [("raise", 3)]


def test_a_clock_that_the_commune_corrects_is_right() -> None:
    true = series(GAUGE, "river_level", lambda m: 1.0 + m / 30, hours=2)
    commune = with_station(GAUGE, clock_offset_s=25_200)

    found = played(in_time(stamped(true, 7 * HOUR)), commune=commune)

    assert same(found, played(in_time(true))) == []
    assert found.told("clock") == []


def test_a_clock_that_steps_back_by_an_hour_loses_nothing_and_is_named() -> None:
    told = series(AIR, "pm25", dust, start=T0, hours=34)
    # From hour 20 on it says an hour less, two minutes beside what it had said then.
    own = [
        one if one.at_ms <= T0 + 20 * HOUR else one._replace(stamp_ms=one.at_ms - HOUR + 120_000)
        for one in told
    ]

    found = played(in_time(own), commune=only_stations(AIR), end_ms=T0 + 36 * HOUR)

    assert found.observations == len(told)
    assert not found.refused
    # An hour was written twice, so its last is the one before: all the hours that the clock named.
    assert len(found.values("pm25_1h")) == 33
    assert ("clock", "raise", 1) in about(found, AIR)


@pytest.mark.parametrize(
    ("every", "mm", "sum_mm"),
    [(MINUTE, 1.0, 180.0), (10 * SECOND, 0.2, 216.0)],
    ids=["each minute", "every ten seconds"],
)
def test_rain_that_is_sent_more_often_than_announced_is_all_counted(
    every: int, mm: float, sum_mm: float
) -> None:
    told = series(GAUGE, "rain", mm, every=every)

    found = played(in_time(told), end_ms=T + 4 * HOUR)

    assert found.values("rain_3h")[T + 3 * HOUR] == pytest.approx(sum_mm, rel=0.002)


def test_nine_readings_within_90_seconds_are_no_mean_of_an_hour() -> None:
    told = series(AIR, "pm25", 301.0, start=T + 20 * MINUTE, hours=0.025, every=10 * SECOND)

    found = played(in_time(told), end_ms=T + 5 * HOUR)

    assert len(told) == 9
    assert found.values("pm25_1h") == {}
    assert found.told("pm25-hourly") == []


def test_pm25_every_ten_seconds_from_a_sensor_announced_as_300_is_as_announced() -> None:
    # A value lasts 300 s in the instrument: of ten-second readings thirty are alike.
    often = series(AIR, "pm25", lambda m: dust(m // 5), hours=3, every=10 * SECOND)
    seldom = series(AIR, "pm25", lambda m: dust(m // 5), hours=3)

    found, known = (played(in_time(one), end_ms=T + 4 * HOUR) for one in (often, seldom))

    assert {observation.flag for each in found.judged for observation in each.observations} == {Flag.GOOD}
    for end_ms, mean in known.values("pm25_1h").items():
        assert found.values("pm25_1h")[end_ms] == pytest.approx(mean, abs=0.6)


def test_a_reading_thirty_hours_late_is_refused_and_kept_for_a_replay() -> None:
    found = played([Arrival(T + 30 * HOUR, one) for one in series(CAGE, "ph", 7.0, hours=0.1)])

    assert found.refused == ["too_late"]
    assert [each.payload for judged in found.judged for each in judged.rejected if each.payload]


def test_a_new_logger_whose_first_message_is_a_backlog_of_four_hours_is_heard_for_the_first_time() -> None:
    told = series(GAUGE, "river_level", 1.0, start=T - 4 * HOUR, hours=4)
    commune = _gauge_of_level()

    found = played(
        [Arrival(T - 3 * HOUR, T_STRANGER), *at_once(told, T + MINUTE)],
        commune=commune,
        end_ms=T + 10 * MINUTE,
    )

    ended = [change for change in found.changes if change.rule == "silent" and change.level == 0]
    assert [one.value for one in ended] == [0.0]
    assert "-" not in "".join(str(one.value) for one in ended)


T_STRANGER = series("nobody", "ph", 7.0, start=T - 4 * HOUR, hours=0.1)[0]
"""Wakes the world before the station speaks."""
