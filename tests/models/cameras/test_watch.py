"""What becomes of frames: every one has an end; crowds, silence and frost are told on a time line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import msgspec
import numpy as np
import pytest

from models.alerting.alert import AlertChange, Change
from models.cameras.memory import Shard, plan
from models.cameras.watch import watch
from models.envelope.reading import Flag
from models.envelope.rejected import Reason
from tests.builders import START_MS, at
from tests.frames import BROKEN, eyes, frame, frames, in_the_yard, tick
from tests.messages import market, place

if TYPE_CHECKING:
    from models.cameras.batch import JudgedFrames
    from models.vision.frame import Frame

PLAN = plan(place())


def told(seen: JudgedFrames) -> list[tuple[str, Change, int]]:
    return [(change.rule, change.change, change.level) for change in seen.changes]


def story(*steps: Frame) -> list[AlertChange]:
    """One frame a batch, as they come."""
    shard: Shard = {}
    return [
        change
        for i, step in enumerate(steps)
        for change in watch(PLAN, shard, eyes(), frames(step, first=i)).changes
    ]


def test_people_in_a_zone_are_an_observation() -> None:
    seen = watch(PLAN, {}, eyes(), frames(frame(0, people=3)))

    (one,) = seen.observations
    assert (one.source, one.parameter, one.value, one.unit, one.flag) == (
        "cho",
        "people/san",
        3.0,
        "people",
        Flag.GOOD,
    )
    assert seen.observed == [0]


REFUSED = [
    pytest.param(b"\x00garbage", Reason.WRONG_TYPE, id="garbage"),
    pytest.param(frame(0, v=9), Reason.WRONG_VERSION, id="another version"),
    pytest.param(frame(0, source="nobody"), Reason.UNKNOWN_CAMERA, id="unknown camera"),
    pytest.param(frame(0, content_type="text/html"), Reason.WRONG_CONTENT, id="a page of HTML"),
    pytest.param(frame(0, sealed=BROKEN), Reason.NOT_A_PICTURE, id="a truncated JPEG"),
    pytest.param(frame(0, sealed=bytes(9_000_000)), Reason.TOO_BIG, id="too many bytes"),
]


@pytest.mark.parametrize(("bad", "reason"), REFUSED)
def test_a_bad_frame_is_refused_by_name_with_its_bytes_and_the_next_one_is_seen(
    bad: Frame | bytes, reason: Reason
) -> None:
    batch = frames(bad, frame(5, people=2))
    seen = watch(PLAN, {}, eyes(), batch)

    assert [(one.offset, one.reason, one.payload) for one in seen.rejected] == [(0, reason, batch.values[0])]
    assert seen.observed == [1]


@pytest.mark.parametrize(
    ("minutes", "reason"),
    [pytest.param(10, Reason.FUTURE, id="ahead"), pytest.param(-1500, Reason.TOO_LATE, id="a day behind")],
)
def test_a_clock_far_from_arrival_is_refused(minutes: float, reason: Reason) -> None:
    seen = watch(PLAN, {}, eyes(), frames(frame(minutes * 60, seq=1), stamps_ms=[START_MS]))

    assert [one.reason for one in seen.rejected] == [reason]


def test_a_frame_under_another_cameras_key_is_refused() -> None:
    seen = watch(PLAN, {}, eyes(), frames(frame(0), keys=[b"duong"]))

    assert [one.reason for one in seen.rejected] == [Reason.WRONG_SOURCE]


def test_a_repeated_frame_is_a_duplicate() -> None:
    shard: Shard = {}
    watch(PLAN, shard, eyes(), frames(frame(0), frame(1)))
    seen = watch(PLAN, shard, eyes(), frames(frame(0), frame(1), frame(2), first=2))

    assert (seen.duplicates, seen.observed) == ([2, 3], [4])


def test_every_frame_ends_once() -> None:
    seen = watch(
        PLAN,
        {},
        eyes(),
        frames(b"x", frame(0), frame(0), frame(1, shade=0), frame(30), frame(31, sealed=BROKEN)),
    )
    ends = [*seen.observed, *seen.still, *seen.duplicates, *(one.offset for one in seen.rejected)]
    assert sorted(ends) == list(range(6))
    assert seen.read == 6


def test_a_still_picture_is_not_shown_to_the_net_until_the_heartbeat() -> None:
    asked: list[int] = []
    still = [frame(second, shade=7) for second in range(12)]
    seen = watch(PLAN, {}, eyes(asked), frames(*still))

    assert asked == [2]  # the first, and the one ten seconds later
    assert len(seen.still) == 10


def test_all_pictures_of_a_batch_go_to_the_net_at_once() -> None:
    asked: list[int] = []
    watch(PLAN, {}, eyes(asked), frames(*(frame(second) for second in range(20))))

    assert asked == [20]


def test_a_crowd_is_told_only_after_it_has_held() -> None:
    changes = story(*(frame(second, people=20) for second in range(0, 120, 10)))

    (one,) = changes
    assert (one.rule, one.change, one.level, one.value) == ("crowd-cho-san", Change.RAISE, 1, 20.0)
    assert one.at == at(START_MS + 60_000)


def test_one_frame_without_people_does_not_end_the_wait() -> None:
    """A net that misses everybody in one frame: the median of 15 s holds."""
    steps = [frame(second, people=0 if second == 35 else 20) for second in range(0, 120, 5)]

    assert [one.change for one in story(*steps)] == [Change.RAISE]


def test_a_crowd_grows_and_dissolves() -> None:
    people = [20] * 20 + [40] * 20 + [5] * 20
    changes = story(*(frame(i * 10, people=n) for i, n in enumerate(people)))

    assert [(change.change, change.level) for change in changes] == [
        (Change.RAISE, 1),
        (Change.WORSE, 2),
        (Change.CLEAR, 0),
    ]
    assert {change.alert for change in changes} == {changes[0].alert}


def test_what_got_worse_has_a_picture_and_what_got_better_has_none() -> None:
    shard: Shard = {}
    people = [20] * 10 + [0] * 20
    kept = [
        snapshot
        for i, n in enumerate(people)
        for snapshot in watch(PLAN, shard, eyes(), frames(frame(i * 10, people=n), first=i)).snapshots
    ]

    (one,) = kept
    assert (one.seq, one.people, one.camera) == (1, 20, "cho")
    assert cv2.imdecode(np.frombuffer(one.jpeg, np.uint8), cv2.IMREAD_COLOR).shape == (90, 160, 3)


def test_a_frozen_camera_is_unknown_and_raises_no_crowd() -> None:
    limit = market().frozen_after_s
    shard: Shard = {}
    seen = [
        watch(PLAN, shard, eyes(), frames(frame(second, people=20 if second else 0, shade=9), first=i))
        for i, second in enumerate(range(0, limit + 200, 20))
    ]
    changes = [change for each in seen for change in each.changes]
    frozen = next(change for change in changes if change.rule == "frozen")

    assert frozen.at == at(START_MS + limit * 1000)
    assert seen[-1].observations[0].flag == Flag.UNKNOWN
    assert not [change for change in changes if change.kind == "crowd" and change.at > frozen.at]


def test_a_frozen_camera_that_moves_again_is_told() -> None:
    shard: Shard = {}
    limit = market().frozen_after_s
    for i, second in enumerate(range(0, limit + 40, 20)):
        watch(PLAN, shard, eyes(), frames(frame(second, shade=9), first=i))
    seen = watch(PLAN, shard, eyes(), frames(frame(limit + 60, shade=90), first=99))

    assert told(seen) == [("frozen", Change.CLEAR, 0)]


def test_a_silent_camera_is_told_at_its_deadline_and_heard_again() -> None:
    limit = market().silent_after_s
    shard: Shard = {}
    watch(PLAN, shard, eyes(), frames(frame(0)))
    silent = watch(PLAN, shard, eyes(), tick(limit + 30, first=1))
    back = watch(PLAN, shard, eyes(), frames(frame(limit + 60), first=1))

    assert told(silent) == [("silent", Change.RAISE, 1)]
    assert silent.changes[0].at == at(START_MS + limit * 1000)
    assert told(back) == [("silent", Change.CLEAR, 0)]


def test_a_camera_that_never_sent_a_frame_is_silent_too() -> None:
    shard: Shard = {}
    watch(PLAN, shard, eyes(), tick(0))

    assert told(watch(PLAN, shard, eyes(), tick(market().silent_after_s + 1))) == [
        ("silent", Change.RAISE, 1)
    ]


def test_a_picture_that_cannot_be_read_is_no_sign_of_life() -> None:
    limit = market().silent_after_s
    shard: Shard = {}
    watch(PLAN, shard, eyes(), frames(frame(0)))
    watch(PLAN, shard, eyes(), frames(frame(limit - 1, sealed=BROKEN), first=1))

    assert told(watch(PLAN, shard, eyes(), tick(limit + 1, first=2))) == [("silent", Change.RAISE, 1)]


def test_a_clock_that_is_put_back_stops_nothing() -> None:
    shard: Shard = {}
    ahead = [frame(100_000 + i * 10, people=20, seq=i) for i in range(3)]
    after = [frame(i * 10, people=20, seq=10 + i) for i in range(12)]
    changes = [
        change
        for i, step in enumerate([*ahead, *after])
        for change in watch(PLAN, shard, eyes(), frames(step, first=i)).changes
    ]

    assert [(change.rule, change.change) for change in changes] == [("crowd-cho-san", Change.RAISE)]


def test_the_same_frames_give_the_same_results_in_whatever_batches() -> None:
    steps = [frame(i * 5, people=(i * 7) % 40) for i in range(60)]
    whole = watch(PLAN, {}, eyes(), frames(*steps))
    shard: Shard = {}
    parts = [watch(PLAN, shard, eyes(), frames(*steps[i : i + 7], first=i)) for i in range(0, 60, 7)]

    assert [observation for each in parts for observation in each.observations] == whole.observations
    assert [change for each in parts for change in each.changes] == whole.changes


def test_the_memory_of_a_partition_survives_a_snapshot() -> None:
    import pickle

    shard: Shard = {}
    watch(PLAN, shard, eyes(), frames(*(frame(i * 10, people=20) for i in range(4))))
    kept: Shard = pickle.loads(pickle.dumps(shard, protocol=5))
    rest = frames(*(frame(i * 10, people=20) for i in range(4, 12)), first=4)

    assert watch(PLAN, kept, eyes(), rest).changes == watch(PLAN, shard, eyes(), rest).changes


def test_a_frame_is_small_beside_its_picture() -> None:
    assert len(msgspec.msgpack.encode(frame(0, sealed=b""))) < 150


def test_many_people_are_seen_as_many() -> None:
    assert len(in_the_yard(40)) == 40
