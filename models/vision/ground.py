"""The ground before a camera: four points of the picture whose place in metres is known make a plane.

    picture, fractions 0..1  ── homography (3 x 3) ──>  metres on the ground

A homography maps straight lines to straight lines, so a zone's corners are enough to know its area. What lies above the horizon
is on no ground. Hartley, Zisserman: Multiple View Geometry, 2nd edition, 2.3 and 8.2.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from models.vision.zone import within

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

GroundPoint = tuple[float, float, float, float]
"""x, y in the picture (fractions), then x, y on the ground (metres)."""
FLAT = 1e-4
"""Twice the area of a triangle of three points, in parts of what all four span: less, and they stand on a line."""
GRID = 400
"""Rows and columns at which parts that do not count are weighed: a share is right to half a per cent."""


class NoPlaneError(ValueError):
    """Four points that make no ground plane; `vi`, `en` say why."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(f"{vi} ({en})")
        self.vi, self.en = vi, en


@lru_cache(maxsize=256)
def plane(points: tuple[GroundPoint, ...]) -> NDArray[np.float64]:
    """The homography (3, 3) from the picture to the ground, scaled so that its last row is positive before the camera.

    NoPlaneError when three of the points stand on a line, in the picture or on the ground, or go round in different orders.
    """
    seen, real = np.array(points)[:, :2], np.array(points)[:, 2:]
    for corners, vi, en in ((seen, "trong ảnh", "in the picture"), (real, "trên mặt đất", "on the ground")):
        if _on_a_line(corners):
            raise NoPlaneError(f"ba điểm thẳng hàng {vi}", f"three points on a line {en}")
    rows = []
    for (x, y), (u, v) in zip(seen, real, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
    wrong = NoPlaneError(
        "bốn điểm trên mặt đất không theo thứ tự của bốn điểm trong ảnh",
        "the points on the ground are not in the order of those in the picture",
    )
    try:
        found = np.append(np.linalg.solve(np.array(rows), real.ravel()), 1.0).reshape(3, 3)
    except np.linalg.LinAlgError as error:
        raise wrong from error
    depth = _depth(found, seen)
    if not (np.all(depth > 0) or np.all(depth < 0)):
        raise wrong
    scaled: NDArray[np.float64] = found * np.sign(depth[0])
    return scaled


def on_ground(points: tuple[GroundPoint, ...], seen: NDArray[np.float64]) -> NDArray[np.float64]:
    """Places (n, 2) in metres of points (n, 2) of the picture; NaN for those at or above the horizon."""
    matrix = plane(points)
    depth = _depth(matrix, seen)
    with np.errstate(divide="ignore", invalid="ignore"):
        found: NDArray[np.float64] = (_one(seen) @ matrix[:2].T) / depth[:, None]
    found[depth <= 0] = np.nan
    return found


@lru_cache(maxsize=256)
def area_m2(
    points: tuple[GroundPoint, ...],
    polygon: tuple[tuple[float, float], ...],
    without: tuple[tuple[tuple[float, float], ...], ...] = (),
) -> float | None:
    """Area of a zone on the ground, m², less the parts that do not count; None when a corner is at or above the horizon."""
    corners = on_ground(points, np.array(polygon))
    if not np.isfinite(corners).all():
        return None
    x, y = corners.T
    whole = abs(float(x @ np.roll(y, -1) - y @ np.roll(x, -1))) / 2
    return whole * (1 - _share(points, polygon, without)) if without else whole


def _share(
    points: tuple[GroundPoint, ...],
    polygon: tuple[tuple[float, float], ...],
    without: tuple[tuple[tuple[float, float], ...], ...],
) -> float:
    """What part of the polygon's ground the others take; each cell weighs what it is on the ground."""
    low, high = np.min(polygon, axis=0), np.max(polygon, axis=0)
    steps = (np.arange(GRID) + 0.5) / GRID
    columns, rows = np.meshgrid(low[0] + steps * (high - low)[0], low[1] + steps * (high - low)[1])
    cells = np.column_stack((columns.ravel(), rows.ravel()))
    cells = cells[within(list(polygon), cells.astype(np.float32))]
    # The determinant of the map's derivative is det H / depth³.
    weight = _depth(plane(points), cells) ** -3
    taken = np.zeros(len(cells), np.bool_)
    for part in without:
        taken |= within(list(part), cells.astype(np.float32))
    return float(weight[taken].sum() / weight.sum())


def _depth(matrix: NDArray[np.float64], seen: NDArray[np.float64]) -> NDArray[np.float64]:
    depth: NDArray[np.float64] = _one(seen) @ matrix[2]
    return depth


def _one(points: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.column_stack((points, np.ones(len(points))))


def _on_a_line(corners: NDArray[np.float64]) -> bool:
    span = float(np.prod(np.ptp(corners, axis=0)))
    for left_out in range(4):
        a, b, c = np.delete(corners, left_out, axis=0)
        (x1, y1), (x2, y2) = b - a, c - a
        if abs(x1 * y2 - x2 * y1) <= FLAT * span:
            return True
    return False


def as_tuples(points: Sequence[Sequence[float]]) -> tuple[tuple[float, ...], ...]:
    """What can be remembered by: lists of a configuration as tuples."""
    return tuple(tuple(one) for one in points)
