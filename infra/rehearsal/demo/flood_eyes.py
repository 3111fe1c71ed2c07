"""The storm day's cameras where it floods, as they stand in the play's configuration: zones, marks, board, and whose witness they are.

Written from the geometry of the rendered places, so that a mark lies where the water of its depth truly reaches. Where the commune
already has a camera of the same id, its name, hamlets and position stay; what it watches becomes what the rendered place shows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
from ruamel.yaml import YAML

from infra.rehearsal.simulator.scene import flood_cameras
from infra.rehearsal.simulator.scene.camera import VIEWS
from infra.rehearsal.simulator.scene.flood_cameras import BOARD, CAMERAS, COVERED, DARK, FORD, MARKS_CM, MOVED
from models.river.witness import NEEDED
from models.vision.camera import Zone

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

ROAD, STAFF = "mat-duong", "thuoc"
"""Ids of the zones: the road's surface, the board."""
FORD_LEVELS = (
    {"level": 1, "name": "mức ngập", "raise_at": 10, "clear_at": 5},
    {"level": 2, "name": "mức ngập sâu", "raise_at": 30, "clear_at": 20},
)
"""cm: where a motorbike must slow down, where it must not go."""
BOARD_LEVELS = (
    {"level": 1, "name": "BĐ1 ở thước", "raise_at": 150, "clear_at": 130},
    {"level": 2, "name": "BĐ2 ở thước", "raise_at": 300, "clear_at": 280},
    {"level": 3, "name": "BĐ3 ở thước", "raise_at": 450, "clear_at": 430},
)
"""The river's alarm levels (rules.yaml), in cm of the same zero."""
BOARD_MARKS_CM = (500, 100)
HOLD_S = 120
WATER_FPS, OTHER_FPS = 2, 1
"""Pictures a real second, of 785 seconds of the day: where water rises one comes every 6.5 minutes, else its view would be another each time."""
PLACE = "ngap-duong-tran"
"""The place of the ford in river.yaml, whose witnesses are its camera and the gauge."""


class Own(NamedTuple):
    """What a camera is called where the commune has none of its id, and where it hangs (hamlet, latitude, longitude)."""

    name: str
    hamlet: str
    latitude: float
    longitude: float


NAMES = {
    FORD: Own("Đường tràn Phước Yên", "phuoc-yen", 16.5316, 107.5187),
    BOARD: Own("Thước nước cầu Phước Yên", "phuoc-yen", 16.5333, 107.5199),
    COVERED: Own("Bến đò Niêm Phò", "niem-pho", 16.5391, 107.5212),
    MOVED: Own("Đầu thôn La Vân Hạ", "la-van-ha", 16.5262, 107.5155),
    DARK: Own("Đầu thôn Phổ Nam A", "pho-nam-a", 16.5420, 107.5260),
}


def fps(camera: str, usual: int) -> int:
    """Pictures a real second of a camera of the play."""
    if camera not in CAMERAS:
        return usual
    return WATER_FPS if camera in {FORD, BOARD} else OTHER_FPS


def zones(camera: str) -> list[dict[str, Any]]:
    """What the camera watches, as it stands in cameras.yaml."""
    polygon = [list(corner) for corner in flood_cameras.zone(camera)]
    if camera == BOARD:
        top, bottom = (list(flood_cameras.board_at(cm)) for cm in BOARD_MARKS_CM)
        board = {
            "form": "staff",
            "top": top,
            "bottom": bottom,
            "top_cm": BOARD_MARKS_CM[0],
            "bottom_cm": BOARD_MARKS_CM[1],
        }
        own = {"id": STAFF, "name": "Thước nước", "kind": "board", "board": board}
        return [own | {"polygon": polygon, "hold_s": HOLD_S, "levels": [dict(row) for row in BOARD_LEVELS]}]
    road = {"id": ROAD, "name": "Mặt đường", "polygon": polygon}
    if camera != FORD:
        return [road | {"kind": "count"}]
    marks = [
        {"line": [list(end) for end in flood_cameras.mark(depth)], "depth_cm": depth} for depth in MARKS_CM
    ]
    return [
        road
        | {"kind": "water", "marks": marks, "hold_s": HOLD_S, "levels": [dict(row) for row in FORD_LEVELS]}
    ]


