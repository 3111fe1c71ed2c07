"""A rule on the past tells what the flow would have told; truth and limits are held against it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import accumulate

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.alerting.alert import AlertChange, Kind
from models.commune.configuration import Average, Commune, Direction, Level, Parameter, Rule
from models.fish.levels import Cage
from models.fish.night import NightBand, NightHabit
from models.quality.settings import Flat, Quality, Rate, Spike
from models.replay.play import Episode, Series, Track, changes, episodes, inputs
from models.replay.sweep import NoSuchLevelError, sweep, with_limit
from models.replay.truth import Event, beyond, score
from models.telemetry.batch import Judged
from models.telemetry.judge import judge
from models.telemetry.reading import Flag, Reading, Status
from models.telemetry.sensor import Shard, plan, quality_of
from tests.builders import START_MS, batch, commune, reading, rule

MINUTE, HOUR = 60_000, 3_600_000
RIVER = Parameter("river_level", "m", -1, 10, 300, 1800)
BANKS = Rule(
    "banks",
    Kind.RIVER,
    "river_level",
    ["phu-oc"],
    Direction.ABOVE,
    [Level(1, "BĐ1", 1.5, 1.3), Level(2, "BĐ2", 3.0, 2.8)],
)


def series(*values: float, every_ms: int = 10 * MINUTE, station: str = "phu-oc") -> Series:
    return Series(station, [i * every_ms for i in range(len(values))], list(values))


def replayed(*values: float, rule: Rule = BANKS) -> list[Episode]:
    return episodes(changes(rule, RIVER, series(*values)))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param([1.0, 1.4], [], id="never reached"),
        pytest.param([1.0, 1.6, 1.2], [(10, 20, {1: 10})], id="up and down"),
        pytest.param([1.0, 1.6, 3.1, 1.0], [(10, 30, {1: 10, 2: 20})], id="through two levels"),
        pytest.param([1.0, 1.6], [(10, None, {1: 10})], id="open at the end"),
        pytest.param([1.6, 1.0, 1.7, 1.0], [(0, 10, {1: 0}), (20, 30, {1: 20})], id="twice"),
        pytest.param([1.0, 99.0, 1.0], [], id="outside the physical range"),
    ],
)
def test_an_episode_is_an_alert_from_raise_to_clear(
    values: list[float], expected: list[tuple[int, int | None, dict[int, int]]]
) -> None:
    found = [
        (
            one.start_ms // MINUTE,
            one.end_ms and one.end_ms // MINUTE,
            {k: v // MINUTE for k, v in one.reached.items()},
        )
        for one in replayed(*values)
    ]
    assert found == expected


def test_an_hourly_rule_judges_the_hour_that_the_end_closes() -> None:
    hourly = msgspec.structs.replace(BANKS, average=Average.HOUR)
    hour = msgspec.structs.replace(RIVER, interval_s=600)

    found = episodes(
        changes(hourly, hour, Series("phu-oc", [i * 10 * MINUTE for i in range(1, 7)], [2.0] * 6))
    )

    assert [one.start_ms for one in found] == [HOUR]


ROUGH = Quality(
    "river_level",
    typical_low=-0.5,
    typical_high=9.0,
    spike=Spike(1.0, 3.0),
    rate=Rate(2.0, 12.0),
    flat=Flat(0.01, 3600, 10_800),
    gap_s=7200,
)
HELD = rule(hold_s=600, clear_hold_s=3600)
TOLD = st.tuples(
    st.sampled_from([1, 5, 5, 5, 30, 90]),
    st.sampled_from([-2.0, 0.0, 1.0, 1.4, 1.6, 2.9, 3.1, 4.6, 4.6, 4.61, 11.0]),
    st.sampled_from([Status.MEASURING] * 4 + [Status.CALIBRATING, Status.ERROR]),
)
"""Minutes since the one before, the value, what the instrument was doing."""


def aged(told: Iterable[AlertChange], rule: str) -> list[AlertChange]:
    """Of one rule, less how late it was known: that hangs on how records fell into batches."""
    return [msgspec.structs.replace(one, late_s=0, over=False) for one in told if one.rule == rule]


def lived(own: Commune, readings: list[Reading], size: int) -> list[Judged]:
    """What the flow made of readings that came in time, in batches of `size`, at the end of each nothing more to be read."""
    shard, laid, judged = Shard(), plan(own), []
    for first in range(0, len(readings), size):
        part = readings[first : first + size]
        minutes = [(one.at.timestamp() * 1000 - START_MS) / MINUTE for one in part]
        records = batch([msgspec.json.encode(one) for one in part], minutes=minutes, first=first)
        judged.append(judge(laid, shard, msgspec.structs.replace(records, tick_ms=records.stamps_ms[-1])))
    end_ms = round(readings[-1].at.timestamp() * 1000) + 2 * HOUR
    judged.append(judge(laid, shard, batch([], first=len(readings), tick_ms=end_ms)))
    return judged


def of_steps(told: list[tuple[int, float, Status]]) -> list[Reading]:
    minutes = accumulate(one[0] for one in told)
    return [
        reading(value, minute=at, seq=i + 1, status=int(status))
        for i, (at, (_, value, status)) in enumerate(zip(minutes, told, strict=True))
    ]


def track(readings: list[Reading], parameter: Parameter, quality: Quality | None) -> Track:
    own = [one for one in readings if one.parameter == parameter.code]
    stamps = [round(one.at.timestamp() * 1000) for one in own]
    return Track(parameter, stamps, [one.value for one in own], [one.status for one in own], quality)


@given(st.lists(TOLD, min_size=1, max_size=120), st.sampled_from([1, 7, 50]), st.sampled_from([None, ROUGH]))
@settings(deadline=None)
def test_the_replay_tells_what_the_flow_told(
    told: list[tuple[int, float, Status]], size: int, quality: Quality | None
) -> None:
    own = commune(HELD)
    if quality is not None:
        own = msgspec.structs.replace(own, quality=[quality])
    readings = of_steps(told)
    flow = [one for judged in lived(own, readings, size) for one in judged.changes]

    seen = track(readings, own.stations[0].parameters[0], quality)
    again = changes(
        HELD, seen.parameter, Series("phu-oc", seen.at_ms, seen.values, seen.status, seen.quality)
    )

    assert again == aged(flow, HELD.id)


def kept(judged: list[Judged]) -> list[tuple[datetime, int]]:
    """The history of levels that the store holds at the end: what late readings took back is gone."""
    rows: dict[datetime, int] = {}
    for part in judged:
        for gone in part.withdrawn:
            if gone.rule:
                rows = {at: level for at, level in rows.items() if not gone.start <= at <= gone.end}
        rows |= {one.at: one.level for one in part.levels}
    return sorted(rows.items())


@given(
    st.lists(st.tuples(TOLD, st.sampled_from([0, 0, 0, 20, 200, 700])), min_size=1, max_size=60),
    st.sampled_from([1, 7, 50]),
    st.sampled_from([None, ROUGH]),
)
@settings(deadline=None)
def test_the_replay_tells_the_history_of_levels_however_late_readings_came(
    told: list[tuple[tuple[int, float, Status], int]], size: int, quality: Quality | None
) -> None:
    own = msgspec.structs.replace(commune(HELD), quality=[] if quality is None else [quality])
    readings = of_steps([one for one, _ in told])
    delays = {one.at: late for one, (_, late) in zip(readings, told, strict=True)}
    arrivals = sorted(
        ((one.at + timedelta(minutes=delays[one.at]), one) for one in readings), key=lambda one: one[0]
    )
    shard, laid, judged = Shard(), plan(own), []
    for first in range(0, len(arrivals), size):
        part = arrivals[first : first + size]
        minutes = [(at.timestamp() * 1000 - START_MS) / MINUTE for at, _ in part]
        records = batch([msgspec.json.encode(one) for _, one in part], minutes=minutes, first=first)
        judged.append(judge(laid, shard, records))

    seen = track(readings, own.stations[0].parameters[0], quality)
    again = changes(
        HELD, seen.parameter, Series("phu-oc", seen.at_ms, seen.values, seen.status, seen.quality)
    )

    assert [(one.at, one.level) for one in again] == kept(judged)


@pytest.mark.parametrize(
    ("status", "quality", "expected"),
    [
        pytest.param(Status.MEASURING, None, [1, 2], id="it measures"),
        pytest.param(Status.CALIBRATING, None, [], id="it is calibrated: the flow told nothing"),
        pytest.param(Status.ERROR, None, [], id="it is broken"),
        pytest.param(
            Status.MEASURING,
            Quality("river_level", rate=Rate(1.0, 2.0)),
            [2],
            id="the rise of a metre in ten minutes fails, what stays does not",
        ),
    ],
)
def test_status_and_quality_decide_as_in_the_flow(
    status: Status, quality: Quality | None, expected: list[int]
) -> None:
    values = [1.0, 1.1, 2.0, 3.2, 3.2, 3.2]
    held = msgspec.structs.replace(series(*values), status=[0, 0, *[status] * 4], quality=quality)

    assert [one.level for one in changes(BANKS, RIVER, held)] == expected


def at_cages() -> Commune:
    """A station with rain and oxygen, at cages with the usual nights; rules on what is reckoned of them."""
    sums = rule(
        id="rain",
        kind=Kind.RAIN,
        parameter="rain_3h",
        levels=[Level(1, "to", 20, 15), Level(2, "rất to", 60, 50)],
    )
    nights = rule(
        id="dawn", kind=Kind.FISH, parameter="oxygen_dawn", direction=Direction.BELOW,
        levels=[Level(1, "nguy", 2.0, 3.0)],
    )  # fmt: skip
    own = commune(sums, nights)
    rain = Parameter("rain", "mm", 0, 200, 600, 3600)
    oxygen = Parameter("dissolved_oxygen", "mg/L", 0, 20, 600, 3600)
    return msgspec.structs.replace(
        own,
        stations=[msgspec.structs.replace(own.stations[0], parameters=[rain, oxygen])],
        quality=[Quality("rain", typical_high=40.0), Quality("dissolved_oxygen", rate=Rate(3.0, 30.0))],
        cages=[Cage("phu-oc", ["chim"])],
        nights=NightHabit(16.5, 107.5, 3 * HOUR, [NightBand(24, 0.8, 0.5, 1.2)]),
    )


WEATHER = st.tuples(
    st.sampled_from([10, 10, 10, 10, 60, 240]),
    st.sampled_from([0.0, 0.0, 5.0, 12.0, 30.0, 45.0]),
    st.sampled_from([1.5, 2.5, 3.0, 3.5, 4.0, 6.0]),
    st.sampled_from([Status.MEASURING] * 4 + [Status.CALIBRATING]),
)


def of_weather(told: list[tuple[int, float, float, Status]]) -> list[Reading]:
    found, minute = [], 0
    for i, (after, mm, oxygen, status) in enumerate(told):
        minute += after
        row = {"minute": minute, "seq": i + 1, "status": int(status)}
        found.append(reading(mm, parameter="rain", unit="mm", **row))
        found.append(reading(oxygen, parameter="dissolved_oxygen", unit="mg/L", **row))
    return found


@given(st.lists(WEATHER, min_size=1, max_size=100), st.sampled_from([2, 14, 100]))
@settings(deadline=None)
def test_what_is_reckoned_is_reckoned_anew_as_the_flow_did(
    told: list[tuple[int, float, float, Status]], size: int
) -> None:
    own = at_cages()
    readings = of_weather(told)
    judged = lived(own, readings, size)
    flow = [one for part in judged for one in part.changes]

    for each in own.rules:
        wanted = inputs(each.parameter) or frozenset()
        tracks = [
            track(readings, one, quality_of(own, "phu-oc", one.code))
            for one in own.stations[0].parameters
            if one.code in wanted
        ]
        whole = Series("phu-oc", [], [], measured=tracks, commune=own)
        assert changes(each, RIVER, whole) == aged(flow, each.id)


@given(st.lists(WEATHER, min_size=1, max_size=100))
@settings(deadline=None)
def test_sums_as_they_were_stored_tell_the_same_with_their_flags(
    told: list[tuple[int, float, float, Status]],
) -> None:
    """Where the readings are gone: a sum with gaps in it is "at least", may raise, and never lowers."""
    own = at_cages()
    judged = lived(own, of_weather(told), 14)
    rows = {one.at: one for part in judged for one in part.derived if one.parameter == "rain_3h"}
    kept = [rows[at] for at in sorted(rows)]
    stamps = [round(one.at.timestamp() * 1000) for one in kept]

    again = changes(
        own.rules[0],
        Parameter("rain_3h", "mm", -math.inf, math.inf, 3600, 7200),
        Series("phu-oc", stamps, [one.value for one in kept], flags=[one.flag for one in kept]),
    )

    assert again == aged([one for part in judged for one in part.changes], "rain")


def test_a_sum_that_may_be_higher_does_not_clear() -> None:
    sums = msgspec.structs.replace(BANKS, parameter="rain_3h", levels=[Level(1, "to", 20.0, 15.0)])
    stamps = [i * 10 * MINUTE for i in range(4)]
    values = [25.0, 5.0, 22.0, 5.0]

    def told(*flags: Flag) -> list[int]:
        kept = Series("phu-oc", stamps, values, flags=[int(one) for one in flags])
        return [one.level for one in changes(sums, RIVER, kept)]

    assert told(*[Flag.GOOD] * 4) == [1, 0, 1, 0]
    assert told(Flag.SUSPECT, Flag.SUSPECT, Flag.GOOD, Flag.SUSPECT) == [1]


def test_what_was_over_before_the_range_began_is_not_told() -> None:
    own = at_cages()
    wet = [0.0, 30.0, *[0.0] * 25, 30.0, 0.0]
    readings = [
        reading(mm, minute=10 * i, seq=i + 1, parameter="rain", unit="mm") for i, mm in enumerate(wet)
    ]
    rain = track(readings, own.stations[0].parameters[0], None)

    def told(minute: int) -> int:
        whole = Series("phu-oc", [], [], measured=[rain], commune=own, from_ms=START_MS + minute * MINUTE)
        return len(episodes(changes(own.rules[0], RIVER, whole)))

    assert [told(0), told(240), told(300)] == [2, 1, 1]


@pytest.mark.parametrize(
    ("above", "values", "expected"),
    [
        pytest.param(True, [0, 2, 2, 0], [(10, 20)], id="at the limit counts above"),
        pytest.param(False, [5, 2, 1, 5], [(20, 20)], id="at the limit does not count below"),
        pytest.param(True, [2, 0, 2], [(0, 20)], id="a short gap is the same event"),
        pytest.param(True, [2, 0, 0, 0, 2], [(0, 0), (40, 40)], id="a long gap is another"),
        pytest.param(True, [0, 1], [], id="never"),
    ],
)
def test_events_of_a_history(above: bool, values: list[float], expected: list[tuple[int, int]]) -> None:
    found = beyond(series(*values), 2, above=above, merge_ms=20 * MINUTE)

    assert [(one.start_ms // MINUTE, one.end_ms // MINUTE) for one in found] == expected


def alert(start: int, end: int | None, station: str = "a", level: int = 1) -> Episode:
    return Episode(station, start * MINUTE, None if end is None else end * MINUTE, {level: start * MINUTE})


@pytest.mark.parametrize(
    ("alerts", "expected"),
    [
        pytest.param([alert(90, 150)], (1, 1, 0, 0, [10]), id="ten minutes early"),
        pytest.param([alert(110, 150)], (1, 1, 0, 0, [-10]), id="ten minutes late"),
        pytest.param(
            [alert(0, None)], (1, 1, 0, 0, [30]), id="long before: no more than what is called early"
        ),
        pytest.param([alert(10, 50)], (1, 0, 1, 1, []), id="over before it began"),
        pytest.param([alert(130, 150)], (1, 0, 1, 1, []), id="after it ended"),
        pytest.param([alert(90, 150, "b")], (1, 0, 1, 1, []), id="another station"),
        pytest.param([], (0, 0, 1, 0, []), id="silence"),
        pytest.param([alert(90, 95), alert(105, 150)], (2, 1, 0, 0, [10]), id="two alerts, one event"),
        pytest.param([alert(90, 150, level=2)], (1, 1, 0, 0, [10]), id="leapt over the level"),
    ],
)
def test_alerts_against_an_event_from_100_to_120_minutes(
    alerts: list[Episode], expected: tuple[int, int, int, int, list[int]]
) -> None:
    found = score(alerts, [Event("a", 100 * MINUTE, 120 * MINUTE)], 1, early_ms=30 * MINUTE)

    leads = [round(one / 60) for one in found.leads_s]
    assert (found.alerts, found.hits, found.missed, found.false, leads) == expected


def test_shares_of_nothing_are_unknown_not_zero() -> None:
    found = score([], [], 1, 0)

    assert (found.detected, found.wrong, found.lead_s) == (None, None, None)


def test_a_moved_limit_keeps_its_hysteresis_and_the_order_of_levels() -> None:
    moved = with_limit(BANKS, 1, 3.5)

    assert [(one.raise_at, one.clear_at) for one in moved.levels] == [(3.5, 3.3), (3.5, 3.3)]


def test_below_the_order_is_the_other_way() -> None:
    levels = [Level(1, "mức 1", 3.0, 3.5), Level(2, "mức 2", 2.0, 2.5)]
    oxygen = msgspec.structs.replace(BANKS, direction=Direction.BELOW, levels=levels)

    assert [one.raise_at for one in with_limit(oxygen, 1, 1.5).levels] == [1.5, 1.5]
    assert [one.raise_at for one in with_limit(oxygen, 2, 4.0).levels] == [4.0, 4.0]


def test_a_level_that_is_not_there_is_named() -> None:
    with pytest.raises(NoSuchLevelError, match=r"banks: mức 7. có 1, 2"):
        with_limit(BANKS, 7, 1.0)


@given(st.lists(st.floats(0, 5), max_size=40))
def test_a_higher_limit_never_sees_what_a_lower_one_does_not(values: list[float]) -> None:
    rule = msgspec.structs.replace(BANKS, levels=[Level(1, "một", 1.0, 1.0)])
    low, high = sweep(rule, RIVER, [series(*values)], 1, [1.0, 2.0])

    assert bool(low.alerts) or not high.alerts
