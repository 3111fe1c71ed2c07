"""What people are told of a rule's levels, as stories on a time line: rewind, follow, settle."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from infra.lab.measure.arrivals import HOUR, MINUTE
from models.alerting.history import LATE_MS, Telling, follow, forget, rewind, settle
from models.alerting.rule import LevelState, Limits, Use
from tests.builders import rule

LIMITS = Limits(rule(hold_s=600))
"""BĐ1 1.5 m, BĐ2 3.0 m, BĐ3 4.5 m, each cleared 0.2 m below; both ways after ten minutes."""
NONE: list[tuple[int, int, bool, bool]] = []


class Part(NamedTuple):
    """At `now` (minutes) readings (minute, m) are known; `wait`: more of a backlog comes. What is told: (minute, level, over, corrects)."""

    now: int
    readings: list[tuple[int, float]]
    told: list[tuple[int, int, bool, bool]]
    wait: bool = False


def level(start: int, stop: int, value: float, every: int = 5) -> list[tuple[int, float]]:
    """`value` each five minutes."""
    return [(minute, value) for minute in range(start, stop, every)]


STORIES: dict[str, list[Part]] = {
    "a rise in time rings": [Part(10, level(0, 11, 2.0), [(10, 1, False, False)])],
    "a rise that is over in the same batch rings all the same, if it came in time": [
        Part(25, [*level(0, 11, 2.0), *level(15, 26, 1.0)], [(10, 1, False, False), (25, 0, False, False)])
    ],
    "a rise of the past that is over is recorded and rings nobody": [
        Part(600, [*level(0, 60, 2.0), *level(60, 600, 1.0)], [(10, 1, True, False), (70, 0, True, False)])
    ],
    "a rise of the past that lasts rings late": [Part(600, level(0, 600, 2.0), [(10, 1, False, False)])],
    "of two steps of the past only the last may ring": [
        Part(600, [*level(0, 60, 2.0), *level(60, 600, 4.0)], [(10, 1, True, False), (70, 2, False, False)])
    ],
    "while a backlog is being read what is late waits": [
        Part(600, level(0, 60, 2.0), NONE, wait=True),
        Part(601, level(60, 600, 1.0), [(10, 1, True, False), (70, 0, True, False)]),
    ],
    "a late reading that changes nothing tells nothing": [
        Part(20, level(0, 21, 2.0), [(10, 1, False, False)]),
        Part(40, [(12, 2.1)], NONE),
    ],
    "late readings show that the level had never been left": [
        Part(20, level(0, 21, 2.0), [(10, 1, False, False)]),
        Part(60, [(30, 1.0), (45, 1.0)], [(45, 0, False, False)]),
        Part(70, [(35, 2.0), (40, 2.0), (46, 2.0), (50, 2.0)], [(10, 1, False, True)]),
    ],
    "late readings show a rise of the past between what was told": [
        Part(300, [*level(0, 21, 1.0), *level(200, 301, 1.0)], NONE),
        Part(320, level(60, 100, 2.0), [(70, 1, True, False), (210, 0, True, False)]),
    ],
    "what was told and had never been is taken back": [
        Part(30, [(0, 1.0), (10, 2.0), (20, 2.0)], [(20, 1, False, False)]),
        Part(40, [(15, 1.0)], [(20, 0, False, True)]),
    ],
}


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES.keys())
def test_a_story_is_told_so(story: list[Part]) -> None:
    state, known = LevelState(), {}

    for part in story:
        before = max(known, default=-1)
        known |= dict(part.readings)
        first = min(minute for minute, _ in part.readings)
        rewind(state, first * MINUTE)
        follow(LIMITS, state, [(m * MINUTE, known[m], Use.BOTH) for m in sorted(known) if m >= first])
        telling = Telling(part.now * MINUTE, wait=part.wait, again=first <= before)
        news = settle(state, LIMITS.number(state.reached), telling)

        told = [(one.step.at_ms // MINUTE, one.step.level, one.over, one.corrects) for one in news]
        assert told == part.told


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES.keys())
def test_the_steps_are_those_of_all_readings_in_order(story: list[Part]) -> None:
    late, on_time, known = LevelState(), LevelState(), {}
    for part in story:
        known |= dict(part.readings)
        first = min(minute for minute, _ in part.readings)
        rewind(late, first * MINUTE)
        follow(LIMITS, late, [(m * MINUTE, known[m], Use.BOTH) for m in sorted(known) if m >= first])

    follow(LIMITS, on_time, [(m * MINUTE, known[m], Use.BOTH) for m in sorted(known)])

    assert late.steps == on_time.steps
    assert late.trail == on_time.trail


def test_each_step_is_told_once() -> None:
    state = LevelState()
    follow(LIMITS, state, [(m * MINUTE, v, Use.BOTH) for m, v in level(0, 30, 2.0)])

    assert len(settle(state, 1, Telling(30 * MINUTE))) == 1
    assert settle(state, 1, Telling(31 * MINUTE)) == []


def test_an_alert_keeps_its_onset_and_counts_its_changes() -> None:
    state = LevelState()
    readings = [*level(0, 30, 2.0), *level(30, 60, 4.0), *level(60, 90, 1.0)]
    follow(LIMITS, state, [(m * MINUTE, v, Use.BOTH) for m, v in readings])

    news = settle(state, 0, Telling(90 * MINUTE))

    assert [(one.onset_ms // MINUTE, one.seq) for one in news] == [(10, 1), (10, 2), (10, 3)]


def test_what_is_forgotten_changes_no_later_judgement() -> None:
    short, whole = LevelState(), LevelState()
    readings = [*level(0, 600, 2.0), *level(600, 1200, 1.0), *level(1200, 1500, 3.5)]
    for at, value in readings:
        for state in (short, whole):
            follow(LIMITS, state, [(at * MINUTE, value, Use.BOTH)])
        forget(short, (at - 300) * MINUTE)

    rewind(short, 1300 * MINUTE)
    rewind(whole, 1300 * MINUTE)

    assert (short.reached, short.since, short.easing_since) == (
        whole.reached,
        whole.since,
        whole.easing_since,
    )
    assert LATE_MS < HOUR
