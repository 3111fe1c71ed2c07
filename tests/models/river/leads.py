"""How good the time to a level was, asked a given time before the level was really reached."""

from __future__ import annotations

from bisect import bisect_right
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from models.river.arrival import Arrival, arrival
from models.river.habit import forecasts, reached_after

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from models.river.arrival import Habit
    from tests.models.river.recordings import Readings


class Question(NamedTuple):
    """Asked at reading `place`: when is `limit` reached? The truth is `lead_ms`."""

    place: int
    limit: float
    lead_ms: int


def questions(
    readings: Readings,
    limits: Sequence[float],
    leads_ms: Sequence[int],
    *,
    quiet_ms: int,
    around_ms: int,
    rise: float,
) -> Iterator[Question]:
    """For each first crossing of a limit in a rise of `rise` or more within `around_ms` either side.

    Below the limit for `quiet_ms` before, two readings at or above it; asked at the last reading
    that is at least the lead before, if the level was not reached in between.
    """
    times = [at for at, _ in readings]
    for limit in limits:
        last = None
        for place in range(1, len(readings) - 1):
            at, level = readings[place]
            if level < limit:
                continue
            fresh = last is None or at - last >= quiet_ms
            last = at
            if not fresh or readings[place - 1][1] >= limit or readings[place + 1][1] < limit:
                continue
            before = readings[bisect_right(times, at - around_ms) : place]
            after = readings[place : bisect_right(times, at + around_ms)]
            if max(v for _, v in after) - min((v for _, v in before), default=level) < rise:
                continue
            for lead in leads_ms:
                asked = bisect_right(times, at - lead) - 1
                if asked >= 0 and lead <= at - times[asked] <= 1.25 * lead and readings[asked][1] < limit:
                    true = reached_after(readings, asked, limit, 2 * lead)
                    if true == at - times[asked]:
                        yield Question(asked, limit, true)


class Answers(NamedTuple):
    """Median error (no time told counts as the horizon), share told, coverage and median width of those told."""

    count: int
    error_ms: float
    told: float
    error_told_ms: float | None
    covered: float | None
    width_ms: float | None


def answers(
    asked: Sequence[Question],
    answer: Callable[[Question], Arrival | None],
    readings: Readings,
    horizon_ms: int,
) -> Answers:
    """The answers' quality over all questions."""
    every, told, widths, inside = [], [], [], 0
    for question in asked:
        at = readings[question.place][0]
        said = answer(question)
        if said is None or said.likely_ms is None or said.latest_ms is None:
            every.append(horizon_ms - question.lead_ms)
            continue
        error = min(abs(said.likely_ms - at - question.lead_ms), horizon_ms - question.lead_ms)
        every.append(error)
        told.append(error)
        widths.append(said.latest_ms - said.earliest_ms)
        inside += said.earliest_ms <= at + question.lead_ms <= said.latest_ms
    if not told:
        return Answers(len(every), median(every), 0.0, None, None, None)
    return Answers(
        len(every), median(every), len(told) / len(every), median(told), inside / len(told), median(widths)
    )


def trend(readings: Readings, habit: Habit) -> Callable[[Question], Arrival | None]:
    """The shipped rule, reading by reading."""
    slopes = dict(forecasts(readings, habit.windows_ms))

    def answer(question: Question) -> Arrival | None:
        at, level = readings[question.place]
        return arrival(at, level, slopes[question.place], question.limit, habit)

    return answer
