"""Tiles of a dense crowd: they cover the picture, cut nobody, and tell each person once."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from models.vision.analytics import people
from models.vision.analytics.looked import Looked
from models.vision.crowd_tiles import AGAIN_MS, KEEP_MS, MOST, cut, merged, needed, tiles
from models.vision.detection import Detections
from tests.frames import in_the_yard
from tests.models.vision.test_people import PICTURE, ZONE


def found(*boxes: tuple[float, float, float, float], score: float = 0.9) -> Detections:
    n = len(boxes)
    return Detections(
        np.array(boxes, np.float32).reshape(-1, 4), np.full(n, score, np.float32), np.zeros(n, np.int64)
    )


def test_each_place_of_the_picture_is_in_a_tile_and_what_is_near_a_rim_in_two() -> None:
    grid = np.stack(np.meshgrid(np.linspace(0, 1, 101), np.linspace(0, 1, 101)), axis=-1).reshape(-1, 1, 2)
    places = tiles()
    inside = ((grid >= places[:, :2] - 1e-9) & (grid <= places[:, 2:] + 1e-9)).all(axis=2).sum(axis=1)

    assert inside.min() == 1
    assert inside.max() == 4
    assert (places.min(), places.max()) == (0, pytest.approx(1))


@pytest.mark.parametrize("shape", [(720, 1280, 3), (480, 640, 3), (7, 11, 3)])
def test_the_tiles_are_cut_where_they_lie(shape: tuple[int, int, int]) -> None:
    picture = np.arange(np.prod(shape)).astype(np.uint8).reshape(shape)
    parts = cut(picture)

    assert len(parts) == len(tiles())
    assert (parts[0][0, 0] == picture[0, 0]).all()
    assert (parts[-1][-1, -1] == picture[-1, -1]).all()


def test_a_tile_fills_the_net() -> None:
    wide, high = needed((320, 320))

    assert (round(wide * (tiles()[0, 2] - tiles()[0, 0])), round(high * tiles()[0, 3])) == (320, 320)


def shown(box: tuple[float, float, float, float]) -> list[Detections]:
    """What the net finds in each tile of somebody at `box` of the whole picture: the part of it that lies within."""
    parts = []
    for x1, y1, x2, y2 in tiles():
        scale, corner = np.array([x2 - x1, y2 - y1] * 2), np.array([x1, y1] * 2)
        inside = np.clip((np.array(box) - corner) / scale, 0, 1)
        seen = inside[2] - inside[0] > 0.02 and inside[3] - inside[1] > 0.02
        parts.append(found(tuple(inside)) if seen else found())
    return parts


@pytest.mark.parametrize(
    ("name", "box"),
    [
        ("within one tile", (0.05, 0.1, 0.08, 0.2)),
        ("where two tiles overlap", (0.325, 0.1, 0.365, 0.2)),
        ("at the rim of a tile", (0.36, 0.1, 0.41, 0.25)),
        ("where four meet", (0.335, 0.46, 0.365, 0.54)),
        ("at the picture's own rim", (0.0, 0.1, 0.03, 0.2)),
        ("at its lower right corner", (0.96, 0.9, 1.0, 1.0)),
    ],
)
def test_somebody_is_told_once_wherever_he_stands(name: str, box: tuple[float, float, float, float]) -> None:
    told = merged(found(), shown(box))

    assert len(told) == 1, name
    assert told.boxes[0] == pytest.approx(np.array(box), abs=1e-5)


def test_what_the_first_look_found_stays_and_is_not_told_twice() -> None:
    near, far = (0.05, 0.1, 0.08, 0.2), (0.6, 0.05, 0.99, 0.95)
    told = merged(found(near, far), shown(near))

    assert len(told) == 2


def value(at_ms: int, now: int, memory: dict[str, Any], once: int | None = None) -> float | None:
    first = None if once is None else in_the_yard(once).boxes
    return people.value(ZONE, Looked(PICTURE, in_the_yard(now).boxes, at_ms, once=first), memory)


def test_between_two_second_looks_the_curve_does_not_fall_back() -> None:
    memory: dict[str, Any] = {}
    told = [value(0, 40, memory, once=20)]
    told += [value(at_ms, 20, memory) for at_ms in range(3000, AGAIN_MS, 1000)]

    assert told == [40.0] * len(told)


@pytest.mark.parametrize(
    ("name", "at_ms", "now", "once", "later", "count"),
    [
        ("fewer come", 3000, 40, 20, 10, 20),
        ("long after", KEEP_MS + 1, 40, 20, 20, 20),
        ("the second look found fewer", 3000, 15, 20, 20, 20),
        ("the second look sees things", 3000, 99, 20, 2, 2 * MOST),
        ("the first found nobody there", 3000, 9, 0, 3, 3),
    ],
)
def test_a_picture_without_a_second_look_is_told_by_the_last_one(
    name: str, at_ms: int, now: int, once: int, later: int, count: float
) -> None:
    memory: dict[str, Any] = {}
    value(0, now, memory, once)

    assert value(at_ms, later, memory) == count, name
