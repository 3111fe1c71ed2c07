"""The storm day: believable water, the same bytes from the same seed, and a truth that the rules confirm."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from infra.rehearsal.simulator import hydrology, ponds, signals, storm_day
from infra.rehearsal.simulator.crossings import of_rule
from infra.rehearsal.simulator.faults import NONE
from infra.rehearsal.simulator.load import commune as load_commune
from infra.rehearsal.simulator.load import load
from infra.rehearsal.simulator.truth import Day, ExpectedEnd, Fault
from models.alerting.alert import Kind
from models.commune.configuration import (
    Average,
    Commune,
    Direction,
    Level,
    Parameter,
    Rule,
    Station,
)
from models.envelope.batch import RawBatch
from models.telemetry.batch import Judged
from models.telemetry.judge import judge
from models.telemetry.plan import plan

START = datetime(2026, 10, 14, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
FIVE_MIN, TEN_MIN, TWENTY_MIN = 300, 600, 1200


def parameter(code: str, unit: str, low: float, high: float, interval_s: int = TEN_MIN) -> Parameter:
    return Parameter(code, unit, low, high, interval_s, 3600)


CAGE = [
    parameter("dissolved_oxygen", "mg/L", 0, 20),
    parameter("water_temperature", "C", 0, 45),
    parameter("ph", "pH", 0, 14),
    parameter("turbidity", "NTU", 0, 4000),
]
AIR = [
    parameter("pm25", "ug/m3", 0, 1000, FIVE_MIN),
    parameter("humidity", "%", 0, 100),
]
GAUGE = [
    parameter("river_level", "m", -1, 15, FIVE_MIN),
    parameter("rain", "mm", 0, 200, FIVE_MIN),
]
RIVER = Rule(
    "river",
    Kind.RIVER,
    "river_level",
    ["gauge"],
    Direction.ABOVE,
    [Level(1, "I", 1.5, 1.3), Level(2, "II", 3.0, 2.8), Level(3, "III", 4.5, 4.3)],
)
OXYGEN = Rule(
    "oxygen",
    Kind.OXYGEN,
    "dissolved_oxygen",
    ["cage-a", "cage-b"],
    Direction.BELOW,
    [Level(1, "low", 3.0, 3.5), Level(2, "danger", 2.0, 2.5)],
)
PM25 = Rule(
    "pm25",
    Kind.AIR,
    "pm25",
    ["air"],
    Direction.ABOVE,
    [Level(1, "a", 50, 45)],
    average=Average.HOUR,
)
COMMUNE = Commune(
    [],
    [],
    [Station("gauge", "", [], GAUGE)]
    + [Station(f"cage-{c}", "", [], CAGE) for c in "ab"]
    + [Station("air", "", [], AIR)],
    [RIVER, OXYGEN, PM25],
    [],
)


@pytest.fixture(scope="module")
def day() -> Day:
    return storm_day.build(COMMUNE, START)


def through_the_flow(day: Day) -> Judged:
    """Judge the day's messages as the telemetry flow would, each arriving when it is sent."""
    events = day.events
    stamps = [round(event.send_at.timestamp() * 1000) for event in events]
    keys: list[bytes | None] = [event.station.encode() for event in events]
    batch = RawBatch(
        "readings",
        0,
        list(range(len(events))),
        [e.payload for e in events],
        keys,
        stamps,
        len(events),
    )
    return judge(plan(COMMUNE), {}, batch)


@pytest.mark.parametrize("seed", range(8))
def test_the_river_of_a_full_storm_peaks_above_level_three_and_falls_again(
    seed: int,
) -> None:
    weather = signals.weather(1.0, np.random.default_rng(seed))
    level = signals.signal(weather, "river_level", 0)

    assert 4.5 < level.max() < 5.6
    assert level[-1] < 3.0
    assert 12 < weather.at[level.argmax()] < 18


