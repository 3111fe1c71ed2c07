"""Which pictures of a camera are kept: from time to time, when its water has changed, and of cameras that watch water only."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from models.cameras.batch import JudgedFrames
from models.cameras.memory import CameraState, View, plan
from models.cameras.portrait import EVERY_S, portray
from models.catalogue.analytics import ZoneKind
from models.vision.analytics.looked import Looked
from models.vision.camera import Camera, Zone
from models.vision.detection import Detections
from tests.builders import START_MS, at
from tests.frames import CAMERA, frame
from tests.messages import place

WHOLE = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]
NOBODY = Detections(np.zeros((0, 4), np.float32), np.zeros(0, np.float32), np.zeros(0, np.int64))


def view(kind: ZoneKind) -> View:
    zones = [Zone("mat-duong", "Mặt đường", kind, WHOLE), Zone("san", "Sân", ZoneKind.COUNT, WHOLE)]
    return plan(
        msgspec.structs.replace(place(), cameras=[Camera(CAMERA, "Chợ", ["h"], "rtsp://x/y", zones)])
    )[CAMERA]


def kept(own: View, state: CameraState, *seconds: float) -> list[float]:
    """Seconds of those pictures that were kept."""
    out = JudgedFrames("frames", 0, 0, 1, 1, [], [], [], [], [], [], [], [])
    for second in seconds:
        picture = np.full((90, 160, 3), 60, np.uint8)
        looked = Looked(picture, NOBODY.boxes, START_MS + round(second * 1000))
        portray(own, state, frame(second), looked, NOBODY, out)
    return [(each.at - at(START_MS)).total_seconds() for each in out.pictures]


@pytest.mark.parametrize("kind", [ZoneKind.WATER, ZoneKind.BOARD])
def test_a_picture_is_kept_every_ten_minutes_of_event_time(kind: ZoneKind) -> None:
    assert kept(view(kind), CameraState(), 0, 10, EVERY_S - 1, EVERY_S, EVERY_S + 10) == [0, EVERY_S]


def test_of_a_camera_that_watches_no_water_none_is_kept() -> None:
    assert kept(view(ZoneKind.COUNT), CameraState(), 0, EVERY_S) == []


def test_a_zone_that_has_become_another_is_kept_at_once() -> None:
    own, state = view(ZoneKind.WATER), CameraState()
    kept(own, state, 0)
    state.memory["mat-duong"] = {"state": 2}

    assert kept(own, state, 20, 30) == [20]


def test_after_a_clock_was_put_back_the_newest_picture_is_kept_again() -> None:
    own, state = view(ZoneKind.WATER), CameraState()
    kept(own, state, 5000)

    assert kept(own, state, 10, 20) == [10]
