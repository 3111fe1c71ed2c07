"""How deep water is by the marks that it covers: lines across a zone, the shallowest first, each with the depth it means.

Water comes from the zone's lowest place. Between two marks lie lines between them; each line counts by how much of it is under water, and never
more than those before it: a deeper mark counts only if all shallower ones are under water.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from models.vision.cells import Corners, cell_of
from models.vision.zone import within

if TYPE_CHECKING:
    from models.vision.camera import Zone

BETWEEN = 6
"""Lines from one mark to the next, the next one with them."""
ALONG = 25
"""Places on a line that are looked at."""
DRY, COVERED = 0.4, 0.6
"""Of a line: below the first it is not under water, above the second it is; half of it is half."""

Line = tuple[tuple[float, float], tuple[float, float]]


def depth(zone: Zone, wet: NDArray[np.float32], known: NDArray[np.bool_]) -> float:
    """Depth in cm, from 0 to that of the deepest mark, where the water may be deeper still.

    `wet`: 0..1 of each of the zone's cells; `known`: those that can tell. A line of which no cell can tell says what the one before said.
    """
    lines = _lines(
        tuple((x, y) for x, y in zone.polygon),
        tuple((mark.line[0], mark.line[1]) for mark in zone.marks),
    )
    found, reached, before = 0.0, 1.0, 0.0
    for mark, (places, on) in zip(zone.marks, lines, strict=True):
        telling = on & known[places]
        count = telling.sum(axis=1)
        covered = np.where(telling, wet[places], 0).sum(axis=1) / np.maximum(count, 1)
        parts = np.where(count > 0, np.clip((covered - DRY) / (COVERED - DRY), 0, 1), 1.0)
        parts = np.minimum(reached, np.minimum.accumulate(parts))
        reached = float(parts[-1])
        found += (mark.depth_cm - before) * float(parts.mean())
        before = mark.depth_cm
    return found


Lines = tuple[NDArray[np.intp], NDArray[np.bool_]]
"""Of some lines, a row each: the cells along it, and which of them lie in the zone."""


@lru_cache(maxsize=512)
def _lines(polygon: Corners, marks: tuple[Line, ...]) -> list[Lines]:
    """For each mark the lines that lead to it, the mark itself last."""
    found = []
    for first, second in pairwise((_lowest(polygon, marks), *marks)):
        from_, to = np.asarray(first), _along(np.asarray(first), np.asarray(second))
        places = np.stack([_places(from_ + (to - from_) * (i / BETWEEN)) for i in range(1, BETWEEN + 1)])
        flat = places.reshape(-1, 2)
        on = within(list(polygon), flat).reshape(BETWEEN, ALONG)
        found.append((cell_of(polygon, flat).reshape(BETWEEN, ALONG), on))
    return found


def _lowest(polygon: Corners, marks: tuple[Line, ...]) -> Line:
    """Where water begins: the first mark, moved away from the second until it leaves the zone; down the picture where there is but one."""
    (x1, y1), (x2, y2) = marks[0]
    if len(marks) > 1:
        (u1, v1), (u2, v2) = marks[1]
        right, down = (x1 + x2 - u1 - u2) / 2, (y1 + y2 - v1 - v2) / 2
    else:
        right, down = 0.0, 1.0
    length = max((right * right + down * down) ** 0.5, 1e-6)
    right, down = right / length, down / length
    far = max((x - (x1 + x2) / 2) * right + (y - (y1 + y2) / 2) * down for x, y in polygon)
    right, down = right * max(far, 0.0), down * max(far, 0.0)
    return (x1 + right, y1 + down), (x2 + right, y2 + down)


def _along(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64]:
    """The second line, turned so that its ends answer to those of the first."""
    straight = np.abs(first - second).sum()
    return second if straight <= np.abs(first - second[::-1]).sum() else second[::-1]


def _places(line: NDArray[np.float64]) -> NDArray[np.float32]:
    parts = (np.arange(ALONG) + 0.5)[:, None] / ALONG
    return np.asarray(line[0] + parts * (line[1] - line[0]), np.float32)