def parameter(camera: str) -> str:
    """What the camera's zone is watched for, as the catalogue of analytics names it."""
    return msgspec.convert(zones(camera)[0], Zone).parameter


DEPTH, LEVEL, COUNT = parameter(FORD), parameter(BOARD), parameter(COVERED)
"""Of the ford, the board and the streets."""


def cameras(found: list[dict[str, Any]], hamlets: list[str]) -> list[dict[str, Any]]:
    """The play's cameras: of `found` (cameras.yaml) those that the simulator can show, then the five of the storm day.

    A camera without a film would only be silent all day.
    """
    known = {str(camera["id"]): camera for camera in found}
    shown = [camera for name, camera in known.items() if name in VIEWS]
    return shown + [_camera(name, known.get(name), hamlets) for name in CAMERAS]


def _camera(name: str, known: Mapping[str, Any] | None, hamlets: list[str]) -> dict[str, Any]:
    own = NAMES[name]
    made: dict[str, Any] = {
        "id": name,
        "name": own.name,
        "hamlets": [own.hamlet if own.hamlet in hamlets else hamlets[0]],
        "address": f"rtsp://192.0.2.1/{name}",
        "latitude": own.latitude,
        "longitude": own.longitude,
    }
    return made | {key: value for key, value in (known or {}).items() if key not in PLAYED} | {
        "zones": zones(name)
    }  # fmt: skip


KINDS = ("gauges", "rains", "cameras", "persons")
PLAYED = {"zones", "rate_per_s", "heartbeat_s", "ground"}
"""What is the play's own of a camera that the commune has."""


def places(river: dict[str, Any], shown: set[str], gauge: str, hamlets: list[str]) -> dict[str, Any]:
    """river.yaml of the play: the ford's place with its camera and the gauge as witnesses; no place names a camera without a film."""
    counting = {str(camera["id"]) for camera in river.get("water_cameras") or []}
    made = []
    for place in river.get("flood_places") or []:
        kept = [name for name in place.get("cameras") or [] if name in shown | counting]
        left = {key: value for key, value in place.items() if key != "cameras"} | (
            {"cameras": kept} if kept else {}
        )
        # Two kinds of witnesses make a place: one that lived of a camera which plays no film is no place of this day.
        if sum(bool(left.get(kind)) for kind in KINDS) >= NEEDED:
            made.append(left)
    if not any(FORD in place.get("cameras", ()) for place in made):
        hamlet = NAMES[FORD].hamlet
        made.append(
            {
                "id": PLACE,
                "name": NAMES[FORD].name,
                "hamlets": [hamlet if hamlet in hamlets else hamlets[0]],
                "gauges": [gauge],
                "cameras": [FORD],
                "flood_from": 2,
            }
        )
    return river | {"flood_places": made}


def write(folder: Path, gauge: str | None) -> None:
    """Write the play's cameras.yaml and river.yaml into its commune's folder; without a river gauge nothing floods and all stays."""
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = None
    yaml.allow_unicode = True
    yaml.width = 160
    own = yaml.load(folder / "cameras.yaml") if (folder / "cameras.yaml").exists() else {}
    found = (own or {}).get("cameras") or []
    hamlets = [str(hamlet["code"]) for hamlet in yaml.load(folder / "commune.yaml")["hamlets"]]
    if gauge is None:
        return
    made = cameras(found, hamlets)
    yaml.dump({"cameras": made}, folder / "cameras.yaml")
    path = folder / "river.yaml"
    if path.exists():
        river = yaml.load(path)
        yaml.dump(places(river, {camera["id"] for camera in made}, gauge, hamlets), path)
