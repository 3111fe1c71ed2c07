"""Mistakes of zones of water and of boards in `cameras.yaml`, each by its place."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from models.catalogue.analytics import ZoneKind
from models.vision.camera import Board, BoardForm, DepthMark, Zone, ZoneLevel
from models.vision.mistakes import camera_mistakes
from tests.water import MARKS, ROAD, camera, road

# A road that goes away from the camera: the horizon lies at 0.3 of the height.
GROUND: Any = [(0.1, 0.9, 0, 0), (0.9, 0.9, 4, 0), (0.63, 0.5, 4, 12), (0.37, 0.5, 0, 12)]
BOARD = Board(BoardForm.STAFF, (0.5, 0.3), (0.5, 0.8), 500, 100)


def board(**changed: Any) -> Zone:
    fields: dict[str, Any] = {
        "id": "thuoc", "name": "Thước", "kind": ZoneKind.BOARD, "polygon": [(0.4, 0.2), (0.6, 0.2), (0.6, 0.9), (0.4, 0.9)],
        "levels": [ZoneLevel(1, "BĐ1", 300, 280)], "board": BOARD,
    }  # fmt: skip
    return Zone(**(fields | changed))


def changed(zone: Zone, **fields: Any) -> Zone:
    return msgspec.structs.replace(zone, **fields)


def line(*ends: float) -> tuple[tuple[float, float], tuple[float, float]]:
    x1, y1, x2, y2 = ends
    return (x1, y1), (x2, y2)


LOW = [ZoneLevel(1, "ngập", 5, 2)]
HIGH = [(0.1, 0.05), (0.9, 0.05), (0.9, 1.0), (0.1, 1.0)]
ZONES: dict[str, tuple[Zone, Any, list[str]]] = {
    "as it should be": (road(), None, []),
    "as it should be, with a ground plane": (road(), GROUND, []),
    "without marks": (road(marks=False), None, []),
    "no levels": (changed(road(), levels=[]), None, ["levels"]),
    "a mark outside of its zone": (changed(road(), marks=[DepthMark(line(0.1, 0.2, 0.9, 0.2), 10)], levels=LOW), None, ["marks.0.line"]),
    "a mark above the horizon": (
        changed(road(), levels=LOW, polygon=HIGH, marks=[*MARKS[:1], DepthMark(line(0.1, 0.1, 0.9, 0.1), 30)]), GROUND, ["marks.1.line"],
    ),
    "the same mark, where nobody knows the horizon": (
        changed(road(), levels=LOW, polygon=HIGH, marks=[*MARKS[:1], DepthMark(line(0.1, 0.1, 0.9, 0.1), 30)]), None, [],
    ),
    "depths that go back": (changed(road(), levels=LOW, marks=[MARKS[1], MARKS[0]]), None, ["marks.1.depth_cm"]),
    "a deeper mark that lies lower": (
        changed(road(), marks=[MARKS[1], DepthMark(line(0.1, 0.95, 0.9, 0.95), 60)]), None, ["marks.1.line"],
    ),
    "marks that turn back": (
        changed(road(), marks=[MARKS[0], MARKS[2], DepthMark(line(0.1, 0.75, 0.9, 0.75), 80)]), None, ["marks.2.line"],
    ),
    "marks that cross": (
        changed(road(), levels=LOW, marks=[DepthMark(line(0.1, 0.9, 0.9, 0.7), 10), DepthMark(line(0.1, 0.7, 0.9, 0.89), 30)]), None, ["marks.1.line"],
    ),
    "edges that cross": (changed(road(marks=False), polygon=[ROAD[0], ROAD[2], ROAD[1], ROAD[3]]), None, ["polygon"]),
    "inside out": (changed(road(marks=False), polygon=[(0, 0), (1, 0), (1, 1), (0, 1)]), None, ["polygon"]),
    "a level above the deepest mark": (changed(road(), levels=[ZoneLevel(1, "n", 70, 10)]), None, ["levels.0.raise_at"]),
    "a level above the whole zone": (changed(road(marks=False), levels=[ZoneLevel(1, "n", 101, 10)]), None, ["levels.0.raise_at"]),
    "marks of a crowd": (changed(road(), kind=ZoneKind.CROWD), None, ["marks"]),
    "a board of a crowd": (changed(road(marks=False), kind=ZoneKind.CROWD, board=BOARD), None, ["board"]),
    "a board as it should be": (board(), None, []),
    "a board that is not there": (board(board=None), None, ["board"]),
    "a board beside its zone": (board(board=msgspec.structs.replace(BOARD, top=(0.9, 0.3))), None, ["board.top"]),
    "a board upside down": (board(board=msgspec.structs.replace(BOARD, top=(0.5, 0.8), bottom=(0.5, 0.3))), None, ["board.bottom"]),
    "readings upside down": (board(board=msgspec.structs.replace(BOARD, top_cm=50), levels=LOW), None, ["board.bottom_cm"]),
    "a level above the board": (board(levels=[ZoneLevel(1, "n", 600, 280)]), None, ["levels.0.raise_at"]),
}  # fmt: skip


@pytest.mark.parametrize(("zone", "ground", "where"), ZONES.values(), ids=ZONES)
def test_what_is_wrong_with_water_is_named_by_its_place(zone: Zone, ground: Any, where: list[str]) -> None:
    found = camera_mistakes([camera(zone, ground=ground)], hamlets=["la-van-ha"], stations=())

    assert [".".join(map(str, mistake.path[4:])) for mistake in found] == where


def test_a_zone_outside_of_the_picture_is_no_zone() -> None:
    with pytest.raises(msgspec.ValidationError, match=r"<= 1\.0.*polygon"):
        msgspec.convert(
            {"id": "a", "name": "A", "kind": "water", "polygon": [[0.1, 0.1], [1.2, 0.1], [0.5, 0.9]]}, Zone
        )
