"""Who stands in a zone."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.vision.camera import Polygon, Zone, ZoneKind
from models.vision.zone import feet, present, within

SQUARE: Polygon = [(0.2, 0.2), (0.8, 0.2), (0.8, 0.8), (0.2, 0.8)]
HOLLOW: Polygon = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.5, 0.4), (0.0, 1.0)]


def box(x: float, y: float) -> np.ndarray:
    """A box whose feet are at (x, y)."""
    return np.array([[x - 0.02, y - 0.2, x + 0.02, y]], np.float32)


@pytest.mark.parametrize(
    ("polygon", "x", "y", "inside"),
    [
        pytest.param(SQUARE, 0.5, 0.5, True, id="in the middle"),
        pytest.param(SQUARE, 0.1, 0.5, False, id="left of it"),
        pytest.param(SQUARE, 0.5, 0.9, False, id="below it"),
        pytest.param(HOLLOW, 0.5, 0.9, False, id="in the hollow of a concave polygon"),
        pytest.param(HOLLOW, 0.1, 0.7, True, id="in the arm of a concave polygon"),
    ],
)
def test_a_person_is_where_the_feet_are(polygon: Polygon, x: float, y: float, *, inside: bool) -> None:
    zone = Zone("z", "Z", ZoneKind.COUNT, polygon)

    assert present(zone, box(x, y)).tolist() == [inside]


def test_a_head_in_the_zone_is_nobody_there() -> None:
    zone = Zone("z", "Z", ZoneKind.COUNT, [(0, 0), (1, 0), (1, 0.5), (0, 0.5)])

    assert not present(zone, np.array([[0.4, 0.1, 0.6, 0.9]], np.float32))[0]


def test_what_stands_where_nothing_counts_is_left_out() -> None:
    zone = Zone("z", "Z", ZoneKind.COUNT, SQUARE, without=[[(0.4, 0.4), (0.6, 0.4), (0.6, 0.6), (0.4, 0.6)]])

    assert present(zone, np.concatenate([box(0.5, 0.5), box(0.3, 0.3)])).tolist() == [False, True]


def test_feet_below_the_picture_count_at_its_rim() -> None:
    whole = Zone("z", "Z", ZoneKind.COUNT, [(0, 0), (1, 0), (1, 1), (0, 1)])

    assert present(whole, np.array([[0.4, 0.5, 0.6, 1.0]], np.float32))[0]


def test_nobody_is_nowhere() -> None:
    assert present(Zone("z", "Z", ZoneKind.COUNT, SQUARE), np.zeros((0, 4), np.float32)).shape == (0,)


def test_the_feet_are_the_bottom_centre() -> None:
    assert feet(np.array([[0.2, 0.1, 0.4, 0.9]], np.float32))[0] == pytest.approx([0.3, 0.9])


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=20))
def test_two_zones_with_a_common_edge_count_nobody_twice(points: list[tuple[float, float]]) -> None:
    left: Polygon = [(0, 0), (0.5, 0), (0.5, 1), (0, 1)]
    right: Polygon = [(0.5, 0), (1, 0), (1, 1), (0.5, 1)]
    several = np.array(points, np.float32)

    assert not (within(left, several) & within(right, several)).any()


@given(st.lists(st.tuples(st.integers(1, 199), st.integers(1, 199)), min_size=1, max_size=30))
def test_opencv_agrees_away_from_the_edges(pixels: list[tuple[int, int]]) -> None:
    corners = (np.array(HOLLOW, np.float32) * 200).astype(np.float32)
    for x, y in pixels:
        distance = cv2.pointPolygonTest(corners, (float(x), float(y)), measureDist=True)
        if abs(distance) > 0.5:
            point = np.array([[x / 200, y / 200]], np.float32)
            assert bool(within(HOLLOW, point)[0]) == (distance > 0)
