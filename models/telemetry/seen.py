"""The readings of a sensor over the span in which one may be late: what tells a duplicate, and what every rule is reckoned from."""

from __future__ import annotations

import enum
from array import array
from bisect import bisect_left, bisect_right
from typing import Any


class Novelty(enum.Enum):
    """A reading's place in its sensor's history."""

    NEWEST = 1
    LATE = 2
    DUPLICATE = 3
    CONFLICT = 4


_NEWEST = Novelty.NEWEST
SLACK = 1.1
"""Twice would cost 10,000 stations of 12 sensors half a gigabyte more."""
FLAG = 0x07
"""Of a mark: the flag that the tests of the reading among those before it gave (models.envelope.reading.Flag)."""
FAULTY, DOUBTED, BROKEN = 0x08, 0x10, 0x20
"""Of a mark: known when it came to be no measurement; or to be doubtful; or it came after a jump that cannot be."""
SPIKE = 0xC0
SPIKE_SHIFT = 6
"""Of a mark: what the test for spikes says since the next reading came: 0 nothing, 1 suspect, 2 fail."""


class Seen:
    """Event times (ms) with their values and marks, sorted, over the span in which a reading may be late.

    17 bytes a reading: a day of minutes is 24 kB. A reading older than the span is refused
    before it comes here, so nothing that could still arrive is ever forgotten.
    """

    __slots__ = ("marks", "times", "values")

    def __init__(self) -> None:
        self.times = array("q")
        self.values = array("d")
        self.marks = bytearray()

    def __setstate__(self, state: tuple[None, dict[str, Any]]) -> None:
        """Take a snapshot of an earlier version too: it marked nothing, so its readings count as good."""
        self.times, self.values = state[1]["times"], state[1]["values"]
        self.marks = state[1].get("marks", bytearray(b"\x01" * len(self.times)))

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
            self.marks.append(1)
            if times[0] < at_ms - SLACK * span_ms:
                self._forget(at_ms - span_ms)
            return _NEWEST
        place = self.place(at_ms)
        if times[place] == at_ms:
            return Novelty.DUPLICATE if self.values[place] == value else Novelty.CONFLICT
        times.insert(place, at_ms)
        self.values.insert(place, value)
        self.marks.insert(place, 1)
        return Novelty.LATE

    def place(self, at_ms: int) -> int:
        """Where a reading of this time stands, or would."""
        return bisect_left(self.times, at_ms)

    def between(self, after_ms: int, until_ms: int) -> range:
        """The places of the readings after `after_ms`, up to and with `until_ms`."""
        return range(bisect_right(self.times, after_ms), bisect_right(self.times, until_ms))

    def _forget(self, before_ms: int) -> None:
        # Beyond the slack, not at every reading: the cost of the shift is spread over a tenth of the span.
        place = bisect_left(self.times, before_ms)
        del self.times[:place]
        del self.values[:place]
        del self.marks[:place]
