"""What truly happened, and how a rule's alerts stand against it."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.replay.play import Episode, Series


class Event(msgspec.Struct, frozen=True):
    """Something that should have been told: from `start_ms` to `end_ms` at `station`."""

    station: str
    start_ms: int
    end_ms: int


class Score(msgspec.Struct, frozen=True):
    """`hits` and `missed` count events, `false` alerts without an event.

    `leads_s` of each hit: seconds from the alert to the event's start, negative when the alert came later, and not
    more than was still called early: an alert that has stood for weeks foresaw nothing.
    """

    alerts: int
    hits: int
    missed: int
    false: int
    leads_s: list[float]

    @property
    def detected(self) -> float | None:
        """Probability of detection: hits of all events; None without events."""
        return self.hits / (self.hits + self.missed) if self.hits + self.missed else None

    @property
    def wrong(self) -> float | None:
        """False-alarm ratio: alerts without an event of all alerts; None without alerts."""
        return self.false / self.alerts if self.alerts else None

    @property
    def lead_s(self) -> float | None:
        """Median lead; None without a hit."""
        return statistics.median(self.leads_s) if self.leads_s else None


def beyond(series: Series, limit: float, *, above: bool = True, merge_ms: int) -> list[Event]:
    """Events of the history itself: from the first value beyond `limit` to the last, gaps up to `merge_ms` closed.

    Beyond is as in a rule: at the limit when `above`, strictly under it when not.
    """
    found: list[Event] = []
    for at_ms, value in zip(series.at_ms, series.values, strict=True):
        if not (value >= limit if above else value < limit):
            continue
        if found and at_ms - found[-1].end_ms <= merge_ms:
            found[-1] = msgspec.structs.replace(found[-1], end_ms=at_ms)
        else:
            found.append(Event(series.station, at_ms, at_ms))
    return found


def score(alerts: Sequence[Episode], events: Sequence[Event], level: int, early_ms: int) -> Score:
    """Alerts that reached `level` against `events`.

    An alert is right when it is in force at any moment from `early_ms` before an event's start to its end; an event is
    hit by the first alert that is right for it. One long alert may be right for several events.
    """
    spans = [
        (alert.station, alert.reached[least], alert.end_ms)
        for alert in alerts
        if (least := _least(alert, level)) is not None
    ]
    leads: list[float] = []
    right: set[int] = set()
    for event in events:
        starts = []
        for i, (station, start, end) in enumerate(spans):
            over = end is not None and end < event.start_ms - early_ms
            if station == event.station and start <= event.end_ms and not over:
                right.add(i)
                starts.append(start)
        if starts:
            leads.append(min(event.start_ms - min(starts), early_ms) / 1000)
    return Score(len(spans), len(leads), len(events) - len(leads), len(spans) - len(right), leads)


def _least(episode: Episode, level: int) -> int | None:
    """The first level in time that is at least `level`: a rise may leap over some."""
    reached = [number for number in episode.reached if number >= level]
    return min(reached, key=episode.reached.__getitem__) if reached else None
