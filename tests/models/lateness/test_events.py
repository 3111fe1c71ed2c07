"""One event, one message: section 4 of issue 13 as lists of what the control room hears of stations, links and outages."""

from __future__ import annotations

import math

import pytest

from infra.lab.measure.arrivals import HOUR, MINUTE, Arrival, Told, World, beats, in_time, played
from models.commune.configuration import Commune, Parameter, Station
from tests.models.lateness.tales import CAGE, GAUGE, T, changed, only, series, with_rule

CODES = [f"p{i}" for i in range(8)]


def commune_of(stations: int, codes: list[str]) -> Commune:
    """Stations that measure the same, every five minutes, missed after half an hour; no rules."""
    own = [Parameter(code, "1", -1e9, 1e9, 300, 1800) for code in codes]
    return Commune([], [], [Station(f"tram-{i}", f"Trạm {i}", [], own) for i in range(stations)], [], [])


def measured(commune: Commune, hours: float, start: int = T) -> list[Told]:
    """What all of them measure."""
    return [
        one
        for place, station in enumerate(commune.stations)
        for each in station.parameters
        for one in series(station.id, each.code, math.sin, start=start + place * 1000, hours=hours)
    ]


def without(told: list[Told], from_ms: int, to_ms: int) -> list[Told]:
    """Nothing of these hours is ever sent."""
    return [one for one in told if not from_ms < one.at_ms <= to_ms]


def test_a_station_of_eight_parameters_that_is_silent_for_two_hours_is_one_and_one() -> None:
    commune = commune_of(1, CODES)
    told = without(measured(commune, 6), T + HOUR, T + 3 * HOUR)

    found = played(in_time(told), commune=commune, end_ms=T + 6 * HOUR)

    assert found.told() == [("raise", 1), ("clear", 0)]
    assert sorted(found.rung[0].parameters) == CODES


def test_all_stations_silent_is_one_outage() -> None:
    commune = commune_of(5, CODES[:3])
    told = without(measured(commune, 8), T + HOUR, T + 3 * HOUR)

    found = played(in_time(told), commune=commune, end_ms=T + 8 * HOUR)
    outages = [(one.rule, str(one.change), one.station) for one in found.rung if one.rule == "outage"]

    assert outages == [("outage", "raise", "platform"), ("outage", "clear", "platform")]
    first = next(i for i, change in enumerate(found.changes) if change.rule == "outage")
    assert all(change.rule != "silent" for change in found.changes[:first])
    assert found.changes[first].parameters == sorted(station.id for station in commune.stations)


def test_forty_stations_after_an_outage_of_ours_are_one_event_and_no_silence() -> None:
    commune = commune_of(40, CODES[:2])
    told, away = measured(commune, 5), (T + HOUR, T + 3 * HOUR)
    came = [Arrival(away[1] + 1 if away[0] < one.at_ms <= away[1] else one.at_ms + 1000, one) for one in told]
    came += [beat for beat in beats(T, T + 5 * HOUR) if not away[0] <= beat.came_ms < away[1]]

    found = played(came, commune=commune, beating=False, end_ms=T + 5 * HOUR)

    assert [change for change in found.changes if change.rule == "silent"] == []
    # Two ways carry readings, the bridge and the intake: each was away.
    assert [(one.parameter, str(one.change)) for one in found.rung] == [
        ("bridge", "raise"),
        ("intake", "raise"),
        ("bridge", "clear"),
        ("intake", "clear"),
    ]


def test_a_flow_that_was_away_makes_nobody_silent() -> None:
    commune = commune_of(5, CODES[:2])

    found = played(
        in_time(measured(commune, 6)), commune=commune, away=[(T + HOUR, T + 4 * HOUR)], end_ms=T + 6 * HOUR
    )

    assert found.rung == []


def river(found: World) -> list[tuple[str, int]]:
    return found.told("river-phu-oc")


def test_a_river_that_swings_around_its_limit_for_a_day_is_a_raise_and_at_most_one_clear() -> None:
    own = only(GAUGE)
    rules = [rule for rule in with_rule("river-phu-oc", clear_hold_s=7200).rules if rule.stations == [GAUGE]]
    # 1.1 m to 1.7 m and back each hour: below the limit of clearing half of the time.
    told = series(
        GAUGE, "river_level", lambda m: round(1.4 + 0.3 * math.sin(m / 60 * 2 * math.pi), 3), hours=24
    )

    found = played(in_time(told), commune=changed(own, rules=rules), end_ms=T + 24 * HOUR)

    assert river(found) == [("raise", 1)]


def test_the_swinging_river_is_cleared_once_when_it_has_lasted() -> None:
    own = only(GAUGE)
    rules = [rule for rule in with_rule("river-phu-oc", clear_hold_s=7200).rules if rule.stations == [GAUGE]]
    swing = series(
        GAUGE, "river_level", lambda m: round(1.4 + 0.3 * math.sin(m / 60 * 2 * math.pi), 3), hours=12
    )
    calm = series(GAUGE, "river_level", lambda m: 1.1 + m % 4 / 1000, start=T + 12 * HOUR, hours=6)

    found = played(in_time([*swing, *calm]), commune=changed(own, rules=rules), end_ms=T + 18 * HOUR)

    assert river(found) == [("raise", 1), ("clear", 0)]


def test_a_reading_each_40_minutes_of_a_sensor_missed_after_30_is_told_back_once_and_then_held() -> None:
    commune = commune_of(1, CODES[:1])
    told = series("tram-0", "p0", math.sin, hours=72, every=40 * MINUTE)

    found = played(in_time(told), commune=commune, end_ms=T + 72 * HOUR)

    assert found.told() == [("raise", 1), ("clear", 0), ("raise", 1)]


@pytest.mark.parametrize("hours", [3, 20])
def test_a_station_that_is_silent_long_is_told_once_while_it_lasts(hours: float) -> None:
    commune = commune_of(1, CODES[:2])

    found = played(in_time(measured(commune, 2)), commune=commune, end_ms=T + round((2 + hours) * HOUR))

    assert found.told() == [("raise", 1)]


def test_the_silence_of_one_cage_names_its_parameters() -> None:
    told = [
        one
        for code, value in (
            ("dissolved_oxygen", 5.0),
            ("water_temperature", 27.0),
            ("ph", 7.0),
            ("turbidity", 30.0),
        )
        for one in series(CAGE, code, lambda m, value=value: value + m % 7 / 50, hours=2)  # type: ignore[misc]
    ]

    found = played(in_time(told), commune=only(CAGE), end_ms=T + 4 * HOUR)

    (silent,) = found.rung
    assert sorted(silent.parameters) == ["dissolved_oxygen", "ph", "turbidity", "water_temperature"]
