"""The record of a flood: when it began, its peak, its end; one flood while the water only pauses."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec


class FloodLimits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A flood begins at `start` or above and ends when the water has stayed below `end` for `merge_ms`.

    Without a reading for longer than `silent_ms` the gauge was blind; blind time is neither
    flood nor its end.
    """

    start: float
    end: float
    merge_ms: int
    silent_ms: int

    def __post_init__(self) -> None:
        if self.end > self.start:
            raise ValueError("a flood cannot end above its beginning")


class Flood(msgspec.Struct, frozen=True):
    """`end_ms` is the first reading below the end limit, None while it lasts; `blind_ms` of it were not measured.

    With blind time the peak is "at least" and start or end may be late.
    """

    start_ms: int
    peak_ms: int
    peak: float
    end_ms: int | None = None
    blind_ms: int = 0


@dataclass(slots=True)
class FloodState:
    """The flood now open, if any; since when the water is below; time of the newest reading.

    `below_blind_ms` is the blind time since `below_ms`: it joins the flood only if the water comes back.
    """

    flood: Flood | None = None
    below_ms: int | None = None
    below_blind_ms: int = 0
    newest_ms: int | None = None

    def add(self, limits: FloodLimits, at_ms: int, level: float) -> Flood | None:
        """Take a reading in order of time; the flood it began, raised or ended, else None.

        A reading out of order changes nothing: the record is of what was known in time. A replay
        over the same readings makes the same floods.
        """
        if self.newest_ms is not None and at_ms <= self.newest_ms:
            return None
        gap = at_ms - self.newest_ms if self.newest_ms is not None else 0
        blind = gap if gap > limits.silent_ms else 0
        self.newest_ms = at_ms
        if self.flood is None:
            return self._begin(limits, at_ms, level)
        if level >= limits.end:
            return self._go_on(at_ms, level, blind)
        return self._ease(limits, at_ms, blind)

    def _begin(self, limits: FloodLimits, at_ms: int, level: float) -> Flood | None:
        if level >= limits.start:
            self.flood, self.below_ms, self.below_blind_ms = Flood(at_ms, at_ms, level), None, 0
        return self.flood

    def _go_on(self, at_ms: int, level: float, blind_ms: int) -> Flood | None:
        flood = self.flood
        if flood is None:
            return None
        blind_ms += self.below_blind_ms
        self.below_ms, self.below_blind_ms = None, 0
        higher = level > flood.peak
        if not higher and not blind_ms:
            return None
        peak_ms, peak = (at_ms, level) if higher else (flood.peak_ms, flood.peak)
        self.flood = Flood(flood.start_ms, peak_ms, peak, None, flood.blind_ms + blind_ms)
        return self.flood

    def _ease(self, limits: FloodLimits, at_ms: int, blind_ms: int) -> Flood | None:
        flood = self.flood
        if flood is None:
            return None
        if self.below_ms is None:
            # The end itself may lie in the gap just over: that gap belongs to the flood.
            self.below_ms = at_ms
            self.flood = flood = msgspec.structs.replace(flood, blind_ms=flood.blind_ms + blind_ms)
        else:
            self.below_blind_ms += blind_ms
        # Only time that was seen below counts towards the end: silence does not end a flood.
        if at_ms - self.below_ms - self.below_blind_ms < limits.merge_ms:
            return None
        ended = msgspec.structs.replace(flood, end_ms=self.below_ms)
        self.flood, self.below_ms, self.below_blind_ms = None, None, 0
        return ended
