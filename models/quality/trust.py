"""How far a sensor is to be trusted: what share of its readings of the last days was good.

Each reading of a complete day (Vietnam's) counts half of one of the day after it, so a sensor that was repaired is trusted again after one good day. A
suspect reading counts half, one while the instrument was calibrated not at all. A day with hardly a reading says nothing: silence has its own alert.
"""

from __future__ import annotations

from dataclasses import MISSING, dataclass, field, fields
from datetime import date, timedelta
from typing import Any

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
    before: float | None = None
    """The score that held on the day before: a late reading of that day is judged by it."""

    def __setstate__(self, state: tuple[None, dict[str, Any]]) -> None:
        """Take a snapshot of an earlier version too."""
        for one in fields(self):
            made = one.default if one.default_factory is MISSING else one.default_factory()
            setattr(self, one.name, state[1].get(one.name, made))


def begins(state: Trust, at_ms: int) -> bool:
    """Whether this newest reading is of another day than the one before."""
    return (at_ms + ZONE_MS) // DAY_MS != state.day


def heard(state: Trust, at_ms: int, worth: float, count: int = 1) -> bool:
    """Count a reading of `at_ms`, or (count 0) what has changed of one; whether a day that was closed has another score now."""
    day = (at_ms + ZONE_MS) // DAY_MS
    if day == state.day:
        state.good += worth
        state.heard += count
        return False
    good, number = state.days.get(day, (0.0, 0))
    # A day with hardly a reading is not kept: what comes late of it alone does not make it count.
    if day not in state.days:
        return False
    state.days[day] = (good + worth, number + count)
    score = state.score
    state.score = _score(state)
    return score != state.score


def new_day(state: Trust, at_ms: int, repaired: date | None) -> int | None:
    """Close the day before this reading and reckon the score anew; the end of the closed day in ms, None at the first."""
    closed, state.before = state.day, state.score
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


def trusted(state: Trust, at_ms: int | None = None) -> bool:
    """Whether rules may use what it measured (at `at_ms`); a sensor that is not yet known is."""
    score = state.score
    if at_ms is not None and (at_ms + ZONE_MS) // DAY_MS < state.day:
        score = state.before
    return score is None or score >= LEAST
