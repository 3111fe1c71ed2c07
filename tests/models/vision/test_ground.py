"""The ground plane of a camera: four points, metres and back, a zone's square metres."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from models.vision.ground import GroundPoint, NoPlaneError, area_m2, on_ground, plane

if TYPE_CHECKING:
    from numpy.typing import NDArray

Four = tuple[GroundPoint, ...]
YARD: Four = (
    (0.30, 0.40, 0.0, 20.0),
    (0.70, 0.40, 10.0, 20.0),
    (0.95, 0.95, 10.0, 0.0),
    (0.05, 0.95, 0.0, 0.0),
)
"""Ten metres wide, twenty deep, seen from one end; the horizon lies at 0.4 - 0.55 * 0.4 / 0.5 = -0.04."""
FLOOR: Four = ((0.0, 0.0, 0.0, 0.0), (1.0, 0.0, 5.0, 0.0), (1.0, 1.0, 5.0, 2.0), (0.0, 1.0, 0.0, 2.0))
LOW: Four = (
    (0.4, 0.55, 0.0, 20.0),
    (0.6, 0.55, 10.0, 20.0),
    (0.9, 0.95, 10.0, 0.0),
    (0.1, 0.95, 0.0, 0.0),
)
"""Its horizon lies at 0.55 - 0.4 * 0.2 / 0.6 = 0.417 of the height."""
WHOLE = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
SEEN = tuple((x, y) for x, y, _, _ in YARD)


def test_it_is_the_homography_of_opencv() -> None:
    seen, real = np.array(YARD, np.float32)[:, :2].copy(), np.array(YARD, np.float32)[:, 2:].copy()
    theirs = cv2.getPerspectiveTransform(seen, real)

    ours = plane(YARD)
    assert ours / ours[2, 2] == pytest.approx(theirs, abs=1e-3)


def in_picture(points: Four, real: NDArray[np.float64]) -> NDArray[np.float64]:
    """The way back, by OpenCV: points (n, 2) of the picture of places (n, 2) in metres."""
    four = np.array(points, np.float32)
    back = cv2.getPerspectiveTransform(four[:, 2:].copy(), four[:, :2].copy())
    found = cv2.perspectiveTransform(np.asarray(real, np.float64)[None], back)[0]
    return np.asarray(found, np.float64)


def test_the_four_points_lie_where_they_were_said_to_lie_and_the_way_back_leads_there() -> None:
    points = np.array(YARD)

    assert on_ground(YARD, points[:, :2]) == pytest.approx(points[:, 2:], abs=1e-9)
    assert in_picture(YARD, points[:, 2:]) == pytest.approx(points[:, :2], abs=1e-5)


def test_equal_steps_in_the_picture_are_longer_far_away() -> None:
    y = on_ground(YARD, np.array([(0.5, 0.9), (0.5, 0.8), (0.5, 0.5), (0.5, 0.4)]))[:, 1]

    assert y[1] - y[0] < (y[3] - y[2]) / 2


@pytest.mark.parametrize(
    ("name", "points", "polygon", "without", "m2"),
    [
        ("what the four points span", YARD, SEEN, (), 200.0),
        ("a floor seen from above", FLOOR, WHOLE, (), 10.0),
        ("half of it", FLOOR, ((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0)), (), 5.0),
        ("the other way round", FLOOR, WHOLE[::-1], (), 10.0),
        ("less a stall of a fifth", FLOOR, WHOLE, (((0.0, 0.0), (0.2, 0.0), (0.2, 1.0), (0.0, 1.0)),), 8.0),
        ("a part outside of it takes nothing", FLOOR, ((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0)),
         (((0.6, 0.0), (1.0, 0.0), (1.0, 1.0)),), 5.0),
        ("two parts that overlap count once", FLOOR, WHOLE,
         (((0.0, 0.0), (0.4, 0.0), (0.4, 1.0), (0.0, 1.0)), ((0.2, 0.0), (0.5, 0.0), (0.5, 1.0), (0.2, 1.0))), 5.0),
    ],
)  # fmt: skip
def test_a_zone_has_the_square_metres_of_its_ground(
    name: str, points: Four, polygon: Four, without: tuple[Four, ...], m2: float
) -> None:
    assert area_m2(points, polygon, without) == pytest.approx(m2, rel=0.01), name  # type: ignore[arg-type]


def test_a_part_far_away_that_does_not_count_takes_its_metres_and_not_its_pixels() -> None:
    far = tuple(map(tuple, in_picture(YARD, np.array([(0, 20), (10, 20), (10, 10), (0, 10)]))))

    assert area_m2(YARD, SEEN, (far,)) == pytest.approx(100, rel=0.02)  # type: ignore[arg-type]


def test_a_zone_that_reaches_the_horizon_has_no_area_and_its_points_no_place() -> None:
    assert area_m2(LOW, ((0.2, 0.3), (0.8, 0.3), (0.8, 0.9), (0.2, 0.9))) is None
    places = on_ground(LOW, np.array([(0.5, 0.41), (0.5, 0.43)]))
    assert np.isnan(places).all(axis=1).tolist() == [True, False]


@pytest.mark.parametrize(
    ("name", "points", "why"),
    [
        ("three on a line in the picture", (*YARD[:2], (0.5, 0.4, 3, 3), YARD[3]), "line in the picture"),
        ("three on a line on the ground", (*YARD[:2], (0.95, 0.95, 5, 20), YARD[3]), "line on the ground"),
        ("one point twice", (YARD[0], YARD[0], *YARD[2:]), "line in the picture"),
        ("two places changed", (YARD[0], YARD[1], (0.95, 0.95, 0, 0), (0.05, 0.95, 10, 0)), "in the order"),
        ("all at one place", tuple((x, y, 1.0, 1.0) for x, y, _, _ in YARD), "line on the ground"),
    ],
)
def test_four_points_that_make_no_plane_are_named(name: str, points: Four, why: str) -> None:
    with pytest.raises(NoPlaneError, match=why) as told:
        plane(points)
    assert told.value.vi, name
