"""How far a sensor is to be trusted: what share of its readings of the last days was good.

Each reading of a complete day (Vietnam's) counts half of one of the day after it, so a sensor that was repaired is trusted again after one good day. A
suspect reading counts half, one while the instrument was calibrated not at all. A day with hardly a reading says nothing: silence has its own alert.
All is a function of the readings: what comes late of a day counts into it, and into the scores of the days after it.
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
REMEMBERED = 3
"""Days before the newest of which a reading may still come or be judged anew."""
_EPOCH = date(1970, 1, 1)


@dataclass(slots=True)
class Trust:
    """`day` is the newest (its number since 1970), `good` of `heard` readings of it; `days`: those before it, (good, heard).

    `poor`: of the newest days those whose readings are not trusted, by what the days before each say.
    """

    day: int = 0
    good: float = 0.0
    heard: int = 0
    days: dict[int, tuple[float, int]] = field(default_factory=dict)
    poor: tuple[int, ...] = ()

    def __setstate__(self, state: tuple[None, dict[str, Any]]) -> None:
        """Take a snapshot of an earlier version too: it knew the scores of two days."""
        known = state[1]
        for one in fields(self):
            made = one.default if one.default_factory is MISSING else one.default_factory()
            setattr(self, one.name, known.get(one.name, made))
        if "poor" not in known:
            told = ((self.day, known.get("score")), (self.day - 1, known.get("before")))
            self.poor = tuple(day for day, score in told if not _enough(score))

    @property
    def score(self) -> float | None:
        """Of the newest day; None until a day is complete."""
        return _score(self, self.day)


def day_of(at_ms: int) -> int:
    """The number of the day (Vietnam's) since 1970."""
    return (at_ms + ZONE_MS) // DAY_MS


def start_of(day: int) -> int:
    """When a day begins, ms after the epoch."""
    return day * DAY_MS - ZONE_MS


def heard(state: Trust, at_ms: int, worth: float, count: int = 1) -> int | None:
    """Count a reading of `at_ms`, or (count 0) what has changed of one; its day, where that is over."""
    day = (at_ms + ZONE_MS) // DAY_MS
    if day == state.day:
        state.good += worth
        state.heard += count
        return None
    if day > state.day:
        closed = state.day
        if state.heard:
            state.days[closed] = (state.good, state.heard)
        state.day, state.good, state.heard = day, worth, count
        return closed
    good, number = state.days.get(day, (0.0, 0))
    state.days[day] = (good + worth, number + count)
    return day


def again(state: Trust, repaired: date | None) -> int | None:
    """Reckon the scores of the newest days; the earliest day that is trusted now and was not, or the other way round."""
    first = state.day - REMEMBERED
    oldest = max(first - DAYS, (repaired - _EPOCH) // timedelta(days=1) if repaired else 0)
    state.days = {one: told for one, told in state.days.items() if one >= oldest}
    before = state.poor
    state.poor = tuple(one for one in range(first, state.day + 1) if not _enough(_score(state, one)))
    changed = {one for one in {*before, *state.poor} if (one in before) is not (one in state.poor)}
    return min((one for one in changed if one >= first), default=None)


def of_day(state: Trust, day: int) -> tuple[float, int] | None:
    """After a day that is over: the score, and how many readings the day had; None while nothing can be said."""
    score, own = _score(state, day + 1), state.days.get(day)
    return None if score is None or own is None else (score, own[1])


def _score(state: Trust, day: int) -> float | None:
    # The newest day weighs 1, the one before 1/2, and so on.
    known = {
        one: told for one, told in state.days.items() if day - DAYS <= one < day and told[1] >= LEAST_HEARD
    }
    weights = {one: 0.5 ** (day - one - 1) for one in sorted(known)}
    good = sum(weight * known[one][0] for one, weight in weights.items())
    count = sum(weight * known[one][1] for one, weight in weights.items())
    return good / count if weights else None


def _enough(score: float | None) -> bool:
    return score is None or score >= LEAST


def trusted(state: Trust, at_ms: int | None = None) -> bool:
    """Whether rules may use what it measured (at `at_ms`); a sensor that is not yet known is."""
    return not state.poor or (state.day if at_ms is None else day_of(at_ms)) not in state.poor
