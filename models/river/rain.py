"""Rain over the last hours from what gauges send; what was not measured makes a sum "at least", never 0.

A tipping bucket sends how much fell since its last message, or a counter, or an intensity. All three
become amounts over a span of time; the time between spans is a gap.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from math import fsum
from typing import NamedTuple

from models.envelope.period import HOUR_MS

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

    Stations are not punctual: a span that begins up to `slack_ms` after the one before is taken to
    join it. Half of the sending interval is a good slack: a lost message is longer.
    """

    slack_ms: int
    ends: list[int] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    amounts: list[float] = field(default_factory=list)

    def add(self, start_ms: int, end_ms: int, mm: float) -> bool:
        """Take what fell from `start_ms` to `end_ms`; False if most of that time is already measured or long past.

        For a sensor that sends what fell in its interval the start is one interval before the message; for a
        counter it is the counter's reading before. A late message fills its gap. Raises
        ValueError for a negative amount or an empty span: that is a fault, no rain.
        """
        if mm < 0 or start_ms >= end_ms:
            raise ValueError(f"{mm} mm of rain from {start_ms} to {end_ms}")
        place = bisect_left(self.ends, end_ms)
        start, end = self._room(place, start_ms, end_ms)
        if 2 * (end - start) < end_ms - start_ms or self._past(end_ms):
            return False
        self.ends.insert(place, end)
        self.starts.insert(place, start)
        self.amounts.insert(place, mm)
        self._forget()
        return True

    def total(self, now_ms: int, hours: int) -> RainSum:
        """The sum over the `hours` before `now_ms`; a span cut by the window counts by its share.

        Asked after the newest span has ended, the time since then is not measured: at a reading, ask for its end.
        """
        length = hours * HOUR_MS
        begin = now_ms - length
        if not self.ends or self.ends[-1] > now_ms:
            return self._asked_before_the_newest(begin, now_ms, hours)
        first = bisect_right(self.ends, begin)
        amounts = self.amounts[first:]
        measured_ms = float(sum(self.ends[first:]) - sum(self.starts[first:]))
        if amounts and self.starts[first] < begin:
            start, end = self.starts[first], self.ends[first]
            amounts[0] *= (end - begin) / (end - start)
            measured_ms -= begin - start
        # Exactly rounded: the order of the amounts and the number of small ones decide no limit.
        return RainSum(hours, fsum(amounts) if amounts else None, measured_ms / length)

    def _asked_before_the_newest(self, begin: int, now_ms: int, hours: int) -> RainSum:
        mm, measured_ms = 0.0, 0
        for place in range(bisect_right(self.ends, begin), len(self.ends)):
            start, end = self.starts[place], self.ends[place]
            inside = min(end, now_ms) - max(start, begin)
            if inside > 0:
                mm += self.amounts[place] * inside / (end - start)
                measured_ms += inside
        return RainSum(hours, mm if measured_ms else None, measured_ms / (now_ms - begin))

    def totals(self, now_ms: int) -> tuple[RainSum, ...]:
        """All of `WINDOWS_H`."""
        return tuple(self.total(now_ms, hours) for hours in WINDOWS_H)

    def _room(self, place: int, start_ms: int, end_ms: int) -> tuple[int, int]:
        """The part of a span between its neighbours, joined to the earlier one if it nearly touches."""
        if place:
            before = self.ends[place - 1]
            start_ms = before if start_ms - before <= self.slack_ms else start_ms
        if place < len(self.ends):
            end_ms = min(end_ms, self.starts[place])
        return start_ms, end_ms

    def _past(self, end_ms: int) -> bool:
        return bool(self.ends) and end_ms <= self.ends[-1] - KEEP_MS

    def _forget(self) -> None:
        old = bisect_right(self.ends, self.ends[-1] - KEEP_MS)
        del self.ends[:old], self.starts[:old], self.amounts[:old]
