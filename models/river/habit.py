"""What became of a gauge's forecasts: its past replayed through the rule that runs live.

    readings ── Recent.fastest ── forecast ──┬── what came ── outcomes ── learned ──> Habit
                                  levels ────┘
Time is that of the readings; nothing here asks a clock.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from models.envelope.period import HOUR_MS
from models.envelope.recent import Recent
from models.river.arrival import Band, Habit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

FEWEST = 10
"""Outcomes below which a quantile is not learned: with nine there is no tenth."""


class ForecastResult(NamedTuple):
    """`ahead_ms` the trend said (None: no time), `true_ms` it was (None: not within the horizon); `distance` to go."""

    ahead_ms: float | None
    true_ms: int | None
    distance: float


def reached_after(
    readings: Sequence[tuple[int, float]], start: int, limit: float, horizon_ms: int
) -> int | None:
    """Time from reading `start` to the first of two readings in a row at `limit` or above.

    One reading alone may be a wave or a fault. None if it does not come within the horizon.
    """
    at_ms = readings[start][0]
    for place in range(start + 1, len(readings) - 1):
        then_ms, level = readings[place]
        if then_ms - at_ms > horizon_ms:
            return None
        if level >= limit and readings[place + 1][1] >= limit:
            return then_ms - at_ms
    return None


def forecasts(
    readings: Sequence[tuple[int, float]], windows_ms: tuple[int, ...], spacing_ms: int = 0
) -> Iterator[tuple[int, float | None]]:
    """Each reading's place and the slope an hour that was known when it came."""
    recent = Recent(max(windows_ms), spacing_ms)
    for place, (at_ms, level) in enumerate(readings):
        recent.add(at_ms, level)
        yield place, recent.fastest(windows_ms)


def outcomes(
    readings: Sequence[tuple[int, float]],
    limits: Sequence[float],
    windows_ms: tuple[int, ...],
    horizon_ms: int,
    every: int = 1,
    next_limits: int = 2,
    near: float = 0.0,
) -> Iterator[ForecastResult]:
    """At each `every`th reading, for the `next_limits` above it: what the trend says, and what came.

    Limits less than `near` above the level are left out: there the sensor's noise decides, not the river.
    """
    ordered = sorted(limits)
    for place, slope in forecasts(readings, windows_ms):
        if place % every or slope is None:
            continue
        level = readings[place][1]
        first = bisect_right(ordered, level + near)
        for limit in ordered[first : first + next_limits]:
            ahead = (limit - level) / slope * HOUR_MS if slope > 0 else None
            yield ForecastResult(ahead, reached_after(readings, place, limit, horizon_ms), limit - level)


def learned(
    seen: Iterable[ForecastResult],
    windows_ms: tuple[int, ...],
    horizon_ms: int,
    upto_ms: tuple[int, ...],
    share: float = 0.8,
    usual: tuple[float, float, float] = (0.5, 1.0, 2.0),
) -> Habit:
    """Bands that held `share` of the outcomes that came, by lead; `usual` where fewer than FEWEST did.

    Raises ValueError without outcomes that came: a gauge that never rose has no habit.
    """
    kept = list(seen)
    rises = sorted(
        forecast_result.distance / forecast_result.true_ms * HOUR_MS
        for forecast_result in kept
        if forecast_result.true_ms
    )
    if not rises:
        raise ValueError("no level was ever reached in these readings")
    bounds = zip((0, *upto_ms), (*upto_ms, horizon_ms), strict=True)
    bands = tuple(_band(kept, low, high, share, usual) for low, high in bounds if high > low)
    return Habit(windows_ms, horizon_ms, bands, _quantile(rises, 0.5 + share / 2))


def _band(
    seen: list[ForecastResult], above_ms: int, upto_ms: int, share: float, usual: tuple[float, float, float]
) -> Band:
    said = [
        (forecast_result.ahead_ms, forecast_result.true_ms)
        for forecast_result in seen
        if forecast_result.ahead_ms is not None and above_ms < forecast_result.ahead_ms <= upto_ms
    ]
    ratios = sorted(true / ahead for ahead, true in said if true is not None)
    came = len(ratios) / len(said) if len(said) >= FEWEST else None
    if len(ratios) < FEWEST:
        return Band(upto_ms, *usual, came)
    tail = (1 - share) / 2
    return Band(upto_ms, _quantile(ratios, tail), _quantile(ratios, 0.5), _quantile(ratios, 1 - tail), came)


def _quantile(ordered: Sequence[float], share: float) -> float:
    """Linear between neighbours, as numpy's default."""
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])
