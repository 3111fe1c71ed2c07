"""Every record ends as an observation, a reject or a duplicate; nothing becomes a zero."""

from __future__ import annotations

import pickle
from datetime import datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.envelope.rejected import Reason
from models.telemetry.judge import judge
from models.telemetry.plan import plan
from models.telemetry.sensor import Shard
from tests.builders import MINUTE, START_MS, at, batch, commune, dust_rule, payload

PLAN = plan(commune())
OTHER_KEY = {"keys": [b"bo-la-van"]}

BAD = {
    "garbage bytes": (b"\xff\xfe\x00garbage", Reason.NOT_JSON),
    "nothing at all": (b"", Reason.EMPTY),
    "a JSON array": (b"[1,2,3]", Reason.WRONG_TYPE),
    "value as text": (payload().replace(b'"value":1.0', b'"value":"1.0"'), Reason.WRONG_TYPE),
    "value null": (payload().replace(b'"value":1.0', b'"value":null'), Reason.WRONG_TYPE),
    "unit missing": (payload().replace(b',"unit":"m"', b""), Reason.WRONG_TYPE),
    "time without a zone": (payload().replace(b"Z", b""), Reason.WRONG_TYPE),
    "NaN": (payload().replace(b'"value":1.0', b'"value":NaN'), Reason.NOT_FINITE),
    "infinity": (payload().replace(b'"value":1.0', b'"value":-Infinity'), Reason.NOT_FINITE),
    "beyond a double": (payload().replace(b'"value":1.0', b'"value":1e999'), Reason.NOT_FINITE),
    "a counter that no store holds": (
        payload().replace(b'"seq":0', b'"seq":9223372036854775808'),
        Reason.WRONG_TYPE,
    ),
    "another version": (payload(v=2), Reason.WRONG_VERSION),
    "another unit": (payload(unit="cm"), Reason.WRONG_UNIT),
    "another parameter": (payload(parameter="salinity"), Reason.UNKNOWN_PARAMETER),
    "27 hours ahead": (payload(minute=27 * 60), Reason.FUTURE),
    "a day and a minute late": (payload(minute=-24 * 60 - 1), Reason.TOO_LATE),
    "10 MB": (b'{"v":1,"pad":"' + b"x" * 10_000_000 + b'"}', Reason.TOO_BIG),
    "deep nesting": (b'{"v":' * 10_000, Reason.WRONG_TYPE),
}


@pytest.mark.parametrize(("bad", "reason"), BAD.values(), ids=BAD.keys())
def test_a_bad_message_is_rejected_with_its_bytes_and_reason_and_the_next_one_counts(
    bad: bytes, reason: Reason
) -> None:
    judged = judge(PLAN, {}, batch([bad, payload(2.0, minute=1)], minutes=[0, 1], first=40))

    (rejected,) = judged.rejected
    assert (rejected.reason, rejected.payload, rejected.offset) == (reason, bad, 40)
    assert rejected.vi
    assert rejected.en
    assert [observation.value for observation in judged.observations] == [2.0]


def test_a_station_that_is_not_ours_is_rejected() -> None:
    judged = judge(PLAN, {}, batch([payload(source="song-huong")], keys=[b"song-huong"]))

    assert [one.reason for one in judged.rejected] == [Reason.UNKNOWN_STATION]


def test_a_station_may_not_speak_in_the_name_of_another() -> None:
    judged = judge(PLAN, {}, batch([payload()], **OTHER_KEY))

    assert [one.reason for one in judged.rejected] == [Reason.WRONG_SOURCE]


@pytest.mark.parametrize("value", [-1.01, 10.01, -9999.0], ids=["too low", "too high", "filler"])
def test_a_value_outside_the_physical_range_is_kept_as_it_is_and_flagged(value: float) -> None:
    (observation,) = judge(PLAN, {}, batch([payload(value)])).observations

    assert (observation.value, observation.flag) == (value, 4)


def test_the_same_reading_twice_is_a_duplicate_and_stored_once() -> None:
    judged = judge(PLAN, {}, batch([payload(2.0), payload(2.0)]))

    assert (len(judged.observations), judged.duplicates) == (1, [1])


def test_another_value_at_the_same_time_is_a_conflict_and_kept() -> None:
    judged = judge(PLAN, {}, batch([payload(2.0), payload(3.0)]))

    assert [one.reason for one in judged.rejected] == [Reason.CONFLICT]


def test_a_late_reading_is_stored_once() -> None:
    values = [payload(2.0, minute=10), payload(1.0, minute=5), payload(1.0, minute=5)]
    judged = judge(PLAN, {}, batch(values, minutes=[10, 11, 12]))

    assert [observation.value for observation in judged.observations] == [2.0, 1.0]
    assert judged.duplicates == [2]


def test_a_late_reading_is_judged_in_its_place() -> None:
    values = [payload(1.0, minute=10), payload(2.0, minute=5)]

    raised, cleared = judge(PLAN, {}, batch(values, minutes=[10, 11])).changes

    assert [(one.at, one.level) for one in (raised, cleared)] == [
        (at(START_MS + 5 * MINUTE), 1),
        (at(START_MS + 10 * MINUTE), 0),
    ]
    # Newer readings already say that it is over: it is recorded and rings nobody.
    assert raised.over
    assert cleared.over


