"""Rain over the last hours from what gauges send; what was not measured makes a sum "at least", never 0.

A tipping bucket sends how much fell since its last message, or a counter, or an intensity. All three
become amounts over a span of time; the time between spans is a gap.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import NamedTuple

HOUR_MS = 3_600_000
WINDOWS_H = (1, 3, 6, 12, 24)
"""The sums that warnings speak of (Decision 18/2021: 12 and 24 h; bulletins: 3 and 6 h)."""
KEEP_MS = max(WINDOWS_H) * HOUR_MS


class RainSum(NamedTuple):
    """`mm` fell in the last `hours`, at least; None if nothing was measured at all.

    `measured` is the share of the time that was measured; only at 1 is the sum the whole rain.
    """

    hours: int
    mm: float | None
    measured: float

    @property
    def whole(self) -> bool:
        """Whether every moment of the window was measured."""
        return self.measured >= 1


@dataclass(slots=True)
class Rain:
    """Measured spans of the last 24 h of one gauge, sorted, without overlap.

    `longest_ms` is how far back an amount may reach: one that comes after a longer silence fell at an
    unknown time, so it counts, and only its last `longest_ms` are taken as measured.
    """

    longest_ms: int
    ends: list[int] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    amounts: list[float] = field(default_factory=list)

    def add(self, at_ms: int, mm: float) -> bool:
        """Take the amount that fell since the last message; False if that time is already measured.

        A late amount fills the gap before it. Raises ValueError for a negative amount: that is a fault, no rain.
        """
        if mm < 0:
            raise ValueError(f"{mm} mm of rain at {at_ms}")
        place = bisect_left(self.ends, at_ms)
        if self._taken(place, at_ms):
            return False
        start = max(at_ms - self.longest_ms, self.ends[place - 1] if place else at_ms - self.longest_ms)
        self.ends.insert(place, at_ms)
        self.starts.insert(place, start)
        self.amounts.insert(place, mm)
        self._forget()
        return True

    def add_intensity(self, at_ms: int, mm_h: float) -> bool:
        """Take an intensity that held since the last message, `longest_ms` at most; False as in `add`."""
        place = bisect_left(self.ends, at_ms)
        before = self.ends[place - 1] if place else at_ms - self.longest_ms
        return self.add(at_ms, mm_h * min(at_ms - before, self.longest_ms) / HOUR_MS)

    def total(self, now_ms: int, hours: int) -> RainSum:
        """The sum over the last `hours` before `now_ms`; a span cut by the window counts by its share."""
        length = hours * HOUR_MS
        begin = now_ms - length
        mm, measured_ms = 0.0, 0
        for place in range(bisect_right(self.ends, begin), len(self.ends)):
            start, end = self.starts[place], self.ends[place]
            inside = min(end, now_ms) - max(start, begin)
            if inside > 0:
                mm += self.amounts[place] * inside / (end - start)
                measured_ms += inside
        return RainSum(hours, mm if measured_ms else None, measured_ms / length)

    def totals(self, now_ms: int) -> tuple[RainSum, ...]:
        """All of `WINDOWS_H`."""
        return tuple(self.total(now_ms, hours) for hours in WINDOWS_H)

    def _taken(self, place: int, at_ms: int) -> bool:
        """Told twice, within a span already measured, or older than anything still asked for."""
        if place < len(self.ends) and self.starts[place] < at_ms:
            return True
        return bool(self.ends) and at_ms <= self.ends[-1] - KEEP_MS

    def _forget(self) -> None:
        # A day and one span more: a sum asked for a little later than the newest span still finds its begin.
        old = bisect_left(self.ends, self.ends[-1] - KEEP_MS - self.longest_ms)
        del self.ends[:old], self.starts[:old], self.amounts[:old]


def since(previous_mm: float | None, counter_mm: float) -> float | None:
    """The amount between two readings of a counter; None at the first, which says nothing of before.

    A counter that is smaller than before began again at 0: what it shows fell since, at least.
    """
    if previous_mm is None:
        return None
    return counter_mm - previous_mm if counter_mm >= previous_mm else counter_mm
