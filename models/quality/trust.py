"""How far a sensor is to be trusted: what share of its readings of the last days was good.

Each reading of a complete day (Vietnam's) counts half of one of the day after it, so a sensor that was repaired is trusted again after one good day. A
suspect reading counts half, one while the instrument was calibrated not at all. A day with hardly a reading says nothing: silence has its own alert.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

DAYS = 7
DAY_MS, ZONE_MS = 86_400_000, 7 * 3_600_000
LEAST = 0.5
"""Below this its readings are stored and judged by no rule (our choice)."""
LEAST_HEARD = 12
"""Readings that make a day count: an hour of five minutes."""
_EPOCH = date(1970, 1, 1)


@dataclass(slots=True)
class Trust:
    """`score` None until a day is complete; `days`: number of the day since 1970 -> (good, heard)."""

    day: int = 0
    good: float = 0.0
    heard: int = 0
    days: dict[int, tuple[float, int]] = field(default_factory=dict)
    score: float | None = None


def begins(state: Trust, at_ms: int) -> bool:
    """Whether this newest reading is of another day than the one before."""
    return (at_ms + ZONE_MS) // DAY_MS != state.day


def new_day(state: Trust, at_ms: int, repaired: date | None) -> int | None:
    """Close the day before this reading and reckon the score anew; the end of the closed day in ms, None at the first."""
    closed = state.day
    state.day = (at_ms + ZONE_MS) // DAY_MS
    if state.heard >= LEAST_HEARD:
        state.days[closed] = (state.good, state.heard)
    state.good, state.heard = 0.0, 0
    oldest = max(state.day - DAYS, (repaired - _EPOCH) // timedelta(days=1) if repaired else 0)
    state.days = {one: told for one, told in state.days.items() if one >= oldest}
    state.score = _score(state)
    return (closed + 1) * DAY_MS - ZONE_MS if closed else None


def _score(state: Trust) -> float | None:
    # The newest day weighs 1, the one before 1/2, and so on.
    weights = {one: 0.5 ** (state.day - one - 1) for one in state.days}
    good = sum(weight * state.days[one][0] for one, weight in weights.items())
    heard = sum(weight * state.days[one][1] for one, weight in weights.items())
    return good / heard if weights else None


def trusted(state: Trust) -> bool:
    """Whether rules may use it; a sensor that is not yet known is."""
    return state.score is None or state.score >= LEAST
