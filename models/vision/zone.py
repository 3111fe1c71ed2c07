"""Who stands in a zone: the bottom centre of a box against polygons, vectorised."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from models.vision.camera import Polygon, Zone


def feet(boxes: NDArray[np.float32]) -> NDArray[np.float32]:
    """Bottom centres (n, 2) of boxes (n, 4: x1, y1, x2, y2), all as fractions of the picture."""
    return np.column_stack(((boxes[:, 0] + boxes[:, 2]) / 2, boxes[:, 3]))


def within(polygon: Polygon, points: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Which of the points (n, 2) lie inside: crossings of a ray to the right are odd.

    An edge belongs to the polygon at its left or upper side, so that two zones with a common edge
    never both count one person.
    """
    corners = np.asarray(polygon, dtype=np.float64)
    x1, y1 = corners[:, 0], corners[:, 1]
    x2, y2 = np.roll(x1, -1), np.roll(y1, -1)
    x, y = points[:, 0, None].astype(np.float64), points[:, 1, None].astype(np.float64)
    spans = (y1 > y) != (y2 > y)
    # A level edge spans no point: its division by zero is never looked at.
    with np.errstate(divide="ignore", invalid="ignore"):
        crossing = x1 + (y - y1) / (y2 - y1) * (x2 - x1)
    hits = spans & (x < crossing)
    inside: NDArray[np.bool_] = hits.sum(axis=1) % 2 == 1
    return inside


def present(zone: Zone, boxes: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Which boxes (n, 4) stand in the zone and in none of its parts that do not count.

    Feet at the very rim of the picture are half a box that goes on below it: they count at the rim.
    """
    points = np.minimum(feet(boxes), np.nextafter(np.float32(1), np.float32(0)))
    inside = within(zone.polygon, points)
    for part in zone.without:
        inside &= ~within(part, points)
    return inside
