"""A rule with levels: separate raise and clear limits (hysteresis) and a hold time.

Limits are data of the commune (`models.commune.configuration.Rule`), each with its source
there; here is only how they are applied.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from models.commune.configuration import Direction, Level, Rule


@dataclass(slots=True)
class LevelState:
    """Where one rule stands for one sensor; times are event times in ms.

    `since[level]` is when the value crossed that level's raise limit and stayed beyond it;
    `easing_since` when it began to be better than the present level.
    """

    level: int = 0
    onset_ms: int = 0
    changes: int = 0
    since: dict[int, int] = field(default_factory=dict)
    easing_since: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """From one level to another, and the limit that decided it."""

    previous: int
    level: int
    limit: float


def judge(rule: Rule, state: LevelState, at_ms: int, value: float) -> Step | None:
    """Take one value at its time; change `state`; say the step if the level changed.

    Upwards the value must stay beyond the raise limit, downwards better than the clear
    limit, for `hold_s`; so one odd value neither raises nor clears.
    """
    hold_ms = rule.hold_s * 1000
    reached = _reached(rule, state.since, at_ms, value, hold_ms)
    if reached > state.level:
        step = Step(state.level, reached, _limit(rule, reached).raise_at)
        state.level, state.easing_since = reached, None
        return step
    return _ease(rule, state, at_ms, value, hold_ms) if state.level else None


def _reached(rule: Rule, since: dict[int, int], at_ms: int, value: float, hold_ms: int) -> int:
    """The highest level whose raise limit has been passed for the hold time; 0 if none."""
    reached = 0
    above = rule.direction is Direction.ABOVE
    for level in rule.levels:
        if (value >= level.raise_at) if above else (value < level.raise_at):
            if at_ms - since.setdefault(level.level, at_ms) >= hold_ms and level.level > reached:
                reached = level.level
        elif since:
            since.pop(level.level, None)
    return reached


def _ease(rule: Rule, state: LevelState, at_ms: int, value: float, hold_ms: int) -> Step | None:
    """Down to the highest level that the value has not cleared, once it has lasted."""
    above = rule.direction is Direction.ABOVE
    kept = 0
    for level in rule.levels:
        uncleared = (value > level.clear_at) if above else (value < level.clear_at)
        if level.level <= state.level and uncleared and level.level > kept:
            kept = level.level
    if kept == state.level:
        state.easing_since = None
        return None
    if state.easing_since is None:
        state.easing_since = at_ms
    if at_ms - state.easing_since < hold_ms:
        return None
    step = Step(state.level, kept, _limit(rule, state.level).clear_at)
    state.level, state.easing_since = kept, None
    return step


def _limit(rule: Rule, level: int) -> Level:
    return next(one for one in rule.levels if one.level == level)
