"""Alarms against floods that came: hits, misses, false alarms, and how early the hits were."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable


class Event(NamedTuple):
    """A flood from `start_ms` to `end_ms`, both included."""

    start_ms: int
    end_ms: int


class Score(NamedTuple):
    """Counts of events (hits, misses) and of alarms (false); `leads_ms` of each hit, negative if late."""

    hits: int
    misses: int
    false_alarms: int
    leads_ms: tuple[int, ...]

    @property
    def pod(self) -> float | None:
        """Probability of detection: hits of all events; None without an event."""
        return _share(self.hits, self.hits + self.misses)

    @property
    def far(self) -> float | None:
        """False alarm ratio: false ones of hits and false ones; None if nothing was ever said."""
        return _share(self.false_alarms, self.hits + self.false_alarms)

    @property
    def csi(self) -> float | None:
        """Critical success index: hits of hits, misses and false alarms; None if there was neither."""
        return _share(self.hits, self.hits + self.misses + self.false_alarms)

    @property
    def median_lead_ms(self) -> float | None:
        """Of the hits; None without one."""
        return median(self.leads_ms) if self.leads_ms else None


def score(alarms_ms: Iterable[int], events: Iterable[Event], horizon_ms: int) -> Score:
    """Match alarms with events: an alarm speaks of the first event not over that begins within `horizon_ms`.

    The first alarm of an event makes it a hit, also a late one (its lead is negative); more
    alarms of the same event are neither hits nor false. An alarm without an event is false.
    """
    ordered = sorted(events)
    first: dict[Event, int] = {}
    false = 0
    for at_ms in sorted(alarms_ms):
        event = next((one for one in ordered if one.start_ms - horizon_ms <= at_ms <= one.end_ms), None)
        if event is None:
            false += 1
        else:
            first.setdefault(event, at_ms)
    leads = tuple(event.start_ms - at_ms for event, at_ms in first.items())
    return Score(len(first), len(ordered) - len(first), false, leads)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
