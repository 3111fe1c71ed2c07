"""A rule with levels: separate raise and clear limits (hysteresis) and a hold time.

Limits are data of the commune (`models.commune.configuration.Rule`), each with its source
there; here is only how they are applied. Levels are nested: who is beyond the second limit
is beyond the first, so a count of limits says all, and a search in a sorted list finds it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from models.commune.configuration import Direction

if TYPE_CHECKING:
    from models.commune.configuration import Rule


@dataclass(slots=True)
class LevelState:
    """Where one rule stands for one sensor; times are event times in ms.

    `reached` counts the limits in force; `since[i]` is when the value crossed raise limit i
    and stayed beyond it; `easing_since` when it began to be better than the level in force.
    `onset_ms` and `changes` belong to the alert that is open.
    """

    reached: int = 0
    since: list[int] = field(default_factory=list)
    easing_since: int | None = None
    onset_ms: int = 0
    changes: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """From one level to another, and the limit that decided it."""

    previous: int
    level: int
    limit: float


class Limits:
    """A rule laid out for the hot path: sorted limits, a hold time in ms.

    A value at the raise limit is beyond it for ABOVE (the alarm level is reached), not for
    BELOW ("under 3 mg/L"); a value at the clear limit has cleared in both directions.
    """

    __slots__ = ("_above", "_clears", "_hold_ms", "_numbers", "_raises", "_sign", "rule")

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self._above = rule.direction is Direction.ABOVE
        self._sign = 1.0 if self._above else -1.0
        levels = sorted(rule.levels, key=lambda one: one.level)
        self._numbers = [0, *(one.level for one in levels)]
        self._raises = [self._sign * one.raise_at for one in levels]
        self._clears = [self._sign * one.clear_at for one in levels]
        self._hold_ms = rule.hold_s * 1000

    def beyond(self, value: float) -> int:
        """How many raise limits the value is beyond."""
        badness = value * self._sign
        return bisect_right(self._raises, badness) if self._above else bisect_left(self._raises, badness)

    def judge(self, state: LevelState, at_ms: int, value: float) -> Step | None:
        """Take one value at its time; change `state`; say the step if the level changed.

        Upwards the value must stay beyond the raise limit, downwards better than the clear
        limit, for the hold time; so one odd value neither raises nor clears.
        """
        badness = value * self._sign
        raises, since = self._raises, state.since
        beyond = self.beyond(value)
        if beyond != len(since):
            del since[beyond:]
            since.extend([at_ms] * (beyond - len(since)))
        elif beyond == state.reached and state.easing_since is None:
            return None
        held = bisect_right(since, at_ms - self._hold_ms)
        if held > state.reached:
            return self._step(state, held, raises[held - 1])
        return self._ease(state, at_ms, badness) if state.reached else None

    def _ease(self, state: LevelState, at_ms: int, badness: float) -> Step | None:
        """Down to the highest level that the value has not cleared, once it has lasted."""
        kept = min(state.reached, bisect_left(self._clears, badness))
        if kept == state.reached:
            state.easing_since = None
            return None
        if state.easing_since is None:
            state.easing_since = at_ms
        if at_ms - state.easing_since < self._hold_ms:
            return None
        return self._step(state, kept, self._clears[min(state.reached, len(self._clears)) - 1])

    def _step(self, state: LevelState, reached: int, limit: float) -> Step:
        # A level that the configuration has lost since it was reached counts as the highest left.
        previous = self._numbers[min(state.reached, len(self._numbers) - 1)]
        step = Step(previous, self._numbers[reached], limit * self._sign)
        state.reached, state.easing_since = reached, None
        return step
