"""One rule with other limits, side by side: what a change would have meant, before anybody saves it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from models.commune.configuration import Direction
from models.replay.play import Episode, changes, episodes
from models.replay.truth import Event, Score, score

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.commune.configuration import Parameter, Rule
    from models.replay.play import Series


class Trial(msgspec.Struct, frozen=True):
    """A rule on the whole history; `score` is None without a truth."""

    rule: Rule
    level: int
    limit: float
    alerts: list[Episode]
    score: Score | None


class NoSuchLevelError(ValueError):
    """The rule has no level of that number."""


def limit_of(rule: Rule, level: int) -> float:
    """Where `level` is raised."""
    for one in rule.levels:
        if one.level == level:
            return one.raise_at
    known = ", ".join(str(level.level) for level in rule.levels)
    raise NoSuchLevelError(f"{rule.id}: mức {level}? có {known} (no such level; it has {known})")


def with_limit(rule: Rule, level: int, limit: float) -> Rule:
    """The rule with `level` raised at `limit`; its clear limit keeps its distance, other levels keep their order.

    A level that `limit` would overtake moves with it: levels are nested.
    """
    limit_of(rule, level)
    sign = 1 if rule.direction is Direction.ABOVE else -1
    moved = []
    for one in rule.levels:
        side = max if one.level > level else min
        at = limit if one.level == level else sign * side(sign * one.raise_at, sign * limit)
        moved.append(
            msgspec.structs.replace(one, raise_at=at, clear_at=round(one.clear_at + at - one.raise_at, 9))
        )
    return msgspec.structs.replace(rule, levels=moved)


def trial(
    rule: Rule,
    parameter: Parameter,
    history: Sequence[Series],
    level: int,
    events: Sequence[Event] | None = None,
    early_ms: int = 0,
) -> Trial:
    """Run `rule` over every series of `history`; with `events`, say how it stands against them at `level`."""
    alerts = [episode for series in history for episode in episodes(changes(rule, parameter, series))]
    found = None if events is None else score(alerts, events, level, early_ms)
    return Trial(rule, level, limit_of(rule, level), alerts, found)


def sweep(
    rule: Rule,
    parameter: Parameter,
    history: Sequence[Series],
    level: int,
    limits: Sequence[float],
    events: Sequence[Event] | None = None,
    early_ms: int = 0,
) -> list[Trial]:
    """A trial for each of `limits` at `level`."""
    return [
        trial(with_limit(rule, level, limit), parameter, history, level, events, early_ms) for limit in limits
    ]
