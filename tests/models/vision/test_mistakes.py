"""Mistakes of `cameras.yaml`: addresses without credentials, waits longer than a frame, zones with an area and nested levels."""

from __future__ import annotations

from typing import Any

import pytest

from models.vision.camera import Camera, Zone, ZoneKind, ZoneLevel
from models.vision.mistakes import camera_mistakes

SQUARE: Any = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]
LINE: Any = [(0.0, 0.0), (1.0, 1.0), (0.5, 0.5)]


def level(number: int, raise_at: int, clear_at: int) -> ZoneLevel:
    return ZoneLevel(number, f"mức {number}", raise_at, clear_at)


def zone(**changed: Any) -> Zone:
    fields: dict[str, Any] = {"id": "san", "name": "Sân", "kind": ZoneKind.CROWD, "polygon": SQUARE}
    return Zone(**(fields | {"levels": [level(1, 10, 8)]} | changed))


def told(*cameras: Camera) -> list[tuple[Any, str]]:
    found = camera_mistakes(cameras, hamlets=["la-van"], stations={"phu-oc"})
    return [(mistake.path, mistake.expected_en) for mistake in found]


def camera(**changed: Any) -> Camera:
    fields: dict[str, Any] = {"id": "cho", "name": "Chợ", "hamlets": ["la-van"], "address": "rtsp://cam/1"}
    return Camera(**(fields | changed))


@pytest.mark.parametrize(
    ("name", "changed", "why"),
    [
        ("as it should be", {}, []),
        ("a film", {"address": "film/cho.mp4"}, []),
        ("a station's id", {"id": "phu-oc"}, [(("id",), "an id that no station has")]),
        ("no hamlet", {"hamlets": []}, [(("hamlets",), "at least one code of `hamlets`")]),
        ("a hamlet twice", {"hamlets": ["la-van"] * 2}, [(("hamlets", 1), "each code only once")]),
        ("no address", {"address": " "}, [(("address",), "rtsp://…, http://… or the path of a film")]),
        (
            "another scheme",
            {"address": "ftp://cam"},
            [(("address",), "rtsp://…, http://… or the path of a film")],
        ),
        (
            "credentials in the address",
            {"address": "rtsp://u:p@cam/1"},
            [(("address",), "an address without credentials; they stand in VAR/secrets/camera_cho")],
        ),
        ("an @ in the path only", {"address": "http://cam/a@b"}, []),
        ("silent before the next frame", {"rate_per_s": 0.05, "silent_after_s": 20}, [
            (("silent_after_s",), "more than 1 / rate_per_s (20 s)"),
            (("frozen_after_s",), "more than 1 / rate_per_s (20 s)"),
        ]),
        ("a zone twice", {"zones": [zone(), zone()]}, [(("zones", 1, "id"), "each code only once")]),
    ],
)  # fmt: skip
def test_a_camera_can_be_reached_and_waited_for(name: str, changed: Any, why: Any) -> None:
    assert told(camera(**changed)) == [(("cameras", 0, *path), text) for path, text in why], name


@pytest.mark.parametrize(
    ("name", "changed", "why"),
    [
        ("a crowd with a level", {}, []),
        ("a count without levels", {"kind": ZoneKind.COUNT, "levels": []}, []),
        ("no name", {"name": ""}, [(("name",), "a name")]),
        ("a line", {"polygon": LINE}, [(("polygon",), "a polygon with an area")]),
        ("a line cut out", {"without": [LINE]}, [(("without",), "a polygon with an area")]),
        ("a crowd without levels", {"levels": []}, [(("levels",), "at least one level")]),
        ("a count with levels", {"kind": ZoneKind.COUNT}, [(("levels",), "no levels: people are counted only")]),
        ("left where it is raised", {"levels": [level(1, 10, 10)]}, [
            (("levels", 0, "clear_at"), "below raise_at (10)"),
        ]),
        ("a level twice", {"levels": [level(1, 10, 8), level(1, 20, 15)]}, [
            (("levels", 1, "level"), "each code only once"),
        ]),
        ("the worse not farther", {"levels": [level(2, 10, 7), level(1, 10, 8)]}, [
            (("levels", 0, "raise_at"), "above level 1: 10"), (("levels", 0, "clear_at"), "above level 1: 8"),
        ]),
        ("a million people, in full", {"levels": [level(1, 1_000_000, 1_000_000)]}, [
            (("levels", 0, "clear_at"), "below raise_at (1000000)"),
        ]),
    ],
)  # fmt: skip
def test_a_zone_has_an_area_and_nested_levels(name: str, changed: Any, why: Any) -> None:
    found = told(camera(zones=[zone(**changed)]))

    assert found == [(("cameras", 0, "zones", 0, *path), text) for path, text in why], name


def test_an_id_stands_once_and_credentials_are_never_shown() -> None:
    cameras = [camera(), camera(address="rtsp://u:mat-khau@cam/1")]
    found = list(camera_mistakes(cameras, hamlets=["la-van"], stations=()))

    assert [mistake.path for mistake in found] == [("cameras", 1, "id"), ("cameras", 1, "address")]
    assert "mat-khau" not in str(found)
