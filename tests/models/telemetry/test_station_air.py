"""A station's air on a time line: the index of each hour and day, from the flow's own judgement."""

from __future__ import annotations

from random import Random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.alerting.alert import Change, Kind
from models.commune.configuration import Commune, Direction, Level, Parameter, Rule, Station
from models.envelope.period import HOUR_MS
from models.telemetry.batch import Derived
from models.telemetry.judge import judge
from models.telemetry.plan import plan
from models.telemetry.sensor import Shard
from tests.builders import at, batch, payload

MIDNIGHT_MS = 1_790_010_000_000 // (24 * HOUR_MS) * 24 * HOUR_MS - 7 * HOUR_MS
"""A midnight of Vietnam."""
AIR = {"pm25": "ug/m3", "pm10": "ug/m3", "o3": "ppb", "no2": "ug/m3"}


def air(**units: str) -> Commune:
    """A station with instruments for air that send every ten minutes."""
    parameters = [Parameter(code, unit, 0, 1000, 600, 7200) for code, unit in (units or AIR).items()]
    return Commune([], [], [Station("phu-oc", "Phú Ốc", [], parameters)], [], [])


def hour(code: str, number: int, value: float, unit: str = "") -> list[tuple[int, bytes]]:
    """Six readings of the hour `number` after midnight, with their times (ms)."""
    return [
        (ms, payload(value, parameter=code, unit=unit or AIR[code], at=at(ms)))
        for ms in (MIDNIGHT_MS + number * HOUR_MS + i * 600_000 for i in range(1, 7))
    ]


def told(
    records: list[tuple[int, bytes]], tick_h: float, own: Commune | None = None
) -> dict[tuple[str, float], float]:
    """(code, hours after midnight) -> value, when each record comes at its time and then it is `tick_h` o'clock."""
    one = batch([payload for _, payload in records])
    tick_ms = MIDNIGHT_MS + round(tick_h * HOUR_MS)
    one = msgspec.structs.replace(one, stamps_ms=[ms for ms, _ in records], tick_ms=tick_ms)
    shard: Shard = {}
    found: list[Derived] = judge(plan(own or air()), shard, one).derived
    found = [derived for derived in found if not derived.parameter.startswith("trust_")]
    return {
        (derived.parameter, (derived.at.timestamp() * 1000 - MIDNIGHT_MS) / HOUR_MS): derived.value
        for derived in found
    }


def test_an_hour_is_told_five_minutes_after_its_end() -> None:
    two = [*hour("pm25", 0, 37.5), *hour("pm25", 1, 37.5)]

    assert told(two, 2.0) == {}
    assert told(two, 2.1) == {("vn_aqi", 2): 75, ("vn_aqi_pm25", 2): 75}


def test_the_first_hour_alone_has_no_nowcast_and_so_no_index() -> None:
    assert told(hour("pm25", 0, 37.5), 1.1) == {}


def test_gases_count_beside_particles_in_their_own_unit() -> None:
    records = sorted(
        one for h in (0, 1) for code, value in (("pm25", 12.5), ("o3", 100.0)) for one in hour(code, h, value)
    )

    # 100 ppb of ozone are 196.3 ug/m3, between 160 (index 50) and 200 (index 100).
    assert told(records, 2.1) == {("vn_aqi", 2): 95, ("vn_aqi_pm25", 2): 25, ("vn_aqi_o3", 2): 95}


def test_gases_alone_have_no_index() -> None:
    assert told([*hour("no2", 0, 100.0), *hour("no2", 1, 100.0)], 2.1) == {}


@pytest.mark.parametrize(
    "second",
    [
        pytest.param(hour("pm25", 1, 5000.0), id="out of the physical range"),
        pytest.param(hour("pm25", 1, 37.5)[:4], id="half of the hour is missing"),
    ],
)
def test_an_hour_without_a_mean_counts_nowhere(second: list[tuple[int, bytes]]) -> None:
    assert told([*hour("pm25", 0, 37.5), *second], 2.1) == {}


