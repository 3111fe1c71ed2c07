"""The newest picture of a camera: small, its water drawn in, and in words nothing that is not known."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from models.catalogue.analytics import ZoneKind
from models.catalogue.flags import Flag
from models.envelope.bilingual import Bilingual
from models.vision.analytics.looked import Looked
from models.vision.camera import Zone
from models.vision.cells import COLUMNS, ROWS
from models.vision.newest import MOST_BYTES, NOT_TAUGHT, newest, words
from models.vision.water import BY_NIGHT, DARK, REDRAWN, UNTAUGHT, Wet

ROAD = Zone("mat-duong", "Mặt đường", ZoneKind.WATER, [(0.0, 0.5), (1.0, 0.5), (1.0, 1.0), (0.0, 1.0)])
NOBODY = np.zeros((0, 4), np.float32)
CELLS = np.ones(ROWS * COLUMNS, np.float32)


def looked(water: float | None, *, shift: tuple[float, float] = (0.0, 0.0), sees: bool = True) -> Looked:
    """A grey street of 640 by 360; of an untaught camera the net's word is what there is."""
    picture = np.full((360, 640, 3), 90, np.uint8)
    grid = None if water is None else np.full((45, 80), water, np.float32)
    return Looked(picture, NOBODY, 0, grid, shift=shift, sees=sees)


def opened(jpeg: bytes) -> np.ndarray:
    return np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR), np.int32)


def wet(flag: Flag, why: Bilingual | None, depth: float | None = None) -> Wet:
    return Wet(42.4, depth, 0.86, flag, why, 0.3, None, CELLS)


SAYINGS = [
    pytest.param(wet(Flag.GOOD, None), True, "nước 42 %, độ tin 86 %", id="known"),
    pytest.param(wet(Flag.GOOD, None, 18.2), True, "nước 42 %, sâu 18 cm, độ tin 86 %", id="with marks"),
    pytest.param(wet(Flag.SUSPECT, BY_NIGHT), True, f"nước 42 %, độ tin 86 % ({BY_NIGHT.vi})", id="a check by night"),
    pytest.param(wet(Flag.UNKNOWN, DARK), True, f"không rõ ({DARK.vi})", id="dark"),
    pytest.param(wet(Flag.SUSPECT, UNTAUGHT), False, NOT_TAUGHT, id="untaught"),
    pytest.param(wet(Flag.UNKNOWN, DARK), False, NOT_TAUGHT, id="untaught and dark"),
    pytest.param(wet(Flag.SUSPECT, REDRAWN), True, REDRAWN.vi, id="drawn anew since"),
    pytest.param(None, True, "không rõ (chưa có mạng nhận nước)", id="no net"),
]  # fmt: skip


@pytest.mark.parametrize(("found", "taught", "said"), SAYINGS)
def test_a_caption_has_a_number_only_where_one_is_known(
    found: Wet | None, *, taught: bool, said: str
) -> None:
    assert words(found, taught=taught) == said


def test_water_of_an_untaught_camera_is_grey_and_inside_its_zone() -> None:
    jpeg, caption = newest(looked(0.95), [ROAD], NOBODY, taught=False)
    picture = opened(jpeg)
    above, within = picture[40:140, 100:500].mean((0, 1)), picture[220:330, 100:500].mean((0, 1))

    assert caption == f"Mặt đường: {NOT_TAUGHT}"
    assert np.abs(above - 90).max() < 4
    assert within.min() > 105
    assert np.ptp(within) < 6


def test_where_nothing_can_be_known_no_water_is_drawn() -> None:
    """Only the rim of the zone."""
    jpeg, caption = newest(looked(0.95, sees=False), [ROAD], NOBODY)

    assert caption.startswith("camera không nhìn thấy; ")
    assert np.abs(opened(jpeg)[220:330, 100:500] - 90).max() < 6


@pytest.mark.parametrize("shift", [(-0.05, -0.05), (0.05, 0.05), (0.0, 0.4), (-0.9, -0.9)])
def test_a_view_that_has_moved_takes_its_zone_along_to_the_rim_and_no_further(
    shift: tuple[float, float],
) -> None:
    jpeg, _caption = newest(looked(0.95, shift=shift), [ROAD], NOBODY)

    assert opened(jpeg).shape == (360, 640, 3)


def test_a_picture_full_of_detail_is_made_small_enough() -> None:
    noise = np.random.default_rng(7).integers(0, 255, (720, 1280, 3), np.uint8)
    jpeg, _caption = newest(Looked(noise, NOBODY, 0), [ROAD], NOBODY)

    assert len(jpeg) <= MOST_BYTES


def test_people_cannot_be_known_in_it() -> None:
    """A box keeps six blocks across: no column of its pixels differs from its neighbour within a block."""
    stripes = np.zeros((360, 640, 3), np.uint8)
    stripes[:, ::2] = 255
    jpeg, _caption = newest(Looked(stripes, NOBODY, 0), [], np.array([[0.2, 0.2, 0.6, 0.8]], np.float32))
    inside = opened(jpeg)[100:250, 160:350]

    assert inside.std() < 30
