"""Who is looked at a second time: a crowd, once in a while, decided by event time alone."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

import msgspec
import numpy as np
import pytest

from models.cameras.batch import Eyes
from models.cameras.memory import CameraState, Shard, plan, restored
from models.cameras.watch import watch
from models.vision.crowd_tiles import AGAIN_MS, MANY, tiles
from models.vision.detection import Detections
from tests.frames import eyes as plain
from tests.frames import frame, frames, in_the_yard
from tests.messages import place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.vision.frame import Frame

PLAN = plan(place())


def eyes(asked: list[int], *, opens: bool = True) -> Eyes:
    """Each tile shows two people more, in its middle; `asked` notes how many pictures were opened again."""
    own = plain()

    def closer(several: Sequence[Frame]) -> list[np.ndarray | None]:
        asked.append(len(several))
        return [np.full((90, 160, 3), 255, np.uint8) if opens else None for _ in several]

    def detect(pictures: Sequence[np.ndarray]) -> list[Detections]:
        return [_two() if picture[0, 0, 0] == 255 else own.detect([picture])[0] for picture in pictures]

    return Eyes(own.glance, detect, closer=closer)


def _two() -> Detections:
    boxes = np.array([[0.45, 0.5, 0.5, 0.6], [0.52, 0.5, 0.57, 0.6]], np.float32)
    return Detections(boxes, np.full(2, 0.9, np.float32), np.zeros(2, np.int64))


def values(own: Eyes, *several: Frame, shard: Shard | None = None, first: int = 0) -> list[float]:
    seen = watch(PLAN, {} if shard is None else shard, own, frames(*several, first=first))
    return [observation.value for observation in seen.observations]


@pytest.mark.parametrize(
    ("name", "people", "opened"),
    [("a crowd", MANY, [1]), ("too few", MANY - 1, []), ("nobody", 0, [])],
)
def test_the_count_chooses_who_is_looked_at_again(name: str, people: int, opened: list[int]) -> None:
    asked: list[int] = []
    told = values(eyes(asked), frame(0, people=people))

    assert asked == opened, name
    assert told[0] == people + (2 * len(tiles()) if opened else 0)


def test_a_crowd_costs_no_more_than_one_second_look_in_its_time() -> None:
    asked: list[int] = []
    seconds = 60
    values(eyes(asked), *(frame(second, people=20) for second in range(seconds)))

    assert sum(asked) == seconds * 1000 // AGAIN_MS


def test_what_cannot_be_opened_again_keeps_what_the_first_look_found() -> None:
    assert values(eyes([], opens=False), frame(0, people=20)) == [20]
    assert values(plain(), frame(0, people=20)) == [20]


def test_however_frames_are_cut_into_batches_and_the_flow_is_killed_the_counts_are_the_same() -> None:
    several = [frame(second / 2, people=10 + second % 7) for second in range(60)]
    whole = values(eyes([]), *several)
    shard: Shard = {}
    parts: list[float] = []
    for first in range(0, 60, 7):
        shard = pickle.loads(pickle.dumps(shard))
        parts += values(eyes([]), *several[first : first + 7], shard=shard, first=first)

    assert parts == whole


def test_a_clock_that_was_put_back_looks_again_at_once() -> None:
    asked: list[int] = []
    shard: Shard = {}
    values(eyes(asked), frame(1000, people=20), shard=shard)
    values(eyes(asked), frame(0, people=20, seq=10_001), shard=shard, first=1)

    assert asked == [1, 1]


def test_a_memory_of_the_version_before_has_looked_at_nobody_again() -> None:
    old = CameraState(seq=7)
    del old.again_ms

    assert restored({"cho": old})["cho"].again_ms == 0


def test_a_zone_per_square_metre_is_told_from_the_second_look() -> None:
    from models.vision.camera import Camera, Zone, ZoneKind
    from tests.models.vision.test_ground import FLOOR

    zone = Zone("san", "Sân", ZoneKind.DENSITY, [(0, 0), (1, 0), (1, 1), (0, 1)])
    camera = Camera("cho", "Chợ", ["la-van-ha"], "rtsp://cam/1", [zone], ground=list(FLOOR))
    own = plan(msgspec.structs.replace(place(), cameras=[camera]))
    seen = watch(own, {}, eyes([]), frames(frame(0, people=13)))

    (observation,) = seen.observations
    assert (observation.parameter, observation.value, observation.unit) == ("density/san", 2.5, "/m2")
    assert len(in_the_yard(13)) + 2 * len(tiles()) == 25
