"""Rendered water stands where perspective puts it, cameras are befallen when the truth says so, lessons are of another day."""

from __future__ import annotations

from collections import Counter

import cv2
import numpy as np
import pytest

from infra.rehearsal.simulator.scene import flood_cameras, floodplain, water
from infra.rehearsal.simulator.scene.eye import Eye
from infra.rehearsal.simulator.scene.flood_cameras import (
    BOARD,
    CAMERAS,
    COVERED,
    DARK,
    FORD,
    MARKS_CM,
    MOVED,
    CameraFault,
    Weather,
    at_fault,
    show,
)
from infra.rehearsal.simulator.scene.floodplain import FORD_M
from infra.rehearsal.simulator.scene.lessons import SEED, lessons
from infra.rehearsal.simulator.scene.place import HEIGHT, WIDTH

HOUR = 3600.0
DAY, RAIN, NIGHT = Weather(1.0, 0.0), Weather(1.0, 1.0), Weather(0.0, 0.5)


def test_the_deeper_the_water_the_more_of_the_ford_s_zone_is_under_it() -> None:
    shares = [flood_cameras.share_under(FORD_M + cm / 100) for cm in range(-20, 140, 5)]
    assert shares == sorted(shares)
    assert shares[0] == 0
    assert shares[-1] == 100


@pytest.mark.parametrize("depth_cm", [pytest.param(cm, id=f"{cm} cm") for cm in MARKS_CM])
def test_water_of_a_mark_s_depth_reaches_its_line_and_no_farther(depth_cm: int) -> None:
    here = water.under(floodplain.ford(), FORD_M + depth_cm / 100)
    (x1, y1), (x2, y2) = flood_cameras.mark(depth_cm)
    assert y1 == pytest.approx(y2, abs=1e-3)
    row, columns = y1 * HEIGHT, slice(round(x1 * WIDTH) + 3, round(x2 * WIDTH) - 3)
    assert here[round(row) + 2, columns].all()
    assert not here[round(row) - 2, columns].any()


def test_the_lines_of_deeper_marks_lie_higher_in_the_picture_within_the_zone() -> None:
    rows = [flood_cameras.mark(depth)[0][1] for depth in MARKS_CM]
    assert rows == sorted(rows, reverse=True)
    corners = [y for _, y in flood_cameras.zone(FORD)]
    assert min(corners) <= rows[-1] < rows[0] < max(corners)


@pytest.mark.parametrize("cm", [pytest.param(cm, id=f"{cm} cm") for cm in (110, 200, 300, 450, 505)])
def test_the_water_stands_at_its_own_reading_of_the_board(cm: int) -> None:
    x, y = flood_cameras.board_at(cm)
    column = water.under(floodplain.bridge(), cm / 100)[:, round(x * WIDTH)]
    axis = [round(flood_cameras.board_at(each)[1] * HEIGHT) for each in floodplain.BOARD_CM[::-1]]
    first = axis[0] + int(np.argmax(column[axis[0] : axis[1]]))
    assert first == pytest.approx(y * HEIGHT, abs=1.5)


def test_a_straight_line_between_the_board_s_marks_is_off_by_less_than_two_centimetres() -> None:
    (_, top), (_, bottom) = flood_cameras.board_at(500), flood_cameras.board_at(100)
    for cm in range(100, 501, 20):
        _, y = flood_cameras.board_at(cm)
        assert 100 + 400 * (bottom - y) / (bottom - top) == pytest.approx(cm, abs=2)


@pytest.mark.parametrize(
    ("camera", "hour", "level"),
    [
        pytest.param(FORD, 8, 1.1, id="the ford, dry"),
        pytest.param(FORD, 15, 4.8, id="the ford, under water in rain"),
        pytest.param(BOARD, 21, 3.6, id="the board by night"),
        pytest.param(COVERED, 14, 4.8, id="covered"),
    ],
)
def test_the_same_moment_and_level_give_the_same_picture_another_seed_another(
    camera: str, hour: int, level: float
) -> None:
    (one, seen), (again, same) = (show(camera, hour * HOUR, level) for _ in range(2))
    assert one.shape == (HEIGHT, WIDTH, 3)
    assert one.dtype == np.uint8
    assert np.array_equal(one, again)
    assert seen == same
    assert not np.array_equal(one, show(camera, hour * HOUR, level, seed=1)[0])


