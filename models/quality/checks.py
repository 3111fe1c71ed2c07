"""QARTOD's tests of one reading among those before and after it; each gives a flag (models.envelope.reading.Flag).

The readings of a sensor are two arrays sorted by time: event times in ms, and values. `i` is the reading's place in them.
Spike, rate and flat line are those of ioos_qc (qartod.py, method "average"): the same flags on the same series.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Protocol

from models.catalogue.quality_tests import Test
from models.envelope.reading import Flag

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.quality.settings import Flat, Quality, Rate, Spike

__all__ = ["Test", "flat", "gap", "gross_range", "rate", "reach", "spike"]

_GOOD, _UNKNOWN, _SUSPECT, _FAIL = Flag.GOOD, Flag.UNKNOWN, Flag.SUSPECT, Flag.FAIL
HOUR_S = 3600.0


class Range(Protocol):
    """What an instrument can measure, both ends within."""

    @property
    def low(self) -> float: ...
    @property
    def high(self) -> float: ...


def gross_range(value: float, instrument: Range, quality: Quality | None) -> Flag:
    """Outside the instrument's range FAIL, outside what is usual here SUSPECT (QARTOD test 4)."""
    if not instrument.low <= value <= instrument.high:
        return _FAIL
    if quality is not None:
        low, high = quality.typical_low, quality.typical_high
        if (low is not None and value < low) or (high is not None and value > high):
            return _SUSPECT
    return _GOOD


def spike(values: Sequence[float], i: int, limits: Spike) -> Flag:
    """Distance from the middle of the neighbours (QARTOD test 6); UNKNOWN at either end of what is known."""
    if not 0 < i < len(values) - 1:
        return _UNKNOWN
    distance = abs(values[i] - (values[i - 1] + values[i + 1]) / 2)
    if limits.fail is not None and distance > limits.fail:
        return _FAIL
    return _SUSPECT if distance > limits.suspect else _GOOD


def rate(times: Sequence[int], values: Sequence[float], i: int, limits: Rate) -> Flag:
    """Change since the reading before (QARTOD test 7); the first of all is GOOD."""
    if not i:
        return _GOOD
    change = abs((values[i] - values[i - 1]) / ((times[i] - times[i - 1]) / 1000))
    if limits.fail is not None and change > limits.fail / HOUR_S:
        return _FAIL
    return _SUSPECT if change > limits.suspect / HOUR_S else _GOOD


def flat(times: Sequence[int], values: Sequence[float], i: int, interval_s: int, limits: Flat) -> Flag:
    """Range of the readings of the last seconds (QARTOD test 8); where they do not reach back so far it is GOOD.

    The window is time, not a count: a station may send more often than was announced.
    """
    # Most sensors are never still: one comparison settles it.
    if not i or abs(values[i] - values[i - 1]) >= limits.tolerance:
        return _GOOD
    for span_s, flag in ((limits.fail_s, _FAIL), (limits.suspect_s, _SUSPECT)):
        # A window shorter than the interval has one reading, which is never still.
        if span_s and span_s >= interval_s:
            first = bisect_left(times, times[i] - span_s * 1000, 0, i)
            window = values[first : i + 1]
            reaches = times[i] - times[first] > (span_s - interval_s) * 1000
            if reaches and first < i and max(window) - min(window) < limits.tolerance:
                return flag
    return _GOOD


def gap(times: Sequence[int], i: int, gap_s: int) -> Flag:
    """The first reading after a gap is SUSPECT (QARTOD test 1). ioos_qc fails it; it is no worse for having waited."""
    return _SUSPECT if i and times[i] - times[i - 1] > gap_s * 1000 else _GOOD


def reach(interval_s: int, quality: Quality | None) -> int:
    """How many readings before one its flags may hang on."""
    if quality is None or quality.flat is None:
        return 1
    return max(1, max(quality.flat.suspect_s, quality.flat.fail_s or 0) // interval_s)
