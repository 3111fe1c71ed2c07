"""What late readings change in the store, and what a replay reads back from it: on a real server."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator

import msgspec
import psycopg
import pytest

from connectors.timescale.past import past, statuses
from connectors.timescale.reference import load
from connectors.timescale.sink import ObservationWriter
from models.alerting.alert import AlertChange, Kind
from models.commune.configuration import Commune, Level, Parameter
from models.envelope.reading import Flag, Status
from models.quality.settings import Quality, Rate
from models.quality.trust import DAY_MS, ZONE_MS
from models.replay.play import changes
from models.telemetry.batch import Derived, Judged, LevelRow, Withdrawn
from models.telemetry.judge import judge
from models.telemetry.plan import plan
from models.telemetry.sensor import Shard
from tests.builders import START_MS, at, batch, commune, payload, rule
from tests.store import as_role, empty_store

pytestmark = pytest.mark.integration

MINUTE_MS = 60_000


@pytest.fixture
def writer(server_dsn: str, secrets: dict[str, str]) -> Iterator[str]:
    """An empty, migrated database; the DSN of the writer role."""
    with empty_store(server_dsn, secrets, "reckoned") as admin:
        load(admin, commune())
        yield as_role(admin, secrets, "writer")


def rows(dsn: str, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(dsn) as connection:
        return [tuple(row) for row in connection.execute(query.encode()).fetchall()]


def minute(one: float) -> int:
    return START_MS + round(one * MINUTE_MS)


def gauge(*quality: Quality) -> Commune:
    """Level and rain at Phú Ốc, with a rule on each, the second on what is reckoned."""
    sums = rule(id="rain", kind=Kind.RAIN, parameter="rain_1h", levels=[Level(1, "to", 20, 15)])
    own = commune(rule(hold_s=600), sums)
    level = Parameter("river_level", "m", -1.0, 10.0, 300, 1800)
    rain = Parameter("rain", "mm", 0.0, 100.0, 600, 3600)
    station = msgspec.structs.replace(own.stations[0], parameters=[level, rain])
    return msgspec.structs.replace(own, stations=[station], quality=list(quality))


def rain(mm: float, of: float) -> bytes:
    return payload(mm, minute=of, parameter="rain", unit="mm")


def test_a_sum_that_a_late_reading_changes_is_kept_with_what_it_was(writer: str) -> None:
    """6 mm each ten minutes: the sums of the hour after minute 20 lack the 10 mm that come at last."""
    laid, shard = plan(gauge()), Shard()
    minutes = [0.0, 10.0, 30.0, 40.0]
    early = judge(laid, shard, batch([rain(6.0, minute) for minute in minutes], minutes=minutes))
    late = judge(laid, shard, batch([rain(10.0, 20.0)], minutes=[41.0], first=4))
    one = ObservationWriter(writer)
    one.write([early])
    asked = "select at, value from derived where parameter = 'rain_1h' order by at"
    before = rows(writer, asked)

    one.write([late])

    assert rows(writer, asked) == [
        (at(minute(0)), 6.0), (at(minute(10)), 12.0), (at(minute(20)), 22.0), (at(minute(30)), 28.0),
        (at(minute(40)), 34.0),
    ]  # fmt: skip
    told = rows(writer, "select at, value from revision where parameter = 'rain_1h' order by at")
    assert told == [row for row in before if row[0] in (at(minute(30)), at(minute(40)))]
    assert [value for _, value in told] == [18.0, 24.0]


def test_batches_that_come_again_change_nothing_and_revise_nothing(writer: str) -> None:
    laid, shard = plan(gauge()), Shard()
    minutes = [0.0, 10.0, 30.0, 40.0]
    judged = [
        judge(laid, shard, batch([rain(6.0, minute) for minute in minutes], minutes=minutes)),
        judge(laid, shard, batch([rain(10.0, 20.0)], minutes=[41.0], first=4)),
        judge(laid, shard, batch([rain(10.0, 25.0)], minutes=[42.0], first=5)),
    ]
    held = [
        "select * from derived order by parameter, at",
        "select station, parameter, at, value, flag, count from revision order by id",
        "select * from level_history order by rule, at",
    ]
    ObservationWriter(writer).write(judged)
    before = [rows(writer, one) for one in held]
    assert all(before)

    for start in range(3):
        for part in judged[start:]:
            ObservationWriter(writer).write([part])

    # After a crash the same records are judged again, from a state of before, in other batches.
    shard = Shard()
    judge(laid, shard, batch([rain(6.0, minute) for minute in minutes], minutes=minutes))
    two = batch([rain(10.0, 20.0), rain(10.0, 25.0)], minutes=[41.0, 42.0], first=4)
    ObservationWriter(writer).write([judge(laid, shard, two)])

    assert [rows(writer, one) for one in held] == before


def test_the_history_of_levels_is_rewritten_by_a_late_reading(writer: str) -> None:
    """Above BĐ1 for 20 minutes with nothing between is a level; a metre between them says that it was none yet."""
    laid, shard = plan(gauge()), Shard()
    one = ObservationWriter(writer)
    one.write([judge(laid, shard, batch([payload(1.6), payload(1.6, minute=20)], minutes=[0.0, 20.0]))])
    asked = "select at, level, value from level_history where rule = 'river-phu-oc' order by at"
    assert rows(writer, asked) == [(at(minute(20)), 1, 1.6)]

    one.write([judge(laid, shard, batch([payload(1.0, minute=15)], minutes=[21.0], first=2))])
    assert rows(writer, asked) == []

    more = [payload(1.6, minute=25), payload(1.6, minute=30)]
    one.write([judge(laid, shard, batch(more, minutes=[25.0, 30.0], first=3))])
    assert rows(writer, asked) == [(at(minute(30)), 1, 1.6)]


def _by_hand(place: int, *derived: Derived, gone: Withdrawn | None = None, **changed: object) -> Judged:
    withdrawn = [] if gone is None else [gone]
    made = Judged("readings", 1, place + 1, 1, [], [], list(derived), [], [], [place], withdrawn=withdrawn)
    return msgspec.structs.replace(made, **changed)


def _value(code: str, of: float, value: float, count: int = 1) -> Derived:
    return Derived(at(minute(of)), "phu-oc", code, value, "1", Flag.GOOD, count)


def test_what_is_withdrawn_goes_and_is_kept_as_a_revision(writer: str) -> None:
    """A `*` ends a prefix, and the `_` before it is a letter like any other; what lies outside stays."""
    kept = [
        _value("wqi_ph", 0, 1.0), _value("wqi_ph", 60, 2.0), _value("wqi_ph", 120, 3.0), _value("wqi_ph", 180, 4.0),
        _value("wqixph", 60, 5.0), _value("vn_wqi", 60, 6.0), _value("vn_wqi", 120, 6.5),
    ]  # fmt: skip
    gone = Withdrawn("phu-oc", ["wqi_*", "vn_wqi"], at(minute(60)), at(minute(120)))
    again = _value("wqi_ph", 120, 3.5, 2)
    one = ObservationWriter(writer)
    one.write([_by_hand(0, *kept)])
    for _ in range(2):
        one.write([_by_hand(1, again, gone=gone)])

    assert rows(writer, "select parameter, at, value from derived order by parameter, at") == [
        ("wqi_ph", at(minute(0)), 1.0),
        ("wqi_ph", at(minute(120)), 3.5),
        ("wqi_ph", at(minute(180)), 4.0),
        ("wqixph", at(minute(60)), 5.0),
    ]
    assert rows(writer, "select parameter, at, value, count from revision order by parameter, at") == [
        ("vn_wqi", at(minute(60)), 6.0, 1),
        ("vn_wqi", at(minute(120)), 6.5, 1),
        ("wqi_ph", at(minute(60)), 2.0, 1),
        ("wqi_ph", at(minute(120)), 3.0, 1),
    ]


def test_levels_that_are_withdrawn_go_of_that_rule_and_span_alone(writer: str) -> None:
    def level(of: float, number: int, by: str = "a") -> LevelRow:
        return LevelRow(at(minute(of)), "phu-oc", "river_level", by, number, 1.0)

    old = [level(0, 1), level(10, 2), level(20, 0), level(10, 1, "b")]
    gone = Withdrawn("phu-oc", [], at(minute(10)), at(minute(20)), rule="a")
    one = ObservationWriter(writer)
    one.write([_by_hand(0, levels=old)])
    for _ in range(2):
        one.write([_by_hand(1, gone=gone, levels=[level(15, 3)])])

    assert rows(writer, "select rule, at, level from level_history order by rule, at") == [
        ("a", at(minute(0)), 1),
        ("a", at(minute(15)), 3),
        ("b", at(minute(10)), 1),
    ]


def lived(own: Commune, values: list[bytes], minutes: list[float]) -> list[Judged]:
    shard, laid, found = Shard(), plan(own), []
    for first in range(0, len(values), 20):
        part = batch(values[first : first + 20], minutes=minutes[first : first + 20], first=first)
        found.append(judge(laid, shard, msgspec.structs.replace(part, tick_ms=part.stamps_ms[-1])))
    end_ms = minute(minutes[-1] + 120)
    return [*found, judge(laid, shard, batch([], first=len(values), tick_ms=end_ms))]


def aged(judged: list[Judged], name: str) -> list[AlertChange]:
    told = [change for part in judged for change in part.changes if change.rule == name]
    return [msgspec.structs.replace(one, late_s=0, over=False) for one in told]


@pytest.mark.parametrize("seed", range(3))
def test_a_replay_of_what_is_stored_tells_what_the_flow_told(writer: str, seed: int) -> None:
    """Three days with hours of calibration, a day on which the instrument says that it is faulty, leaps and gaps."""
    own = gauge(Quality("river_level", rate=Rate(2.0, 12.0), gap_s=3600), Quality("rain", typical_high=8.0))
    chance = random.Random(seed)  # noqa: S311 (a weather, no secret)
    values, minutes, level, now = [], [], 1.0, 0.0
    for i in range(700):
        now += chance.choice([5, 5, 5, 5, 10, 60])
        level = min(max(level + chance.choice([-0.3, -0.1, 0.0, 0.1, 0.3]), 0.5), 5.0)
        status = Status.ERROR if 100 < i < 400 and chance.random() < 0.6 else Status.MEASURING
        status = Status.CALIBRATING if 450 < i < 470 else status
        sent = {"minute": now, "seq": i + 1, "status": int(status)}
        shower = chance.choice([0.0, 0.0, 2.0, 9.0])
        values += [payload(level, **sent), payload(shower, parameter="rain", unit="mm", **sent)]
        minutes += [now, now]
    judged = lived(own, values, minutes)
    for part in judged:
        ObservationWriter(writer).write([part])

    for one in own.rules:
        (series,) = past(writer, own, one)
        told = changes(one, Parameter("?", "?", 0, 0, 1, 1), series)
        assert told == aged(judged, one.id)
        assert told


def test_during_a_calibration_the_flow_told_nothing_and_so_does_the_replay(writer: str) -> None:
    own = gauge()
    steps = [(0.0, 1.0, 0), *((5.0 + 5 * i, 3.4, 1) for i in range(12)), (65.0, 1.0, 0)]
    values = [payload(value, minute=of, seq=i, status=status) for i, (of, value, status) in enumerate(steps)]
    judged = lived(own, values, [of for of, _, _ in steps])
    ObservationWriter(writer).write(judged)

    (series,) = past(writer, own, own.rules[0])

    assert list(series.values) == [value for _, value, _ in steps]
    assert list(series.status) == [status for _, _, status in steps]
    assert changes(own.rules[0], own.stations[0].parameters[0], series) == []


def test_where_the_readings_are_gone_a_sum_is_judged_as_it_was_stored(writer: str) -> None:
    """20.5 mm are "at least" after a gap: that raises; 10 mm "at least" do not clear, as they did not live."""
    own = gauge()
    minutes = [0.0, 10.0, 100.0, 110.0, 120.0, 130.0]
    mm = [9.0, 12.0, 1.0, 1.0, 1.0, 1.0]
    judged = lived(own, [rain(*one) for one in zip(mm, minutes, strict=True)], minutes)
    ObservationWriter(writer).write(judged)
    with psycopg.connect(writer) as connection:
        connection.execute("delete from observation")

    (series,) = past(writer, own, own.rules[1])

    assert not series.measured
    assert Flag.SUSPECT in series.flags
    told = changes(own.rules[1], Parameter("rain_1h", "mm", -math.inf, math.inf, 3600, 7200), series)
    assert told == aged(judged, "rain")
    assert [change.level for change in told] == [1]


def test_what_came_too_late_for_every_rule_is_not_replayed(writer: str) -> None:
    own = gauge()
    asked = payload(4.0, minute=0, asked=True)
    judged = lived(own, [payload(1.0, minute=1441), asked], [1441.0, 1442.0])
    ObservationWriter(writer).write(judged)

    (series,) = past(writer, own, own.rules[0])

    assert list(series.values) == [1.0]


END_MS = DAY_MS - ZONE_MS
"""The end of the first day of Vietnam."""


@pytest.mark.parametrize(
    ("counted", "expected"),
    [
        pytest.param({}, [0, 1, 1, 2], id="a day without a count: calibration, and what is dead is an error"),
        pytest.param({END_MS: 4}, [0, 2, 2, 2], id="all counted for trust: errors"),
        pytest.param({END_MS: 2}, [0, 1, 1, 2], id="two did not count: calibration"),
        pytest.param({END_MS: 3}, [0, 1, 2, 2], id="one did not"),
    ],
)
def test_a_days_count_tells_calibration_from_an_error(counted: dict[int, int], expected: list[int]) -> None:
    assert statuses([(0, 1.0, 0), (1, 1.0, 1), (2, 1.0, 1), (3, 1.0, 2)], counted) == expected
