"""When the water will be at a level: the trend as it is, and how wrong such a trend has been.

The trend alone is too hopeful when it is short and too slow when it is long. So neither the time nor its
interval is a formula: `models.river.habit` replays the gauge's past through this same rule and keeps
what became of such forecasts.
"""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from models.envelope.period import HOUR_MS


class Band(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of trends up to `upto_ms` ahead: true time over the trend's lay in `low` to `high`, half below `likely`.

    `came` is the share of such forecasts whose level was reached at all within the horizon;
    None where too few were seen to say.
    """

    upto_ms: int
    low: float
    likely: float
    high: float
    came: float | None = None


class Habit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a gauge is: windows of its trend, its bands by lead, its fastest rise (unit an hour).

    A level further off than `horizon_ms` by the trend is not forecast.
    """

    windows_ms: tuple[int, ...]
    horizon_ms: int
    bands: tuple[Band, ...]
    fastest: float

    def __post_init__(self) -> None:
        """A habit that is read from a file is checked here."""
        if not self.bands or not self.windows_ms or self.fastest <= 0:
            raise ValueError("a habit has windows, bands and a fastest rise")
        if any(not 0 <= band.low <= band.likely <= band.high for band in self.bands):
            raise ValueError("a band's likely time lies between its low and its high")


class Arrival(NamedTuple):
    """Times in ms; `likely_ms` None: it does not rise towards it; `latest_ms` None: perhaps never.

    `came` is the share of such forecasts that came true on this gauge, None if not known.
    """

    earliest_ms: int
    likely_ms: int | None
    latest_ms: int | None
    came: float | None


def arrival(at_ms: int, level: float, slope: float | None, limit: float, habit: Habit) -> Arrival | None:
    """When `limit` is reached from `level` at `at_ms` with `slope` an hour; None if it is already.

    No slope, a falling one, or one too slow for the horizon gives no likely time, and yet
    no all-clear: the earliest is then what the fastest rise of this gauge could do.
    """
    distance = limit - level
    if distance <= 0:
        return None
    ahead_ms = distance / slope * HOUR_MS if slope is not None and slope > 0 else None
    if ahead_ms is None or ahead_ms > habit.horizon_ms:
        return Arrival(at_ms + round(distance / habit.fastest * HOUR_MS), None, None, None)
    band = next((band for band in habit.bands if ahead_ms <= band.upto_ms), habit.bands[-1])
    early, likely, late = (at_ms + round(ahead_ms * factor) for factor in (band.low, band.likely, band.high))
    return Arrival(early, likely, late, band.came)
