"""The mean of each clock hour, closed once its readings had time to arrive."""

from __future__ import annotations

from dataclasses import dataclass, field

HOUR_MS = 3_600_000
GRACE_MS = 300_000
"""An hour stays open for five minutes: stations send at latest 5 min after (Circular 24/2017, Art 56)."""
LEAST_SHARE = 0.75
"""Share of the hour's expected readings below which there is no mean (our choice; no decree names one)."""


@dataclass(frozen=True, slots=True)
class HourMean:
    """`end_ms` is the end of the hour, the label that Decision 1459 uses."""

    end_ms: int
    mean: float
    count: int


@dataclass(slots=True)
class Hours:
    """Open hours of one sensor: start of the hour -> [sum, count]; `closed_ms` ends the last closed."""

    open: dict[int, list[float]] = field(default_factory=dict)
    closed_ms: int = 0

    def add(self, at_ms: int, value: float) -> None:
        """Count a value into its hour; one that comes after its hour was closed is left out.

        A value stamped on the full hour ends the hour before it (the label is the hour's end).
        """
        start = (at_ms - 1) // HOUR_MS * HOUR_MS
        if start + HOUR_MS <= self.closed_ms:
            return
        total = self.open.setdefault(start, [0.0, 0.0])
        total[0] += value
        total[1] += 1

    def close(self, now_ms: int, expected: float) -> list[HourMean]:
        """Close the hours whose grace is over; those with too few of `expected` give no mean."""
        due = [start for start in self.open if start + HOUR_MS + GRACE_MS <= now_ms]
        means = []
        for start in sorted(due):
            total, count = self.open.pop(start)
            self.closed_ms = start + HOUR_MS
            if count >= LEAST_SHARE * expected:
                means.append(HourMean(start + HOUR_MS, total / count, int(count)))
        return means
