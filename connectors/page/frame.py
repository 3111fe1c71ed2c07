"""From degrees to the pixels of a drawing."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.map.sketch import Position


class Frame:
    """Degrees to pixels: a plane that is true at its middle, large enough for all `points`."""

    def __init__(self, points: Sequence[Position], width: float, height: float, margin: float) -> None:
        west, east = min(x for x, _ in points), max(x for x, _ in points)
        south, north = min(y for _, y in points), max(y for _, y in points)
        self._narrow = math.cos(math.radians((south + north) / 2))
        wide, high = (east - west) * self._narrow or 1e-6, (north - south) or 1e-6
        self._scale = min((width - 2 * margin) / wide, (height - 2 * margin) / high)
        self._left = (width - wide * self._scale) / 2 - west * self._narrow * self._scale
        self._top = (height - high * self._scale) / 2 + north * self._scale

    def __call__(self, at: Position) -> tuple[float, float]:
        """Pixels from the left and from the top."""
        return self._left + at[0] * self._narrow * self._scale, self._top - at[1] * self._scale

    def back(self, x: float, y: float) -> Position:
        """The degrees of a pixel."""
        return (x - self._left) / (self._narrow * self._scale), (self._top - y) / self._scale
