"""The flow with lists at its ends: what goes in comes out where the picture says."""

from __future__ import annotations

import msgspec
from bytewax.testing import TestingSink, TestingSource, run_main

from flows.telemetry import EncodeTestimony, Item, build, encode_changes, encode_observations, encode_rejected
from models.envelope.batch import RawBatch
from models.places.report import PartitionReport
from models.places.scene import scene
from models.telemetry.plan import plan
from tests.builders import MINUTE, START_MS, batch, commune, payload


def _run(batches: list[RawBatch]) -> list[list[Item]]:
    ends: list[list[Item]] = [[], [], [], []]
    source = TestingSource([(str(batch.partition), batch) for batch in batches], batch_size=10)
    observations, alerts, rejected, store = (TestingSink(end) for end in ends)
    run_main(build(source, observations, alerts, rejected, store, plan(commune())))
    return ends


def test_a_flood_between_garbage_is_stored_told_and_the_garbage_kept() -> None:
    values = [payload(1.0), b"garbage", payload(1.6, minute=2), payload(1.6, minute=2)]
    observations, alerts, rejected, store = _run([batch(values)])

    assert [len(encode_observations(one)) for _key, one in observations] == [2]
    assert [len(encode_changes(one)) for _key, one in alerts] == [1]
    assert [len(encode_rejected(one)) for _key, one in rejected] == [1]
    ((_key, judged),) = store
    assert (judged.read, judged.duplicates, judged.next_offset) == (4, [3], 4)


def test_batches_of_one_partition_share_their_memory() -> None:
    *_ends, store = _run([batch([payload(1.0)]), batch([payload(1.0)], first=1)])

    assert [len(judged.duplicates) for _key, judged in store] == [0, 1]


def test_silences_are_not_told_on_alerts_but_reported_with_the_progress_of_their_partition() -> None:
    silent_after = 40
    at_ms = START_MS + silent_after * MINUTE
    batches = [batch([payload(1.0)]), batch([], first=1, tick_ms=at_ms), batch([], first=1, tick_ms=at_ms)]
    _observations, alerts, *_rest = _run(batches)
    encode = EncodeTestimony(scene(commune()))
    reports = [
        msgspec.json.decode(value, type=PartitionReport) for _key, item in alerts for _, value in encode(item)
    ]

    assert [len(encode_changes(item)) for _key, item in alerts] == [0, 0, 0]
    assert [(report.read, report.complete_ms, len(report.silences)) for report in reports] == [
        (1, 0, 0),
        (0, at_ms, 1),
    ]


def test_progress_that_says_nothing_is_reported_once_a_second() -> None:
    encode = EncodeTestimony(scene(commune()))
    refused = [
        batch([b"garbage"], minutes=[seconds / 60], first=i)
        for i, seconds in enumerate((0, 0.5, 1, 1.5, 2.1))
    ]
    _observations, alerts, *_rest = _run(refused)

    assert [len(list(encode(item))) for _key, item in alerts] == [1, 0, 1, 0, 1]
