"""Where does a view lie beside the one that was learned? Two fields of edges (models/vision/look.py), all shifts at once by Fourier.

The agreement of both at a shift is their correlation; its peak is found to a part of a cell by a parabola. What comes out is in cells of
the field or in fractions of the picture: positive is to the right and down: what stands in the picture lies so much further there.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Field = NDArray[np.float32]

NEAR = 1
"""Cells around the place that is expected: 1.25 % of the width; more is no wind."""
AWAY = 1.9
LEAST_PART = 0.05
"""Cells: a smaller shift is none, and costs no moving of fields."""


@dataclass(frozen=True, slots=True)
class Placed:
    """How two fields agree.

    `shift` in cells, (across, down), of the best agreement near the place expected, and `near`, how far that lies above the spread of the
    agreement at all shifts; `away` (cells) and `best`: the same of the best one anywhere.
    """

    shift: tuple[float, float]
    near: float
    away: tuple[int, int]
    best: float


def placed(own: Field, now: Field, expected: tuple[float, float] = (0.0, 0.0)) -> Placed:
    """Where `now` lies beside `own`, both (2, rows, columns); `expected` in cells."""
    height, width = own.shape[1:]
    size = cv2.getOptimalDFTSize(height + height // 2), cv2.getOptimalDFTSize(width + width // 2)
    product = cv2.mulSpectrums(_spectrum(now, size), _spectrum(own, size), 0, conjB=True)
    map_ = cv2.idft(product, flags=cv2.DFT_SCALE)[..., 0]
    spread = float(np.linalg.norm(map_)) / math.sqrt(map_.size) + 1e-9
    across, down = round(expected[0]), round(expected[1])
    rows = [(down + k) % size[0] for k in range(-NEAR - 1, NEAR + 2)]
    columns = [(across + k) % size[1] for k in range(-NEAR - 1, NEAR + 2)]
    around = map_[np.ix_(rows, columns)]
    inner = around[1:-1, 1:-1]
    y, x = (int(k) for k in np.unravel_index(int(inner.argmax()), inner.shape))
    peak = np.asarray(around[y : y + 3, x : x + 3], np.float32)
    shift = across + x - NEAR + _top(peak[1]), down + y - NEAR + _top(peak[:, 1])
    _, best, _, (at_x, at_y) = cv2.minMaxLoc(map_)
    away = at_x - size[1] if at_x > size[1] // 2 else at_x, at_y - size[0] if at_y > size[0] // 2 else at_y
    return Placed(shift, float(inner.max()) / spread, away, best / spread)


def elsewhere(own: Field, now: Field, least: float, more: float) -> int:
    """How many quarters of the view lie elsewhere, each by itself: turned or zoomed, they go apart, and their mean stays.

    A quarter does, if its best agreement is `least` deviations, `more` times that of its place, and AWAY cells from it.
    """
    rows, columns = own.shape[1] // 2, own.shape[2] // 2
    found = 0
    for y in (slice(rows), slice(own.shape[1] - rows, None)):
        for x in (slice(columns), slice(own.shape[2] - columns, None)):
            place = placed(own[:, y, x], now[:, y, x])
            found += (
                place.best >= least and place.best >= more * place.near and math.hypot(*place.away) >= AWAY
            )
    return found


def carried(field: Field, shift: tuple[float, float]) -> Field:
    """The field moved by so many cells; what comes in is without edges."""
    if max(abs(shift[0]), abs(shift[1])) < LEAST_PART:
        return field
    height, width = field.shape[1:]
    move = np.array([[1, 0, shift[0]], [0, 1, shift[1]]], np.float32)
    return np.stack([cv2.warpAffine(part, move, (width, height)) for part in field])


def alike(own: Field, now: Field) -> float:
    """Agreement of edges in place, -1..1."""
    return float(np.vdot(own, now)) / math.sqrt(float(np.vdot(own, own)) * float(np.vdot(now, now)) + 1e-9)


def _spectrum(field: Field, size: tuple[int, int]) -> NDArray[np.float32]:
    padded = np.zeros((*size, 2), np.float32)
    padded[: field.shape[1], : field.shape[2], 0] = field[0]
    padded[: field.shape[1], : field.shape[2], 1] = field[1]
    return np.asarray(cv2.dft(padded, nonzeroRows=field.shape[1]), np.float32)


def _top(three: NDArray[np.float32]) -> float:
    """Where the parabola through three neighbours has its top, -0.5..0.5 of a cell from the middle one."""
    before, middle, after = (float(k) for k in three)
    bend = before - 2 * middle + after
    return 0.0 if bend >= 0 else max(-0.5, min(0.5, 0.5 * (before - after) / bend))
