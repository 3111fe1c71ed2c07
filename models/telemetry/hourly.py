"""The mean of a clock hour of one sensor, from the readings of that hour whenever they came."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from models.envelope.period import HOUR_MS
from models.envelope.reading import Flag
from models.quality.trust import trusted
from models.telemetry.seen import FLAG

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.telemetry.sensor import Sensor, SensorState

GRACE_MS = 300_000
"""An hour stays open for five minutes: stations send at latest 5 min after (Circular 24/2017, Art 56)."""
LEAST_SHARE = 0.75
"""Share of the hour that must be measured; below it there is no mean (our choice; no decree names one)."""
_TOLERANCE = 0.25
"""Of one interval: stations are not punctual."""
_FAIL = int(Flag.FAIL)


@dataclass(frozen=True, slots=True)
class HourMean:
    """`end_ms` is the end of the hour, the label that Decision 1459 uses; `count` readings made it."""

    end_ms: int
    mean: float
    count: int


def hour_of(at_ms: int) -> int:
    """The end of the hour that a reading belongs to; one stamped on the full hour ends the hour before it."""
    return -(-at_ms // HOUR_MS) * HOUR_MS


def hour_mean(sensor: Sensor, state: SensorState, end_ms: int) -> HourMean | None:
    """The mean of the hour that ends at `end_ms`; None where less than LEAST_SHARE of it was measured.

    A reading stands for the time since the one before it, at most for the announced interval: so a burst counts as what
    it is, and a station that sends more often than announced has the same mean.
    """
    seen, interval_ms = state.seen, sensor.parameter.interval_s * 1000
    times, values, marks = seen.times, seen.values, seen.marks
    total = weight = 0.0
    count = 0
    for i in seen.between(end_ms - HOUR_MS, end_ms):
        if marks[i] & FLAG >= _FAIL or not trusted(state.trust, times[i]):
            continue
        span_ms = min(times[i] - times[i - 1], interval_ms) if i else interval_ms
        own = span_ms / interval_ms
        total += values[i] * own
        weight += own
        count += 1
    expected = HOUR_MS / interval_ms
    if not count or weight + _TOLERANCE < LEAST_SHARE * expected:
        return None
    return HourMean(end_ms, total / weight, count)


class Closing(NamedTuple):
    """The hours to be told now, by their ends: from `first_ms` to `last_ms`; up to `again_ms` they were told before (None: none was)."""

    first_ms: int
    last_ms: int
    again_ms: int | None


def closing(closed_ms: int, passed_ms: int, from_ms: int | None) -> Closing | None:
    """Which hours close, where those up to `closed_ms` were told and those up to `passed_ms` are over; None: nothing is to be told.

    Readings from `from_ms` on are new (None: only time has passed): their hours are told again. What was told when time alone
    had passed is told again too, though newer readings have not got so far.
    """
    last_ms, first_ms = max(passed_ms, closed_ms), closed_ms + HOUR_MS
    if from_ms is not None:
        first_ms = min(first_ms, hour_of(from_ms))
    if first_ms > last_ms:
        return None
    return Closing(first_ms, last_ms, closed_ms if first_ms <= closed_ms else None)


def means_of(sensor: Sensor, state: SensorState, hours: Closing) -> Iterator[tuple[int, HourMean | None]]:
    """Each of these hours in which the sensor has readings, in order: its end, and its mean (None: too little was measured)."""
    times = state.seen.times
    for end_ms in sorted(
        {hour_of(times[i]) for i in state.seen.between(hours.first_ms - HOUR_MS, hours.last_ms)}
    ):
        yield end_ms, hour_mean(sensor, state, end_ms)


def passed(state: SensorState, tick_ms: int | None) -> int:
    """The end of the last hour that is over for a sensor: its grace has passed on the sensor's own progress."""
    return (progress(state, tick_ms) - GRACE_MS) // HOUR_MS * HOUR_MS


def progress(state: SensorState, tick_ms: int | None) -> int:
    """How far the sensor has got: its newest reading, or the time that it is, less what its readings come later than the grace."""
    newest = state.seen.newest_ms or 0
    return newest if tick_ms is None else max(newest, tick_ms - max(state.delay_ms - GRACE_MS, 0))