@pytest.mark.parametrize("seed", range(8))
def test_the_river_of_a_milder_storm_peaks_between_levels_two_and_three(
    seed: int,
) -> None:
    level = signals.signal(signals.weather(0.78, np.random.default_rng(seed)), "river_level", 0)

    assert 3.0 < level.max() < 4.5


@pytest.mark.parametrize("seed", range(8))
def test_the_river_rises_once_and_no_faster_than_a_metre_an_hour(seed: int) -> None:
    level = signals.signal(signals.weather(1.0, np.random.default_rng(seed)), "river_level", 0)
    rise, fall = np.diff(level[: level.argmax() + 1]), np.diff(level[level.argmax() :])

    assert rise.min() >= -1e-9
    assert fall.max() <= 1e-9
    assert (level[60:] - level[:-60]).max() < 1.0


def test_no_water_is_made_or_lost_between_runoff_and_gauge() -> None:
    hours = hydrology.hours_of_day(96)
    rain = hydrology.rain_mm_h(hours, 1.0, np.random.default_rng(1))
    runoff = hydrology.runoff_mm_h(rain)
    flood = hydrology.discharge_m3_s(runoff) - hydrology.BASE_M3_S
    fallen_m3 = runoff.sum() * hydrology.STEP_H / 1000 * hydrology.AREA_KM2 * 1e6

    assert runoff.sum() < rain.sum()
    assert flood.sum() * 60 == pytest.approx(fallen_m3, rel=1e-3)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("place", [0, 1])
def test_oxygen_has_its_minimum_before_or_just_after_sunrise(seed: int, place: int) -> None:
    weather = signals.weather(1.0, np.random.default_rng(seed))
    oxygen = signals.signal(weather, "dissolved_oxygen", place)

    assert 4 < weather.at[oxygen.argmin()] < 7
    assert oxygen.min() < (2.0 if place == 0 else 3.0)


def test_oxygen_never_leaves_what_water_can_hold(day: Day) -> None:
    for curve in day.truth.curves:
        if curve.parameter == "dissolved_oxygen":
            assert 0 < min(curve.values) < max(curve.values) < 1.3 * 8.4


def test_saturation_agrees_with_the_table_of_the_standard_methods() -> None:
    # Standard Methods 4500-O, mg/L. The formula is older than the table: 0.13 apart at 30 C.
    table = np.array([[0.0, 14.62], [20.0, 9.09], [25.0, 8.26], [30.0, 7.56]])

    np.testing.assert_allclose(ponds.saturation_mg_l(table[:, 0]), table[:, 1], atol=0.13)


def test_fine_dust_peaks_in_the_morning_and_evening_and_rain_washes_it() -> None:
    weather = signals.weather(1.0, np.random.default_rng(3))
    dust = signals.signal(weather, "pm25", 0)
    hour = {h: float(dust[h * 60 : h * 60 + 60].mean()) for h in range(24)}

    assert hour[5] > 80
    assert hour[11] < 15
    assert hour[19] > 2 * hour[15]


def test_the_same_seed_makes_the_same_bytes(day: Day) -> None:
    assert storm_day.build(COMMUNE, START) == day
    assert storm_day.build(COMMUNE, START, seed=7).events != day.events


def test_the_truth_counts_what_the_messages_are(day: Day) -> None:
    truth = day.truth

    assert truth.sent == len(day.events)
    assert truth.sent == truth.stored + truth.duplicates + sum(truth.rejected.values())
    assert set(truth.faults) == set(Fault) - {Fault.GAP, Fault.SILENT}


def test_messages_are_in_the_order_of_sending(day: Day) -> None:
    times = [event.send_at for event in day.events]

    assert times == sorted(times)
    assert times[-1] - START < timedelta(hours=25)


