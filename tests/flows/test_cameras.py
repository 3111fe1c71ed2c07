"""The flow with lists at its ends: what the cameras send comes out where the picture says."""

from __future__ import annotations

import msgspec
from bytewax.testing import TestingSink, TestingSource, run_main

from flows.cameras import EncodeTestimony, Item, build, encode_changes, encode_observations, encode_rejected
from models.cameras.memory import plan
from models.envelope.batch import RawBatch
from models.places.report import PartitionReport
from models.places.scene import FLOODED, scene
from tests.frames import BROKEN, eyes, frame, frames
from tests.messages import place
from tests.models.places.test_witnesses import WATCHED, WATCHER
from tests.models.places.test_witnesses import seen as found_by_camera


def _run(batches: list[RawBatch]) -> list[list[Item]]:
    ends: list[list[Item]] = [[], [], [], []]
    source = TestingSource([(str(batch.partition), batch) for batch in batches], batch_size=10)
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


def test_a_camera_that_witnesses_a_place_reports_what_it_found_and_how_far_its_partition_is() -> None:
    encode = EncodeTestimony(scene(WATCHED))
    batches = (
        found_by_camera(60, 1.0, by_alert=False),
        found_by_camera(61, 1.0, by_alert=True),
        msgspec.structs.replace(found_by_camera(62, 0.0, by_alert=False), observations=[], complete_ms=7),
    )

    reports = [
        msgspec.json.decode(value, type=PartitionReport) for batch in batches for _, value in encode(batch)
    ]

    assert [(report.source, report.complete_ms) for report in reports] == [
        ("cameras", 0),
        ("cameras", 0),
        ("cameras", 7),
    ]
    assert [[(each.source, each.parameter, each.value) for each in report.observations] for report in reports] == [
        [(WATCHER, FLOODED, 1.0)], [(WATCHER, FLOODED, 1.0)], [],
    ]  # fmt: skip
