"""How the partitions of several flows are read decides nothing: levels, times and identities are the same in the end."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from models.alerting.alert import AlertChange
from models.envelope.batch import RawBatch
from models.envelope.partition import PARTITIONS, partition_of
from models.places.listen import Commune, listen
from models.places.report import TELEMETRY, PartitionReport
from models.places.turns import PATIENCE_MS
from tests.floods import CHANGES, batches
from tests.reports import LINES, ORIGINS, SCENE, Line, changes, heard, records, reported, ticks

if TYPE_CHECKING:
    from collections.abc import Iterable

    from models.telemetry.sensor import Shard

BY_PARTITION = [[line for line in LINES if line[0] == partition] for partition in range(PARTITIONS)]
AT_ONCE = changes(heard(records(LINES)))
WALL_MS = 1_800_000_000_000


@st.composite
def interleavings(draw: st.DrawFn) -> list[Line]:
    """The same records of each partition in its own order, read in turns of any length."""
    places = [0] * PARTITIONS
    found: list[Line] = []
    while any(places[one] < len(BY_PARTITION[one]) for one in range(PARTITIONS)):
        partition = draw(st.sampled_from([p for p in range(PARTITIONS) if places[p] < len(BY_PARTITION[p])]))
        length = draw(st.integers(1, 200))
        found += BY_PARTITION[partition][places[partition] : places[partition] + length]
        places[partition] += length
    return found


def test_the_story_has_a_check_an_alarm_an_all_clear_and_a_lost_link() -> None:
    told = [(change.rule, str(change.change), change.level) for change in AT_ONCE]

    assert [one for one in told if one[0] == "witness"] == [
        ("witness", "raise", 1), ("witness", "worse", 2), ("witness", "better", 1), ("witness", "clear", 0),
    ]  # fmt: skip
    assert [one for one in told if one[0] == "outage"] == [("outage", "raise", 1), ("outage", "clear", 0)]


def of_several(told: Iterable[AlertChange]) -> dict[tuple[str, int], AlertChange]:
    """What several sources say together: places and the link, by (alert, number)."""
    return {(change.alert, change.seq): change for change in told if change.rule in ("witness", "outage")}


def test_what_telemetry_told_of_places_and_silences_while_it_heard_the_witnesses_is_told_still() -> None:
    before = msgspec.json.decode(CHANGES.read_bytes(), type=list[AlertChange])

    assert [change for change in before if change.rule != "river"] == AT_ONCE


@settings(derandomize=True, max_examples=40, deadline=None)
@given(interleavings())
def test_order_between_partitions_decides_nothing(lines: list[Line]) -> None:
    assert changes(heard(records(lines))) == AT_ONCE


def joined(backlog: list[RawBatch]) -> list[RawBatch]:
    """All that waits in each partition as one batch: how a flow reads what came while it was away."""
    found = []
    for partition in range(PARTITIONS):
        waiting = [batch for batch in backlog if batch.partition == partition and batch.offsets]
        if waiting:
            found.append(
                RawBatch(
                    "readings", partition, [i for one in waiting for i in one.offsets],
                    [i for one in waiting for i in one.values], [i for one in waiting for i in one.keys],
                    [i for one in waiting for i in one.stamps_ms], waiting[-1].next_offset,
                )
            )  # fmt: skip
    return found


@settings(derandomize=True, max_examples=40, deadline=None)
@given(st.data())
def test_what_a_killed_flow_tells_once_more_changes_nothing(data: st.DataObject) -> None:
    every = batches()
    snapshot = data.draw(st.integers(0, len(every) - 1), label="snapshot")
    death = data.draw(st.integers(snapshot, min(snapshot + 80, len(every))), label="death")
    one_life: dict[int, Shard] = {}
    before = reported(every[:snapshot], one_life)
    lost = reported(every[snapshot:death], one_life)
    next_life: dict[int, Shard] = {}
    reported(every[:snapshot], next_life)
    again = (
        joined(every[snapshot:death]) if data.draw(st.booleans(), label="joined") else every[snapshot:death]
    )

    told = changes(heard(records([*before, *lost, *reported([*again, *every[death:]], next_life)])))

    assert of_several(told) == of_several(AT_ONCE)
    assert len([change for change in told if change.rule == "witness"]) == 4


@settings(derandomize=True, max_examples=25, deadline=None)
@given(st.lists(st.integers(1, len(LINES) - 1), min_size=1, max_size=4, unique=True))
def test_a_memory_that_goes_back_to_its_snapshot_tells_the_same_again(places: list[int]) -> None:
    from pickle import dumps, loads

    every, commune, told = records(LINES), Commune(), []
    snapshot = dumps((commune, 0))
    for start, death in pairwise([0, *sorted(places)]):
        told += changes(heard(every[start:death], commune))
        snapshot = dumps((commune, death)) if death % 2 else snapshot
        commune, place = loads(snapshot)
        told += changes(heard(every[place:death], commune))

    told += changes(heard(every[max(places) :], commune))

    assert {(one.alert, one.seq): one for one in told} == {(one.alert, one.seq): one for one in AT_ONCE}


def test_a_partition_that_stays_behind_is_waited_for_but_not_for_ever() -> None:
    silent = partition_of("kim-long")
    commune = Commune()
    told = changes(heard(records([line for line in LINES if line[0] != silent]), commune))
    assert told == []

    told = changes(heard([*ticks(WALL_MS, commune), *ticks(WALL_MS + PATIENCE_MS - 1, commune)], commune))
    assert told == []

    told = changes(heard(ticks(WALL_MS + PATIENCE_MS, commune), commune))
    assert [change.level for change in told if change.rule == "witness"] == [1, 2, 1, 0]


def test_nobody_is_passed_over_while_its_own_records_wait_to_be_read() -> None:
    silent = partition_of("kim-long")
    commune = Commune()
    heard(records([line for line in LINES if line[0] != silent]), commune)
    others = [
        tick
        for wall_ms in (WALL_MS, WALL_MS + 10 * PATIENCE_MS)
        for tick in ticks(wall_ms, commune)
        if tick.partition != silent
    ]

    assert changes(heard(others, commune)) == []
    assert changes(heard(records([line for line in LINES if line[0] == silent]), commune)) == AT_ONCE


def test_a_position_is_stored_when_all_before_it_has_been_heard() -> None:
    commune = Commune()
    first = [line for line in LINES if line[0] == 0]
    items = heard(records(first), commune)
    assert {item.next_offset for item in items if item.partition == 0} == {0}

    items = heard(records([line for line in LINES if line[0] != 0]), commune)
    ends = {item.partition: item.next_offset for item in items}
    assert ends == {partition: len(BY_PARTITION[partition]) for partition in range(PARTITIONS)}


def report(now_ms: int, next_offset: int, read: int = 1) -> PartitionReport:
    """A station of partition 1 spoke."""
    return PartitionReport(
        1, TELEMETRY, "readings", 1, next_offset, read, now_ms, heard={"phu-oc": now_ms}
    )  # fmt: skip


def test_records_of_a_kafka_that_was_begun_anew_are_no_repetition() -> None:
    commune = Commune()
    lines = [(1, msgspec.json.encode(one)) for one in (report(1000, 50), report(1000, 50), report(2000, 1))]
    heard_ms = []
    for record in records(lines):
        listen(SCENE, commune, frozenset(), record)
        heard_ms.append(commune.memory.link.heard["phu-oc"])

    assert heard_ms == [1000, 1000, 2000]
    assert commune.turns.progress[next(iter(commune.turns.progress))].count == 2


def test_a_record_that_cannot_be_read_is_kept_by_name_and_passed() -> None:
    (item, *_) = heard(records([(1, b'{"v":1}')]))

    assert [(one.reason, one.topic, one.offset) for one in item.rejected] == [("wrong_type", "testimony", 0)]
    assert (item.next_offset, item.moved) == (1, True)


def test_in_a_replay_of_history_reports_are_heard_as_they_are_read() -> None:
    commune = Commune()
    items = [item for record in records(LINES) for item in listen(SCENE, commune, frozenset(), record)]

    assert changes(items) == AT_ONCE
    assert ORIGINS
