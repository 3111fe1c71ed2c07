"""A rule with levels: separate raise and clear limits (hysteresis), a hold time upwards and one downwards.

Limits are data of the commune (`models.commune.configuration.Rule`), each with its source
there; here is only how they are applied. Levels are nested: who is beyond the second limit
is beyond the first, so a count of limits says all, and a search in a sorted list finds it.
"""

from __future__ import annotations

import enum
from bisect import bisect_left, bisect_right
from dataclasses import MISSING, dataclass, field, fields
from typing import TYPE_CHECKING, Any

from models.commune.configuration import Direction

if TYPE_CHECKING:
    from models.commune.configuration import Rule


class Use(enum.IntEnum):
    """What a value may do to a level: what is suspect may raise, only what is good may lower; a forecast's end only lowers."""

    BOTH = 0
    RAISE_ONLY = 1
    LOWER_ONLY = 2


@dataclass(frozen=True, slots=True)
class Step:
    """At `at_ms` from one level (its number) to another, by `value`, and the limit that decided it."""

    previous: int
    level: int
    limit: float
    at_ms: int = 0
    value: float = 0.0


@dataclass(slots=True)
class LevelState:
    """Where one rule stands for one sensor; times are event times in ms.

    `reached` counts the limits in force; `since[i]` is when the value crossed raise limit i
    and stayed beyond it; `easing_since` when it began to be better than the level in force.
    `trail` has the same three as they were after each value that changed them, `steps` the changes of level: with both, any
    value of the last day can be put in its place (models/alerting/history.py). `told` are the steps that were told;
    `onset_ms` and `changes` belong to the alert that is open.
    """

    reached: int = 0
    since: list[int] = field(default_factory=list)
    easing_since: int | None = None
    onset_ms: int = 0
    changes: int = 0
    trail: list[tuple[int, int, tuple[int, ...], int | None]] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    told: list[Step] = field(default_factory=list)
    waiting: bool = False
    """A step is not yet told: it came so late that newer values may already say otherwise."""

    def __setstate__(self, state: tuple[None, dict[str, Any]]) -> None:
        """Take a snapshot of an earlier version too: it had no trail, so what it knew is where the trail begins."""
        known = state[1]
        for one in fields(self):
            made = one.default if one.default_factory is MISSING else one.default_factory()
            setattr(self, one.name, known.get(one.name, made))
        if "trail" not in known and (self.reached or self.since):
            self.trail = [(self.onset_ms, self.reached, tuple(self.since), self.easing_since)]


class Limits:
    """A rule laid out for the hot path: sorted limits, hold times in ms.

    A value at the raise limit is beyond it for ABOVE (the alarm level is reached), not for
    BELOW ("under 3 mg/L"); a value at the clear limit has cleared in both directions.
    """

    __slots__ = ("_above", "_clear_hold_ms", "_clears", "_hold_ms", "_numbers", "_raises", "_sign", "rule")

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self._above = rule.direction is Direction.ABOVE
        self._sign = 1.0 if self._above else -1.0
        levels = sorted(rule.levels, key=lambda level: level.level)
        self._numbers = [0, *(level.level for level in levels)]
        self._raises = [self._sign * level.raise_at for level in levels]
        self._clears = [self._sign * level.clear_at for level in levels]
        self._hold_ms = rule.hold_s * 1000
        self._clear_hold_ms = (rule.hold_s if rule.clear_hold_s is None else rule.clear_hold_s) * 1000

    def beyond(self, value: float) -> int:
        """How many raise limits the value is beyond."""
        badness = value * self._sign
        return bisect_right(self._raises, badness) if self._above else bisect_left(self._raises, badness)

    def calm(self, state: LevelState, worst: float, best: float) -> bool:
        """Whether values from `best` to `worst` change nothing: no limit is reached and nothing was begun."""
        worse = worst if self._above else best
        return not state.reached and not state.since and not self.beyond(worse)

    def number(self, reached: int) -> int:
        """The number of the level after `reached` limits; of a rule that has lost levels, the highest left."""
        return self._numbers[min(reached, len(self._numbers) - 1)]

    def judge(self, state: LevelState, at_ms: int, value: float, use: Use = Use.BOTH) -> Step | None:
        """Take one value at its time; change `state`; say the step if the level changed.

        Upwards the value must stay beyond the raise limit for the hold time, downwards better than the clear
        limit for the hold time of clearing; so one odd value neither raises nor clears.
        """
        badness = value * self._sign
        raises, since = self._raises, state.since
        beyond = self.beyond(value)
        if use is not Use.BOTH and (
            beyond > state.reached if use is Use.LOWER_ONLY else beyond < max(len(since), state.reached)
        ):
            return None
        if beyond != len(since):
            del since[beyond:]
            since.extend([at_ms] * (beyond - len(since)))
        elif beyond == state.reached and state.easing_since is None:
            return None
        held = bisect_right(since, at_ms - self._hold_ms)
        if held > state.reached:
            return self._step(state, held, raises[held - 1], at_ms, value)
        return self._ease(state, at_ms, value, badness) if state.reached else None

    def _ease(self, state: LevelState, at_ms: int, value: float, badness: float) -> Step | None:
        """Down to the highest level that the value has not cleared, once it has lasted."""
        kept = min(state.reached, bisect_left(self._clears, badness))
        if kept == state.reached:
            state.easing_since = None
            return None
        if state.easing_since is None:
            state.easing_since = at_ms
        if at_ms - state.easing_since < self._clear_hold_ms:
            return None
        limit = self._clears[min(state.reached, len(self._clears)) - 1]
        return self._step(state, kept, limit, at_ms, value)

    def _step(self, state: LevelState, reached: int, limit: float, at_ms: int, value: float) -> Step:
        step = Step(self.number(state.reached), self._numbers[reached], limit * self._sign, at_ms, value)
        state.reached, state.easing_since = reached, None
        return step
