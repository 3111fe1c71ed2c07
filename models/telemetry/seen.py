"""Which event times of a sensor were seen: the memory that tells a duplicate."""

from __future__ import annotations

import enum
from array import array
from bisect import bisect_left


class Novelty(enum.Enum):
    """A reading's place in its sensor's history."""

    NEWEST = 1
    LATE = 2
    DUPLICATE = 3
    CONFLICT = 4


_NEWEST = Novelty.NEWEST
SLACK = 1.1
"""Twice would cost 10,000 stations of 12 sensors half a gigabyte more."""


class Seen:
    """Event times (ms) with their values, sorted, over the span in which a reading may be late.

    16 bytes a reading: a day of minutes is 23 kB. A reading older than the span is refused
    before it comes here, so nothing that could still arrive is ever forgotten.
    """

    __slots__ = ("times", "values")

    def __init__(self) -> None:
        self.times = array("q")
        self.values = array("d")

    @property
    def newest_ms(self) -> int | None:
        """Event time of the newest reading; None before the first."""
        return self.times[-1] if self.times else None

    def add(self, at_ms: int, value: float, span_ms: int) -> Novelty:
        """Remember the reading unless its time is taken; forget what is older than the span."""
        times = self.times
        if not times or at_ms > times[-1]:
            times.append(at_ms)
            self.values.append(value)
            if times[0] < at_ms - SLACK * span_ms:
                self._forget(at_ms - span_ms)
            return _NEWEST
        place = self.place(at_ms)
        if times[place] == at_ms:
            return Novelty.DUPLICATE if self.values[place] == value else Novelty.CONFLICT
        times.insert(place, at_ms)
        self.values.insert(place, value)
        return Novelty.LATE

    def place(self, at_ms: int) -> int:
        """Where a reading of this time stands, or would."""
        return bisect_left(self.times, at_ms)

    def _forget(self, before_ms: int) -> None:
        # Beyond the slack, not at every reading: the cost of the shift is spread over a tenth of the span.
        place = bisect_left(self.times, before_ms)
        del self.times[:place]
        del self.values[:place]
