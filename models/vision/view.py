"""Is this the view that was learned? The directions of edges of two pictures (Look.field) beside one another, away from where water comes."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import cv2
import numpy as np

from models.vision.look import COARSE
from models.vision.zone import within

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from models.vision.camera import Polygon

SHAPE = (2, COARSE[1], COARSE[0])
ONE = 16384
"""Steps of a field that is kept, as models/vision/sight.py keeps its own."""
ALIKE, PEAK = 0.4, 9.0
"""As sight.py measured them: one view in other light agrees by 0.31 and more with a peak of 10.9 and more deviations in place;
another view by at most 0.26 with 7.9."""
LEAST = 0.15
"""Below it no view is the same; and so much of the picture must lie outside of the water for the rest to be enough."""
EDGE = 0.5
"""A direction of edges that is longer than this is an edge."""


class Registered(NamedTuple):
    """How one view lies to another.

    `alike`: agreement of edges in place, -1..1; `peak`: its height there in deviations of that in all other places; (`right`, `down`):
    where it is best, in parts of the picture.
    """

    alike: float
    peak: float
    right: float
    down: float

    @property
    def same(self) -> bool:
        """Whether it is the same view."""
        return self.alike >= ALIKE or (self.alike >= LEAST and self.peak >= PEAK)


def packed(field: NDArray[np.float32]) -> bytes:
    """A field (2, 45, 80) as it is kept."""
    return (field * np.float32(ONE)).astype("<i2").tobytes()


def unpacked(body: bytes) -> NDArray[np.float32]:
    """A field that was kept; ValueError for what is none."""
    return np.frombuffer(body, "<i2").reshape(SHAPE).astype(np.float32) / np.float32(ONE)


def away_from(polygons: Iterable[Polygon]) -> NDArray[np.float32]:
    """1 for each cell of a field that lies in none of the polygons, else 0: water changes what lies there. All ones where hardly any is left."""
    kept = np.ones(SHAPE[1:], bool)
    for polygon in polygons:
        kept &= ~_inside(tuple((float(x), float(y)) for x, y in polygon))
    found = kept.astype(np.float32)
    return found if found.mean() >= LEAST else np.ones_like(found)


def edges(polygon: Polygon, field: NDArray[np.float32]) -> float:
    """Which part of a polygon's cells of a field has an edge, 0..1."""
    inside = _inside(tuple((float(x), float(y)) for x, y in polygon))
    lengths = np.hypot(field[0], field[1])[inside]
    return float((lengths > EDGE).mean()) if lengths.size else 0.0


@lru_cache(maxsize=512)
def _inside(polygon: tuple[tuple[float, float], ...]) -> NDArray[np.bool_]:
    rows, columns = SHAPE[1:]
    return within(list(polygon), _centres()).reshape(rows, columns)


def _centres() -> NDArray[np.float32]:
    rows, columns = SHAPE[1:]
    x, y = (np.arange(columns) + 0.5) / columns, (np.arange(rows) + 0.5) / rows
    return np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2).astype(np.float32)


def register(own: NDArray[np.float32], now: NDArray[np.float32], weights: NDArray[np.float32]) -> Registered:
    """How the view of `now` lies to `own`; `weights` (45, 80) say which cells count."""
    first, second = own * weights, now * weights
    alike = float(np.vdot(first, second)) / math.sqrt(
        float(np.vdot(first, first)) * float(np.vdot(second, second)) + 1e-9
    )
    if alike >= ALIKE:
        return Registered(alike, math.inf, 0.0, 0.0)
    height, width = SHAPE[1:]
    size = (cv2.getOptimalDFTSize(height + height // 2), cv2.getOptimalDFTSize(width + width // 2))
    there = np.fft.fft2(first[0] + 1j * first[1], size)
    here = np.fft.fft2(second[0] + 1j * second[1], size)
    everywhere = np.real(np.fft.ifft2(here * np.conj(there)))
    spread = float(everywhere.std()) + 1e-9
    near = float(everywhere[np.ix_([-1, 0, 1], [-1, 0, 1])].max()) / spread
    down, right = (int(place) for place in np.unravel_index(int(everywhere.argmax()), size))
    down, right = (
        place - whole if place > whole // 2 else place
        for place, whole in zip((down, right), size, strict=True)
    )
    return Registered(alike, near, right / width, down / height)
