"""Of the canary's reading there is a change of level, and nothing else."""

from __future__ import annotations

import msgspec

from connectors.mqtt.canary import canary_reading
from models.commune.canary import CANARY, with_canary
from models.envelope.partition import partition_of
from models.telemetry.batch import Judged
from models.telemetry.judge import judge
from models.telemetry.plan import plan
from models.telemetry.sensor import Shard
from tests.builders import MINUTE, START_MS, at, batch, commune, payload, rule

PLAN = plan(with_canary(commune(rule())))


def judged(shard: Shard, minutes: list[int], *, first: int = 0) -> Judged:
    """The canary's readings of these minutes, as one batch."""
    values = [msgspec.json.encode(canary_reading(at(START_MS + minute * MINUTE))) for minute in minutes]
    return judge(
        PLAN,
        shard,
        batch(
            values,
            minutes=[float(minute) for minute in minutes],
            first=first,
            partition=partition_of(CANARY),
            keys=[CANARY.encode()] * len(values),
        ),
    )


def test_each_minute_is_one_change_of_its_own_rule() -> None:
    shard: Shard = {}
    found = [judged(shard, [minute]).changes for minute in range(13)]

    assert [len(changes) for changes in found[1:]] == [1] * 12
    assert {change.rule for changes in found for change in changes} == {CANARY}


def test_after_a_lost_minute_the_next_is_a_change() -> None:
    shard: Shard = {}
    judged(shard, [1])

    assert [len(judged(shard, [minute]).changes) for minute in (3, 5, 7, 9, 11)] == [1] * 5


def test_the_same_minute_twice_is_one_change() -> None:
    shard: Shard = {}

    assert [len(judged(shard, [1]).changes) for _ in range(2)] == [1, 0]


def test_it_is_no_figure_of_the_store_and_no_word_about_the_link() -> None:
    found = judged({}, [1, 2, 3])

    assert (found.observations, found.origins, found.derived, found.levels) == ([], [], [], [])
    assert (found.read, found.beats, found.heard) == (0, 3, {})


def test_beside_it_a_station_is_judged_as_ever() -> None:
    marked = msgspec.json.encode(canary_reading(at(START_MS)))
    both = judge(PLAN, {}, batch([payload(1.0), marked], keys=[b"phu-oc", CANARY.encode()], minutes=[0, 0]))
    alone = judge(PLAN, {}, batch([payload(1.0)], minutes=[0]))

    assert both.observations == alone.observations
    assert both.origins == alone.origins
    assert (both.read, both.beats) == (1, 1)
