"""A rule's levels as a function of the values and their times: what comes late is put in its place.

    values, in any order ── rewind ── follow ──> steps (the history of levels)
                                     settle ──> what of it people are told, each step once
Time is the value's own; how late it is known decides only whether anybody is rung.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple, Protocol

from models.alerting.rule import LevelState, Step, Use

if TYPE_CHECKING:
    from collections.abc import Iterable


LATE_MS = 15 * 60_000
"""What is known later than this after its time is news of the past; links and clocks of stations are slower than minutes."""
_FIRST = -(2**62)

Point = tuple[int, float, Use]
"""Event time in ms, value, what it may do."""


class Judge(Protocol):
    """What decides a level: a rule with limits, or the witnesses of a place."""

    def judge(self, state: LevelState, at_ms: int, value: float, use: Use) -> Step | None:
        """Take one value at its time; change `state`; say the step if the level changed."""
        ...


def rewind(state: LevelState, from_ms: int) -> None:
    """Put the state back to what it was before `from_ms`; `follow` then takes the values from there on."""
    trail = state.trail
    place = bisect_left(trail, from_ms, key=lambda one: one[0])
    if place == len(trail):
        return
    del trail[place:]
    _, state.reached, since, state.easing_since = trail[-1] if trail else (_FIRST, 0, (), None)
    state.since = list(since)
    del state.steps[bisect_left(state.steps, from_ms, key=lambda one: one.at_ms) :]


def follow(limits: Judge, state: LevelState, points: Iterable[Point]) -> list[Step]:
    """Let the rule see values in the order of their time; the steps that follow, also kept in the state."""
    found = []
    reached, began, easing = state.reached, len(state.since), state.easing_since
    for at_ms, value, use in points:
        step = limits.judge(state, at_ms, value, use)
        if step is not None:
            found.append(step)
            state.steps.append(step)
        if state.reached != reached or len(state.since) != began or state.easing_since != easing:
            reached, began, easing = state.reached, len(state.since), state.easing_since
            state.trail.append((at_ms, reached, tuple(state.since), easing))
    return found


def forget(state: LevelState, before_ms: int) -> None:
    """Drop what no value can change any more; the last entry of the trail before that stays as its beginning."""
    place = bisect_left(state.trail, before_ms, key=lambda one: one[0])
    if place > 1:
        del state.trail[: place - 1]
    for steps in (state.steps, state.told):
        keep = bisect_left(steps, before_ms, key=lambda one: one.at_ms)
        if steps and steps[-1].level:
            # Of an alert that is open its beginning is kept: not by its onset, which stays as first told when late
            # readings put the beginning before it.
            keep = min(keep, max((i for i, step in enumerate(steps) if not step.previous), default=keep))
        del steps[:keep]


class News(NamedTuple):
    """A step to tell: the onset of its alert, its number there; `over`: it rings nobody; `corrects` what was told before.

    `late_s`: how long after its time it is told, where its values had come late.
    """

    step: Step
    onset_ms: int
    seq: int
    over: bool = False
    corrects: bool = False
    late_s: int = 0


class Telling(NamedTuple):
    """How what is to be told has come: `now_ms` is when the newest of it came.

    `in_time`: all of it soon after its time, so that `now_ms` says nothing of its age; `wait`: more of the past is being read;
    `again`: a value came out of its order.
    """

    now_ms: int
    in_time: bool = False
    wait: bool = False
    again: bool = False

    def late_ms(self, step: Step) -> int:
        """How late a step is known, ms; 0: in time."""
        late_ms = 0 if self.in_time else self.now_ms - step.at_ms
        return late_ms if late_ms > LATE_MS else 0


def settle(state: LevelState, level: int, telling: Telling) -> list[News]:
    """What people are to be told now of the steps that they have not been told; each step once.

    `level` is the number of the level in force. A step that is late is held back while more of the past is being read. A step of
    the past that newer values have overtaken is `over`: it is recorded and rings nobody. Where late values took back what
    was told, the level in force is told as a correction.
    """
    if state.steps == state.told:
        state.waiting = False
        return []
    told = len(state.told)
    missing = [step for step in state.steps if step not in state.told]
    wrong = [one for one in state.told if one not in state.steps]
    state.waiting = telling.wait and telling.late_ms((missing or wrong)[0]) > 0
    if state.waiting:
        return []
    if not wrong and state.steps[:told] == state.told:
        return _forward(state, missing, telling)
    return _rewritten(state, missing, level, telling)


def _forward(state: LevelState, missing: list[Step], telling: Telling) -> list[News]:
    """The steps go on from what was told: each is told, and of those that are late only the last may ring.

    What came in time and in order rings even if the same batch says that it is over: how records fall into batches must
    decide nothing.
    """
    news: list[News] = []
    for i, step in enumerate(missing):
        overtaken = i < len(missing) - 1 and (telling.again or telling.late_ms(step) > 0)
        # An alert whose beginning rang nobody ends without ringing too.
        began = next((one for one in reversed(news) if one.seq == 1), None)
        unheard = step.level == 0 and began is not None and began.over
        news.append(_told(state, step, telling, over=overtaken or unheard))
    return news


def _rewritten(state: LevelState, missing: list[Step], level: int, telling: Telling) -> list[News]:
    """Late values changed what had been: whole rises that nobody was told are recorded, and the level in force corrected."""
    before = state.told[-1].level if state.told else 0
    onset, changes = state.onset_ms, state.changes
    known = {one.at_ms for one in state.told if one.previous == 0}
    news: list[News] = []
    for episode in _episodes(missing):
        whole = episode[0].previous == 0 and episode[-1].level == 0
        if whole and episode[0].at_ms not in known:
            news += [_told(state, one, telling, over=True) for one in episode]
    state.onset_ms, state.changes = onset, changes
    if level != before:
        # Without any step left, what was told had never been.
        last = state.steps[-1] if state.steps else state.told[-1]
        if before == 0:
            start = next((step for step in reversed(state.steps) if step.previous == 0), last)
            state.onset_ms, state.changes = start.at_ms, 0
        state.changes += 1
        step = Step(before, level, last.limit, last.at_ms, last.value)
        late_s = telling.late_ms(step) // 1000
        news.append(News(step, state.onset_ms, state.changes, corrects=True, late_s=late_s))
    state.told = list(state.steps)
    return news


def _episodes(steps: list[Step]) -> list[list[Step]]:
    found: list[list[Step]] = []
    for step in steps:
        if step.previous == 0 or not found:
            found.append([])
        found[-1].append(step)
    return found


def _told(state: LevelState, step: Step, telling: Telling, *, over: bool) -> News:
    if step.previous == 0:
        state.onset_ms, state.changes = step.at_ms, 0
    state.changes += 1
    state.told.append(step)
    return News(step, state.onset_ms, state.changes, over, late_s=telling.late_ms(step) // 1000)