@pytest.mark.parametrize(
    ("camera", "hour", "fault"),
    [
        pytest.param(COVERED, 12.4, None, id="not yet covered"),
        pytest.param(COVERED, 12.6, CameraFault.COVERED, id="covered"),
        pytest.param(COVERED, 17.1, None, id="blown away again"),
        pytest.param(MOVED, 13.4, None, id="as it was hung"),
        pytest.param(MOVED, 20.0, CameraFault.MOVED, id="turned"),
        pytest.param(DARK, 19.0, None, id="the lamp burns"),
        pytest.param(DARK, 22.0, CameraFault.DARK, id="the lamp has failed"),
        pytest.param(FORD, 15.0, None, id="nothing befalls the ford's"),
    ],
)
def test_what_befalls_a_camera_is_its_truth(camera: str, hour: float, fault: CameraFault | None) -> None:
    assert at_fault(camera, hour * HOUR) is fault
    seen = show(camera, hour * HOUR, 1.1)[1]
    assert seen.fault is fault


def test_truth_is_of_what_the_camera_has_and_never_of_another() -> None:
    ford, board, street = (show(camera, 11 * HOUR, FORD_M + 0.3)[1] for camera in (FORD, BOARD, MOVED))
    assert ford.depth_cm == pytest.approx(30)
    assert ford.share is not None
    assert 80 < ford.share < 100
    assert board.board_cm == pytest.approx(100 * (FORD_M + 0.3))
    assert (ford.board_cm, board.depth_cm, board.share) == (None, None, None)
    assert (street.share, street.depth_cm, street.board_cm) == (None, None, None)


def test_nothing_can_be_seen_in_the_dark_nor_through_a_tarpaulin() -> None:
    dark, covered = show(DARK, 22 * HOUR, 1.1)[0], show(COVERED, 14 * HOUR, 1.1)[0]
    assert dark.mean() < 8
    assert np.percentile(dark, 99) < 24
    small = cv2.resize(cv2.cvtColor(covered, cv2.COLOR_BGR2GRAY), (160, 90), interpolation=cv2.INTER_AREA)
    assert np.abs(cv2.Laplacian(small, cv2.CV_16S)).max() < 15


def test_a_turned_camera_shows_another_part_of_the_same_street() -> None:
    before, after = (
        show(MOVED, 13.4 * HOUR, 1.1, weather=DAY)[0],
        show(MOVED, 13.6 * HOUR, 1.1, weather=DAY)[0],
    )
    assert np.abs(before.astype(np.int16) - after).mean() > 20


@pytest.mark.parametrize(
    "weather", [pytest.param(DAY, id="day"), pytest.param(RAIN, id="rain"), pytest.param(NIGHT, id="night")]
)
def test_the_flood_changes_what_lies_under_it_and_nothing_in_the_sky(weather: Weather) -> None:
    dry, wet = (show(FORD, 9 * HOUR, level, weather=weather)[0].astype(np.int16) for level in (1.1, 3.4))
    inside = flood_cameras._inside(FORD)
    assert np.abs(dry - wet)[inside].mean() > 3 * np.abs(dry - wet)[:40].mean()


def test_what_a_pinhole_projects_its_rays_meet() -> None:
    eye = Eye(up=5.0, down=12.0, focal=800.0, aside=9.0, roll=4.0)
    place = np.array([[1.5, 20.0, 0.4]])
    ((u, v),) = eye.project(place).tolist()
    ray = eye.rays()[:, round(v - 0.5), round(u - 0.5)]
    met = ray * (20.0 / ray[1]) + np.array([0, 0, 5.0])
    assert met == pytest.approx(place[0], abs=0.05)


def test_every_camera_has_a_zone_within_its_picture() -> None:
    for camera in CAMERAS:
        corners = flood_cameras.zone(camera)
        assert len(set(corners)) == len(corners) >= 4
        assert all(0 <= part <= 1 for corner in corners for part in corner)


def test_lessons_are_of_another_day_dry_wet_and_flooded_by_day_by_night_and_in_rain() -> None:
    found = list(lessons())
    states = Counter(lesson.state for lesson in found)
    assert set(states) == {"dry", "wet", "flooded"}
    assert states["dry"] > states["flooded"] > states["wet"] > 1
    assert SEED > 0
    assert len({lesson.name for lesson in found}) == len(found)
    light = [float(lesson.picture.mean()) for lesson in found if lesson.state == "dry"]
    assert min(light) < 70
    assert max(light) > 110
