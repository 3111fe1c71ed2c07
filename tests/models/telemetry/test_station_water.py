"""A station's water, gauge and rain on a time line, from the flow's own judgement."""

from __future__ import annotations

import math
import pickle

import msgspec
import pytest

from models.air.humidity import dry
from models.alerting.alert import Change, Kind
from models.commune.configuration import Commune, Direction, Level, Parameter, Rule, Station
from models.river.arrival import Band, Habit
from models.river.configuration import Gauge
from models.river.release import Reservoir, Travel
from models.telemetry.batch import Judged
from models.telemetry.judge import judge
from models.telemetry.plan import plan
from models.telemetry.sensor import SensorState, Shard
from models.water.ammonia import Form, unionised
from tests.builders import at, batch, payload

START_MS = 1_790_010_000_000 // 3_600_000 * 3_600_000
STEP_MS = 600_000
HOUR = 6
"""Steps."""
UNITS = {
    "dissolved_oxygen": "mg/L",
    "water_temperature": "C",
    "ph": "pH",
    "tan_n": "mg/L",
    "nitrite_n": "mg/L",
    "river_level": "m",
    "rain": "mm",
    "pm25": "ug/m3",
    "humidity": "%",
}
RIVER = Rule(
    "river", Kind.RIVER, "river_level", ["phu-oc"], Direction.ABOVE, [Level(1, "BĐ1", 1.5, 1.3), Level(2, "BĐ2", 3, 2.8)]
)  # fmt: skip
HABIT = Habit((3_600_000,), 12 * 3_600_000, (Band(12 * 3_600_000, 0.5, 1.0, 2.0),), 1.0)
Said = tuple[int, str, float]
"""Step of ten minutes, parameter, value."""


def place(*rules: Rule) -> Commune:
    parameters = [
        Parameter(code, unit, -50, 5000, 600, 7200, kappa=0.4 if code == "pm25" else None)
        for code, unit in UNITS.items()
    ]
    own = Commune([], [], [Station("phu-oc", "Phú Ốc", [], parameters)], [RIVER, *rules], [])
    return msgspec.structs.replace(own, gauges=[Gauge("phu-oc", HABIT, merge_h=1)])


def run(said: list[Said], *rules: Rule, shard: Shard | None = None, tick: int | None = None) -> Judged:
    records = [
        payload(v, parameter=code, unit=UNITS[code], at=at(START_MS + s * STEP_MS)) for s, code, v in said
    ]
    one = batch(records)
    tick_ms = None if tick is None else START_MS + tick * STEP_MS
    stamps = [START_MS + s * STEP_MS for s, _, _ in said]
    one = msgspec.structs.replace(one, stamps_ms=stamps, tick_ms=tick_ms)
    return judge(plan(place(*rules)), {} if shard is None else shard, one)


def told(judged: Judged, code: str) -> list[float]:
    return [round(one.value, 3) for one in judged.derived if one.parameter == code]


def test_saturation_is_told_with_each_reading_that_has_a_companion() -> None:
    judged = run([(0, "dissolved_oxygen", 4.0), (1, "water_temperature", 30.0), (2, "dissolved_oxygen", 3.0)])

    assert told(judged, "oxygen_saturation") == [53.782, 40.337]


def test_a_temperature_of_two_hours_ago_says_nothing_of_this_water() -> None:
    assert not told(run([(0, "water_temperature", 30.0), (12, "dissolved_oxygen", 4.0)]), "oxygen_saturation")


def test_ammonia_is_reckoned_as_nh3_and_a_rule_may_watch_it() -> None:
    levels = [Level(1, "mức 1", 0.05, 0.03)]
    rule = Rule("nh3", Kind.FISH, "nh3", ["phu-oc"], Direction.ABOVE, levels)

    judged = run([(0, "ph", 8.5), (0, "water_temperature", 30.0), (0, "tan_n", 1.0)], rule)

    assert told(judged, "nh3") == [round(unionised(1.0, Form.TAN_AS_N, 30.0, 8.5), 3)] == [0.246]
    assert [(change.rule, change.change, change.parameter) for change in judged.changes] == [
        ("nh3", Change.RAISE, "nh3")
    ]


