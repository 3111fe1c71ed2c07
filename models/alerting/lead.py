"""What an event was, in figures: who was told, who answered, how many minutes people had, what was false and what was missed.

How the figures are defined (the report says the same to its reader):

- *Told* is when the first message of the event left us (its gateway took it), in the platform's time: the time of the change that it
  tells, plus what the change was late, plus the seconds between storing the change and sending. So a storm that is played has the same
  figures as one that is lived through.
- *Reached* is the first good reading at or beyond a level's limit, not when the rule raised it (a rule waits `hold_s`).
- *Minutes of lead* to a level: reached less the first message of the event. More than 0: people had heard before. Less: so many minutes
  after it was reached.
- *Missed*: a level that the event had and of which no message of that level or a higher one left us.
- *False*: a person of the contacts answered that it is a false alarm.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from models.alerting.aftermath import LEFT
from models.alerting.event import AnswerKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from models.alerting.aftermath import Aftermath, Curve, Limit, Message
    from models.envelope.evidence import Evidence

NOT_TOLD = frozenset({"merged", "muted"})
MOST_POINTS = 480
"""Of a curve: more are not seen on a page."""


class Reached(msgspec.Struct, frozen=True):
    """A level that a curve reached, and the minutes of lead to it; None: nobody was told at all.

    `told_min`: minutes from then to the first message of at least this level; None: there was none.
    """

    curve: str
    level: int
    level_vi: str
    at: datetime
    lead_min: float | None
    told_min: float | None


class Figures(msgspec.Struct, frozen=True):
    """The figures of an event; minutes and VND. `messages` are those that left us, `arrived` have a receipt, `held` were never to leave."""

    told_at: datetime | None
    messages: int
    arrived: int
    failed: int
    held: int
    contacts: int
    price_vnd: int
    reached: list[Reached]
    peak_lead_min: float | None
    taken_at: datetime | None
    taken_min: float | None
    false: int
    missed: list[int]


def figures(event: Aftermath) -> Figures:
    """The figures of an event, as the head of this module defines them."""
    told_at = min((at for one in event.messages if (at := one.left_at) is not None), default=None)
    left = [one for one in event.messages if one.state in LEFT]
    taken_at = min((one.at for one in event.replies if one.kind == AnswerKind.TAKEN), default=None)
    peaks = [peak for curve in event.curves if (peak := peak_of(curve)) is not None]
    return Figures(
        told_at,
        messages=len(left),
        arrived=sum(one.state == "delivered" for one in left),
        failed=sum(one.state in ("refused", "expired") for one in event.messages),
        held=sum(one.state in NOT_TOLD for one in event.messages),
        contacts=len({one.contact for one in left}),
        price_vnd=sum(one.price_vnd or 0 for one in event.messages),
        reached=[one for curve in event.curves for one in reached(curve, told_at, left, event.opened_at)],
        peak_lead_min=_minutes(told_at, max(peaks)) if peaks and told_at is not None else None,
        taken_at=taken_at,
        taken_min=_minutes(told_at, taken_at) if told_at is not None and taken_at is not None else None,
        false=len({one.name for one in event.replies if one.kind == AnswerKind.FALSE}),
        missed=missed(event.peak_level, left),
    )


def reached(
    curve: Curve, told_at: datetime | None, left: Sequence[Message], opened_at: datetime
) -> list[Reached]:
    """The levels that a curve reached, the lowest first.

    A curve that begins beyond a limit has reached it at an unknown time before: it is told as of its first reading. What was reached and
    left again before the event, more than `BEFORE` ahead of it, is another event's.
    """
    found = []
    for limit in sorted(curve.limits, key=lambda one: one.level):
        at = _first_beyond(curve, limit, opened_at - BEFORE)
        if at is None:
            continue
        of_level = [when for one in left if one.level >= limit.level and (when := one.left_at) is not None]
        found.append(
            Reached(
                curve.name,
                limit.level,
                limit.name,
                at,
                None if told_at is None else _minutes(told_at, at),
                _minutes(at, min(of_level)) if of_level else None,
            )
        )
    return found


BEFORE = timedelta(hours=2)
"""A level is reached this long before its alert at most: rules wait minutes."""


def _first_beyond(curve: Curve, limit: Limit, since: datetime) -> datetime | None:
    return next(
        (
            at
            for at, value in zip(curve.times, curve.values, strict=True)
            if at >= since and (value >= limit.at if limit.above else value < limit.at)
        ),
        None,
    )


def peak_of(curve: Curve) -> datetime | None:
    """When the curve was at its worst, the first time; None: nothing measured."""
    if not curve.values:
        return None
    worst = max if not curve.limits or curve.limits[0].above else min
    return curve.times[curve.values.index(worst(curve.values))]


def missed(peak_level: int, left: Iterable[Message]) -> list[int]:
    """Levels of the event of which no message of that level or a higher one left us.

    >>> missed(2, [])
    [1, 2]
    """
    highest = max((one.level for one in left), default=0)
    return list(range(highest + 1, peak_level + 1))


def thinned(
    times: Sequence[datetime], values: Sequence[float], most: int = MOST_POINTS
) -> tuple[list[datetime], list[float]]:
    """At most `most` points, of each stretch its lowest and its highest, so that no peak is lost.

    >>> thinned([1, 2, 3, 4, 5, 6], [0.0, 9.0, 1.0, 1.0, -5.0, 0.0], most=4)
    ([1, 2, 4, 5], [0.0, 9.0, 1.0, -5.0])
    """
    if len(values) <= most:
        return list(times), list(values)
    stretch = -(-len(values) * 2 // most)
    kept: set[int] = set()
    for start in range(0, len(values), stretch):
        turns = range(start, min(start + stretch, len(values)))
        kept |= {min(turns, key=values.__getitem__), max(turns, key=values.__getitem__)}
    return [times[n] for n in sorted(kept)], [values[n] for n in sorted(kept)]


def witnessed(event: Aftermath) -> list[tuple[datetime, Evidence]]:
    """What the witnesses said, each line once, in the order of the changes that it is of."""
    lines: dict[str, tuple[datetime, Evidence]] = {}
    for turn in sorted((turn for alert in event.alerts for turn in alert.turns), key=lambda turn: turn.at):
        for line in turn.evidence:
            lines.setdefault(line.vi, (turn.at, line))
    return list(lines.values())


def _minutes(start: datetime, end: datetime) -> float:
    return (end - start).total_seconds() / 60