def test_the_flow_finds_in_every_message_what_the_truth_says(day: Day) -> None:
    judged = through_the_flow(day)
    expected = dict(enumerate(day.events))

    assert {i for i, e in expected.items() if e.outcome is ExpectedEnd.STORED} == set(judged.origins)
    assert {i for i, e in expected.items() if e.outcome is ExpectedEnd.DUPLICATE} == set(judged.duplicates)
    assert {i: e.reason for i, e in expected.items() if e.reason} == {
        r.offset: r.reason for r in judged.rejected
    }


def test_a_spike_is_stored_and_flagged(day: Day) -> None:
    judged = through_the_flow(day)
    spikes = {i for i, event in enumerate(day.events) if event.fault is Fault.SPIKE}
    flagged = {i for i, seen in zip(judged.origins, judged.observations, strict=True) if seen.flag != 1}

    assert spikes == flagged


def test_every_true_crossing_is_alerted_within_a_few_readings(day: Day) -> None:
    rises = [c for c in through_the_flow(day).changes if c.level > c.previous]
    # The air is bad twice a day; the truth names the first time.
    raised = {(c.rule, c.station, c.level): c.at for c in reversed(rises)}

    assert Counter(c.rule for c in day.truth.crossings) == {
        "river": 3,
        "oxygen": 3,
        "pm25": 1,
    }
    for crossing in day.truth.crossings:
        delay = raised[crossing.rule, crossing.station, crossing.level] - crossing.at
        assert timedelta(minutes=-15) <= delay <= timedelta(minutes=30), crossing


def test_a_silent_sensor_is_missed(day: Day) -> None:
    changes = [c for c in through_the_flow(day).changes if c.kind is Kind.SILENT]
    (quiet,) = day.truth.silences

    assert {(c.station, tuple(c.parameters)) for c in changes} == {(quiet.station, (quiet.parameter,))}
    assert changes[0].at == quiet.since + timedelta(hours=1)


def test_a_day_without_faults_is_all_stored() -> None:
    day = storm_day.build(COMMUNE, START, recipe=NONE)

    assert day.truth.stored == day.truth.sent == 24 * (2 * 12 + 8 * 6 + 12 + 6)


def test_an_hourly_rule_crosses_at_the_end_of_its_hour() -> None:
    true = np.concatenate([np.full(121, 10.0), np.full(1320, 60.0)])
    (crossing,) = of_rule(PM25, "air", "ug/m3", true, START)

    assert crossing.at == START + timedelta(hours=3)


def test_a_parameter_without_a_signal_is_named() -> None:
    with pytest.raises(ValueError, match="no signal for the parameter 'radon'"):
        signals.signal(signals.weather(1.0, np.random.default_rng(1)), "radon", 0)


def test_the_load_is_stored_whole_and_at_its_rate() -> None:
    sent = list(load(1000, 3, START, stations=50))
    stamps = [round((START + timedelta(seconds=one.after_s)).timestamp() * 1000) for one in sent]
    keys: list[bytes | None] = [one.station.encode() for one in sent]
    batch = RawBatch(
        "readings",
        0,
        list(range(len(sent))),
        [one.payload for one in sent],
        keys,
        stamps,
        len(sent),
    )

    assert len(judge(plan(load_commune(50)), {}, batch).origins) == len(sent) == 3000
    assert sent[-1].after_s == pytest.approx(2.999)


def test_the_days_beginning_counts_its_own_messages_and_owes_only_what_could_be_told(day: Day) -> None:
    end = START + timedelta(hours=14)
    part = storm_day.until(day, end)
    outcomes = Counter(event.outcome for event in part.events)

    assert part.events == [event for event in day.events if event.send_at <= end]
    assert part.truth.sent == len(part.events) == outcomes.total()
    assert (part.truth.stored, part.truth.duplicates) == (
        outcomes[ExpectedEnd.STORED],
        outcomes[ExpectedEnd.DUPLICATE],
    )
    assert {(crossing.rule, crossing.level) for crossing in part.truth.crossings} >= {
        ("river", 3),
        ("oxygen", 1),
    }
    assert all(crossing.at <= end - timedelta(minutes=30) for crossing in part.truth.crossings)