ORDERS = [
    ("ph", "water_temperature", "tan_n"),
    ("tan_n", "ph", "water_temperature"),
    ("water_temperature", "tan_n", "ph"),
]


@pytest.mark.parametrize("order", ORDERS, ids=lambda one: f"{one[0]} first")
def test_ammonia_is_that_of_one_sample_in_whichever_order_it_is_sent(order: tuple[str, ...]) -> None:
    before = {"ph": 7.0, "water_temperature": 30.0, "tan_n": 1.0}
    after = {"ph": 9.0, "water_temperature": 30.0, "tan_n": 1.0}

    judged = run([(0, code, before[code]) for code in order] + [(1, code, after[code]) for code in order])

    assert told(judged, "nh3")[-1] == round(unionised(1.0, Form.TAN_AS_N, 30.0, 9.0), 3)


def test_an_hour_that_was_told_is_not_told_again_of_what_came_late() -> None:
    hour = [(s, "dissolved_oxygen", 2.5) for s in range(1, HOUR + 1)]
    first = run(hour, tick=HOUR + 1)
    late = run(
        [*hour, *((s, "dissolved_oxygen", 2.5) for s in range(HOUR + 1, 2 * HOUR + 1))], tick=2 * HOUR + 1
    )

    assert told(first, "qcvn08") == [4]
    assert told(late, "qcvn08") == [4, 4]


def test_an_hour_has_its_class_and_its_sub_indices_and_no_index_of_too_few_groups() -> None:
    hour = [
        (s, code, v)
        for s in range(1, 7)
        for code, v in (("ph", 7.0), ("dissolved_oxygen", 5.2), ("water_temperature", 28.0))
    ]

    judged = run(hour, tick=2 * HOUR)

    assert told(judged, "qcvn08") == [2]
    assert told(judged, "qcvn08_ph") == [1]
    assert told(judged, "wqi_ph") == [100]
    assert len(told(judged, "wqi_oxygen_saturation")) == 1
    assert not told(judged, "vn_wqi")


def test_an_hour_over_the_limits_for_health_is_told_and_one_below_is_not() -> None:
    hours = [(s, "nitrite_n", 0.06 if s <= HOUR else 0.04) for s in range(1, 2 * HOUR + 1)]

    judged = run(hours, tick=3 * HOUR)

    over = [one for one in judged.derived if one.parameter.startswith("over_qcvn08")]
    assert [(one.parameter, round(one.value, 3), one.unit) for one in over] == [
        ("over_qcvn08_nitrite_n", 0.06, "mg/L")
    ]


def test_a_cheap_sensors_hour_has_a_dry_value_beside_the_raw_one() -> None:
    hour = [(s, code, v) for s in range(1, 7) for code, v in (("pm25", 100.0), ("humidity", 90.0))]

    judged = run(hour, tick=2 * HOUR)

    assert told(judged, "pm25_dry") == [round(dry(100.0, 90.0, 0.4) or 0, 3)]
    assert [observation.value for observation in judged.observations][:1] == [100.0]


HUMID = {
    "dry air": (0.0, 1.0),
    "half": (50.0, 1.2424),
    "wet": (90.0, 3.1818),
    "wetter than can be told": (96.0, None),
}


@pytest.mark.parametrize(("humidity", "factor"), HUMID.values(), ids=HUMID.keys())
def test_the_dry_mass(humidity: float, factor: float | None) -> None:
    mass = dry(100.0, humidity, 0.4)

    assert (None if mass is None else round(100 / mass, 4)) == factor


def test_a_rising_gauge_tells_its_rate_and_the_hours_to_the_next_level() -> None:
    judged = run([(s, "river_level", 1.6 + 0.1 * s) for s in range(7)])

    assert told(judged, "river_rise")[-1] == 0.6
    likely = [one for one in judged.derived if one.parameter == "river_next"][-1]
    assert (round(likely.value, 2), likely.count) == (round((3.0 - 2.2) / 0.6, 2), 2)
    assert told(judged, "river_next_low")[-1] == round(likely.value / 2, 3)


