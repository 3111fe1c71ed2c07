"""Blind is not safe: what cannot be true never gives the all-clear. The table of section 3 of issue 13, row by row."""

from __future__ import annotations

import pytest

from infra.lab.measure.arrivals import HOUR, MINUTE, SECOND, Told, in_time, played
from models.commune.configuration import Commune
from tests.models.lateness.tales import GAUGE, T, about, at_once, listed, only, series, with_rule


def gauge_alone(**rule: object) -> Commune:
    """The example with its gauge as the only station; its rule may be changed."""
    from tests.models.lateness.tales import changed

    own = only(GAUGE)
    rules = [one for one in with_rule("river-phu-oc", **rule).rules if one.stations == [GAUGE]]
    return changed(own, rules=rules)  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    "broken", [0.046, 0.0, -0.99], ids=["a broken loop", "zero", "the lowest of the instrument"]
)
def test_a_river_at_4_6_whose_gauge_breaks_is_told_untrusted_and_its_alarm_stands(broken: float) -> None:
    told = listed(GAUGE, "river_level", [4.6, 4.6, 4.61, *[broken] * 6])

    found = played(in_time(told), commune=gauge_alone(), end_ms=T + HOUR)

    assert found.told("river-phu-oc") == [("raise", 3)]
    assert found.told("untrusted") == [("raise", 1)]
    assert ("clear", 0) not in found.told("witness")
    assert found.memory.places["bo-phu-oc"].reached == 2


def test_one_zero_among_readings_of_a_flood_is_one_raise_at_the_witnesses() -> None:
    told = listed(GAUGE, "river_level", [4.6, 4.6, 4.6, 0.0, 4.6, 4.6, 4.6])

    found = played(in_time(told), commune=gauge_alone(), end_ms=T + HOUR)

    assert found.told("witness") == [("raise", 2)]
    assert found.told("river-phu-oc") == [("raise", 3)]


def test_a_river_that_swings_by_1_5_cm_around_3_m_for_two_hours_is_one_raise_at_the_witnesses() -> None:
    swing = [3.0 + (0.015 if i % 3 else -0.015) for i in range(24)]

    found = played(in_time(listed(GAUGE, "river_level", swing)), commune=gauge_alone(), end_ms=T + 2 * HOUR)

    assert found.told("witness") in ([("raise", 1)], [])
    assert len(found.told("river-phu-oc")) <= 2


def test_a_river_that_stays_at_3_m_with_noise_is_one_raise_at_the_witnesses() -> None:
    # As above, after it had stood above the limit for long enough.
    swing = [3.01, 3.01, 3.01, *(3.0 + (0.015 if i % 2 else -0.015) for i in range(21))]

    found = played(in_time(listed(GAUGE, "river_level", swing)), commune=gauge_alone(), end_ms=T + 2 * HOUR)

    assert found.told("witness") == [("raise", 1)]
    assert found.told("river-phu-oc") in ([("raise", 2)], [("raise", 1), ("worse", 2)])


def test_the_same_value_and_number_with_a_fresh_time_are_told_as_dead_within_hours() -> None:
    told = [one._replace(seq=77) for one in series(GAUGE, "river_level", 1.0, hours=24)]

    found = played(in_time(told), commune=gauge_alone(), end_ms=T + 24 * HOUR)

    (dead,) = [one for one in found.rung if one.rule == "untrusted"]
    assert dead.at.timestamp() * 1000 <= T + 4 * HOUR
    assert {verdict.test for each in found.judged for verdict in each.verdicts} >= {"dead"}


def test_a_station_without_a_counter_is_not_told_dead() -> None:
    told = [one._replace(seq=0) for one in series(GAUGE, "river_level", 1.0, hours=24)]

    found = played(in_time(told), commune=gauge_alone(), end_ms=T + 24 * HOUR)

    assert "dead" not in {verdict.test for each in found.judged for verdict in each.verdicts}


@pytest.mark.parametrize("gap_ms", [0, 500], ids=["in one batch", "two a second"])
def test_a_flood_of_ten_hours_ago_in_a_backlog_of_twenty_hours_is_recorded_and_rings_nobody(
    gap_ms: int,
) -> None:
    def level(minutes: float) -> float:
        return round(
            4.8 if 480 <= minutes <= 600 else 1.0 + min(abs(minutes - 470), abs(minutes - 610), 10) * 0, 2
        )

    told = series(GAUGE, "river_level", level, start=T - 20 * HOUR, hours=20)
    rising = [_ramp(one) for one in told]

    found = played(
        at_once(rising, T + MINUTE, gap_ms=gap_ms), commune=gauge_alone(), step_ms=5 * SECOND, end_ms=T + HOUR
    )

    assert [one for one in found.rung if one.rule in ("river-phu-oc", "witness")] == []
    recorded = [
        (str(change.change), change.level) for change in found.changes if change.rule == "river-phu-oc"
    ]
    assert ("raise", 3) in recorded or ("worse", 3) in recorded
    assert recorded[-1] == ("clear", 0)
    assert all(
        change.over and change.late_s > 3 * 3600 for change in found.changes if change.rule == "river-phu-oc"
    )


def _ramp(told: Told) -> Told:
    """A rise of an hour and a fall of four around the flood: a gauge that jumps by 3.8 m is not believed."""
    minutes = (told.at_ms - (T - 20 * HOUR)) / MINUTE
    edge = max(0.0, 1 - max((480 - minutes) / 60, (minutes - 600) / 240, 0))
    return told._replace(value=round(1.0 + 3.8 * edge + (told.at_ms // MINUTE % 3) / 1000, 3))


def test_a_gauge_above_its_highest_level_is_an_alarm_without_a_second_witness() -> None:
    told = listed(GAUGE, "river_level", [4.7 + i / 100 for i in range(6)])

    found = played(in_time(told), commune=gauge_alone(), end_ms=T + HOUR)

    assert found.told("witness") == [("raise", 2)]


def test_who_falls_silent_gives_no_all_clear() -> None:
    told = listed(GAUGE, "river_level", [4.6] * 6)

    found = played(in_time(told), commune=gauge_alone(), end_ms=T + 20 * HOUR)

    assert found.told("river-phu-oc") == [("raise", 3)]
    assert ("clear", 0) not in found.told("witness")
    assert ("silent", "raise", 1) in about(found, GAUGE)
