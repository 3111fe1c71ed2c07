"""People of a zone are the median of the last two seconds, of whatever pictures there are."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest

from models.vision.analytics import people
from models.vision.analytics.looked import Looked
from models.vision.camera import Zone, ZoneKind
from tests.frames import in_the_yard

ZONE = Zone("san", "Sân", ZoneKind.COUNT, [(0, 0), (1, 0), (1, 1), (0, 1)])
PICTURE = np.zeros((9, 16, 3), np.uint8)


def told(counts: list[int], every_ms: int, memory: dict[str, Any] | None = None) -> list[float | None]:
    """The values of a camera that sees so many people, a picture each `every_ms`."""
    own: dict[str, Any] = {} if memory is None else memory
    return [
        people.value(ZONE, Looked(PICTURE, in_the_yard(count).boxes, i * every_ms), own)
        for i, count in enumerate(counts)
    ]


@pytest.mark.parametrize(
    ("name", "counts", "every_ms", "last"),
    [
        ("one picture that misses two of five", [5, 5, 5, 3, 5, 5], 143, 5),
        ("one picture that finds three twice", [5, 5, 5, 8], 143, 5),
        ("one a second: three pictures", [5, 2, 5], 1000, 5),
        ("two pictures: the higher, as people are missed rather than made up", [4, 6], 1500, 6),
        ("one in ten seconds: what it has", [5, 9], 10_000, 9),
        ("people who come are told within the two seconds", [0, 0, 6, 6], 1000, 6),
        ("nobody", [0, 0, 0], 143, 0),
    ],
)
def test_the_count_is_the_median_of_two_seconds(
    name: str, counts: list[int], every_ms: int, last: float
) -> None:
    assert told(counts, every_ms)[-1] == last, name


def test_a_clock_that_was_put_back_leaves_no_picture_of_the_future() -> None:
    memory: dict[str, Any] = {}
    told([0, 9, 9], 1000, memory)

    # At 0 s again: what was seen at 1 s and 2 s has not been yet.
    assert told([0], 1000, memory) == [0]


def test_what_is_remembered_is_two_seconds_and_survives_a_snapshot() -> None:
    memory: dict[str, Any] = {}
    told([5] * 100, 143, memory)

    assert len(memory["recent"]) == 14
    assert pickle.loads(pickle.dumps(memory)) == memory


def test_two_zones_of_a_camera_do_not_share_what_they_remember() -> None:
    one: dict[str, Any] = {}
    told([5, 5], 1000, one)

    assert told([1], 1000) == [1]
