"""The trust score of a sensor: the weighted share, 0 to 1, of good readings in its last seven complete days.

Input: the worth of each reading (1 good, 0.5 suspect, 0 failed; none while calibrating) and its event time. Output: a score a day, and
whether rules may use the readings of a day (`trusted`). A day is Vietnam's. Its weight is half that of the day after it, so a repaired
sensor is trusted again after one good day. A day of fewer than LEAST_HEARD readings is left out: silence has its own alert.
A late reading counts into the day of its event time and into the scores of the days after it. Weights and limits are our choice.
"""

from __future__ import annotations

from dataclasses import MISSING, dataclass, field, fields
from datetime import date, timedelta
from typing import Any

from models.envelope.period import DAY_MS

DAYS = 7
ZONE_MS = 7 * 3_600_000
LEAST = 0.5
"""Score below which readings are stored but no rule uses them (our choice)."""
LEAST_HEARD = 12
"""Readings that a day must have to count: as many as come in an hour at one every five minutes."""
REMEMBERED = 3
"""Days before the newest one in which a late reading is still taken into account."""
_EPOCH = date(1970, 1, 1)


@dataclass(slots=True)
class Trust:
    """Counts of one sensor: of the newest day `day` (days since 1970) `good` of `heard` readings; `days`: the same of earlier days.

    `poor`: those of the last REMEMBERED + 1 days whose readings no rule may use, by the score of the days before each.
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
        """The score that decides over the newest day; None until a day is complete."""
        return _score(self, self.day)


def day_of(at_ms: int) -> int:
    """The number of the day (Vietnam's) since 1970."""
    return (at_ms + ZONE_MS) // DAY_MS


def start_of(day: int) -> int:
    """When a day begins, ms after the epoch."""
    return day * DAY_MS - ZONE_MS


def heard(state: Trust, at_ms: int, worth: float, count: int = 1) -> int | None:
    """Add `worth` (0 to 1) of a reading of `at_ms`; count 0: only its worth has changed. The day whose score is to be reckoned anew, or None."""
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
    """Reckon the scores of the newest days anew; the earliest day whose trust has changed, None if none has. `repaired`: earlier days do not count."""
    first = state.day - REMEMBERED
    oldest = max(first - DAYS, (repaired - _EPOCH) // timedelta(days=1) if repaired else 0)
    state.days = {one: told for one, told in state.days.items() if one >= oldest}
    before = state.poor
    state.poor = tuple(one for one in range(first, state.day + 1) if not _enough(_score(state, one)))
    changed = {one for one in {*before, *state.poor} if (one in before) is not (one in state.poor)}
    return min((one for one in changed if one >= first), default=None)


def of_day(state: Trust, day: int) -> tuple[float, int] | None:
    """The score at the end of a complete day and the number of its readings; None where no day counts."""
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
    """Whether rules may use a reading of `at_ms` (None: of the newest day); True for a sensor without a score."""
    return not state.poor or (state.day if at_ms is None else day_of(at_ms)) not in state.poor
