"""How fast the water rises: a slope that one wrong reading does not turn."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from statistics import median

from models.envelope.period import HOUR_MS

LEAST = 4
"""Readings below which a window has no slope: with three, one wrong reading is half of the pairs."""


@dataclass(slots=True)
class Recent:
    """The newest readings of one gauge, by time; at most `keep_ms` back, at least `spacing_ms` apart.

    Small enough for a snapshot: three hours of five minutes are 37 readings.
    """

    keep_ms: int
    spacing_ms: int = 0
    times: list[int] = field(default_factory=list)
    values: list[float] = field(default_factory=list)

    def add(self, at_ms: int, value: float) -> bool:
        """Take a reading in its place; False, and nothing changes, if it is told twice, too near or too old."""
        times = self.times
        if times and at_ms < times[-1] - self.keep_ms:
            return False
        place = bisect_left(times, at_ms)
        least = max(self.spacing_ms, 1)
        if place and at_ms - times[place - 1] < least:
            return False
        if place < len(times) and times[place] - at_ms < least:
            return False
        times.insert(place, at_ms)
        self.values.insert(place, value)
        old = bisect_left(times, times[-1] - self.keep_ms)
        del times[:old], self.values[:old]
        return True

    def append(self, at_ms: int, value: float) -> None:
        """Take a reading that is newer than all before it and far enough from them."""
        self.times.append(at_ms)
        self.values.append(value)
        if at_ms - self.times[0] > self.keep_ms:
            old = bisect_left(self.times, at_ms - self.keep_ms)
            del self.times[:old], self.values[:old]

    def slope(self, window_ms: int, least: int = LEAST) -> float | None:
        """Change an hour over the last `window_ms`, in the readings' unit; None if too little is known.

        The median of the slopes between each reading of the window's first half and its partner
        in the second (Theil's incomplete method): a quarter of the readings may be wrong. None with fewer
        than `least` readings or if they span less than half of the window: a gap is no slope.
        """
        if not self.times:
            return None
        start = bisect_left(self.times, self.times[-1] - window_ms)
        count = len(self.times) - start
        if count < least or 2 * (self.times[-1] - self.times[start]) < window_ms:
            return None
        half = count // 2
        later = len(self.times) - half
        return median(self._between(start + i, later + i) for i in range(half))

    def fastest(self, windows_ms: tuple[int, ...], least: int = LEAST) -> float | None:
        """The greatest slope of several windows: a rise that began just now shows in the shortest first."""
        slopes = [one for one in (self.slope(window, least) for window in windows_ms) if one is not None]
        return max(slopes, default=None)

    def _between(self, first: int, second: int) -> float:
        hours = (self.times[second] - self.times[first]) / HOUR_MS
        return (self.values[second] - self.values[first]) / hours
