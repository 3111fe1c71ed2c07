"""The flow with lists at its ends: what the cameras send comes out where the picture says."""

from __future__ import annotations

from bytewax.testing import TestingSink, TestingSource, run_main

from flows.cameras import Item, build, encode_changes, encode_observations, encode_rejected
from models.cameras.memory import plan
from models.envelope.batch import RawBatch
from tests.frames import BROKEN, eyes, frame, frames
from tests.messages import place


def _run(batches: list[RawBatch]) -> list[list[Item]]:
    ends: list[list[Item]] = [[], [], [], []]
    source = TestingSource([(str(one.partition), one) for one in batches], batch_size=10)
    observations, alerts, rejected, store = (TestingSink(end) for end in ends)
    run_main(build(source, observations, alerts, rejected, store, plan(place()), eyes()))
    return ends


def test_a_crowd_between_broken_frames_is_counted_told_and_the_broken_kept() -> None:
    crowd = [frame(i * 10, people=20) for i in range(8)]
    observations, alerts, rejected, store = _run([frames(*crowd, frame(90, sealed=BROKEN), b"garbage")])

    assert [len(list(encode_observations(one))) for _key, one in observations] == [8]
    assert [len(list(encode_changes(one))) for _key, one in alerts] == [1]
    assert [len(list(encode_rejected(one))) for _key, one in rejected] == [2]
    ((_key, seen),) = store
    assert (seen.read, seen.next_offset, len(seen.snapshots)) == (10, 10, 1)


def test_batches_of_one_partition_share_their_memory() -> None:
    *_ends, store = _run([frames(frame(0)), frames(frame(0), first=1)])

    assert [len(seen.duplicates) for _key, seen in store] == [0, 1]
