"""Mistakes of a ground plane in cameras.yaml, and of zones of people per square metre."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from models.vision.camera import Camera, Zone, ZoneKind, ZoneLevel
from models.vision.mistakes import camera_mistakes
from tests.models.vision.test_ground import FLOOR, LOW

SQUARE: Any = [(0.1, 0.6), (0.9, 0.6), (0.9, 0.9), (0.1, 0.9)]
SKY: Any = [(0.1, 0.2), (0.9, 0.2), (0.9, 0.9), (0.1, 0.9)]


def told(ground: Any, polygon: Any = SQUARE, kind: ZoneKind = ZoneKind.DENSITY, at: float = 2.5) -> list[Any]:
    level = ZoneLevel(1, "chen chúc", at, 1.0)
    zone = Zone("cong", "Cổng", kind, polygon, levels=[level] if kind is not ZoneKind.COUNT else [])
    camera = Camera("cho", "Chợ", ["la-van"], "rtsp://cam/1", [zone], ground=ground)
    found = camera_mistakes([camera], hamlets=["la-van"], stations=set())
    return [(mistake.path[2:], mistake.expected_en) for mistake in found]


def metres(points: Any, scale: float) -> list[Any]:
    return [(x, y, xm * scale, ym * scale) for x, y, xm, ym in points]


KIND = (("zones", 0, "kind"), "a kind that needs no ground plane, or a camera with `ground`")
BELOW = (("zones", 0, "polygon"), "a polygon below the horizon of `ground`")


@pytest.mark.parametrize(
    ("name", "said", "why"),
    [
        ("as it should be", (list(LOW),), []),
        ("no ground", (None,), [KIND]),
        ("no ground is needed to count", (None, SQUARE, ZoneKind.COUNT), []),
        ("beyond the horizon", (list(LOW), SKY), [BELOW]),
        ("counting may go beyond it", (list(LOW), SKY, ZoneKind.COUNT), []),
        ("a fraction of a person", (None, SQUARE, ZoneKind.CROWD), [(("zones", 0, "levels", 0, "raise_at"), "a whole number")]),
        ("two decimals", (list(LOW), SQUARE, ZoneKind.DENSITY, 2.55),
         [(("zones", 0, "levels", 0, "raise_at"), "at most 1 decimals")]),
        ("three on a line", ([*LOW[:2], (0.5, 0.55, 3, 3), LOW[3]],),
         [(("ground",), "four points that make a plane, but there are three points on a line in the picture")]),
        ("a wrong ground is told where nobody needs it", ([LOW[0], LOW[0], *LOW[2:]], SQUARE, ZoneKind.COUNT),
         [(("ground",), "four points that make a plane, but there are three points on a line in the picture")]),
        ("centimetres for metres", (metres(FLOOR, 100),),
         [(("zones", 0, "polygon"), "1 to 10000 m² on the ground, but it is 2.4e+04 m²")]),
        ("kilometres for metres", (metres(FLOOR, 0.1),),
         [(("zones", 0, "polygon"), "1 to 10000 m² on the ground, but it is 0.024 m²")]),
    ],
)  # fmt: skip
def test_mistakes_of_the_ground_are_told_where_they_stand(
    name: str, said: tuple[Any, ...], why: list[Any]
) -> None:
    assert told(*said) == why, name


@pytest.mark.parametrize("points", [3, 5])
def test_it_takes_four_points(points: int) -> None:
    ground = [[0.1 * i, 0.2, 1.0, 2.0] for i in range(points)]
    with pytest.raises(msgspec.ValidationError, match="ground"):
        msgspec.convert({"id": "cho", "name": "Chợ", "hamlets": [], "address": "a", "ground": ground}, Camera)
