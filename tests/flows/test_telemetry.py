"""The flow with lists at its ends: what goes in comes out where the picture says."""

from __future__ import annotations

from bytewax.testing import TestingSink, TestingSource, run_main

from flows.telemetry import Item, build, encode_changes, encode_observations, encode_rejected
from models.envelope.batch import RawBatch
from models.telemetry.sensor import plan
from tests.builders import batch, commune, payload


def _run(batches: list[RawBatch]) -> list[list[Item]]:
    ends: list[list[Item]] = [[], [], [], []]
    source = TestingSource([(str(one.partition), one) for one in batches], batch_size=10)
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