def test_a_flood_is_recorded_from_the_first_level_to_its_end() -> None:
    levels = [1.0, 1.6, 2.4, 1.9, 1.2, 1.1, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]

    floods = run([(s, "river_level", v) for s, v in enumerate(levels)]).floods

    assert {flood.start for flood in floods} == {at(START_MS + STEP_MS)}
    assert (floods[-1].peak, floods[-1].end) == (2.4, at(START_MS + 4 * STEP_MS))
    assert floods[0].end is None


RAIN = Rule("rain", Kind.RAIN, "rain_1h", ["phu-oc"], Direction.ABOVE, [Level(1, "mưa to", 50, 40)])


def test_a_wave_that_a_reservoir_lets_go_is_told_with_its_hours() -> None:
    reservoir = Reservoir("Hương Điền", "Phú Ốc", 200, (Travel(0, 3 * 3_600_000, 6 * 3_600_000),), "phu-oc")
    parameter = Parameter("reservoir_release", "m3/s", 0, 10_000, 3600, 7200)
    own = Commune([], [], [Station("phu-oc", "Hồ", [], [parameter])], [], [])
    own = msgspec.structs.replace(own, reservoirs=[reservoir])
    flows = [
        payload(v, parameter="reservoir_release", unit="m3/s", at=at(START_MS + i * 3_600_000))
        for i, v in enumerate((50.0, 60.0, 800.0, 820.0))
    ]
    one = msgspec.structs.replace(batch(flows), stamps_ms=[START_MS + i * 3_600_000 for i in range(4)])

    judged = judge(plan(own), {}, one)

    waves = [one for one in judged.derived if one.parameter.startswith("release_")]
    assert [(wave.at, wave.value, wave.count) for wave in waves] == [
        (at(START_MS + 2 * 3_600_000), 3.0, 800),
        (at(START_MS + 2 * 3_600_000), 6.0, 800),
    ]


def test_rain_is_summed_and_a_gap_makes_it_at_least() -> None:
    whole = run([(s, "rain", 10.0) for s in range(1, 8)])
    gap = run([(s, "rain", 10.0) for s in (1, 2, 3, 6, 7)])

    assert told(whole, "rain_1h")[-1] == 60
    assert [one.flag for one in whole.derived if one.parameter == "rain_1h"][-1] == 1
    assert told(gap, "rain_1h")[-1] == 40
    assert [one.flag for one in gap.derived if one.parameter == "rain_1h"][-1] == 3


def test_a_sum_with_a_gap_raises_and_never_clears() -> None:
    poured = [(s, "rain", 12.0) for s in range(1, 7)]

    assert [change.change for change in run(poured, RAIN).changes] == [Change.RAISE]
    assert [change.change for change in run([*poured, (9, "rain", 0.0)], RAIN).changes] == [Change.RAISE]
    dry_hour = [(s, "rain", 0.0) for s in range(7, 13)]
    assert [change.change for change in run([*poured, *dry_hour], RAIN).changes] == [
        Change.RAISE,
        Change.CLEAR,
    ]


def test_a_snapshot_of_an_earlier_version_is_taken() -> None:
    state = SensorState()
    known = {"seen": state.seen, "silence": state.silence, "levels": {}, "hours": {}, "air": None}

    old = SensorState.__new__(SensorState)
    old.__setstate__((None, known))

    assert old.seen is state.seen
    assert old.trust.score is None
    assert pickle.loads(pickle.dumps(old)).doubt == state.doubt


def test_what_nobody_may_use_is_reckoned_from_nowhere() -> None:
    shard: Shard = {}
    run([(0, "dissolved_oxygen", -60.0), (0, "water_temperature", 20.0)], shard=shard)

    assert not math.isnan(shard["phu-oc", "dissolved_oxygen"].seen.values[0])
    assert run([(0, "water_temperature", 20.0)], shard=shard).derived == []