def test_what_comes_after_its_hour_was_told_counts_all_the_same() -> None:
    records = [one for h in range(3) for one in hour("pm25", h, 37.5)]
    early = payload(900.0, parameter="pm25", unit="ug/m3", at=at(MIDNIGHT_MS + 30_000))
    in_time = [(MIDNIGHT_MS + 30_000, early), *records]

    late = told([*records, (MIDNIGHT_MS + 3 * HOUR_MS, early)], 3.1)

    assert late == told(in_time, 3.1) != told(records, 3.1)


def test_a_day_is_told_with_its_last_hour_and_with_what_was_over() -> None:
    found = told([one for h in range(24) for one in hour("pm25", h, 55.7)], 24.1)

    assert found["vn_aqi_day", 24] == found["vn_aqi_day_pm25", 24] == 110
    assert found["over_qcvn05_pm25_24h", 24] == pytest.approx(55.7)
    assert [key for key in found if key[0] == "vn_aqi_day"] == [("vn_aqi_day", 24)]


def test_a_day_of_half_its_hours_has_no_index() -> None:
    found = told([one for h in range(12, 24) for one in hour("pm25", h, 55.7)], 24.1)

    assert {code for code, _ in found} == {"vn_aqi", "vn_aqi_pm25"}


def test_after_a_week_of_silence_only_what_can_be_known_is_told() -> None:
    records = [one for h in (0, 1, 168, 169) for one in hour("pm25", h, 37.5)]

    hours = [one for code, one in told(records, 170.1) if code == "vn_aqi"]

    # The third hour has the two before it; the fourth only one of its newest three.
    assert hours == [170]


@given(st.randoms(use_true_random=False))
def test_the_order_of_arrival_before_an_hour_is_closed_changes_nothing(random: Random) -> None:
    """All of an hour arrive four minutes after its end."""
    records, shuffled = [], []
    for h in range(2):
        stamp = MIDNIGHT_MS + (h + 1) * HOUR_MS + 240_000
        own = [(stamp, one) for code in ("pm25", "o3") for _, one in hour(code, h, 20 + h * 30)]
        records += own
        shuffled += random.sample(own, len(own))

    assert told(shuffled, 2.1) == told(records, 2.1) != {}


def test_a_unit_that_is_no_concentration_gives_no_index() -> None:
    records = [one for h in (0, 1) for one in hour("pm25", h, 37.5, "ppb")]

    assert told(records, 2.1, air(pm25="ppb")) == {}


def test_a_rule_may_watch_the_index() -> None:
    own = air(pm25="ug/m3")
    levels = [Level(1, "kém", 101, 95)]
    bad = Rule("aqi", Kind.AIR, "vn_aqi", ["phu-oc"], Direction.ABOVE, levels)
    own = msgspec.structs.replace(own, rules=[bad])
    records = [*hour("pm25", 0, 300.0), *hour("pm25", 1, 300.0)]
    one = batch([payload for _, payload in records])
    stamps = [ms for ms, _ in records]
    one = msgspec.structs.replace(one, stamps_ms=stamps, tick_ms=MIDNIGHT_MS + round(2.1 * HOUR_MS))

    assert [(change.rule, change.change) for change in judge(plan(own), {}, one).changes] == [
        ("aqi", Change.RAISE)
    ]


def test_a_parameter_that_comes_hours_late_counts_into_the_indices_of_its_hours() -> None:
    early = [*hour("pm25", 0, 37.5), *hour("pm25", 1, 37.5)]
    late = [(MIDNIGHT_MS + 3 * HOUR_MS + i, payload) for i, (_, payload) in enumerate(hour("pm10", 1, 400.0))]
    next_hour = [(ms + 600_000, payload) for ms, payload in hour("pm25", 3, 37.5)]

    with_late = told([*early, *late, *next_hour], 4.3)
    in_time = told(sorted([*early, *hour("pm10", 1, 400.0), *next_hour]), 4.3)

    assert with_late == in_time
