"""The cameras' store writes once whatever is replayed, counts what was skipped, and forgets pictures."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import psycopg
import pytest

from connectors.clock import system
from connectors.timescale.connection import Store
from connectors.timescale.housekeeper import maintain
from connectors.timescale.pictures import PictureWriter
from models.cameras.memory import Shard, plan
from models.cameras.pace import Pace
from models.cameras.portrait import CameraPicture
from models.cameras.watch import watch
from tests.connectors.test_timescale import _one, admin, level, writer  # noqa: F401 (fixtures)
from tests.frames import BROKEN, eyes, frame, frames
from tests.messages import market, place

if TYPE_CHECKING:
    from models.cameras.batch import JudgedFrames

pytestmark = pytest.mark.integration
CAMERA = market().id


def _morning(parts: int, first: int = 0) -> list[JudgedFrames]:
    """A crowd, a still picture, a duplicate, a broken frame, in `parts` batches from offset `first` on."""
    steps = [frame(i * 10, people=20) for i in range(12)]
    steps += [frame(111, shade=(110 * 41) % 199), frame(110, people=20), frame(130, sealed=BROKEN)]
    size = -(-len(steps) // parts)
    shard: Shard = {}
    return [
        watch(plan(place()), shard, eyes(), frames(*steps[i : i + size], first=first + i))
        for i in range(0, len(steps), size)
    ]


COUNTS = "select next_offset, read, stored, still, rejected, duplicates, dropped from source_offset"


def _assert_the_morning_is_stored_once(dsn: str) -> None:
    assert _one(dsn, "select count(*), count(distinct at) from observation") == (12, 12)
    assert _one(dsn, "select count(*), min(people) from snapshot") == (1, 20)
    assert _one(dsn, "select reason from rejected") == ("not_a_picture",)
    assert _one(dsn, COUNTS) == (15, 15, 12, 1, 1, 1, 0)


@pytest.mark.parametrize("start", range(3))
def test_replaying_any_suffix_writes_nothing_twice(writer: str, start: int) -> None:  # noqa: F811
    seen = _morning(3)
    PictureWriter(writer).write(seen)
    again = PictureWriter(writer)
    for part in seen[start:]:
        again.write([part])

    _assert_the_morning_is_stored_once(writer)


def test_a_replay_in_other_batches_writes_only_what_is_missing(writer: str) -> None:  # noqa: F811
    PictureWriter(writer).write(_morning(3)[:1])
    PictureWriter(writer).write(_morning(2))

    _assert_the_morning_is_stored_once(writer)


def test_frames_that_were_skipped_are_counted_as_dropped(writer: str) -> None:  # noqa: F811
    one = PictureWriter(writer)
    one.write(_morning(1))
    one.write([watch(plan(place()), {}, eyes(), frames(frame(500), first=100))])

    assert _one(writer, COUNTS) == (101, 16, 13, 1, 1, 1, 85)


def test_frames_that_were_passed_over_are_counted_as_dropped(writer: str) -> None:  # noqa: F811
    some = replace(eyes(), admit=lambda offered: [i % 2 == 0 for i in range(len(offered))])
    PictureWriter(writer).write(
        [watch(plan(place()), {}, some, frames(*(frame(i * 10, people=20) for i in range(6))))]
    )

    assert _one(writer, COUNTS) == (6, 3, 3, 0, 0, 0, 3)


def test_the_newest_pace_of_a_camera_is_kept(writer: str) -> None:  # noqa: F811
    for every_s in (1.0, 4.0):
        slow = Pace(CAMERA, frame(0).at, every_s, 1.0, 1 / every_s, 20.0, 41.0, rising=True, busy=False)
        seen = watch(
            plan(place()),
            {},
            replace(eyes(), paces=lambda slow=slow: [slow]),
            frames(frame(every_s), first=round(every_s)),
        )
        PictureWriter(writer).write([seen])

    assert _one(writer, "select camera, every_s, wanted_s, held, rising from camera_pace") == (
        *(CAMERA, 4.0, 1.0, 20.0),
        True,
    )


def test_pictures_are_forgotten_after_their_days(writer: str) -> None:  # noqa: F811
    PictureWriter(writer).write(_morning(1))
    for days, left in ((13, 1), (15, 0)):
        maintain(Store(writer), system() + timedelta(days=days))
        assert _one(writer, "select count(*) from snapshot") == (left,)


def test_refused_frames_are_forgotten_earlier_than_refused_readings(writer: str) -> None:  # noqa: F811
    PictureWriter(writer).write(_morning(1))
    maintain(Store(writer), frame(0).at + timedelta(days=9))

    assert _one(writer, "select count(*) from rejected") == (0,)


def test_the_screen_reads_no_more_of_a_refused_frame_than_why(
    admin: str,  # noqa: F811
    secrets: dict[str, str],
) -> None:
    reader = psycopg.conninfo.make_conninfo(admin, user="phusa_reader", password=secrets["reader"])
    assert _one(reader, "select count(*) from zone_state") == (0,)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        _one(reader, "select payload from rejected")


def test_of_each_camera_the_newest_picture_is_kept_whatever_is_replayed(writer: str) -> None:  # noqa: F811
    seen = _morning(2)
    for batch, hour in zip(seen, (9, 8), strict=True):
        batch.pictures.append(
            CameraPicture(CAMERA, datetime(2026, 11, 25, hour, tzinfo=UTC), b"%d" % hour, f"nước {hour} %")
        )
    PictureWriter(writer).write(seen)

    assert _one(writer, "select count(*), max(caption), max(encode(jpeg, 'escape')) from camera_picture") == (
        1,
        "nước 9 %",
        "9",
    )
