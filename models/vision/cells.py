"""Cells over a zone: a raster of its bounding box, and what a grid over the whole picture says at each of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import cv2
import numpy as np

from models.vision.zone import within

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from models.vision.camera import Polygon, Zone

ROWS, COLUMNS = 24, 32
"""768 cells: of a zone a third of the picture wide one is a hundredth of the width, two cells of a water net's own grid of 160."""

Corners = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Cells:
    """Centres (n, 2) of the cells of a zone's box, rows first, fractions of the picture; `inside`: which of them count."""

    centres: NDArray[np.float32]
    inside: NDArray[np.bool_]
    box: tuple[float, float, float, float]


def cells(zone: Zone) -> Cells:
    """The raster of a zone; what lies in a part that does not count is outside."""
    return _cells(_corners(zone.polygon), tuple(_corners(part) for part in zone.without))


def _corners(polygon: Polygon) -> Corners:
    return tuple((float(x), float(y)) for x, y in polygon)


@lru_cache(maxsize=512)
def _cells(polygon: Corners, without: tuple[Corners, ...]) -> Cells:
    corners = np.asarray(polygon, np.float64)
    (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
    x = left + (np.arange(COLUMNS) + 0.5) / COLUMNS * (right - left)
    y = top + (np.arange(ROWS) + 0.5) / ROWS * (bottom - top)
    centres = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2).astype(np.float32)
    inside = within(list(polygon), centres)
    for part in without:
        inside &= ~within(list(part), centres)
    return Cells(centres, inside, (float(left), float(top), float(right), float(bottom)))


def at_points(
    grid: NDArray[np.float32], points: NDArray[np.float32], shift: tuple[float, float] = (0.0, 0.0)
) -> NDArray[np.float32]:
    """What a grid over the whole picture says at points (n, 2), between its cells linearly; `shift`: how far the view has moved."""
    rows, columns = grid.shape
    x = ((points[:, 0] + np.float32(shift[0])) * columns - 0.5).astype(np.float32)
    y = ((points[:, 1] + np.float32(shift[1])) * rows - 0.5).astype(np.float32)
    found = cv2.remap(
        grid, x.reshape(1, -1), y.reshape(1, -1), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return np.clip(np.asarray(found, np.float32).reshape(-1), 0, 1)


def cell_of(polygon: Corners, points: NDArray[np.float32]) -> NDArray[np.intp]:
    """The number of the cell in which each of the points (n, 2) lies; of one outside of the polygon's box the nearest."""
    left, top, right, bottom = _cells(polygon, ()).box
    column = np.clip((points[:, 0] - left) / (right - left) * COLUMNS, 0, COLUMNS - 1).astype(np.intp)
    row = np.clip((points[:, 1] - top) / (bottom - top) * ROWS, 0, ROWS - 1).astype(np.intp)
    return np.asarray(row * COLUMNS + column)
