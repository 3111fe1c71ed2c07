"""A rule on the past tells what the flow told, of what was measured and of what is reckoned."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import accumulate

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from models.alerting.alert import AlertChange, Kind
from models.commune.configuration import Commune, Direction, Level, Parameter
from models.envelope.reading import Flag, Reading, Status
from models.fish.levels import Cage
from models.fish.night import NightBand, NightHabit
from models.quality.settings import Flat, Quality, Rate, Spike
from models.replay.play import Series, Track, changes, episodes, inputs
from models.telemetry.batch import Judged
from models.telemetry.judge import judge
from models.telemetry.plan import plan, quality_of
from models.telemetry.sensor import Shard
from tests.builders import START_MS, batch, commune, reading, rule
from tests.models.replay.series import BANKS, HOUR, MINUTE, RIVER, series

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
    return [msgspec.structs.replace(change, late_s=0, over=False) for change in told if change.rule == rule]


def lived(own: Commune, readings: list[Reading], size: int) -> list[Judged]:
    """What the flow made of readings that came in time, in batches of `size`, at the end of each nothing more to be read."""
    shard, laid, judged = Shard(), plan(own), []
    for first in range(0, len(readings), size):
        part = readings[first : first + size]
        minutes = [(reading.at.timestamp() * 1000 - START_MS) / MINUTE for reading in part]
        records = batch([msgspec.json.encode(reading) for reading in part], minutes=minutes, first=first)
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
    own = [reading for reading in readings if reading.parameter == parameter.code]
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
    flow = [change for judged in lived(own, readings, size) for change in judged.changes]

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
        rows |= {level.at: level.level for level in part.levels}
    return sorted(rows.items())


MEASURED = Status.MEASURING
CHAIN = [
    ((1, 3.1, MEASURED), 20),
    *(((after, value, MEASURED), 0) for after, value in [(1, -2.0), (5, 1.4), (5, -2.0), (1, 1.6)]),
]
"""A late reading at the beginning of a chain of jumps: the mark of the fourth stays, that of the fifth does not."""


@given(
    st.lists(st.tuples(TOLD, st.sampled_from([0, 0, 0, 20, 200, 700])), min_size=1, max_size=60),
    st.sampled_from([1, 7, 50]),
    st.sampled_from([None, ROUGH]),
)
@example(CHAIN, 1, None)
@settings(deadline=None)
def test_the_replay_tells_the_history_of_levels_however_late_readings_came(
    told: list[tuple[tuple[int, float, Status], int]], size: int, quality: Quality | None
) -> None:
    own = msgspec.structs.replace(commune(HELD), quality=[] if quality is None else [quality])
    readings = of_steps([one for one, _ in told])
    delays = {reading.at: late for reading, (_, late) in zip(readings, told, strict=True)}
    arrivals = sorted(
        ((reading.at + timedelta(minutes=delays[reading.at]), reading) for reading in readings),
        key=lambda one: one[0],
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

    assert [(change.at, change.level) for change in again] == kept(judged)


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

    assert [change.level for change in changes(BANKS, RIVER, held)] == expected


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
    flow = [change for part in judged for change in part.changes]

    for each in own.rules:
        wanted = inputs(each.parameter) or frozenset()
        tracks = [
            track(readings, parameter, quality_of(own, "phu-oc", parameter.code))
            for parameter in own.stations[0].parameters
            if parameter.code in wanted
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

    assert again == aged([change for part in judged for change in part.changes], "rain")


def test_a_sum_that_may_be_higher_does_not_clear() -> None:
    sums = msgspec.structs.replace(BANKS, parameter="rain_3h", levels=[Level(1, "to", 20.0, 15.0)])
    stamps = [i * 10 * MINUTE for i in range(4)]
    values = [25.0, 5.0, 22.0, 5.0]

    def told(*flags: Flag) -> list[int]:
        kept = Series("phu-oc", stamps, values, flags=[int(flag) for flag in flags])
        return [change.level for change in changes(sums, RIVER, kept)]

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