@given(
    st.lists(
        st.one_of(
            st.binary(max_size=40),
            st.sampled_from([one[0] for one in BAD.values()][:15]),
            st.builds(payload, st.floats(-5, 15), minute=st.integers(-3000, 10)),
        ),
        max_size=30,
    )
)
def test_every_record_is_accounted_for(values: list[bytes]) -> None:
    judged = judge(PLAN, {}, batch(values, minutes=[0.0] * len(values)))

    assert (
        len(judged.observations) + len(judged.rejected) + len(judged.duplicates) == len(values) == judged.read
    )
    assert sorted([*judged.origins, *(one.offset for one in judged.rejected), *judged.duplicates]) == list(
        range(len(values))
    )


@given(st.lists(st.tuples(st.floats(0, 6), st.integers(0, 300)), max_size=40), st.integers(0, 40))
def test_memory_that_was_pickled_in_between_changes_no_result(
    values: list[tuple[float, int]], cut: int
) -> None:
    records = [payload(value, minute=minute) for value, minute in values]
    one = batch(records[:cut], minutes=[300.0] * len(records[:cut]))
    two = batch(records[cut:], minutes=[300.0] * len(records[cut:]), first=len(records[:cut]))
    kept: Shard = {}
    judge(PLAN, kept, one)
    restored: Shard = pickle.loads(pickle.dumps(kept))

    assert judge(PLAN, restored, two) == judge(PLAN, kept, two)


def test_an_hour_of_dust_becomes_one_mean_and_an_alert() -> None:
    dust = plan(commune(dust_rule()))
    values = [payload(60.0 + i, minute=5 * i + 5, parameter="pm25", unit="ug/m3") for i in range(14)]
    judged = judge(dust, {}, batch(values, minutes=[5.0 * i + 5 for i in range(14)]))

    (mean,) = judged.derived
    assert (mean.at, mean.value, mean.count) == (at(START_MS + 60 * MINUTE), 65.5, 12)
    assert [(change.level, change.value) for change in judged.changes] == [(1, 65.5)]


def test_an_hour_with_less_than_three_quarters_of_its_readings_has_no_mean() -> None:
    dust = plan(commune(dust_rule()))
    minutes = [5.0, 10, 15, 20, 25, 30, 35, 40, 70]
    values = [payload(90.0, minute=minute, parameter="pm25", unit="ug/m3") for minute in minutes]

    assert judge(dust, {}, batch(values, minutes=minutes)).derived == []


def test_silence_is_told_at_its_deadline_and_ended_by_the_next_reading() -> None:
    shard: Shard = {}
    judge(PLAN, shard, batch([payload(1.0)]))
    quiet = judge(PLAN, shard, batch([], first=1, tick_ms=START_MS + 31 * MINUTE)).changes
    back = judge(PLAN, shard, batch([payload(1.0, minute=40)], minutes=[40], first=1)).changes

    assert [(change.at, change.change, change.parameters) for change in quiet] == [
        (at(START_MS + 30 * MINUTE), "raise", ["river_level"])
    ]
    assert [(change.at, change.change, change.value) for change in back] == [
        (at(START_MS + 40 * MINUTE), "clear", 2400.0)
    ]
    assert {change.alert for change in quiet} == {change.alert for change in back}


def test_silence_is_the_same_alert_whether_a_tick_or_the_next_reading_shows_it() -> None:
    with_tick: Shard = {}
    judge(PLAN, with_tick, batch([payload(1.0)]))
    seen = judge(PLAN, with_tick, batch([], first=1, tick_ms=START_MS + 35 * MINUTE)).changes
    seen += judge(PLAN, with_tick, batch([payload(1.0, minute=40)], minutes=[40], first=1)).changes
    without: Shard = {}
    judge(PLAN, without, batch([payload(1.0)]))
    replayed = judge(PLAN, without, batch([payload(1.0, minute=40)], minutes=[40], first=1)).changes

    assert seen == [msgspec.structs.replace(change, over=False) for change in replayed]
    assert all(change.over for change in replayed)


def test_a_station_that_never_spoke_is_told_as_silent() -> None:
    shard: Shard = {}
    first = judge(PLAN, shard, batch([], tick_ms=START_MS)).changes
    later = judge(PLAN, shard, batch([], tick_ms=START_MS + 61 * MINUTE)).changes

    assert first == []
    assert [(change.parameter, set(change.parameters)) for change in later] == [
        ("station", {"river_level", "pm25"})
    ]


def test_the_event_time_keeps_its_instant_whatever_zone_it_came_in() -> None:
    local = (
        payload()
        .replace(b'"at":"', b'"at":"')
        .replace(
            at(START_MS).strftime("%Y-%m-%dT%H:%M:%SZ").encode(),
            datetime.fromtimestamp(START_MS / 1000).astimezone().isoformat().encode(),
        )
    )
    (observation,) = judge(PLAN, {}, batch([local])).observations

    assert observation.at == at(START_MS)


def test_after_an_outage_of_ours_nobody_was_silent() -> None:
    shard: Shard = {}
    judge(PLAN, shard, batch([payload(1.0)]))
    values = [payload(1.0, minute=5 * i) for i in range(1, 25)]

    backlog = judge(PLAN, shard, batch(values, minutes=[121.0] * 24, first=1))

    assert backlog.changes == []
